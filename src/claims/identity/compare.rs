//! Whether two statements say the same, by what they share.

use super::features::{Features, List, Tone};

/// From this probability on two statements count as one.
///
/// Cross-validated by plan on 93 pairs of reviews, most of them chosen because they are close to the border: precision
/// 0.92, recall 0.82. A wrong link hides a claim behind another, so the border leans towards "different".
const BORDER: f64 = 0.63;

/// Log-odds, fitted by logistic regression on the same pairs.
mod weight {
    /// Neither speaks for it.
    pub(super) const BIAS: f64 = -6.82;
    /// Shared symbols of all symbols.
    pub(super) const SYMBOLS: f64 = 2.41;
    /// Shared words of the shorter statement's.
    pub(super) const WORDS_OF_SHORTER: f64 = 3.96;
    /// Shared words of all words.
    pub(super) const WORDS_OF_ALL: f64 = 3.46;
    /// How many words are shared, eight or more being full.
    pub(super) const WORDS: f64 = 3.70;
    /// Shared files of the fewer.
    pub(super) const FILES: f64 = 1.15;
    /// Both name symbols, and none is shared.
    pub(super) const OTHER_SYMBOLS: f64 = -0.71;
    /// Both name files, and none is shared.
    pub(super) const OTHER_FILES: f64 = -2.61;
}

/// Shared words beyond these add nothing.
const MANY_WORDS: f64 = 8.0;
/// Statements that share this much of all their words differ in nothing but what they are about.
const NEARLY_EQUAL: f64 = 0.85;

/// Whether a later statement says what an earlier one says.
pub(super) fn is_same(a: &Features, b: &Features) -> bool {
    if is_elsewhere(a, b) || are_opposed(a.tone, b.tone) || are_numbered_apart(a, b) {
        return false;
    }
    if a.wording == b.wording {
        return true;
    }
    // Nearly the same words: what is left to differ is what they are about.
    if are_nearly_equal(a, b) {
        return a.subject == b.subject;
    }
    let words = shared_words(a, b);
    let border = (BORDER / (1.0 - BORDER)).ln();
    most_log_odds(a, b, words) >= border && log_odds(a, b, words) >= border
}

fn are_nearly_equal(a: &Features, b: &Features) -> bool {
    let are_equal = a.prose == b.prose;
    let (a, b) = (a.list(List::Prose), b.list(List::Prose));
    if are_equal {
        return !a.is_empty();
    }
    // No more are common than the shorter one has, and both together have no fewer than the longer one.
    if real(a.len().min(b.len())) < NEARLY_EQUAL * real(a.len().max(b.len())) {
        return false;
    }
    let common = shared(a, b);
    let all = a.len() + b.len() - common;
    common > 0 && real(common) >= NEARLY_EQUAL * real(all)
}

/// The most that [`log_odds`] may be, if all names were shared: most pairs share a few words, and are told apart by them.
fn most_log_odds(a: &Features, b: &Features, words: f64) -> f64 {
    /// Far more than what sums of a few numbers are rounded by.
    const MARGIN: f64 = 1e-6;
    // Sharing speaks for it, and having others against it.
    const { assert!(weight::SYMBOLS >= 0.0 && weight::FILES >= 0.0) };
    const { assert!(weight::OTHER_SYMBOLS <= 0.0 && weight::OTHER_FILES <= 0.0) };
    weight::BIAS + weight::SYMBOLS + weight::FILES + of_words(a, b, words) + MARGIN
}

/// What shared words speak for.
fn of_words(a: &Features, b: &Features, words: f64) -> f64 {
    weight::WORDS_OF_SHORTER * ratio(words, a.weight.min(b.weight))
        + weight::WORDS_OF_ALL * ratio(words, a.weight + b.weight - words)
        + weight::WORDS * (words.min(MANY_WORDS) / MANY_WORDS)
}

/// How much more likely than not two statements are one, as a logarithm, given the weight of the words that they share.
fn log_odds(a: &Features, b: &Features, words: f64) -> f64 {
    let [(a_symbols, b_symbols), (a_files, b_files), (a_stems, b_stems)] =
        [List::Symbols, List::Files, List::Stems].map(|list| (a.list(list), b.list(list)));
    let symbols = shared(a_symbols, b_symbols);
    let files = shared(a_files, b_files);
    let fewer_files = a_files.len().min(b_files.len());
    let fewer_symbols = a_symbols.len().min(b_symbols.len());
    // A file is often named after what it holds.
    let related = symbols + shared(a_symbols, b_stems) + shared(a_stems, b_symbols);
    let all_symbols = a_symbols.len() + b_symbols.len() - symbols;
    weight::BIAS
        + weight::SYMBOLS * ratio(real(related.min(all_symbols)), real(all_symbols))
        + of_words(a, b, words)
        + weight::FILES * ratio(real(files), real(fewer_files))
        + if fewer_symbols > 0 && related == 0 { weight::OTHER_SYMBOLS } else { 0.0 }
        + if fewer_files > 0 && files == 0 { weight::OTHER_FILES } else { 0.0 }
}

/// Two claims with one wording about two places are two claims.
fn is_elsewhere(a: &Features, b: &Features) -> bool {
    let have_none = |list| a.list(list).is_empty() && b.list(list).is_empty();
    let names_nothing = have_none(List::Files);
    let other_file = matches!((a.evidence, b.evidence), (Some(a), Some(b)) if a != b);
    let (tasks, others) = (a.list(List::Tasks), b.list(List::Tasks));
    let other_task = !tasks.is_empty() && !others.is_empty() && shared(tasks, others) == 0;
    let is_bare = names_nothing && have_none(List::Symbols);
    (names_nothing && other_file) || (is_bare && other_task)
}

/// A confirmation and a complaint are about opposite things, whatever they share.
fn are_opposed(a: Tone, b: Tone) -> bool {
    matches!((a, b), (Tone::Confirms, Tone::Complains) | (Tone::Complains, Tone::Confirms))
}

/// Two criteria, steps or findings are two, however alike they sound.
fn are_numbered_apart(a: &Features, b: &Features) -> bool {
    matches!((a.label, b.label), (Some((name, number)), Some((other, another))) if name == other && number != another)
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 }
}

fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Common items of two sorted lists.
fn shared(a: &[u64], b: &[u64]) -> usize {
    let (mut at, mut count) = (0, 0);
    for item in a {
        while b.get(at).is_some_and(|other| other < item) {
            at += 1;
        }
        count += usize::from(b.get(at) == Some(item));
    }
    count
}

fn shared_words(a: &Features, b: &Features) -> f64 {
    let others = b.list(List::Words);
    let (mut at, mut sum) = (0, 0.0);
    for (word, weight) in a.words() {
        while others.get(at).is_some_and(|other| *other < word) {
            at += 1;
        }
        if others.get(at) == Some(&word) {
            sum += weight;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::features::Desk;
    use super::*;
    use crate::claims::testing::claim;

    const WORDS: [&str; 13] = [
        "7",
        "8",
        "not",
        "`round_up`",
        "`round_down`",
        "src/fare.rs",
        "src/toll.rs",
        "clock",
        "moon",
        "rounds",
        "before",
        "adding",
        "taxes",
    ];

    proptest! {
        #[test]
        fn nothing_is_likelier_than_it_may_be(
            [one, other] in prop::array::uniform2(prop::collection::vec(prop::sample::select(&WORDS[..]), 1..14)),
            same in 0_usize..14,
        ) {
            let other: Vec<&str> = one.iter().take(same).chain(&other).copied().collect();
            let [a, b] = [&one, &other].map(|words| Features::of(&claim(&words.join(" ")), &mut Desk::default()));
            let words = shared_words(&a, &b);
            prop_assert!(log_odds(&a, &b, words) <= most_log_odds(&a, &b, words));
            let have_same = |list: &List| a.list(*list) == b.list(*list);
            prop_assert_eq!(a.prose == b.prose, have_same(&List::Prose));
            let about = [List::Symbols, List::Files, List::Numbers];
            let negations = [&one, &other].map(|words| words.iter().filter(|word| **word == "not").count());
            let are_alike = about.iter().all(have_same) && negations[0] == negations[1];
            prop_assert_eq!(a.subject == b.subject, are_alike);
        }
    }
}
