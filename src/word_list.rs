//! Lists of words that texts are held against, word by word.

use std::borrow::Cow;
use std::sync::OnceLock;

use hashbrown::HashSet;

/// A text in lower case. Most words of prose are, and need no memory of their own.
pub(crate) fn lower(text: &str) -> Cow<'_, str> {
    let is_lower = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

/// Words in lower case.
pub(crate) struct WordList {
    /// Divided by spaces or line ends.
    words: &'static str,
    set: OnceLock<HashSet<&'static str>>,
}

impl WordList {
    /// The words of a text.
    pub(crate) const fn new(words: &'static str) -> Self {
        Self { words, set: OnceLock::new() }
    }

    /// Whether a word is in the list.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.set.get_or_init(|| self.words.split_ascii_whitespace().collect()).contains(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
