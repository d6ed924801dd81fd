//! Lists of words that texts are held against, word by word.

use std::borrow::Cow;
use std::sync::OnceLock;

use hashbrown::HashSet;

/// A text in lower case. Most words of prose are, and need no memory of their own.
pub(crate) fn lower(text: &str) -> Cow<'_, str> {
    if is_lower(text) { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

/// Whether a text can be seen at once to be in lower case.
pub(crate) fn is_lower(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
}

/// What stands between white space, as [`str::split_whitespace`] has it: of most texts byte by byte.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    // The vertical tab is white space, and not among that of ASCII.
    let is_plain = text.is_ascii() && memchr::memchr(0x0b, text.as_bytes()).is_none();
    let plain = is_plain.then(|| text.split_ascii_whitespace());
    let other = (!is_plain).then(|| text.split_whitespace());
    plain.into_iter().flatten().chain(other.into_iter().flatten())
}

/// Words in lower case.
pub(crate) struct WordList {
    /// Divided by spaces or line ends.
    words: &'static str,
    set: OnceLock<Set>,
}

struct Set {
    words: HashSet<&'static str>,
    /// The lengths of the words that begin with a byte, by its lower bits. Most words of a text are turned down here.
    lengths: [u32; 32],
}

impl WordList {
    /// The words of a text.
    pub(crate) const fn new(words: &'static str) -> Self {
        Self { words, set: OnceLock::new() }
    }

    /// Whether a word is in the list.
    pub(crate) fn has(&self, word: &str) -> bool {
        let set = self.set.get_or_init(|| Set::of(self.words));
        place(word).is_some_and(|(start, length)| set.lengths[start] & length != 0)
            && set.words.contains(word)
    }
}

impl Set {
    fn of(words: &'static str) -> Self {
        let words: HashSet<&str> = words.split_ascii_whitespace().collect();
        let mut lengths = [0; 32];
        for (start, length) in words.iter().filter_map(|word| place(word)) {
            lengths[start] |= length;
        }
        Self { words, lengths }
    }
}

/// The lower bits of a word's first byte, and a bit for its length.
fn place(word: &str) -> Option<(usize, u32)> {
    let first = word.as_bytes().first()?;
    Some((usize::from(first & 31), 1 << word.len().min(31)))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn words_are_those_of_the_standard_library(text in "[a\\x00-\\x20\u{85}\u{a0}\u{e9}]{0,20}|[a\\x00-\\x20]{0,20}") {
            proptest::prop_assert!(words(&text).eq(text.split_whitespace()));
        }
    }

    #[test]
    fn whole_words_are_found() {
        static LIST: WordList = WordList::new("one two\n    three don't");
        for word in ["one", "two", "three", "don't"] {
            assert!(LIST.has(word), "{word}");
        }
        for word in ["", " ", "on", "ones", "One", "o e", "one two", "tho"] {
            assert!(!LIST.has(word), "{word}");
        }
    }
}
