//! Texts to sets of words, quickly: changed lines say the same tokens over and over.

use std::borrow::Cow;
use std::hash::BuildHasher;
use std::ops::Range;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::{Interest, Word, each_word, tokens};

/// Tokens that are remembered at most. A repository has fewer that matter; beyond, all are forgotten.
const MOST_TOKENS: usize = 1 << 17;

/// Reads texts, and remembers the tokens it has met. One per thread.
#[derive(Default)]
pub struct Reader {
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
    known: Vec<Token>,
    /// How all known tokens are spelled, one after the other.
    spelled: String,
    /// And what words they are.
    words: Vec<Word>,
    /// Those of the text that was read last.
    found: Vec<Word>,
    /// The text that is being read, counted.
    turn: u32,
}

/// A token that was met: how it is spelled, what it means, and in which text it was met last.
struct Token {
    spelled: Range<u32>,
    words: Range<u32>,
    turn: u32,
}

impl Reader {
    /// The set of the words of some texts, in rising order: all of them, or those of interest. Bytes that are not UTF-8
    /// separate words.
    pub fn read<'a>(
        &mut self,
        texts: impl IntoIterator<Item = &'a [u8]>,
        interest: Option<&Interest>,
    ) -> &[Word] {
        if interest.is_some_and(Interest::is_empty) {
            return &[];
        }
        self.next_turn();
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        for text in texts {
            let text =
                std::str::from_utf8(text).map_or_else(|_| String::from_utf8_lossy(text), Cow::Borrowed);
            for (_, token) in tokens(&text) {
                let words = self.words_once(token);
                let words = &self.words[words.start as usize..words.end as usize];
                match interest {
                    None => found.extend(words),
                    Some(interest) => {
                        found.extend(words.iter().filter(|word| interest.contains(**word)));
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        self.found = found;
        &self.found
    }

    fn next_turn(&mut self) {
        if self.known.len() >= MOST_TOKENS || self.turn == u32::MAX {
            *self = Self::default();
        }
        self.turn += 1;
    }

    /// Where the words of a token are; none if it was met in this turn.
    fn words_once(&mut self, token: &str) -> Range<u32> {
        let Self { table, hasher, known, spelled, words, turn, .. } = self;
        let text = |token: &Token| &spelled[token.spelled.start as usize..token.spelled.end as usize];
        let hash = hasher.hash_one(token);
        if let Some(at) = table.find(hash, |at| text(&known[*at as usize]) == token) {
            let token = &mut known[*at as usize];
            let is_new = std::mem::replace(&mut token.turn, *turn) != *turn;
            return if is_new { token.words.clone() } else { 0..0 };
        }
        let start = (index(spelled.len()), index(words.len()));
        spelled.push_str(token);
        each_word(token, |said| words.push(said.word));
        let found = start.1..index(words.len());
        known.push(Token { spelled: start.0..index(spelled.len()), words: found.clone(), turn: *turn });
        let text = |at: &u32| {
            let token = &known[*at as usize];
            &spelled[token.spelled.start as usize..token.spelled.end as usize]
        };
        table.insert_unique(hash, index(known.len() - 1), |at| hasher.hash_one(text(at)));
        found
    }
}

/// A position: what is remembered is far shorter than four gibibytes.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same without remembering anything.
    fn slowly(text: &str) -> Vec<Word> {
        let mut found = Vec::new();
        tokens(text).for_each(|(_, token)| each_word(token, |said| found.push(said.word)));
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn of_no_interest_nothing_is_found() {
        let mut reader = Reader::default();
        assert_eq!(reader.read([b"clock" as &[u8]], Some(&Interest::of([]))), []);
        assert!(reader.known.is_empty(), "nor read");
        assert_eq!(reader.read([b"clock" as &[u8]], Some(&Interest::of(["clock"]))), slowly("clock"));
    }

    #[test]
    fn bytes_that_are_no_text_separate_words() {
        let mut reader = Reader::default();
        assert_eq!(reader.read([b"clock\xffmoon" as &[u8]], None), slowly("clock moon"));
    }

    proptest! {
        #[test]
        fn remembering_changes_nothing(texts in prop::collection::vec("[a-zA-Zäß_0-9 .\n]{0,90}", 1..9)) {
            let mut reader = Reader::default();
            for text in texts.iter().chain(&texts) {
                prop_assert_eq!(reader.read([text.as_bytes()], None), slowly(text));
            }
        }
    }
}
