//! `taskproof check`: the gate of a CI job, read-only.

use taskproof::gate;

use crate::analysis::analyse;
use crate::args;
use crate::claims;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::deliver;
use crate::settings::Settings;

pub(crate) fn run(arguments: &args::Analysis) -> Result<Exit, Error> {
    let settings = Settings::new(arguments)?;
    let analysis = analyse(&settings, None)?;
    let (claims, _) = claims::of_plan(&analysis, None, None, &settings)?;
    let mut report = analysis.report("check");
    report.status = gate::status_with_claims(report.status, &claims);
    report.findings.extend(gate::claim_findings(&claims));
    report.claims = claims;
    deliver(&report, &settings)
}
