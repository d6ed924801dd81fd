//! Task ids in commit messages.

use super::Bid;

/// 1 when the commit names this task and no other.
pub(super) fn names_task(bid: &Bid<'_>) -> f64 {
    f64::from(bid.commit().names == [bid.task])
}

/// 1 when the commit names another task.
pub(super) fn names_other(bid: &Bid<'_>) -> f64 {
    f64::from(bid.commit().names.iter().any(|task| *task != bid.task))
}
