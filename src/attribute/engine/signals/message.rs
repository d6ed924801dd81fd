//! Commit messages and task texts, compared as bags of weighted words.

use super::super::count;
use super::Bid;

/// Share of the title's weight that the message has, 0 to 1.
pub(super) fn title_in_message(bid: &Bid<'_>) -> f64 {
    let total = bid.evidence.vocabulary.total(&bid.task().title);
    if total > 0.0 { bid.overlap().title / total } else { 0.0 }
}

/// Share of the message's weight that the description has, 0 to 1; a word that no task has counts as one of
/// middling weight.
pub(super) fn message_in_description(bid: &Bid<'_>) -> f64 {
    const STRANGE: f64 = 2.0;
    const SHORT: f64 = 4.0;
    let known = bid.evidence.vocabulary.total(&bid.commit().message);
    bid.overlap().message / (known + count(bid.commit().strange_words) * STRANGE + SHORT)
}

/// This task's share of what the message has in common with all descriptions, squared so that the best stand
/// out, 0 to 1.
pub(super) fn share(bid: &Bid<'_>) -> f64 {
    const CHANCE: f64 = 25.0;
    let own = bid.overlap().message;
    own * own / (bid.totals().message + CHANCE)
}
