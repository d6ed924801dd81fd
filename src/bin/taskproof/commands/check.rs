//! `taskproof check`: the gate of a CI job, read-only.

use crate::analysis::analyse;
use crate::args;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::deliver;
use crate::settings::Settings;

pub(crate) fn run(arguments: &args::Analysis) -> Result<Exit, Error> {
    let settings = Settings::new(arguments)?;
    let analysis = analyse(&settings, None)?;
    let report = analysis.report("check");
    deliver(&report, &settings)
}
