//! Identifiers and words that a task's text shares with changed lines and hunk headers, rare ones first.

use super::super::evidence::TaskEvidence;
use super::super::vocabulary::{Terms, Vocabulary};
use super::{Bid, Pair};

/// Weight that another task's text could gather by chance: a hunk that shares less belongs to nobody.
const CHANCE: f64 = 6.0;
/// Strength at which another identifier adds little.
const PLENTY: f64 = 20.0;

/// How much of the commit's changes the task's identifiers are found in, 0 to 1.
pub(super) fn of_commit(bid: &Bid<'_>) -> f64 {
    saturate(identifiers(bid, &bid.commit().terms, bid.task()))
}

/// This task's share among all.
pub(super) fn share_of_commit(bid: &Bid<'_>) -> f64 {
    let own = identifiers(bid, &bid.commit().terms, bid.task());
    if own <= 0.0 {
        return 0.0;
    }
    let all: f64 =
        bid.evidence.tasks.iter().map(|task| identifiers(bid, &bid.commit().terms, task)).sum();
    own / (all + CHANCE)
}

/// This task's share of all words of the changes.
pub(super) fn words_of_commit(bid: &Bid<'_>) -> f64 {
    let vocabulary = &bid.evidence.vocabulary;
    let weight = |task: &TaskEvidence| {
        let shared = vocabulary.shared(&task.description, &bid.commit().terms, |_| true);
        let total = vocabulary.total(&task.description);
        if total <= 0.0 { 0.0 } else { shared * shared / total }
    };
    let own = weight(bid.task());
    let all: f64 = bid.evidence.tasks.iter().map(weight).sum();
    own / (all + CHANCE)
}

/// Cosine-like similarity of description and changes, as a logarithm.
pub(super) fn log_words(bid: &Bid<'_>) -> f64 {
    let vocabulary = &bid.evidence.vocabulary;
    let shared = vocabulary.shared(&bid.task().description, &bid.commit().terms, |_| true);
    let total = vocabulary.total(&bid.task().description);
    (shared / (total + 20.0) + 0.02).ln()
}

fn identifiers(bid: &Bid<'_>, terms: &Terms, task: &TaskEvidence) -> f64 {
    weight(&bid.evidence.vocabulary, &task.description, terms)
}

fn weight(vocabulary: &Vocabulary, text: &Terms, terms: &Terms) -> f64 {
    vocabulary.shared(text, terms, |term| vocabulary.is_identifier(term))
}

pub(super) fn in_description(pair: &Pair<'_>) -> f64 {
    saturate(weight(&pair.evidence.vocabulary, &pair.task().description, &pair.path().terms))
}

pub(super) fn in_notes(pair: &Pair<'_>) -> f64 {
    saturate(weight(&pair.evidence.vocabulary, &pair.task().notes, &pair.path().terms))
}

/// The largest share of a hunk's identifiers that is this task's, among all tasks' descriptions.
pub(super) fn hunk_share(pair: &Pair<'_>) -> f64 {
    best_hunk(pair, |task| &task.description)
}

/// The same by what executors wrote.
pub(super) fn hunk_share_notes(pair: &Pair<'_>) -> f64 {
    best_hunk(pair, |task| &task.notes)
}

fn best_hunk(pair: &Pair<'_>, text: fn(&TaskEvidence) -> &Terms) -> f64 {
    let vocabulary = &pair.evidence.vocabulary;
    let hunks = pair.path().changes.iter().flat_map(|change| &change.hunks);
    let share = |hunk: &Terms| {
        let own = weight(vocabulary, text(pair.task()), hunk);
        if own <= 0.0 {
            return 0.0;
        }
        let others: f64 =
            pair.rivals().map(|rival| weight(vocabulary, text(&pair.evidence.tasks[rival]), hunk)).sum();
        own / (own + others + CHANCE)
    };
    hunks.map(share).fold(0.0, f64::max)
}

/// 1 when no other description shares more identifiers with the path.
pub(super) fn best_by_description(pair: &Pair<'_>) -> f64 {
    is_best(pair, |task| &task.description)
}

/// 1 when nobody else's notes share more identifiers with the path.
pub(super) fn best_by_notes(pair: &Pair<'_>) -> f64 {
    is_best(pair, |task| &task.notes)
}

fn is_best(pair: &Pair<'_>, text: fn(&TaskEvidence) -> &Terms) -> f64 {
    let strength = |task: &TaskEvidence| weight(&pair.evidence.vocabulary, text(task), &pair.path().terms);
    let own = strength(pair.task());
    let best = pair.rivals().map(|rival| strength(&pair.evidence.tasks[rival])).fold(0.0, f64::max);
    f64::from(own > 0.0 && own > best)
}

/// This task's share of all words of the path's changes.
pub(super) fn word_share(pair: &Pair<'_>) -> f64 {
    let vocabulary = &pair.evidence.vocabulary;
    let weight = |task: &TaskEvidence| {
        let shared = vocabulary.shared(&task.description, &pair.path().terms, |_| true);
        let total = vocabulary.total(&task.description);
        if total <= 0.0 { 0.0 } else { shared * shared / total }
    };
    let own = weight(pair.task());
    let all: f64 = own + pair.rivals().map(|rival| weight(&pair.evidence.tasks[rival])).sum::<f64>();
    own / (all + CHANCE)
}

fn saturate(weight: f64) -> f64 {
    weight.ln_1p() / PLENTY.ln_1p()
}

/// How far the changes' likeness to the task stands out from other commits'.
pub(super) fn stands_out(bid: &Bid<'_>) -> f64 {
    bid.evidence.words_stand_out[bid.task][bid.commit]
}
