//! What the planner expected: a guess made before the work.

use super::Pair;

/// 1 when the planner expected this task to change the path.
pub(super) fn predicted(pair: &Pair<'_>) -> f64 {
    f64::from(pair.task().predicted.contains(&pair.path))
}

/// 1 when the planner expected another task to, and not this one.
pub(super) fn predicted_for_another(pair: &Pair<'_>) -> f64 {
    let is_other = |rival: usize| pair.evidence.tasks[rival].predicted.contains(&pair.path);
    f64::from(predicted(pair) <= 0.0 && pair.rivals().any(is_other))
}
