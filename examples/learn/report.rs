//! How well what was learned does on cases it was not learned from, by scenario.

use std::collections::{BTreeMap, BTreeSet};

use crate::Judged;
use crate::calibrate::tables;
use crate::data::Learned;

const THRESHOLDS: [f64; 6] = [0.5, 0.8, 0.85, 0.9, 0.95, 0.97];

/// Prints precision and coverage of the engine's own answers, and the calibration error.
///
/// The calibration is that of the same answers: its few points are not enough to flatter them.
#[expect(clippy::cast_precision_loss, reason = "counts of observations")]
pub(crate) fn print(cases: &[Learned], by: &str, judged: &[Judged]) {
    let calibration = tables(judged);
    let sure = |answer: &Judged| calibration[&answer.choice.regime].probability(answer.log_odds);
    let mut scenarios: BTreeMap<&str, Vec<(&Judged, f64)>> = BTreeMap::new();
    for answer in judged {
        scenarios.entry(&cases[answer.case].scenario).or_default().push((answer, sure(answer)));
    }
    eprintln!(
        "\nleaving out {by}: precision/coverage of what reaches a confidence, and tasks filled that have nothing"
    );
    for (scenario, answers) in &scenarios {
        let of: Vec<&Learned> = cases.iter().filter(|case| case.scenario == **scenario).collect();
        let pairs: usize =
            of.iter().flat_map(|case| case.hidden.values()).map(|truth| truth.files.len()).sum();
        let columns = THRESHOLDS.map(|threshold| {
            let filled = || answers.iter().filter(move |(_, p)| *p >= threshold);
            let right = filled().filter(|(answer, _)| answer.is_right).count();
            let is_absent = |answer: &Judged| {
                cases[answer.case]
                    .hidden
                    .iter()
                    .any(|(id, truth)| id.0 == answer.choice.task && truth.is_absent)
            };
            let absent: BTreeSet<_> = filled()
                .filter(|(answer, _)| is_absent(answer))
                .map(|(answer, _)| (answer.case, &answer.choice.task))
                .collect();
            let given = filled().count().max(1) as f64;
            format!(
                "{threshold}: {:.3}/{:.3} {}",
                right as f64 / given,
                right as f64 / pairs.max(1) as f64,
                absent.len()
            )
        });
        eprintln!("{scenario:20} {}", columns.join("  "));
    }
    let all: Vec<(f64, bool)> = judged.iter().map(|answer| (sure(answer), answer.is_right)).collect();
    eprintln!(
        "calibration error {:.4} over {} answers",
        taskproof::evaluate::calibration_error(&all).unwrap_or(0.0),
        all.len()
    );
}
