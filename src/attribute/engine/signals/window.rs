//! Commit times against the windows in which batches were worked on.

use super::Bid;

/// Clocks differ by this much, in seconds.
const BEFORE: i64 = 120;
/// A batch is committed within this time of its end, in seconds.
const AFTER: i64 = 1800;

/// 1 when the commit was made while the task's batch was worked on or soon after, −1 when it was made in the
/// window of other batches alone; 0 when no window tells.
pub(super) fn in_batch_window(bid: &Bid<'_>) -> f64 {
    let time = bid.commit().time;
    let holds = |(start, end): &(i64, i64)| (start - BEFORE..=end + AFTER).contains(&time);
    let windows = &bid.task().windows;
    if windows.iter().any(holds) {
        return 1.0;
    }
    let is_another_s = || bid.evidence.tasks.iter().any(|task| task.windows.iter().any(holds));
    if !windows.is_empty() && is_another_s() { -1.0 } else { 0.0 }
}
