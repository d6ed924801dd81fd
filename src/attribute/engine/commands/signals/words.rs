//! Whose texts use the words of the command.

use super::Pair;

pub(super) fn share(pair: &Pair<'_>) -> f64 {
    pair.link().words
}

fn best_other(pair: &Pair<'_>) -> f64 {
    let [first, second] = pair.command.words_best;
    if first.0 == pair.task { second.1 } else { first.1 }
}

pub(super) fn lead(pair: &Pair<'_>) -> f64 {
    (pair.link().words - best_other(pair)).max(0.0)
}

pub(super) fn behind(pair: &Pair<'_>) -> f64 {
    (best_other(pair) - pair.link().words).max(0.0)
}
