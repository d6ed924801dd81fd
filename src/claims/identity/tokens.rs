//! Texts as tokens: which there are, in lower case, without their endings, and each as a hash.

use crate::word_list::is_lower;

/// A part of a name, letter by letter in lower case, in `memory` if it is not so by itself.
pub(super) fn lowered_part<'t>(part: &'t str, memory: &'t mut String) -> &'t str {
    if part.is_ascii() {
        return lowered(part, memory);
    }
    memory.clear();
    memory.extend(part.chars().flat_map(char::to_lowercase));
    memory
}

/// A text in lower case, in `memory` if it is not so by itself.
pub(super) fn lowered<'t>(text: &'t str, memory: &'t mut String) -> &'t str {
    if is_lower(text) {
        return text;
    }
    memory.clear();
    if text.is_ascii() {
        memory.push_str(text);
        memory.make_ascii_lowercase();
    } else {
        memory.push_str(&text.to_lowercase());
    }
    memory
}

/// A text without what is at its edges, all of it ASCII.
pub(super) fn trimmed(text: &str, is_edge: impl Fn(u8) -> bool) -> &str {
    let start = text.bytes().take_while(|&byte| is_edge(byte)).count();
    let end = text.bytes().rposition(|byte| !is_edge(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// Which characters of ASCII there are beside those of other scripts that are letters or digits.
pub(super) type Table = [bool; 128];

/// Those of names and paths.
pub(super) static PARTS: Table = table(b"_$./@+-'");
/// Those of words of prose.
pub(super) static WORDS: Table = table(b"-'");

/// Letters, digits and some signs.
const fn table(signs: &[u8]) -> Table {
    let mut table = [false; 128];
    let mut byte = 0;
    while byte < 128_u8 {
        table[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    let mut at = 0;
    while at < signs.len() {
        table[signs[at] as usize] = true;
        at += 1;
    }
    table
}

/// What a text has between other characters than those of a table.
pub(super) fn tokens<'t>(text: &'t str, table: &'static Table) -> impl Iterator<Item = &'t str> {
    let mut end = 0;
    std::iter::from_fn(move || {
        let start = next(text, table, end, true);
        end = next(text, table, start, false);
        (end > start).then(|| &text[start..end])
    })
}

/// Where the next character is that is one of a table, or is none, as `wanted`; the end of the text, if none is.
fn next(text: &str, table: &Table, from: usize, wanted: bool) -> usize {
    let mut at = from;
    while let Some(&byte) = text.as_bytes().get(at) {
        let (is_wanted, length) = match table.get(usize::from(byte)) {
            Some(&is_in) => (is_in == wanted, 1),
            None => {
                let c = text[at..].chars().next().unwrap_or_default();
                (c.is_alphanumeric() == wanted, c.len_utf8())
            }
        };
        if is_wanted {
            break;
        }
        at += length;
    }
    at
}

/// Whether a word has more characters than `most`.
pub(super) fn is_longer(word: &str, most: usize) -> bool {
    word.len() > most && (word.is_ascii() || word.chars().nth(most).is_some())
}

/// A word without its ending, if enough is left.
pub(super) fn stem(word: &str) -> &str {
    let endings: &[&str] = match word.as_bytes().last() {
        Some(b'g') => &["ing"],
        Some(b'y') => &["ingly", "edly", "ly"],
        Some(b's') => &["ings", "ies", "ers", "es", "s"],
        Some(b'd') => &["ied", "ed"],
        _ => return word,
    };
    let cut = |ending: &&str| word.strip_suffix(*ending).filter(|rest| is_longer(rest, 3));
    endings.iter().find_map(cut).unwrap_or(word)
}

/// The same on every machine and in every run, eight bytes at a time.
pub(super) fn hash(text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks();
    let length = mixed(BEGIN, text.len() as u64);
    let hash = words.iter().fold(length, |hash, word| mixed(hash, u64::from_le_bytes(*word)));
    mixed(hash, rest.iter().fold(0, |rest, byte| rest << 8 | u64::from(*byte)))
}

/// Likewise of lists, one after the other.
pub(super) fn hash_all<'a>(lists: impl IntoIterator<Item = &'a [u64]>) -> u64 {
    lists.into_iter().fold(BEGIN, |hash, list| {
        list.iter().fold(mixed(hash, list.len() as u64), |hash, item| mixed(hash, *item))
    })
}

const BEGIN: u64 = 0x243f_6a88_85a3_08d3;

/// Both halves of a product with an odd number, the golden ratio in 64 bits.
fn mixed(hash: u64, word: u64) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let product = u128::from(hash ^ word) * u128::from(FACTOR);
    let halves = [product & u128::from(u64::MAX), product >> 64];
    let [low, high] = halves.map(|half| u64::try_from(half).unwrap_or_default());
    low ^ high
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hashes_tell_texts_apart() {
        let short = (0..=u16::MAX).map(|bytes| bytes.to_string());
        let long = (0..40).map(|length| "a".repeat(length));
        let texts: Vec<String> = short.chain(long).collect();
        let hashes: std::collections::HashSet<u64> = texts.iter().map(|text| hash(text)).collect();
        assert_eq!(hashes.len(), texts.len());
        let lists: [&[&[u64]]; 6] = [&[], &[&[]], &[&[], &[]], &[&[1, 2]], &[&[1], &[2]], &[&[2, 1]]];
        let hashes: std::collections::HashSet<u64> = lists.map(|list| hash_all(list.iter().copied())).into();
        assert_eq!(hashes.len(), lists.len());
    }

    proptest! {
        #[test]
        fn tokens_are_what_other_characters_divide(text in "[a-c_. `\u{e9}\u{2014}]{0,20}") {
            for (table, signs) in [(&PARTS, "_$./@+-'"), (&WORDS, "-'")] {
                let is_in = |c: char| c.is_alphanumeric() || signs.contains(c);
                let slowly = text.split(|c: char| !is_in(c)).filter(|token| !token.is_empty());
                prop_assert_eq!(tokens(&text, table).collect::<Vec<_>>(), slowly.collect::<Vec<_>>());
            }
        }
    }
}
