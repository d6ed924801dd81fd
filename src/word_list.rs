//! Lists of words that texts are held against, word by word.

/// Words in lower case, none longer than 31 bytes.
pub(crate) struct WordList {
    /// Divided by spaces or line ends.
    words: &'static str,
    /// By the last five bits of their first byte, which lengths there are: nearly every other word is turned down here.
    lengths: [u32; 32],
}

impl WordList {
    /// The words of a text.
    pub(crate) const fn new(words: &'static str) -> Self {
        let bytes = words.as_bytes();
        let mut lengths = [0; 32];
        let (mut start, mut at) = (0, 0);
        while at <= bytes.len() {
            if at == bytes.len() || bytes[at].is_ascii_whitespace() {
                if at > start {
                    lengths[bytes[start] as usize % 32] |= 1 << (at - start);
                }
                start = at + 1;
            }
            at += 1;
        }
        Self { words, lengths }
    }

    /// Whether a word is in the list.
    pub(crate) fn has(&self, word: &str) -> bool {
        let Some(first) = word.bytes().next() else { return false };
        let lengths = u64::from(self.lengths[usize::from(first) % 32]);
        word.len() < 32
            && lengths >> word.len() & 1 == 1
            && self.words.split_ascii_whitespace().any(|known| known == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_found() {
        const LIST: WordList = WordList::new("one two\n    three don't");
        for word in ["one", "two", "three", "don't"] {
            assert!(LIST.has(word), "{word}");
        }
        for word in ["", " ", "on", "ones", "One", "o e", "one two", "tho", &"x".repeat(40)] {
            assert!(!LIST.has(word), "{word}");
        }
    }
}
