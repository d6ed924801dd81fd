//! Another lowest confidence.

use super::{Case, Hypothesis};
use crate::config::{threshold_missed, threshold_passed};
use crate::model::Decision;

/// Thresholds further down are no advice.
const TRIED: usize = 8;

/// The highest threshold at which more would be filled: the confidence of a candidate, rounded down so that the
/// number in the sentence is true as it stands.
pub(super) fn lower<'a>(case: &Case<'a>) -> Vec<Hypothesis<'a>> {
    let now = case.input.config.min_confidence;
    let mut levels = levels(case, Decision::Candidate);
    levels.retain(|level| *level < now && *level > 0.0);
    let hypothesis = |level: &f64| {
        let level = *level;
        let premise = format!("With `--min-confidence {level}`, ");
        Hypothesis::new(premise, move |world| world.config.to_mut().min_confidence = level)
    };
    levels.iter().rev().take(TRIED).map(hypothesis).collect()
}

/// The lowest threshold at which something would no longer be filled.
pub(super) fn higher<'a>(case: &Case<'a>) -> Vec<Hypothesis<'a>> {
    let now = case.input.config.min_confidence;
    let mut levels: Vec<f64> = levels(case, Decision::Backfill).into_iter().map(threshold_missed).collect();
    levels.retain(|level| *level > now && *level <= 1.0);
    let hypothesis = |level: &f64| {
        let level = *level;
        let premise = format!("With `--min-confidence {level}` or higher, ");
        Hypothesis::new(premise, move |world| world.config.to_mut().min_confidence = level)
    };
    levels.iter().take(TRIED).map(hypothesis).collect()
}

/// The confidences of what was decided so, rising, each once.
fn levels(case: &Case<'_>, decision: Decision) -> Vec<f64> {
    let files = case.attribution.files.iter().map(|file| (file.decision, file.confidence));
    let commands = case.attribution.commands.iter().map(|command| (command.decision, command.confidence));
    let wanted =
        files.chain(commands).filter(|(found, confidence)| *found == decision && confidence.is_finite());
    let mut levels: Vec<f64> = wanted.map(|(_, confidence)| threshold_passed(confidence)).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    levels
}
