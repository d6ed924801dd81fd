//! Line ownership: a commit that goes on editing what a task wrote in this range may be that task's as well.

use super::Bid;

/// Share of the overwritten lines of the range that this task's commits had written, 0 to 1.
pub(super) fn edits_its_lines(bid: &Bid<'_>) -> f64 {
    let Some(winners) = bid.winners else { return 0.0 };
    let (mut own, mut all) = (0.0, 0.0);
    for (owner, lines) in &bid.commit().overwrites {
        own += winners.share(*owner, bid.task) * f64::from(*lines);
        all += f64::from(*lines);
    }
    if all > 0.0 { own / all } else { 0.0 }
}
