//! Order: batches run one after the other, so what a later batch did comes after what an earlier one did; and what a
//! task depends on comes before it.

use super::super::count;
use super::super::windows::{ENOUGH, Window};
use super::Bid;

/// How many tasks of earlier batches begin only after this commit, up to three, as a share.
pub(super) fn before_earlier(bid: &Bid<'_>) -> f64 {
    out_of_order(bid, |window| &window.earlier, |first| first > bid.commit)
}

/// How many tasks of later batches have begun before this commit, up to three, as a share.
pub(super) fn after_later(bid: &Bid<'_>) -> f64 {
    out_of_order(bid, |window| &window.later, |first| first < bid.commit)
}

fn out_of_order(bid: &Bid<'_>, of: fn(&Window) -> &[usize], is_wrong: impl Fn(usize) -> bool) -> f64 {
    let window = bid.winners.zip(bid.task().batch).and_then(|(winners, batch)| winners.window(batch));
    let found = window.map_or(0, |window| of(window).iter().filter(|first| is_wrong(**first)).count());
    count(found) / count(ENOUGH)
}

/// 1 when a task that this one depends on, however far back, begins only after this commit.
pub(super) fn before_dependency(bid: &Bid<'_>) -> f64 {
    let after = bid.winners.and_then(|winners| winners.bounds(bid.task).after);
    f64::from(after.is_some_and(|first| first > bid.commit))
}

/// 1 when a task that depends on this one, however far on, has begun before this commit.
pub(super) fn after_dependent(bid: &Bid<'_>) -> f64 {
    let before = bid.winners.and_then(|winners| winners.bounds(bid.task).before);
    f64::from(before.is_some_and(|first| first < bid.commit))
}

/// Log-odds that a commit in the stretch in which the task's batch begins is an open task's of that batch, from
/// −3 upwards; −3 outside of it.
pub(super) fn window_odds(bid: &Bid<'_>) -> f64 {
    const OUTSIDE: f64 = -3.0;
    let window = bid.winners.zip(bid.task().batch).and_then(|(winners, batch)| winners.window(batch));
    match window.filter(|window| window.holds(bid.commit)) {
        Some(window) => window.odds.max(OUTSIDE),
        None => OUTSIDE,
    }
}

/// The largest share that the task has of any other commit, 0 to 1.
pub(super) fn has_another_commit(bid: &Bid<'_>) -> f64 {
    bid.winners.map_or(0.0, |winners| winners.best_other(bid.task, bid.commit))
}
