//! Batch-level lists of files.

use super::super::count;
use super::{Bid, Pair};

/// Share of the commit's files that the task's batch lists.
pub(super) fn of_commit(bid: &Bid<'_>) -> f64 {
    share(bid, |path| bid.task().list.binary_search(&path).is_ok())
}

/// Share of the commit's files that the task's batch lists and no other batch does.
pub(super) fn only_here_of_commit(bid: &Bid<'_>) -> f64 {
    let others = |path: usize| {
        bid.evidence
            .tasks
            .iter()
            .any(|task| task.batch != bid.task().batch && task.list.binary_search(&path).is_ok())
    };
    share(bid, |path| bid.task().list.binary_search(&path).is_ok() && !others(path))
}

/// 1 when there are lists, and none of the commit's files is in the task's.
pub(super) fn outside_of_commit(bid: &Bid<'_>) -> f64 {
    f64::from(!bid.task().list.is_empty() && of_commit(bid) <= 0.0)
}

/// Share of the commit's files that the task's batch lists and none of its other tasks claims; 0 for a task
/// whose files are known.
pub(super) fn left_over_of_commit(bid: &Bid<'_>) -> f64 {
    let is_claimed = |path: usize| {
        bid.evidence.paths[path].claimants.iter().any(|task| bid.task().mates.contains(task))
    };
    f64::from(bid.task().is_open)
        * share(bid, |path| bid.task().list.binary_search(&path).is_ok() && !is_claimed(path))
}

/// Share of what is left over of the list that the commit changes.
pub(super) fn left_over_found(bid: &Bid<'_>) -> f64 {
    let is_claimed = |path: &usize| {
        bid.evidence.paths[*path].claimants.iter().any(|task| bid.task().mates.contains(task))
    };
    if !bid.task().is_open { return 0.0; }
    let rest: Vec<usize> = bid.task().list.iter().filter(|path| !is_claimed(path)).copied().collect();
    let found = rest.iter().filter(|path| bid.commit().paths.binary_search(path).is_ok()).count();
    count(found) / count(rest.len().max(1))
}

/// Share of the commit's files, rare ones first.
pub(super) fn share(bid: &Bid<'_>, is_fit: impl Fn(usize) -> bool) -> f64 {
    let weight = |path: &usize| 1.0 / count(bid.evidence.paths[*path].changes.len().max(1));
    let all: f64 = bid.commit().paths.iter().map(weight).sum();
    let fit: f64 = bid.commit().paths.iter().filter(|path| is_fit(**path)).map(weight).sum();
    if all > 0.0 { fit / all } else { 0.0 }
}

/// 1 when the task's batch lists the path.
pub(super) fn listed(pair: &Pair<'_>) -> f64 {
    f64::from(pair.task().list.binary_search(&pair.path).is_ok())
}

/// 1 when that list is the batch's own and no re-run's.
pub(super) fn faithful(pair: &Pair<'_>) -> f64 {
    listed(pair) * f64::from(pair.task().list_is_faithful)
}

/// How many mates of the batch may own what is listed: the logarithm of their number.
pub(super) fn open_mates(pair: &Pair<'_>) -> f64 {
    let open = pair.task().mates.iter().filter(|mate| pair.evidence.tasks[**mate].is_open).count();
    count(open).ln_1p()
}

/// 1 when another batch lists the path as well.
pub(super) fn listed_elsewhere(pair: &Pair<'_>) -> f64 {
    let is_elsewhere = |rival: usize| {
        let rival = &pair.evidence.tasks[rival];
        rival.batch != pair.task().batch && rival.list.binary_search(&pair.path).is_ok()
    };
    f64::from(pair.rivals().any(is_elsewhere))
}

/// 1 when the task's batch lists the path and none of its other tasks claims it.
pub(super) fn left_over(pair: &Pair<'_>) -> f64 {
    let is_claimed = pair.path().claimants.iter().any(|task| pair.task().mates.contains(task));
    if is_claimed { 0.0 } else { listed(pair) }
}

/// The same, when no other open task of the batch could have it.
pub(super) fn left_to_it_alone(pair: &Pair<'_>) -> f64 {
    if open_mates(pair) > 0.0 { 0.0 } else { left_over(pair) }
}

/// The same, when the path changed and other open tasks could have it.
pub(super) fn left_to_several(pair: &Pair<'_>) -> f64 {
    if open_mates(pair) > 0.0 { left_over(pair) } else { 0.0 }
}

/// How many of the commit's files are outside the list of the task's batch: the logarithm of their number.
pub(super) fn outside_count(bid: &Bid<'_>) -> f64 {
    if bid.task().list.is_empty() {
        return 0.0;
    }
    let outside = bid.commit().paths.iter().filter(|path| bid.task().list.binary_search(path).is_err());
    count(outside.count()).ln_1p()
}

/// How many of the commit's files are left over in the list of the task's batch: the logarithm.
pub(super) fn left_over_count(bid: &Bid<'_>) -> f64 {
    if !bid.task().is_open {
        return 0.0;
    }
    let is_left = |path: &&usize| {
        let claimants = &bid.evidence.paths[**path].claimants;
        bid.task().list.binary_search(path).is_ok()
            && !claimants.iter().any(|task| bid.task().mates.contains(task))
    };
    count(bid.commit().paths.iter().filter(is_left).count()).ln_1p()
}
