//! The first line and the last: how it stands, and which command comes next.

use super::super::Report;
use super::super::text::{Page, series};
use super::{BAD, BOLD, GOOD, PLAIN, WARN, has};
use crate::model::{Attribution, Code, Evidence, Outcome, PlanStatus, Status};

/// Where answers are kept in the commands we suggest.
const ANSWERS: &str = "answers.jsonl";

/// More names than this make a headline hard to read.
const NAMES: usize = 4;

pub(super) fn headline(page: &mut Page, report: &Report) {
    let (style, status) = match report.status {
        PlanStatus::Complete if has(report, Code::StillBlocked) => {
            (WARN, "complete, but the harness still records the block".to_owned())
        }
        PlanStatus::Complete => (GOOD, "complete".to_owned()),
        PlanStatus::BlockedMetadata => {
            let open = names(report, |task| is_gap(task) && task.outcome != Outcome::Backfill);
            let (style, rest) = match open {
                Some(open) => (WARN, format!("needs an answer about {open}")),
                None if report.tasks.iter().any(is_gap) => (GOOD, "every gap can be filled".to_owned()),
                None => (WARN, "see the findings".to_owned()),
            };
            (style, format!("blocked: bookkeeping only — {rest}"))
        }
        PlanStatus::BlockedImplementation => {
            let open = names(report, is_unfinished).map(|open| format!(" — {open}")).unwrap_or_default();
            (BAD, format!("blocked: work is missing{open}"))
        }
    };
    page.prose(0, style.bold(), &format!("Plan `{}` is {status}", report.plan.name));
}

pub(super) fn step(page: &mut Page, report: &Report) {
    let Some((why, command)) = advice(report) else { return };
    page.gap();
    page.prose(0, BOLD, &format!("Next: {why}"));
    page.line(2, PLAIN, &command);
}

/// What to do next and the command for it; nothing when the plan is complete.
fn advice(report: &Report) -> Option<(String, String)> {
    let plan = plan_argument(report);
    // Whoever recovers goes on recovering; every other command leads to a backfill first.
    let writer = if report.command == "recover" { "recover" } else { "backfill" };
    let write = format!("taskproof {writer} --plan {plan} --write");
    let fillable = |gaps_only: bool| {
        report.run_id.is_none()
            && report
                .tasks
                .iter()
                .any(|task| task.outcome == Outcome::Backfill && (is_gap(task) || !gaps_only))
    };
    if has(report, Code::NotEditable) {
        let why = "repair the artifact that cannot be edited (TP402), then look again";
        return Some((why.to_owned(), format!("taskproof attribute --plan {plan}")));
    }
    if report.repair_request.as_ref().is_some_and(|request| !request.tasks.is_empty()) {
        let also = if fillable(true) { "; the certain gaps are filled in the same run" } else { "" };
        let why = format!("put the answer lines into `{ANSWERS}`, edit them{also}");
        return Some((why, format!("taskproof {writer} --plan {plan} --answers {ANSWERS} --write")));
    }
    if fillable(true) {
        let why = match names(report, is_unfinished) {
            Some(open) => format!("fill the gaps, then let the harness finish {open}"),
            None => "fill the gaps".to_owned(),
        };
        return Some((why, write));
    }
    match report.status {
        PlanStatus::BlockedImplementation => {
            let open = names(report, is_unfinished).unwrap_or_else(|| "the work".to_owned());
            Some((
                format!("let the harness finish {open}, then check"),
                format!("taskproof check --plan {plan}"),
            ))
        }
        PlanStatus::Complete if has(report, Code::StillBlocked) => {
            let why = "tell the harness that the block is gone";
            Some((why.to_owned(), format!("taskproof recover --plan {plan} --write")))
        }
        PlanStatus::Complete if fillable(false) => {
            Some(("nothing has to be done; this fills the advisory evidence too".to_owned(), write))
        }
        PlanStatus::Complete | PlanStatus::BlockedMetadata => None,
    }
}

/// The plan's directory as a shell takes it.
pub(super) fn plan_argument(report: &Report) -> String {
    let directory = &report.plan.directory;
    shlex::try_quote(directory).map_or_else(|_| directory.clone(), Into::into)
}

fn is_gap(task: &Attribution) -> bool {
    task.gap.evidence == Evidence::Hollow
}

fn is_unfinished(task: &Attribution) -> bool {
    matches!(task.status, Status::Pending | Status::Blocked)
}

fn names(report: &Report, wanted: impl Fn(&Attribution) -> bool) -> Option<String> {
    let mut names: Vec<String> =
        report.tasks.iter().filter(|task| wanted(task)).map(|task| task.task.0.clone()).collect();
    if names.len() > NAMES {
        let rest = names.len() - (NAMES - 1);
        names.truncate(NAMES - 1);
        names.push(format!("{rest} more"));
    }
    (!names.is_empty()).then(|| series(&names))
}
