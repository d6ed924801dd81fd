//! How well what was learned does on cases it was not learned from, by scenario.

use std::collections::{BTreeMap, BTreeSet};

use taskproof::evaluate::calibration_error;

use crate::cases::Case;
use crate::engine::{Engine, Judged};

const THRESHOLDS: [f64; 6] = [0.5, 0.8, 0.85, 0.9, 0.95, 0.97];

/// What a report is made of.
struct Answer<'a> {
    /// Its case and its task.
    of: (usize, &'a str),
    is_right: bool,
    is_absent: bool,
    weight: f64,
    confidence: f64,
}

/// Prints precision and coverage of the engine's own answers, and the calibration error.
///
/// The calibration is that of the same answers: its few numbers are not enough to flatter them.
pub(crate) fn print<E: Engine>(cases: &[Case<E::Content>], by: &str, judged: &[Judged<E::Kind>]) {
    let answers = answers::<E>(judged);
    eprintln!(
        "\nleaving out {by}: precision/coverage of what reaches a confidence, and tasks filled that have nothing"
    );
    for (scenario, pairs) in pairs_by_scenario(cases) {
        let of: Vec<&Answer<'_>> =
            answers.iter().filter(|answer| cases[answer.of.0].scenario == scenario).collect();
        let columns = THRESHOLDS.map(|threshold| column(&of, pairs, threshold));
        eprintln!("{scenario:20} {}", columns.join("  "));
    }
    let all: Vec<(f64, bool)> = answers.iter().map(|answer| (answer.confidence, answer.is_right)).collect();
    eprintln!("calibration error {:.4} over {} answers", calibration_error(&all).unwrap_or(0.0), all.len());
    eprintln!("{}", promise(&answers, taskproof::config::Config::default().min_confidence));
}

/// What confidences promise of what is filled, and what comes of it.
fn promise(answers: &[Answer<'_>], threshold: f64) -> String {
    let sum = |of: fn(&Answer<'_>) -> f64| {
        let filled = answers.iter().filter(|answer| answer.confidence >= threshold);
        filled.fold(0.0, |sum, answer| sum + of(answer) * answer.weight)
    };
    let (given, promised) = (sum(|_| 1.0), sum(|answer| answer.confidence));
    let right = sum(|answer| f64::from(answer.is_right));
    let (promised, precision) = (promised / given.max(1.0), right / given.max(1.0));
    format!("filled from {threshold}: {given:.0}, mean confidence {promised:.3}, precision {precision:.3}")
}

fn answers<E: Engine>(judged: &[Judged<E::Kind>]) -> Vec<Answer<'_>> {
    let calibration = E::calibrate(judged);
    let answer = |judged| {
        let confidence = E::confidence(&calibration, judged)?;
        let Judged { case, ref task, is_right, is_absent, weight, .. } = *judged;
        Some(Answer { of: (case, task.as_str()), is_right, is_absent, weight, confidence })
    };
    judged.iter().filter_map(answer).collect()
}

/// How much there is to be found.
fn pairs_by_scenario<T>(cases: &[Case<T>]) -> BTreeMap<&str, usize> {
    let mut pairs = BTreeMap::new();
    for case in cases {
        *pairs.entry(case.scenario.as_str()).or_default() += case.pairs;
    }
    pairs
}

#[expect(clippy::cast_precision_loss, reason = "a count of files or commands")]
fn column(answers: &[&Answer<'_>], pairs: usize, threshold: f64) -> String {
    let filled = || answers.iter().filter(|answer| answer.confidence >= threshold);
    let count = |is_counted: fn(&Answer<'_>) -> bool| {
        let counted = filled().filter(|answer| is_counted(answer));
        counted.fold(0.0, |sum, answer| sum + answer.weight)
    };
    let (given, right) = (count(|_| true), count(|answer| answer.is_right));
    let absent: BTreeSet<_> = filled().filter(|answer| answer.is_absent).map(|answer| answer.of).collect();
    let precision = if given > 0.0 { format!("{:.3}", right / given) } else { "  -  ".to_owned() };
    format!("{threshold}: {precision}/{:.3} {}", right / pairs.max(1) as f64, absent.len())
}
