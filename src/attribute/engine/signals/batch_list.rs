//! Batch-level lists of files.

use super::super::count;
use super::{Bid, Pair};

/// Share of the commit's files, rare ones first, that the task's batch lists and no other batch does, 0 to 1.
pub(super) fn only_here(bid: &Bid<'_>) -> f64 {
    let is_only = |path: usize| {
        let mut listed = bid.evidence.paths[path].listed.iter();
        bid.task().lists(path) && listed.all(|task| bid.evidence.tasks[*task].batch == bid.task().batch)
    };
    weighted_share(bid, is_only)
}

/// How many of the commit's files are outside the list of the task's batch, as a logarithm.
pub(super) fn outside(bid: &Bid<'_>) -> f64 {
    if bid.task().list.is_empty() {
        return 0.0;
    }
    count(bid.commit().paths.iter().filter(|path| !bid.task().lists(**path)).count()).ln_1p()
}

/// How many of the commit's files stand in the list of the open task's batch while none of its other tasks
/// claims them, as a logarithm.
pub(super) fn left_over_in_commit(bid: &Bid<'_>) -> f64 {
    let is_left = |path: &&usize| {
        let mut claimants = bid.evidence.paths[**path].claimants.iter();
        bid.task().lists(**path) && !claimants.any(|task| bid.task().is_mate(*task))
    };
    f64::from(bid.task().is_open) * count(bid.commit().paths.iter().filter(is_left).count()).ln_1p()
}

/// Share of the commit's files, rare ones first, that fit, 0 to 1. A file that many commits change says little.
fn weighted_share(bid: &Bid<'_>, fits: impl Fn(usize) -> bool) -> f64 {
    let weight = |path: &usize| bid.evidence.paths[*path].rarity();
    let all: f64 = bid.commit().paths.iter().map(weight).sum();
    let fit: f64 = bid.commit().paths.iter().filter(|path| fits(**path)).map(weight).sum();
    if all > 0.0 { fit / all } else { 0.0 }
}

/// 1 when the task's batch lists the path.
pub(super) fn listed(pair: &Pair<'_>) -> f64 {
    f64::from(pair.task().lists(pair.path))
}

/// 1 when that list is the batch's own and no re-run's.
pub(super) fn faithful(pair: &Pair<'_>) -> f64 {
    listed(pair) * f64::from(pair.task().list_is_faithful)
}

/// 1 when the task's batch lists the path and none of its other tasks claims it.
pub(super) fn left_over(pair: &Pair<'_>) -> f64 {
    let is_claimed = pair.path().claimants.iter().any(|task| pair.task().is_mate(*task));
    if is_claimed { 0.0 } else { listed(pair) }
}

/// How many other tasks of the batch may own what nobody claims, as a logarithm.
pub(super) fn open_mates(pair: &Pair<'_>) -> f64 {
    count(open_mates_of(pair)).ln_1p()
}

fn open_mates_of(pair: &Pair<'_>) -> usize {
    pair.task().mates().filter(|mate| pair.evidence.tasks[*mate].is_open).count()
}

/// 1 when another batch lists the path as well.
pub(super) fn listed_elsewhere(pair: &Pair<'_>) -> f64 {
    let mut listed = pair.path().listed.iter();
    f64::from(listed.any(|task| pair.evidence.tasks[*task].batch != pair.task().batch))
}

pub(super) fn tell_listed(pair: &Pair<'_>) -> String {
    match pair.task().batch {
        Some(batch) => format!("batch {batch} lists it"),
        None => "its batch lists it".to_owned(),
    }
}

pub(super) fn tell_faithful(_: &Pair<'_>) -> String {
    "that list is the batch's own and no re-run's".to_owned()
}

pub(super) fn tell_left_over(_: &Pair<'_>) -> String {
    "no other task of the batch claims it".to_owned()
}

pub(super) fn tell_open_mates(pair: &Pair<'_>) -> String {
    match open_mates_of(pair) {
        1 => "another task of the batch is open and may have changed it".to_owned(),
        many => format!("{many} other tasks of the batch are open and may have changed it"),
    }
}

pub(super) fn tell_listed_elsewhere(_: &Pair<'_>) -> String {
    "another batch lists it as well".to_owned()
}
