//! Order: batches run one after the other, so commits of a later batch come after those of an earlier one.

use super::Bid;

/// How many earlier batches begin only after this commit, up to three, as a share.
pub(super) fn early(bid: &Bid<'_>) -> f64 {
    let (Some(winners), Some(batch)) = (bid.winners, bid.task().batch) else { return 0.0 };
    let begun_later = winners.first_of_batch.range(..batch).filter(|(_, first)| **first > bid.commit).count();
    f64::from(u8::try_from(begun_later.min(3)).unwrap_or(3)) / 3.0
}

/// How many later batches have begun before this commit, up to three, as a share.
pub(super) fn late(bid: &Bid<'_>) -> f64 {
    let (Some(winners), Some(batch)) = (bid.winners, bid.task().batch) else { return 0.0 };
    let begun_before =
        winners.first_of_batch.range(batch + 1..).filter(|(_, first)| **first < bid.commit).count();
    f64::from(u8::try_from(begun_before.min(3)).unwrap_or(3)) / 3.0
}

/// 1 when the nearest decided commits before and after are of the same batch.
pub(super) fn beside(bid: &Bid<'_>) -> f64 {
    let (Some(winners), Some(batch)) = (bid.winners, bid.task().batch) else { return 0.0 };
    let before = winners.anchors.range(..bid.commit).next_back().map(|(_, batch)| *batch);
    let after = winners.anchors.range(bid.commit + 1..).next().map(|(_, batch)| *batch);
    let fits = |anchor: Option<u32>| f64::from(anchor == Some(batch)) / 2.0;
    fits(before) + fits(after)
}

/// How many decided commits of other batches stand between this commit and the nearest of the task's batch, up
/// to eight, as a share; 1 when its batch has none.
pub(super) fn apart(bid: &Bid<'_>) -> f64 {
    let (Some(winners), Some(batch)) = (bid.winners, bid.task().batch) else { return 0.0 };
    let before = winners.anchors.range(..bid.commit).rev().position(|(_, other)| *other == batch);
    let after = winners.anchors.range(bid.commit..).position(|(_, other)| *other == batch);
    let least = [before, after].into_iter().flatten().min().unwrap_or(8).min(8);
    super::super::count(least) / 8.0
}

/// The largest share the task has of another commit.
pub(super) fn has_another(bid: &Bid<'_>) -> f64 {
    bid.winners.map_or(0.0, |winners| winners.best_other(bid.task, bid.commit))
}

/// How many tasks of earlier batches begin only after this commit, up to three, as a share.
pub(super) fn before_others(bid: &Bid<'_>) -> f64 {
    let (Some(winners), Some(batch)) = (bid.winners, bid.task().batch) else { return 0.0 };
    let firsts = winners.first_of_task.iter();
    let ahead = firsts.filter(|(task, first)| {
        **first > bid.commit && bid.evidence.tasks[**task].batch.is_some_and(|other| other < batch)
    });
    super::super::count(ahead.count().min(3)) / 3.0
}

/// How many tasks of later batches have begun before this commit, up to three, as a share.
pub(super) fn after_others(bid: &Bid<'_>) -> f64 {
    let (Some(winners), Some(batch)) = (bid.winners, bid.task().batch) else { return 0.0 };
    let firsts = winners.first_of_task.iter();
    let behind = firsts.filter(|(task, first)| {
        **first < bid.commit && bid.evidence.tasks[**task].batch.is_some_and(|other| other > batch)
    });
    super::super::count(behind.count().min(3)) / 3.0
}

/// Log-odds that a commit in the window of the task's batch is one of its open tasks'; 0 outside of it.
pub(super) fn window_odds(bid: &Bid<'_>) -> f64 {
    let window = bid.winners.zip(bid.task().batch).and_then(|(winners, batch)| winners.window(batch));
    let Some(window) = window.filter(|window| is_within(window, bid.commit)) else { return -3.0 };
    window.odds.max(-3.0)
}

fn is_within(window: &super::super::commits::Window, commit: usize) -> bool {
    window.after.is_none_or(|after| commit > after) && window.before.is_none_or(|before| commit < before)
}
