//! What holds the plan, what would clear it, and what comes next.

use super::super::Report;
use super::super::text::{Page, count, series};
use super::{BAD, BOLD, DIM, GOOD, PLAIN, WARN};
use crate::model::{Diagnosis, Route, Settlement};

/// More blockers of one settlement than this are counted, not listed.
const LISTED: usize = 12;

pub(super) fn section(page: &mut Page, report: &Report) {
    let Some(diagnosis) = &report.recovery else { return };
    blockers(page, diagnosis);
    obstacles(page, diagnosis);
    page.gap();
    let (style, title) = match diagnosis.route {
        Some(Route::Advance) => (GOOD, "Way out: advance"),
        Some(Route::Resolve) => (GOOD, "Way out: resolve"),
        None if diagnosis.obstacles.is_empty() => (PLAIN, "Way out"),
        None => (BAD, "No way out yet"),
    };
    page.line(0, style.bold(), title);
    page.prose(2, PLAIN, &diagnosis.reason);
    costs(page, diagnosis);
    steps(page, diagnosis, report.run_id.is_some());
}

fn blockers(page: &mut Page, diagnosis: &Diagnosis) {
    if diagnosis.blockers.is_empty() {
        return;
    }
    page.gap();
    page.line(0, BOLD, &format!("{} in phase_result.json", count(diagnosis.blockers.len(), "blocker")));
    for (at, blocker) in diagnosis.blockers.iter().enumerate() {
        if at == LISTED {
            let more = diagnosis.blockers.len() - LISTED;
            page.line(2, DIM, &format!("and {more} more; `--format json` lists all"));
            return;
        }
        let style = match blocker.settlement {
            settled if settled.is_clear() => GOOD,
            Settlement::NeedsAnswer => WARN,
            _ => BAD,
        };
        page.line(2, style, &format!("{}  {}", word(blocker.settlement), blocker.id));
        page.prose(4, PLAIN, &blocker.text);
        page.prose(4, DIM, &blocker.note);
    }
}

fn word(settlement: Settlement) -> &'static str {
    match settlement {
        Settlement::NeedsAnswer => "needs an answer",
        other => other.as_str(),
    }
}

fn obstacles(page: &mut Page, diagnosis: &Diagnosis) {
    if diagnosis.obstacles.is_empty() {
        return;
    }
    page.gap();
    page.line(0, BAD.bold(), "In the way");
    for obstacle in diagnosis.obstacles.iter().take(LISTED) {
        page.prose(2, PLAIN, &format!("{}: {}", word(obstacle.kind), obstacle.reason));
    }
    if let Some(more) = diagnosis.obstacles.len().checked_sub(LISTED).filter(|more| *more > 0) {
        page.line(2, DIM, &format!("and {more} more; `--format json` lists all"));
    }
}

fn costs(page: &mut Page, diagnosis: &Diagnosis) {
    let tasks: Vec<String> = diagnosis.cost.tasks.iter().map(ToString::to_string).collect();
    if !tasks.is_empty() {
        let overwrites = diagnosis.cost.overwrites.as_ref();
        let overwrites = overwrites.map(|name| format!(", and may overwrite {name}")).unwrap_or_default();
        page.prose(2, WARN, &format!("It costs: the harness may run {} again{overwrites}.", series(&tasks)));
    }
}

fn steps(page: &mut Page, diagnosis: &Diagnosis, is_written: bool) {
    if diagnosis.steps.is_empty() {
        return;
    }
    page.gap();
    page.line(0, BOLD, "Steps");
    for (number, step) in (1..).zip(&diagnosis.steps) {
        let who = match (step.is_ours, is_written) {
            (true, true) => "done: ",
            (true, false) => "`recover --write`: ",
            (false, _) => "you: ",
        };
        page.prose(2, PLAIN, &format!("{number}. {who}{}", step.what));
    }
}
