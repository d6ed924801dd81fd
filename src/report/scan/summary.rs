//! A line per plan.

use super::super::Look;
use super::super::human::{BAD, BOLD, DIM, GOOD, PLAIN, WARN};
use super::super::text::{Page, columns, count, padding, plain, wider};
use super::super::wire::PlanStatus;
use super::Scanned;
use crate::model::{Evidence, Outcome};
use anstyle::Style;

/// What the summary says of one plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) directory: String,
    pub(super) found: Result<Found, String>,
}

/// What was found out about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) status: PlanStatus,
    pub(super) commits: usize,
    pub(super) tasks: usize,
    /// Tasks whose evidence the harness misses.
    pub(super) hollow: usize,
    /// Those of them that can be filled.
    pub(super) fillable: usize,
    /// Tasks that have to be asked about.
    pub(super) questions: usize,
}

impl Row {
    pub(super) fn of(plan: &Scanned) -> Self {
        let found = plan.report.as_ref().map_err(Clone::clone).map(|report| {
            let hollow = || report.tasks.iter().filter(|task| task.gap.evidence == Evidence::Hollow);
            Found {
                name: report.plan.name.clone(),
                status: report.status.into(),
                commits: report.history.commits.len(),
                tasks: report.tasks.len(),
                hollow: hollow().count(),
                fillable: hollow().filter(|task| task.outcome == Outcome::Backfill).count(),
                questions: report.repair_request.as_ref().map_or(0, |request| request.tasks.len()),
            }
        });
        let named = plan.report.as_ref().map(|report| report.plan.directory.clone());
        Self { directory: named.unwrap_or_else(|_| plan.directory.clone()), found }
    }
}

const TITLES: [&str; 7] = ["plan", "status", "commits", "tasks", "hollow", "fillable", "to ask"];

/// The table, what could not be read, and what all have in common.
pub(super) fn text(rows: &[Row], look: &Look) -> String {
    let mut page = Page::new(look);
    let found: Vec<&Found> = rows.iter().filter_map(|row| row.found.as_ref().ok()).collect();
    table(&mut page, &found);
    for row in rows {
        if let Err(reason) = &row.found {
            page.prose(2, BAD, &format!("{}: {}", plain(&row.directory), plain(reason)));
        }
    }
    page.gap();
    let of = |status: PlanStatus| found.iter().filter(|plan| plan.status == status).count();
    let sum = |part: fn(&Found) -> usize| found.iter().map(|plan| part(plan)).sum::<usize>();
    let unread = rows.len() - found.len();
    let line = format!(
        "{}: {} complete, {} wait for evidence, {} for work{}",
        count(rows.len(), "plan"),
        of(PlanStatus::Complete),
        of(PlanStatus::BlockedMetadata),
        of(PlanStatus::BlockedImplementation),
        if unread > 0 { format!(", {unread} not read") } else { String::new() }
    );
    page.line(0, BOLD, &line);
    let tasks = format!(
        "{}: {} hollow, {} of them fillable, {} to ask about",
        count(sum(|plan| plan.tasks), "task"),
        sum(|plan| plan.hollow),
        sum(|plan| plan.fillable),
        sum(|plan| plan.questions)
    );
    page.line(0, PLAIN, &tasks);
    if found.iter().any(|plan| plan.status != PlanStatus::Complete) {
        page.line(0, DIM, "`taskproof attribute --plan DIR` says more about one of them.");
    }
    page.finish()
}

fn table(page: &mut Page, found: &[&Found]) {
    let rows: Vec<([String; 7], Style)> =
        found.iter().map(|plan| (cells(plan), style(plan.status))).collect();
    let mut widths = TITLES.map(columns);
    for (cells, _) in &rows {
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = wider(*width, cell);
        }
    }
    page.line(0, BOLD, &line(&TITLES.map(str::to_owned), widths));
    for (cells, style) in &rows {
        page.line(0, *style, &line(cells, widths));
    }
}

fn cells(plan: &Found) -> [String; 7] {
    let numbers = [plan.commits, plan.tasks, plan.hollow, plan.fillable, plan.questions];
    let [commits, tasks, hollow, fillable, questions] = numbers.map(|number| number.to_string());
    [
        plain(&plan.name).into_owned(),
        word(plan.status).to_owned(),
        commits,
        tasks,
        hollow,
        fillable,
        questions,
    ]
}

fn word(status: PlanStatus) -> &'static str {
    match status {
        PlanStatus::Complete => "complete",
        PlanStatus::BlockedMetadata => "waits for evidence",
        PlanStatus::BlockedImplementation => "waits for work",
    }
}

fn style(status: PlanStatus) -> Style {
    match status {
        PlanStatus::Complete => GOOD,
        PlanStatus::BlockedMetadata => WARN,
        PlanStatus::BlockedImplementation => BAD,
    }
}

/// Two columns of text, and numbers that end under each other.
fn line(cells: &[String; 7], widths: [usize; 7]) -> String {
    let padded = cells.iter().zip(widths).enumerate().map(|(at, (cell, width))| {
        let space = padding(cell, width);
        if at < 2 { format!("{cell}{space}") } else { format!("{space}{cell}") }
    });
    padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}
