//! Commit messages and task texts, compared as bags of weighted words, and by Okapi BM25.

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
    let known = bid.evidence.vocabulary.total(&bid.reading().message);
    bid.overlap().message / (known + count(bid.reading().strange_words) * STRANGE + SHORT)
}

/// This task's share of what the message has in common with all descriptions, squared so that the best stand
/// out, 0 to 1.
pub(super) fn share(bid: &Bid<'_>) -> f64 {
    const CHANCE: f64 = 25.0;
    let own = bid.overlap().message;
    own * own / (bid.totals().message + CHANCE)
}

/// BM25 of the message as a query against the description, drawn towards 1; ½ for two or three telling words.
pub(super) fn bm25(bid: &Bid<'_>) -> f64 {
    const HALF: f64 = 6.0;
    let score = bid.overlap().bm25;
    score / (score + HALF)
}

/// This task's share of the message's BM25 over all descriptions, squared so that the best stand out, 0 to 1.
pub(super) fn bm25_share(bid: &Bid<'_>) -> f64 {
    const CHANCE: f64 = 8.0;
    let own = bid.overlap().bm25;
    own * own / (bid.totals().bm25 + CHANCE)
}
