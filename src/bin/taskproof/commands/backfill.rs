//! `taskproof backfill`: show what can be filled with certainty, and with `--write` fill it.

use std::io::Read;
use std::path::Path;

use jiff::Timestamp;
use taskproof::load;
use taskproof::model::{ActiveStep, Code, Finding, Layout, Plan, Repair};
use taskproof::repair::{self, RunContext};
use taskproof::report::Report;

use crate::analysis::{Analysis, analyse};
use crate::args;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::deliver;
use crate::settings::Settings;

pub(crate) fn run(arguments: &args::Backfill) -> Result<Exit, Error> {
    let settings = Settings::new(&arguments.analysis)?;
    let answers = arguments.answers.as_deref().map(read_answers).transpose()?;
    let analysis = analyse(&settings, answers.as_deref())?;
    let is_read_only = analysis.plan.layout == Layout::BatchDirectories;
    if is_read_only && arguments.write {
        let message = "the newer harness keeps this plan in batch directories, which are read-only for now";
        return Err(Error::Refused(message.to_owned()));
    }
    let fills = if is_read_only { Vec::new() } else { repair::fills(&analysis.outcome.attributions) };
    let (repair, more) = repair::propose(&analysis.plan, &fills)?;
    let run_id = match arguments.write {
        true => write(&analysis.plan, &repair, &settings)?,
        false => None,
    };
    let unused = unused_answers(&analysis);
    let mut report = report(analysis, arguments.write, &settings)?;
    if arguments.write {
        report.findings.extend(unused);
    }
    report.findings.extend(more);
    report.diff = Some(repair::unified(&repair)).filter(|diff| !diff.is_empty());
    report.edits = repair.edits;
    report.run_id = run_id;
    deliver(&report, &settings)
}

/// After writing, the plan is read again: the report and the exit code are about what was left behind.
fn report(before: Analysis, written: bool, settings: &Settings) -> Result<Report, Error> {
    let analysis = if written { analyse(settings, None)? } else { before };
    Ok(analysis.report("backfill"))
}

/// What there is to say about the answers: whoever reads the plan again has none.
fn unused_answers(analysis: &Analysis) -> Vec<Finding> {
    let findings = analysis.outcome.findings.iter();
    findings.filter(|finding| finding.code == Code::UnusedAnswer).cloned().collect()
}

fn write(plan: &Plan, repair: &Repair, settings: &Settings) -> Result<Option<String>, Error> {
    refuse_live_step(plan.active_step.as_ref(), settings)?;
    let context = run_context();
    let recheck = || {
        // The harness may have started a step since the plan was read.
        let now = load::active_step(&plan.directory, &settings.config).map_err(|error| error.to_string())?;
        refuse_live_step(now.as_ref(), settings).map_err(|error| error.to_string())
    };
    Ok(repair::write(&plan.directory, repair, &context, &recheck)?)
}

/// Refuses a step that the harness records as running, unless its process is known to be gone.
pub(super) fn refuse_live_step(step: Option<&ActiveStep>, settings: &Settings) -> Result<(), Error> {
    let Some(step) = step else { return Ok(()) };
    let live = repair::is_live(step, Timestamp::now().as_second(), &repair::process_exists);
    match live.filter(|_| !settings.assume_stopped) {
        Some(why) => Err(Error::Refused(format!(
            "the harness records a running step: {why}; wait for it, or pass `--assume-stopped` if it is dead"
        ))),
        None => Ok(()),
    }
}

/// Time, run id and version for the journal.
pub(super) fn run_context() -> RunContext {
    let now = Timestamp::now();
    RunContext {
        now: now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        run_id: now.strftime("%Y%m%dT%H%M%SZ").to_string(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn read_answers(path: &Path) -> Result<String, Error> {
    /// An answers file is typed by a person.
    const LIMIT: u64 = 4 << 20;
    let read_error = |source| Error::Read { path: path.to_path_buf(), source };
    let mut text = String::new();
    let from: Box<dyn Read> = match path.as_os_str() == "-" {
        true => Box::new(std::io::stdin()),
        false => Box::new(std::fs::File::open(path).map_err(read_error)?),
    };
    from.take(LIMIT + 1).read_to_string(&mut text).map_err(read_error)?;
    if text.len() as u64 > LIMIT {
        return Err(Error::Usage(format!("`{}` is too large for an answers file", path.display())));
    }
    Ok(text)
}
