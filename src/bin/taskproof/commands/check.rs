//! `taskproof check`: the gate of a CI job, read-only.
//!
//! Without `--plan`, and where the job or `--base` says what the branch starts from, every plan that the branch
//! changed is checked; elsewhere the one that is found.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use taskproof::report::{Format, Look, Report, render_all};
use taskproof::{gate, load};

use crate::analysis::{analyse, plan_directory};
use crate::args;
use crate::ci::Ci;
use crate::claims;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::deliver_all;
use crate::settings::Settings;

/// GitHub refuses a step summary over 1 MiB whole; several steps share it.
const MOST_SUMMARY: u64 = 512 << 10;

pub(crate) fn run(arguments: &args::Analysis) -> Result<Exit, Error> {
    let ci = Ci::of_this_process();
    let mut arguments = arguments.clone();
    if arguments.base.is_none() && arguments.head.is_none() {
        arguments.base.clone_from(&ci.base);
        arguments.head.clone_from(&ci.head);
    }
    let mut settings = Settings::for_gate(&arguments)?;
    let mut reports = Vec::new();
    let plans = plans(&settings)?;
    settings = settings.shared_by(plans.len());
    for plan in plans {
        settings.plan = Some(plan);
        reports.push(report(&settings)?);
    }
    if let Some(path) = &ci.step_summary {
        summarise(&reports, path)?;
    }
    deliver_all(&reports, &settings)
}

/// One plan: its gaps, and the claims that are held against it.
fn report(settings: &Settings) -> Result<Report, Error> {
    let analysis = analyse(settings, None)?;
    let (claims, _) = claims::of_plan(&analysis, None, None, settings)?;
    let mut report = analysis.report("check", settings);
    report.status = gate::status_with_claims(report.status, &claims);
    report.findings.extend(analysis.located(gate::claim_findings(&claims)));
    report.claims = claims;
    Ok(report)
}

fn plans(settings: &Settings) -> Result<Vec<PathBuf>, Error> {
    if settings.plan.is_some() || settings.history.base.is_none() {
        return Ok(vec![plan_directory(settings)?]);
    }
    let plans = load::touched_plans(&settings.history)?;
    if plans.is_empty() {
        settings.say("the branch changes no plan: nothing to check");
    }
    Ok(plans)
}

/// Adds the reports to the page that GitHub shows for the step.
fn summarise(reports: &[Report], path: &Path) -> Result<(), Error> {
    let failed = |source| Error::WriteFile { path: path.to_path_buf(), source };
    let mut page = Vec::new();
    render_all(reports, Format::Markdown, &Look::default(), &mut page)?;
    let used = path.metadata().map(|data| data.len()).unwrap_or_default();
    if used + page.len() as u64 > MOST_SUMMARY {
        return Ok(());
    }
    let mut file = OpenOptions::new().append(true).create(true).open(path).map_err(failed)?;
    file.write_all(&page).map_err(failed)
}
