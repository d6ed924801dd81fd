//! Task ids in commit messages, and in the names of branches that merges took in.

use super::Bid;

/// 1 when the commit says that it is this task's.
pub(super) fn names_task(bid: &Bid<'_>) -> f64 {
    f64::from(bid.commit().names.contains(&bid.task))
}

/// 1 when the commit says that it is another task's.
pub(super) fn names_another(bid: &Bid<'_>) -> f64 {
    f64::from(!bid.commit().names.is_empty() && !bid.commit().names.contains(&bid.task))
}

/// 1 when the commit was made on a branch that names this task and no other.
pub(super) fn branch_names_task(bid: &Bid<'_>) -> f64 {
    f64::from(bid.commit().branch == Some(bid.task))
}

/// 1 when it was made on a branch that names another task.
pub(super) fn branch_names_another(bid: &Bid<'_>) -> f64 {
    f64::from(bid.commit().branch.is_some_and(|task| task != bid.task))
}
