//! The figures as tables, and what they mean for the threshold.

use super::super::Look;
use super::super::human::{BOLD, DIM, GOOD, PLAIN, WARN, percent};
use super::super::text::{Page, count, padding, plain, wider};
use super::{EvaluationReport, Thresholds, Written};
use crate::evaluate::{Absent, LEAST_TASKS, Measure, Point, SchemeResult, Threshold, Verdict};

/// Where the pooled curve is shown: the first point at or below each.
const STOPS: [f64; 8] = [0.99, 0.97, 0.95, 0.9, 0.8, 0.6, 0.4, 0.0];

pub(super) fn text(report: &EvaluationReport, look: &Look) -> String {
    let mut page = Page::new(look);
    headline(&mut page, report);
    let mut all: Vec<&SchemeResult> = report.evaluation.schemes.iter().collect();
    if all.len() > 1 {
        all.push(&report.evaluation.pooled);
    }
    measures(&mut page, "Files", &all, |result| Some(&result.files));
    measures(&mut page, "Commands", &all, |result| result.commands.as_ref());
    controls(&mut page, &all);
    curve(&mut page, &report.evaluation.pooled.files.curve);
    for thresholds in &report.thresholds {
        wanted(&mut page, thresholds);
    }
    if let Some(written) = &report.written {
        tell_written(&mut page, written);
    }
    left_out(&mut page, report);
    page.finish()
}

fn headline(page: &mut Page, report: &EvaluationReport) {
    let pooled = &report.evaluation.pooled;
    let plans = count(report.plans, "plan");
    let line = match pooled.files.precision {
        Some(precision) => format!(
            "{} of what is filled is right, and {} of what was hidden comes back ({plans})",
            percent(precision),
            pooled.files.coverage.map_or_else(|| "nothing".to_owned(), percent),
        ),
        None => format!("Nothing is filled ({plans})"),
    };
    page.prose(0, BOLD, &line);
    let filled = format!("Filled: what has a confidence of {} or more.", report.min_confidence);
    page.prose(2, DIM, &filled);
}

fn measures(
    page: &mut Page,
    title: &str,
    results: &[&SchemeResult],
    of: fn(&SchemeResult) -> Option<&Measure>,
) {
    let titles = [
        "plans",
        "tasks",
        "pairs",
        "filled",
        "precision",
        "coverage",
        "exact",
        "partly",
        "wrong",
        "abstained",
        "calibration",
    ];
    let mut rows = vec![header(title, &titles)];
    for result in results {
        if let Some(measure) = of(result).filter(|measure| measure.tasks.total() > 0) {
            rows.push(cells(result, measure));
        }
    }
    table(page, &rows);
}

fn cells(result: &SchemeResult, measure: &Measure) -> Vec<String> {
    let tasks = measure.tasks;
    let numbers = [result.plans, tasks.total(), measure.pairs, measure.filled].map(|n| n.to_string());
    let shares = [measure.precision, measure.coverage].map(share);
    let outcomes = [tasks.exact, tasks.partly, tasks.wrong, tasks.abstained].map(|n| n.to_string());
    let name = [plain(&result.name).into_owned()];
    let calibration = [share(measure.calibration_error)];
    name.into_iter().chain(numbers).chain(shares).chain(outcomes).chain(calibration).collect()
}

fn controls(page: &mut Page, results: &[&SchemeResult]) {
    let mut rows = vec![header("Nothing to find", &["tasks", "filled", "share", "files"])];
    let known = results.iter().filter_map(|result| Some((&result.name, result.absent?)));
    rows.extend(known.map(|(name, absent)| control(name, &absent)));
    table(page, &rows);
    if rows.len() > 1 {
        page.prose(2, DIM, "Every trace of these tasks is taken away: whatever is filled is wrong.");
    }
}

fn control(name: &str, absent: &Absent) -> Vec<String> {
    let numbers = [absent.tasks.to_string(), absent.filled_tasks.to_string()];
    let more = [share(absent.share()), absent.files.to_string()];
    [plain(name).into_owned()].into_iter().chain(numbers).chain(more).collect()
}

fn curve(page: &mut Page, points: &[Point]) {
    let mut shown: Vec<&Point> = Vec::new();
    for stop in STOPS {
        let reached = points.iter().rev().find(|point| point.confidence >= stop);
        if let Some(point) = reached.filter(|point| !shown.contains(point)) {
            shown.push(point);
        }
    }
    let mut rows = vec![header("Files listed from", &["precision", "coverage"])];
    let name = |point: &Point| format!("{:.4}", point.confidence);
    rows.extend(
        shown
            .iter()
            .map(|point| vec![name(point), share(Some(point.precision)), share(Some(point.coverage))]),
    );
    table(page, &rows);
}

fn wanted(page: &mut Page, thresholds: &Thresholds) {
    page.gap();
    page.line(0, BOLD, &format!("For a precision of {}", thresholds.files.wanted));
    threshold(page, "files", &thresholds.files);
    if let Some(commands) = &thresholds.commands {
        threshold(page, "commands", commands);
    }
}

fn threshold(page: &mut Page, what: &str, threshold: &Threshold) {
    let Some(confidence) = threshold.confidence else {
        page.prose(2, WARN, &format!("{what}: nothing was listed"));
        return;
    };
    let sample = format!("{} of {}", count(threshold.items, "pair"), count(threshold.tasks, "task"));
    let seen = format!(
        "{} right ({sample}; at least {} with 95 % confidence), coverage {}",
        percent(threshold.precision),
        percent(threshold.lower_bound),
        percent(threshold.coverage)
    );
    match threshold.verdict {
        Verdict::Met => page.prose(2, GOOD, &format!("{what}: from confidence {confidence} upwards: {seen}")),
        Verdict::TooFew => page.prose(
            2,
            WARN,
            &format!(
                "{what}: perhaps from confidence {confidence} upwards: {seen}. That is too little to rely on: \
                 it takes {LEAST_TASKS} tasks, and enough pairs for the lower bound to get there"
            ),
        ),
        Verdict::NotMet => {
            page.prose(2, WARN, &format!("{what}: at no confidence; the best is {confidence}: {seen}"));
        }
    }
}

fn tell_written(page: &mut Page, written: &Written) {
    page.gap();
    let before = written.before.map(|before| format!(" (was {before})")).unwrap_or_default();
    page.prose(
        0,
        GOOD,
        &format!("Wrote `min-confidence = {}`{before} into `{}`", written.min_confidence, written.path),
    );
    let measured = format!(
        "With it, {} of the files filled are right, at a coverage of {} (measured by a second run).",
        share(written.precision),
        share(written.coverage)
    );
    page.prose(2, PLAIN, &measured);
    page.prose(2, PLAIN, &format!("It takes effect with `--config {}`.", written.path));
}

fn left_out(page: &mut Page, report: &EvaluationReport) {
    if report.left_out.is_empty() {
        return;
    }
    page.gap();
    page.line(0, WARN.bold(), &format!("{} left out", count(report.left_out.len(), "plan")));
    for plan in &report.left_out {
        page.line(2, PLAIN, &plan.plan);
        page.prose(4, DIM, &plan.reason);
    }
}

fn header(title: &str, titles: &[&str]) -> Vec<String> {
    std::iter::once(title).chain(titles.iter().copied()).map(str::to_owned).collect()
}

/// The first column on the left, numbers on the right. Nothing if there is only the header.
fn table(page: &mut Page, rows: &[Vec<String>]) {
    let [titles, rest @ ..] = rows else { return };
    if rest.is_empty() {
        return;
    }
    let width = |column: usize| rows.iter().fold(0, |width, row| wider(width, &row[column]));
    let widths: Vec<usize> = (0..titles.len()).map(width).collect();
    page.gap();
    for (number, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
            let space = padding(cell, width);
            if column == 0 { format!("{cell}{space}") } else { format!("{space}{cell}") }
        });
        let style = if number == 0 { BOLD } else { PLAIN };
        page.line(2, style, &cells.collect::<Vec<_>>().join("  "));
    }
}

fn share(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"))
}
