//! Line ownership: a commit that goes on editing what a task wrote in this range is likely that task's.

use super::Bid;

/// Share of the overwritten lines of the range that this task's commits had written.
pub(super) fn edits_its_lines(bid: &Bid<'_>) -> f64 {
    lines_of(bid, |winners, owner| winners.share(owner, bid.task))
}

/// Share of the overwritten lines of the range that other tasks' commits had written.
pub(super) fn edits_others_lines(bid: &Bid<'_>) -> f64 {
    lines_of(bid, |winners, owner| winners.decided(owner) - winners.share(owner, bid.task))
}

fn lines_of(bid: &Bid<'_>, share: impl Fn(&super::Winners, usize) -> f64) -> f64 {
    let Some(winners) = bid.winners else { return 0.0 };
    let changes = bid.commit().paths.iter().flat_map(|path| &bid.evidence.paths[*path].changes);
    let (mut owned, mut all) = (0.0, 0.0);
    for (owner, lines) in changes.filter(|change| change.commit == bid.commit).flat_map(|change| &change.overwrites) {
        if *owner != bid.commit {
            owned += share(winners, *owner) * f64::from(*lines);
            all += f64::from(*lines);
        }
    }
    if all > 0.0 { owned / all } else { 0.0 }
}
