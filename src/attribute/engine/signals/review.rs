//! Files that reviewers cited as evidence.

use super::Pair;

/// 1 when a reviewer cited the path for this task alone, less when also for others.
pub(super) fn cited(pair: &Pair<'_>) -> f64 {
    pair.task().cited.get(&pair.path).map_or(0.0, |is_shared| if *is_shared { 0.5 } else { 1.0 })
}

/// 1 when a reviewer cited the path, but for another task.
pub(super) fn cited_for_another(pair: &Pair<'_>) -> f64 {
    let is_other = |rival: usize| pair.evidence.tasks[rival].cited.contains_key(&pair.path);
    f64::from(cited(pair) <= 0.0 && pair.rivals().any(is_other))
}
