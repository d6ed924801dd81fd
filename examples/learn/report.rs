//! How well what was learned does on cases it was not learned from, by scenario.

use std::collections::{BTreeMap, BTreeSet};

use taskproof::evaluate::calibration_error;

use crate::cases::Case;
use crate::engine::{Answer, Judged};

const THRESHOLDS: [f64; 6] = [0.5, 0.8, 0.85, 0.9, 0.95, 0.97];

/// Prints precision and coverage of the engine's own answers, and how far confidences are from the truth.
pub(crate) fn print<T, K>(cases: &[Case<T>], by: &str, answers: &[Answer<'_, K>]) {
    eprintln!(
        "\nleaving out {by}: precision/coverage of what reaches a confidence, and tasks filled that have nothing"
    );
    for (scenario, pairs) in pairs_by_scenario(cases) {
        let of: Vec<&Answer<'_, K>> =
            answers.iter().filter(|answer| cases[answer.judged.case].scenario == scenario).collect();
        let columns = THRESHOLDS.map(|threshold| column(&of, pairs, threshold));
        eprintln!("{scenario:20} {}", columns.join("  "));
    }
    let all: Vec<(f64, bool)> =
        answers.iter().map(|answer| (answer.confidence, answer.judged.is_right)).collect();
    eprintln!("calibration error {:.4} over {} answers", calibration_error(&all).unwrap_or(0.0), all.len());
    eprintln!("{}", promise(answers, taskproof::config::Config::default().min_confidence));
}

/// What confidences promise of what is filled, and what comes of it.
fn promise<K>(answers: &[Answer<'_, K>], threshold: f64) -> String {
    let sum = |of: fn(&Answer<'_, K>) -> f64| {
        let filled = answers.iter().filter(|answer| answer.confidence >= threshold);
        filled.fold(0.0, |sum, answer| sum + of(answer) * answer.judged.weight)
    };
    let (given, promised) = (sum(|_| 1.0), sum(|answer| answer.confidence));
    let right = sum(|answer| f64::from(answer.judged.is_right));
    let (promised, precision) = (promised / given.max(1.0), right / given.max(1.0));
    format!("filled from {threshold}: {given:.0}, mean confidence {promised:.4}, precision {precision:.4}")
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
fn column<K>(answers: &[&Answer<'_, K>], pairs: usize, threshold: f64) -> String {
    let filled = || answers.iter().filter(|answer| answer.confidence >= threshold);
    let count = |is_counted: fn(&Judged<K>) -> bool| {
        let counted = filled().map(|answer| answer.judged).filter(|judged| is_counted(judged));
        counted.fold(0.0, |sum, judged| sum + judged.weight)
    };
    let (given, right) = (count(|_| true), count(|judged| judged.is_right));
    let absent = filled().map(|answer| answer.judged).filter(|judged| judged.is_absent);
    let absent: BTreeSet<_> = absent.map(|judged| (judged.case, judged.task.as_str())).collect();
    let precision = if given > 0.0 { format!("{:.3}", right / given) } else { "  -  ".to_owned() };
    format!("{threshold}: {precision}/{:.3} {}", right / pairs.max(1) as f64, absent.len())
}
