//! What git and its conventions say of a path by itself.

use super::super::count;
use super::Pair;

/// 1 when the path changed in bundles or without a commit: commits cannot tell tasks apart.
pub(super) fn bundle(pair: &Pair<'_>) -> f64 {
    f64::from(pair.path().is_changed() && pair.bids().next().is_none())
}

/// 1 when there is a history, and the path did not change in it.
pub(super) fn unchanged(pair: &Pair<'_>) -> f64 {
    f64::from(pair.evidence.has_history && !pair.path().is_changed())
}

/// 1 for a file that changes with everything, or was left behind by an earlier milestone.
pub(super) fn shared_file(pair: &Pair<'_>) -> f64 {
    f64::from(pair.path().is_shared)
}

/// How many more commits than one change the path, as a logarithm: of many, one fits a task by chance, and a ledger or a
/// manifest fits everybody's.
pub(super) fn often_changed(pair: &Pair<'_>) -> f64 {
    count(pair.bids().count().max(1)).ln()
}

pub(super) fn tell_bundle(_: &Pair<'_>) -> String {
    "it changed in one commit with the work of other tasks, or is not committed".to_owned()
}

pub(super) fn tell_unchanged(_: &Pair<'_>) -> String {
    "it did not change in the range".to_owned()
}

pub(super) fn tell_shared(_: &Pair<'_>) -> String {
    "it changes with everything, or was left behind by an earlier milestone".to_owned()
}

pub(super) fn tell_often(pair: &Pair<'_>) -> String {
    format!("{} commits of the range change it", pair.bids().count())
}
