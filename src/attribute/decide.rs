//! The decision about one task, and why: is the gap closed, is there a choice to be made, or no trace?

use crate::gate;
use crate::model::{
    Attribution, Code, CommandCandidate, Decision, Evidence, Field, FileCandidate, Finding, Gap, Kind, Mode,
    Outcome, Rung, Signal, Status, Task,
};

use super::candidates::{commands, files};
use super::context::Context;
use super::engine::Estimate;

/// Decides one task. `estimates` are what the engine makes of it, once it was asked. The findings are about this
/// task alone.
pub(super) fn attribute(
    task: &Task,
    context: &Context<'_>,
    estimates: &[Estimate],
) -> (Attribution, Vec<Finding>) {
    let gap = gate::assess(task, &context.input.plan.mode);
    with_files(task, files(task, &gap, context, estimates), context)
}

/// Decides a task whose files have been decided.
pub(super) fn with_files(
    task: &Task,
    files: Vec<FileCandidate>,
    context: &Context<'_>,
) -> (Attribution, Vec<Finding>) {
    let gap = gate::assess(task, &context.input.plan.mode);
    let commands = commands(task, &gap, context);
    let outcome = outcome(task, &gap, &files, &commands, context);
    let attribution = Attribution {
        task: task.id.clone(),
        status: task.status.clone(),
        kind: task.kind.clone(),
        batch: context.scopes.batch_of.get(&task.id).copied(),
        reason: reason(task, &gap, outcome, &files, &commands, &context.input.plan.mode),
        gap,
        outcome,
        files,
        commands,
    };
    let findings = findings(task, &attribution, context.input.plan.layout.record());
    (attribution, findings)
}

/// Whether what is decided for other tasks could still decide something for this one.
pub(super) fn is_open(attribution: &Attribution) -> bool {
    attribution.gap.missing.contains(&Field::Files)
        && attribution.files.iter().all(|file| file.decision != Decision::Backfill)
}

/// A gap is closed when the harness's own rules would be content with what is filled.
fn outcome(
    task: &Task,
    gap: &Gap,
    files: &[FileCandidate],
    commands: &[CommandCandidate],
    context: &Context<'_>,
) -> Outcome {
    let filled_files = files.iter().any(|file| file.decision == Decision::Backfill);
    let filled: Vec<&CommandCandidate> =
        commands.iter().filter(|command| command.decision == Decision::Backfill).collect();
    if !gate::is_gap(gap) {
        return if filled_files || !filled.is_empty() { Outcome::Backfill } else { Outcome::None };
    }
    let mut after = task.clone();
    after.truthy.files |= filled_files;
    after.truthy.commands |= !filled.is_empty();
    after.truthy.test_command |= filled.iter().any(|command| command.command.to_lowercase().contains("test"));
    let is_candidate = |decision: Decision| decision == Decision::Candidate;
    if !gate::is_gap(&gate::assess(&after, &context.input.plan.mode)) {
        Outcome::Backfill
    } else if files.iter().any(|file| is_candidate(file.decision))
        || commands.iter().any(|command| is_candidate(command.decision))
    {
        Outcome::Ambiguous
    } else {
        Outcome::NoEvidence
    }
}

fn reason(
    task: &Task,
    gap: &Gap,
    outcome: Outcome,
    files: &[FileCandidate],
    commands: &[CommandCandidate],
    mode: &Mode,
) -> String {
    let count = |decision: Decision| {
        let files = files.iter().filter(|file| file.decision == decision).count();
        let commands = commands.iter().filter(|command| command.decision == decision).count();
        let parts = [(files, "file"), (commands, "command")].into_iter().filter(|(count, _)| *count > 0);
        parts.map(|(count, noun)| plural(count, noun)).collect::<Vec<_>>().join(" and ")
    };
    match (outcome, gap.evidence) {
        (Outcome::Backfill, _) => {
            let are = if *mode == Mode::List { "found" } else { "can be filled" };
            let rung =
                files.iter().filter(|file| file.decision == Decision::Backfill).find_map(|file| file.rung);
            let rung = rung.or_else(|| {
                commands
                    .iter()
                    .filter(|command| command.decision == Decision::Backfill)
                    .find_map(|command| command.rung)
            });
            format!("{} {are}: {}", count(Decision::Backfill), rung.map_or("", explain))
        }
        (Outcome::Ambiguous, _) => {
            let possible = files.iter().filter(|file| file.decision == Decision::Candidate).count()
                + commands.iter().filter(|command| command.decision == Decision::Candidate).count();
            let are = if possible == 1 {
                "is possible and nothing confirms it"
            } else if files.iter().map(|file| file.confidence).fold(0.0, f64::max) < 0.5 && !files.is_empty()
            {
                "are possible and none is likely"
            } else {
                "are possible and nothing tells which"
            };
            format!("{} {are}: answer the question below", count(Decision::Candidate))
        }
        (Outcome::NoEvidence, _) if task.kind.is_shown_by_notes() => {
            "its kind is shown by notes, and only its executor can write them".to_owned()
        }
        (Outcome::NoEvidence, _) if files.iter().any(|file| file.decision == Decision::Rejected) => {
            "its records claim only what git contradicts: say what it changed, or that it is truly empty"
                .to_owned()
        }
        (Outcome::NoEvidence, _) => {
            "no record, review or commit shows what it did: say what it changed, or that it is truly empty"
                .to_owned()
        }
        (Outcome::None, Evidence::NotApplicable) if task.status == Status::Done => match task.is_exempt {
            true => "done before the plan by its contract, so nothing is asked of it".to_owned(),
            false => format!("recorded as `{}`, which the harness does not check", task.status_word),
        },
        (Outcome::None, Evidence::NotApplicable) => format!("`{}`: nothing to prove yet", task.status_word),
        (Outcome::None, Evidence::Advisory) if *mode == Mode::List => {
            "its list keeps no evidence, and nothing is certain enough".to_owned()
        }
        (Outcome::None, Evidence::Advisory) => {
            "the harness is content with what there is, and nothing more is certain".to_owned()
        }
        (Outcome::None, _) if matches!(task.kind, Kind::Audit | Kind::Research) => {
            "its notes are its evidence".to_owned()
        }
        (Outcome::None, _) => "its evidence is recorded".to_owned(),
    }
}

fn explain(rung: Rung) -> &'static str {
    match rung {
        Rung::Operator => "an operator says so",
        Rung::TaskRow => "its own rows in the execution artifacts still hold them",
        Rung::BatchList => "its batch lists them and no other task of the batch can have them",
        Rung::CommitId => "commits name the task",
        Rung::Review => "the reviewer cited them for this task alone and git shows the changes",
        Rung::Unclaimed => {
            "it is the only hollow task, its description names them, and nobody else claims them"
        }
        Rung::Engine => "records, texts and changes together leave little doubt",
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn findings(task: &Task, attribution: &Attribution, record: &str) -> Vec<Finding> {
    let finding = |code, message: String| {
        let finding = Finding::new(code, record, message);
        // A list that is no JSON has lines and no pointers.
        match task.line {
            Some(line) => finding.on_line(line),
            None => finding.at(task.pointer.clone()),
        }
    };
    let mut findings = Vec::new();
    if !matches!(task.status, Status::Done | Status::Skipped) {
        findings.push(finding(
            Code::Unfinished,
            format!("`{}` is `{}`: work is missing", task.id, task.status_word),
        ));
    }
    let about = format!("`{}`: {}", task.id, attribution.reason);
    let is_gap = gate::is_gap(&attribution.gap);
    match attribution.outcome {
        Outcome::Backfill if is_gap => findings.push(finding(Code::GapFillable, about)),
        Outcome::Ambiguous => findings.push(finding(Code::GapAmbiguous, about)),
        Outcome::NoEvidence => findings.push(finding(Code::GapUnexplained, about)),
        Outcome::Backfill => findings.push(finding(Code::Advisory, about)),
        Outcome::None if attribution.gap.evidence == Evidence::Advisory => {
            findings.push(finding(Code::Advisory, about));
        }
        Outcome::None => {}
    }
    for file in attribution.files.iter().filter(|file| file.decision == Decision::Rejected) {
        let message = format!(
            "`{}` is claimed for `{}`, but it neither changed in the range nor exists",
            file.path, task.id
        );
        findings.push(finding(Code::Contradicted, message));
    }
    if task.guessed_files && !task.files_changed.is_empty() {
        let message = format!("the files of `{}` were guessed by the harness: check them", task.id);
        findings.push(finding(Code::Guessed, message));
    }
    let doubtful = |signals: &[Signal]| signals.iter().any(|signal| signal.name == "doubtful_row");
    if attribution.files.iter().any(|file| doubtful(&file.signals))
        || attribution.commands.iter().any(|command| doubtful(&command.signals))
    {
        let message = format!(
            "`{}` is done here, but rows that hold evidence for it are not done or were guessed",
            task.id
        );
        findings.push(finding(Code::StaleStatus, message));
    }
    findings
}
