//! What is looked for in a history.

use super::{Names, Reader, Word};

/// How git's message of a revert names what it takes back, before the id.
pub const REVERTS: &str = "This reverts commit ";

/// What is looked for: the words of a plan's texts, and the names of its tasks. A history that is read for them grows with what
/// it shares with the plan, and not with what was written.
#[derive(Debug, Clone)]
pub struct Interest {
    /// Rising.
    words: Vec<Word>,
    /// One bit per beginning of a number, because nearly all words of a repository are of no interest.
    sieve: Vec<u64>,
    /// What a message has to say to be kept.
    said: Names,
}

impl Interest {
    const BITS: u32 = 16;

    /// The words of these texts, and no names: of a message, nothing but what it takes back.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut reader = Reader::default();
        let mut words = Vec::new();
        for text in texts {
            words.extend(reader.read([text.as_bytes()], None));
        }
        Self::new(words)
    }

    /// Whether no word is of interest.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    fn new(mut words: Vec<Word>) -> Self {
        words.sort_unstable();
        words.dedup();
        let mut sieve = vec![0; (1 << Self::BITS) / 64];
        for word in &words {
            let at = Self::place(*word);
            sieve[at / 64] |= 1 << (at % 64);
        }
        Self { words, sieve, said: Names::of([REVERTS]) }
    }

    /// The same words, and messages that speak of one of these names: as they are or as a part of others, in capitals or not.
    #[must_use]
    pub fn in_names<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Self {
        Self { said: Names::of(names.into_iter().chain([REVERTS])), ..self }
    }

    /// Whether a text, a part of a message, speaks of any of the names, or takes a commit back.
    pub fn is_said_in(&self, text: &str) -> bool {
        self.said.may_be_in(text)
    }

    /// Whether a word is looked for.
    pub fn contains(&self, word: Word) -> bool {
        let at = Self::place(word);
        self.sieve[at / 64] >> (at % 64) & 1 == 1 && self.words.binary_search(&word).is_ok()
    }

    fn place(word: Word) -> usize {
        (word.0 >> (32 - Self::BITS)) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_that_speak_of_names_are_told() {
        let interest = Interest::of(["a clock"]).in_names(["T1", "m-8.2"]);
        for said in ["closes T1", "sprint-t10", "for M-8.2.", "This reverts commit abc"] {
            assert!(interest.is_said_in(said), "{said}");
        }
        assert!(!interest.is_said_in("a clock for T 1"));
        let nothing = Interest::of([]);
        assert!(nothing.is_said_in("x\nThis reverts commit abc.") && !nothing.is_said_in("closes T1"));
    }
}
