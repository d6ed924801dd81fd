//! The first line and the last: how it stands, and which command comes next.

use anstyle::Style;

use super::super::text::{Page, series};
use super::super::{PlanFacts, Report};
use super::{BAD, BOLD, GOOD, PLAIN, WARN, has};
use crate::model::{
    Attribution, Code, Diagnosis, Evidence, Field, Layout, Outcome, PlanStatus, Status, TaskId, TaskQuestion,
};

/// Where answers are kept in the commands we suggest.
pub(in crate::report) const ANSWERS: &str = "answers.jsonl";

/// More names than this make a headline hard to read.
const NAMES: usize = 4;

pub(super) fn headline(page: &mut Page, report: &Report) {
    let (style, status) = standing(report);
    if report.plan.is_present() {
        page.prose(0, style.bold(), &format!("Plan `{}` is {status}", report.plan.name));
    }
}

/// What the plan is, in words that follow its name.
pub(in crate::report) fn standing(report: &Report) -> (Style, String) {
    match report.status {
        PlanStatus::Complete if has(report, Code::StillBlocked) => {
            (WARN, "complete, but the harness still records the block".to_owned())
        }
        PlanStatus::Complete => (GOOD, "complete".to_owned()),
        PlanStatus::BlockedMetadata => {
            let (style, rest) = match some(questions(report).map(|question| &question.task)) {
                Some(open) => (WARN, format!("needs an answer about {open}")),
                None => (GOOD, "every gap can be filled".to_owned()),
            };
            (style, format!("blocked: bookkeeping only — {rest}"))
        }
        PlanStatus::BlockedImplementation => {
            let open = unfinished(report).map(|open| format!(" — {open}")).unwrap_or_default();
            (BAD, format!("blocked: work is missing{open}"))
        }
    }
}

pub(super) fn step(page: &mut Page, report: &Report) {
    let Some((why, command)) = advice(report) else { return };
    page.gap();
    page.prose(0, BOLD, &format!("Next: {why}"));
    page.line(2, PLAIN, &command);
}

/// What to do next and the command for it; nothing when the plan is complete.
pub(in crate::report) fn advice(report: &Report) -> Option<(String, String)> {
    if !report.plan.is_present() {
        return None;
    }
    let plan = plan_argument(&report.plan);
    if report.command == "verify-claims" && report.run_id.is_none() && !report.edits.is_empty() {
        let why = "record the answers to these blockers where the harness looks for them";
        return Some((why.to_owned(), format!("taskproof verify-claims --plan {plan} --write")));
    }
    if has(report, Code::NotEditable) {
        let why = "repair the artifact that cannot be edited (TP402), then look again";
        return Some((why.to_owned(), format!("taskproof attribute --plan {plan}")));
    }
    if let Some(next) = report.recovery.as_ref().and_then(|diagnosis| going_on(report, diagnosis, &plan)) {
        return Some(next);
    }
    // The newer harness's directories are written to by `recover` alone.
    if report.plan.layout == Layout::Flat
        && let Some(write) = writing(report, &plan)
    {
        return Some(write);
    }
    (report.status == PlanStatus::BlockedImplementation).then(|| {
        let open = unfinished(report).unwrap_or_else(|| "the work".to_owned());
        let who = if report.plan.layout.is_task_list() { "" } else { "let the harness " };
        (format!("{who}finish {open}, then check"), format!("taskproof check --plan {plan}"))
    })
}

/// The next step of a recovery: write it, or what the harness is to be told.
fn going_on(report: &Report, diagnosis: &Diagnosis, plan: &str) -> Option<(String, String)> {
    if !diagnosis.obstacles.is_empty() {
        return None;
    }
    let is_open = report.run_id.is_none() && !report.edits.is_empty();
    let command = match diagnosis.commands.first() {
        _ if is_open => {
            let authority =
                if report.plan.layout == Layout::BatchDirectories { " --allow-authority" } else { "" };
            format!("taskproof recover --plan {plan} --write{authority}")
        }
        Some(command) => command.clone(),
        None => return None,
    };
    let why = if is_open { "write the recovery" } else { "have the harness go on" };
    Some((why.to_owned(), command))
}

/// The command that writes what can be written.
fn writing(report: &Report, plan: &str) -> Option<(String, String)> {
    // Whoever recovers goes on recovering; every other command leads to a backfill first.
    let writer = if report.command == "recover" { "recover" } else { "backfill" };
    let is_open = |task: &&Attribution| task.outcome == Outcome::Backfill && report.run_id.is_none();
    let fillable = report.tasks.iter().filter(is_open).any(is_gap);
    if questions(report).any(|question| question.missing != [Field::Notes]) {
        let also = if fillable { "; the certain gaps are filled in the same run" } else { "" };
        let why = format!("put the answer lines into `{ANSWERS}`, edit them{also}");
        return Some((why, format!("taskproof {writer} --plan {plan} --answers {ANSWERS} --write")));
    }
    if fillable {
        let why = match unfinished(report) {
            Some(open) => format!("fill the gaps, then let the harness finish {open}"),
            None => "fill the gaps".to_owned(),
        };
        return Some((why, format!("taskproof {writer} --plan {plan} --write")));
    }
    if let Some(silent) = some(questions(report).map(|question| &question.task)) {
        let why = format!("let the executor write the notes of {silent}, then check");
        return Some((why, format!("taskproof check --plan {plan}")));
    }
    if report.status != PlanStatus::Complete {
        return None;
    }
    if has(report, Code::StillBlocked) {
        let why = "have the harness go on: this clears what it still holds";
        return Some((why.to_owned(), format!("taskproof recover --plan {plan} --write")));
    }
    report.tasks.iter().find(is_open).map(|_| {
        let why = "nothing has to be done; this fills advisory evidence";
        (why.to_owned(), format!("taskproof {writer} --plan {plan} --write"))
    })
}

/// The command that fills what is certain, and what was answered; none where the layout is read-only.
pub(in crate::report) fn backfill(plan: &PlanFacts, is_answered: bool) -> Option<String> {
    let answers = if is_answered { format!(" --answers {ANSWERS}") } else { String::new() };
    (plan.layout == Layout::Flat)
        .then(|| format!("taskproof backfill --plan {}{answers} --write", plan_argument(plan)))
}

fn questions(report: &Report) -> impl Iterator<Item = &TaskQuestion> {
    report.repair_request.iter().flat_map(|request| &request.tasks)
}

/// The plan's directory as a shell takes it.
pub(in crate::report) fn plan_argument(plan: &PlanFacts) -> String {
    let directory = &plan.directory;
    shlex::try_quote(directory).map_or_else(|_| directory.clone(), Into::into)
}

fn is_gap(task: &Attribution) -> bool {
    task.gap.evidence == Evidence::Hollow
}

fn unfinished(report: &Report) -> Option<String> {
    let is_open = |task: &&Attribution| matches!(task.status, Status::Pending | Status::Blocked);
    some(report.tasks.iter().filter(is_open).map(|task| &task.task))
}

/// Some of the names, and how many more there are.
fn some<'a>(tasks: impl Iterator<Item = &'a TaskId>) -> Option<String> {
    let mut names: Vec<String> = tasks.map(ToString::to_string).collect();
    if names.len() > NAMES {
        let rest = names.len() - (NAMES - 1);
        names.truncate(NAMES - 1);
        names.push(format!("{rest} more"));
    }
    (!names.is_empty()).then(|| series(&names))
}
