//! `taskproof attribute`: who changed what.

use std::mem::ManuallyDrop;

use crate::analysis::analyse;
use crate::args;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::deliver;
use crate::settings::Settings;

pub(crate) fn run(arguments: &args::Analysis) -> Result<Exit, Error> {
    let settings = Settings::new(arguments)?;
    // The process ends with this: a large history is not worth giving back piece by piece.
    let analysis = ManuallyDrop::new(analyse(&settings, None)?);
    let report = analysis.report("attribute", &settings);
    deliver(&report, &settings)
}
