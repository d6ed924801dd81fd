//! Commit messages and task texts, compared as bags of words.

use super::Bid;
use super::super::vocabulary::Terms;

/// Share of the title's weight that the message has.
pub(super) fn title_in_message(bid: &Bid<'_>) -> f64 {
    covered(bid, &bid.task().title, &bid.commit().message)
}

/// Share of the title's weight that the changes have.
pub(super) fn title_in_diff(bid: &Bid<'_>) -> f64 {
    covered(bid, &bid.task().title, &bid.commit().terms)
}

/// Share of the message's weight that the task text has; words that no task has count as rare ones.
pub(super) fn message_in_task(bid: &Bid<'_>) -> f64 {
    let vocabulary = &bid.evidence.vocabulary;
    let shared = vocabulary.shared(&bid.commit().message, &bid.task().description, |_| true);
    let strange = bid.commit().strange_words;
    let strangeness = crate::attribute::engine::count(strange) * 2.0;
    shared / (vocabulary.total(&bid.commit().message) + strangeness + 4.0)
}

/// This task's share of what the message shares with all tasks.
pub(super) fn share(bid: &Bid<'_>) -> f64 {
    let vocabulary = &bid.evidence.vocabulary;
    let similarity = |task: usize| {
        let shared =
            vocabulary.shared(&bid.commit().message, &bid.evidence.tasks[task].description, |_| true);
        shared * shared
    };
    let own = similarity(bid.task);
    if own <= 0.0 {
        return 0.0;
    }
    let all: f64 = (0..bid.evidence.tasks.len()).map(similarity).sum();
    own / (all + 25.0)
}

fn covered(bid: &Bid<'_>, wanted: &Terms, found: &Terms) -> f64 {
    let vocabulary = &bid.evidence.vocabulary;
    let total = vocabulary.total(wanted);
    if total <= 0.0 { 0.0 } else { vocabulary.shared(wanted, found, |_| true) / total }
}

/// What message and description share, as a logarithm.
pub(super) fn log_message(bid: &Bid<'_>) -> f64 {
    let vocabulary = &bid.evidence.vocabulary;
    let shared = vocabulary.shared(&bid.commit().message, &bid.task().description, |_| true);
    (shared + 1.0).ln()
}

/// What message, changes and title all share, as a logarithm.
pub(super) fn log_message_diff(bid: &Bid<'_>) -> f64 {
    let vocabulary = &bid.evidence.vocabulary;
    let title = vocabulary.shared(&bid.commit().message, &bid.task().title, |_| true)
        + vocabulary.shared(&bid.commit().terms, &bid.task().title, |_| true);
    (title + 1.0).ln()
}

/// What the names of the commit's files and the description share, as a logarithm.
pub(super) fn log_path_words(bid: &Bid<'_>) -> f64 {
    let vocabulary = &bid.evidence.vocabulary;
    let words: std::collections::BTreeSet<u32> =
        bid.commit().paths.iter().flat_map(|path| &bid.evidence.paths[*path].words).copied().collect();
    let words: Terms = words.into_iter().collect();
    (vocabulary.shared(&words, &bid.task().description, |_| true) + 1.0).ln()
}

/// How far the message's likeness to the task stands out from other messages'.
pub(super) fn stands_out(bid: &Bid<'_>) -> f64 {
    bid.evidence.message_stands_out[bid.task][bid.commit]
}
