//! `taskproof attribute`: who changed what.

use crate::analysis::analyse;
use crate::args;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::deliver;
use crate::settings::Settings;

pub(crate) fn run(arguments: &args::Analysis) -> Result<Exit, Error> {
    let settings = Settings::new(arguments)?;
    let report = analyse(&settings, None)?.report("attribute");
    deliver(&report, &settings)
}
