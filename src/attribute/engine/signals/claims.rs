//! What other tasks claim, and what this one owns already.

use super::super::count;
use super::{Bid, Pair};

/// Share of the commit's files that records give to this task.
pub(super) fn of_commit(bid: &Bid<'_>) -> f64 {
    super::batch_list::share(bid, |path| bid.task().certain.binary_search(&path).is_ok())
}

/// The largest share of the commit's files that records give to one other task.
pub(super) fn of_another(bid: &Bid<'_>) -> f64 {
    let claimants: std::collections::BTreeSet<usize> =
        bid.commit().paths.iter().flat_map(|path| &bid.evidence.paths[*path].claimants).copied().collect();
    let share = |task: usize| {
        super::batch_list::share(bid, |path| bid.evidence.tasks[task].certain.binary_search(&path).is_ok())
    };
    claimants.into_iter().filter(|task| *task != bid.task).map(share).fold(0.0, f64::max)
}

/// 1 for a task whose files are not known.
pub(super) fn is_open(bid: &Bid<'_>) -> f64 {
    f64::from(bid.task().is_open)
}

/// Share of the commit's files that records give to this task alone.
pub(super) fn alone_of_commit(bid: &Bid<'_>) -> f64 {
    super::batch_list::share(bid, |path| bid.evidence.paths[path].claimants == [bid.task])
}

/// 1 when the task's files are known, and the commit touches none of them.
pub(super) fn owns_other_files(bid: &Bid<'_>) -> f64 {
    f64::from(!bid.task().certain.is_empty() && of_commit(bid) <= 0.0)
}

/// 1 when a mate of the batch claims the path.
pub(super) fn by_mate(pair: &Pair<'_>) -> f64 {
    let is_mate = |task: &usize| *task != pair.task && pair.task().mates.contains(task);
    f64::from(pair.path().claimants.iter().any(is_mate))
}

/// How many tasks outside the batch claim the path: the logarithm of their number.
pub(super) fn by_others(pair: &Pair<'_>) -> f64 {
    let is_other = |task: &&usize| **task != pair.task && !pair.task().mates.contains(task);
    count(pair.path().claimants.iter().filter(is_other).count()).ln_1p()
}

/// How many of the commit's files a task with known files does not claim: the logarithm.
pub(super) fn unclaimed_count(bid: &Bid<'_>) -> f64 {
    if bid.task().certain.is_empty() {
        return 0.0;
    }
    let foreign = bid.commit().paths.iter().filter(|path| bid.task().certain.binary_search(path).is_err());
    count(foreign.count()).ln_1p()
}

/// How many of the commit's files the task claims: the logarithm.
pub(super) fn claimed_count(bid: &Bid<'_>) -> f64 {
    let own = bid.commit().paths.iter().filter(|path| bid.task().certain.binary_search(path).is_ok());
    count(own.count()).ln_1p()
}
