//! What the planner expected: a guess made before the work.

use super::Pair;
use super::claims::names;

/// 1 when the planner expected this task to change the path.
pub(super) fn predicted(pair: &Pair<'_>) -> f64 {
    f64::from(pair.path().predicted.contains(&pair.task))
}

/// 1 when the planner expected others to, and not this one.
pub(super) fn predicted_for_another(pair: &Pair<'_>) -> f64 {
    f64::from(!pair.path().predicted.is_empty() && !pair.path().predicted.contains(&pair.task))
}

pub(super) fn tell_predicted(_: &Pair<'_>) -> String {
    "finalize_snapshot.json expected it".to_owned()
}

pub(super) fn tell_another(pair: &Pair<'_>) -> String {
    let others = names(pair, pair.path().predicted.iter().copied());
    format!("finalize_snapshot.json expected {others} to change it, and not this task")
}
