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

/// What stands between white space, as [`str::split_whitespace`] has it: of most texts between spaces and line feeds.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_plain = text.bytes().fold(0, |odd, byte| odd | oddness(byte)) == 0;
    let start = move |text: &str| match is_plain {
        true => text.bytes().position(|byte| byte != b' ' && byte != b'\n'),
        false => text.find(|c: char| !c.is_whitespace()),
    };
    let end = move |text: &str| match is_plain {
        true => memchr::memchr2(b' ', b'\n', text.as_bytes()),
        false => text.find(char::is_whitespace),
    };
    let mut rest = text;
    std::iter::from_fn(move || {
        let word = &rest[start(rest)?..];
        let (word, after) = word.split_at(end(word).unwrap_or(word.len()));
        rest = after;
        Some(word)
    })
}

/// The words of a text with a space between each two.
pub(crate) fn spaced(text: &str) -> Cow<'_, str> {
    if is_spaced(text) {
        return Cow::Borrowed(text);
    }
    let mut spaced = String::with_capacity(text.len());
    for word in words(text) {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    Cow::Owned(spaced)
}

/// Whether a text is nothing but words of printable ASCII with a space between each two: then it is its own words.
pub(crate) fn is_spaced(text: &str) -> bool {
    let bytes = text.as_bytes();
    let space = |byte: u8| u8::from(byte == b' ');
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let doubles = pairs.fold(0, |any, (byte, next)| any | (space(*byte) & space(*next)));
    let is_odd = |odd, byte: &u8| odd | oddness(*byte) | u8::from(*byte == b'\n');
    bytes.iter().fold(doubles, is_odd) == 0 && !text.starts_with(' ') && !text.ends_with(' ')
}

/// 0 for line feeds and what is printable in ASCII. Without a branch, so that the compiler looks at many bytes at once.
fn oddness(byte: u8) -> u8 {
    (u8::from(byte < 0x20) | u8::from(byte >= 0x7f)) & u8::from(byte != b'\n')
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

        #[test]
        fn what_is_spaced_is_its_own_words(text in "[ab ]{0,6}|[a \u{a0}\n\u{e9}]{0,4}") {
            let joined = words(&text).collect::<Vec<_>>().join(" ");
            proptest::prop_assert_eq!(spaced(&text), &*joined);
            proptest::prop_assert_eq!(is_spaced(&text), joined == text && text.is_ascii());
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
