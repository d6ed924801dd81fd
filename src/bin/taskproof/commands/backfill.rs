//! `taskproof backfill`: show what can be filled with certainty, and with `--write` fill it.

use std::path::Path;

use taskproof::model::{Code, Finding, Layout, Repair};
use taskproof::repair::{self, ProposeError};
use taskproof::report::Report;

use crate::analysis::{Analysis, analyse};
use crate::args;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::deliver;
use crate::settings::Settings;
use crate::text_file::read_text;
use crate::writing::{carried_out, finish_earlier_run, run_context, write};

/// An answers file is typed by a person.
const LARGEST: u64 = 4 << 20;

pub(crate) fn run(arguments: &args::Backfill) -> Result<Exit, Error> {
    let settings = Settings::new(&arguments.analysis)?;
    let answers = arguments.answers.as_deref().map(read_answers).transpose()?;
    if arguments.write {
        finish_earlier_run(&settings)?;
    }
    let mut analysis = analyse(&settings, answers.as_deref())?;
    if arguments.write {
        refuse_read_only(analysis.plan.layout)?;
    }
    let nothing = Ok((Repair::default(), Vec::new()));
    let (repair, more) = std::mem::replace(&mut analysis.proposal, nothing)?;
    if arguments.write && !repair.artifacts.is_empty() {
        analysis.refuse_unusable_history()?;
    }
    let (repair, run_id) = match arguments.write {
        true => carried_out(write(&analysis.plan, &repair, &run_context(), &settings)?),
        false => (repair, None),
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
    Ok(analysis.report("backfill", settings))
}

/// What there is to say about the answers: whoever reads the plan again has none.
pub(super) fn unused_answers(analysis: &Analysis) -> Vec<Finding> {
    let findings = analysis.outcome.findings.iter();
    findings.filter(|finding| finding.code == Code::UnusedAnswer).cloned().collect()
}

/// Neither a plan that the newer harness guards nor a plain task list is written to.
pub(super) fn refuse_read_only(layout: Layout) -> Result<(), ProposeError> {
    match layout {
        Layout::Flat => Ok(()),
        Layout::BatchDirectories => Err(ProposeError::ReadOnly),
        Layout::Taskmaster | Layout::SpecKit => Err(ProposeError::NoPlaceForEvidence),
    }
}

/// The text of an answers file.
pub(super) fn read_answers(path: &Path) -> Result<String, Error> {
    read_text(path, "an answers file", LARGEST)
}
