//! Identifiers and words that a task's text shares with changed lines and hunk headers, rare ones first.

use super::super::overlap::CHANCE;
use super::super::vocabulary::{Term, Terms, common};
use super::{Bid, Pair};

/// This task's share of the identifiers of the commit's changes, among all tasks, 0 to 1.
pub(super) fn share_of_commit(bid: &Bid<'_>) -> f64 {
    bid.overlap().identifiers / (bid.totals().identifiers + CHANCE)
}

/// This task's share of all words of the commit's changes, squared so that the best stand out, 0 to 1.
pub(super) fn word_share_of_commit(bid: &Bid<'_>) -> f64 {
    let length = bid.evidence.vocabulary.total(&bid.task().description).max(1.0);
    let own = bid.overlap().words;
    own * own / length / (bid.totals().words + CHANCE)
}

/// How much of the description the changes hold, as a logarithm; about −4 for nothing.
pub(super) fn words_of_commit(bid: &Bid<'_>) -> f64 {
    const SHORT: f64 = 20.0;
    const NOTHING: f64 = 0.02;
    let length = bid.evidence.vocabulary.total(&bid.task().description);
    (bid.overlap().words / (length + SHORT) + NOTHING).ln()
}

/// How far the commit stands out among all commits by its likeness to the description, in units of three
/// standard deviations, −1 to 2.
pub(super) fn stand_out(bid: &Bid<'_>) -> f64 {
    bid.overlap().words_stand_out
}

/// How much the notes and the changes of the path share, 0 upwards; 1 is plenty.
pub(super) fn in_notes(pair: &Pair<'_>) -> f64 {
    const PLENTY: f64 = 20.0;
    pair.overlap().noted_identifiers.ln_1p() / PLENTY.ln_1p()
}

/// 1 when nobody else's notes share more identifiers with the path's changes.
pub(super) fn best_by_notes(pair: &Pair<'_>) -> f64 {
    let own = pair.overlap().noted_identifiers;
    let others = pair.evidence.overlaps.of_path_by_task(pair.path).filter(|(task, _)| pair.is_other(*task));
    let best = others.map(|(_, overlap)| overlap.noted_identifiers).fold(0.0, f64::max);
    f64::from(own > best)
}

/// The largest share of one hunk's identifiers that is this description's, 0 to 1.
pub(super) fn hunk_share(pair: &Pair<'_>) -> f64 {
    pair.overlap().hunk
}

/// The same by what executors wrote.
pub(super) fn hunk_share_notes(pair: &Pair<'_>) -> f64 {
    pair.overlap().noted_hunk
}

/// This task's share of all words of the path's changes, squared so that the best stand out, 0 to 1.
pub(super) fn word_share(pair: &Pair<'_>) -> f64 {
    let length = pair.evidence.vocabulary.total(&pair.task().description).max(1.0);
    let own = pair.overlap().words;
    own * own / length / (pair.totals().words + CHANCE)
}

/// The same by the notes.
pub(super) fn word_share_notes(pair: &Pair<'_>) -> f64 {
    let length = pair.evidence.vocabulary.total(&pair.task().notes).max(1.0);
    let own = pair.overlap().noted_words;
    own * own / length / (pair.totals().noted_words + CHANCE)
}

pub(super) fn tell_notes(pair: &Pair<'_>) -> String {
    let shared = spell(pair, &pair.task().notes, true);
    format!("its notes and the changed lines share {shared}")
}

pub(super) fn tell_best(_: &Pair<'_>) -> String {
    "no other task's notes share as many identifiers with the changed lines".to_owned()
}

pub(super) fn tell_hunk(pair: &Pair<'_>) -> String {
    let shared = spell(pair, &pair.task().description, true);
    format!("the description and one place of the change share {shared}")
}

pub(super) fn tell_hunk_notes(pair: &Pair<'_>) -> String {
    let shared = spell(pair, &pair.task().notes, true);
    format!("its notes and one place of the change share {shared}")
}

pub(super) fn tell_word_share(pair: &Pair<'_>) -> String {
    let shared = spell(pair, &pair.task().description, false);
    format!("of all descriptions, this has its share of the changed words: {shared}")
}

pub(super) fn tell_word_share_notes(pair: &Pair<'_>) -> String {
    let shared = spell(pair, &pair.task().notes, false);
    format!("of all notes, these have their share of the changed words: {shared}")
}

/// The weightiest terms that a text and the path's changes share.
fn spell(pair: &Pair<'_>, text: &Terms, identifiers: bool) -> String {
    const MOST: usize = 4;
    let vocabulary = &pair.evidence.vocabulary;
    let terms = pair.path().terms(&pair.evidence.readings);
    let wanted = |term: &Term| !identifiers || vocabulary.is_identifier(*term);
    let shared = common(text, &terms).filter(wanted);
    let spelled: Vec<String> =
        vocabulary.spell(shared, MOST).into_iter().map(|term| format!("`{term}`")).collect();
    if spelled.is_empty() { "common words".to_owned() } else { spelled.join(", ") }
}
