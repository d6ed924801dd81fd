//! All tasks at a glance.

use super::super::text::{Page, columns, count, padding, plain, wider};
use super::{BOLD, DIM, GOOD, PLAIN, WARN};
use crate::model::{Attribution, Decision, Evidence, Outcome};
use anstyle::Style;

/// Plans up to this size are shown whole.
const WHOLE: usize = 10;

/// Fewer quiet tasks than this are not worth folding.
const FOLD: usize = 3;

const TITLES: [&str; 8] = ["task", "status", "kind", "batch", "evidence", "files", "commands", "decision"];

enum Line {
    Task([String; 8], Style),
    Folded(String),
}

/// The table. In a long plan, runs of tasks that need nothing take one line.
pub(super) fn tasks(page: &mut Page, tasks: &[Attribution]) {
    let lines = lines(tasks);
    let mut widths = TITLES.map(columns);
    for line in &lines {
        if let Line::Task(cells, _) = line {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = wider(*width, cell);
            }
        }
    }
    page.line(2, BOLD, &row(&TITLES.map(str::to_owned), &widths));
    for line in &lines {
        match line {
            Line::Task(cells, style) => page.line(2, *style, &row(cells, &widths)),
            Line::Folded(text) => page.line(2, DIM, text),
        }
    }
    let shown = [Decision::Backfill, Decision::Candidate];
    if tasks.iter().flat_map(decisions).any(|decision| shown.contains(&decision)) {
        page.line(2, DIM, "(`+1`: one found, certain enough to fill in; `1?`: one possible)");
    }
}

fn lines(tasks: &[Attribution]) -> Vec<Line> {
    let mut lines = Vec::new();
    for run in tasks.chunk_by(|a, b| is_quiet(a) == is_quiet(b)) {
        match run {
            [first, .., last] if tasks.len() > WHOLE && run.len() >= FOLD && is_quiet(first) => {
                let tasks = count(run.len(), "task");
                lines.push(Line::Folded(format!(
                    "{} … {}  {tasks} with nothing to do",
                    first.task, last.task
                )));
            }
            _ => lines.extend(run.iter().map(|task| Line::Task(cells(task), style(task)))),
        }
    }
    lines
}

fn is_quiet(task: &Attribution) -> bool {
    task.outcome == Outcome::None
        && task.status.as_str() != "pending"
        && task.status.as_str() != "blocked"
        && matches!(task.gap.evidence, Evidence::Complete | Evidence::NotApplicable)
        && !has_rejected(task)
}

/// Whether git contradicts something that the task claims.
pub(super) fn has_rejected(task: &Attribution) -> bool {
    decisions(task).any(|decision| decision == Decision::Rejected)
}

fn decisions(task: &Attribution) -> impl Iterator<Item = Decision> {
    task.files.iter().map(|file| file.decision).chain(task.commands.iter().map(|command| command.decision))
}

fn style(task: &Attribution) -> Style {
    match task.outcome {
        Outcome::Backfill => GOOD,
        Outcome::Ambiguous | Outcome::NoEvidence => WARN,
        Outcome::None => PLAIN,
    }
}

fn cells(task: &Attribution) -> [String; 8] {
    let evidence = match task.gap.evidence {
        Evidence::Complete => "complete",
        Evidence::Advisory => "advisory",
        Evidence::Hollow => "hollow",
        Evidence::NotApplicable => "-",
    };
    let decision = match task.outcome {
        Outcome::None => "-",
        Outcome::Backfill => "backfill",
        Outcome::Ambiguous => "ambiguous",
        Outcome::NoEvidence => "no evidence",
    };
    [
        task.task.to_string(),
        task.status.as_str().to_owned(),
        task.kind.as_str().to_owned(),
        task.batch.map_or_else(|| "-".to_owned(), |batch| batch.to_string()),
        evidence.to_owned(),
        amounts(&task.files.iter().map(|file| file.decision).collect::<Vec<_>>()),
        amounts(&task.commands.iter().map(|command| command.decision).collect::<Vec<_>>()),
        decision.to_owned(),
    ]
    // Spelled out here so that the columns line up.
    .map(|cell| plain(&cell).into_owned())
}

/// `2` recorded, `+1` to be filled in, `3?` possible; what git contradicts is not counted.
fn amounts(decisions: &[Decision]) -> String {
    let number = |wanted| decisions.iter().filter(|&&decision| decision == wanted).count();
    let (recorded, filled, possible) =
        (number(Decision::Recorded), number(Decision::Backfill), number(Decision::Candidate));
    let mut parts = Vec::new();
    if recorded > 0 || filled + possible == 0 {
        parts.push(recorded.to_string());
    }
    if filled > 0 {
        parts.push(format!("+{filled}"));
    }
    if possible > 0 {
        parts.push(format!("{possible}?"));
    }
    parts.join(" ")
}

fn row(cells: &[String; 8], widths: &[usize; 8]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell}{}", padding(cell, *width)));
    padded.collect::<Vec<_>>().join("  ")
}
