//! Files that reviewers cited as evidence.

use super::Pair;
use super::claims::names;

/// 1 when a reviewer cited the path for this task alone, ½ when also for others.
pub(super) fn cited(pair: &Pair<'_>) -> f64 {
    match pair.path().cited.as_slice() {
        [only] if *only == pair.task => 1.0,
        cited if cited.contains(&pair.task) => 0.5,
        _ => 0.0,
    }
}

/// 1 when a reviewer cited the path, but for other tasks only.
pub(super) fn cited_for_another(pair: &Pair<'_>) -> f64 {
    f64::from(!pair.path().cited.is_empty() && !pair.path().cited.contains(&pair.task))
}

pub(super) fn tell_cited(_: &Pair<'_>) -> String {
    "a reviewer cited it for this task".to_owned()
}

pub(super) fn tell_another(pair: &Pair<'_>) -> String {
    format!(
        "a reviewer cited it for {}, and not for this task",
        names(pair, pair.path().cited.iter().copied())
    )
}
