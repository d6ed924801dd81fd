//! Texts to sets of words, quickly: changed lines say the same tokens over and over.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hasher};

use hashbrown::DefaultHashBuilder;

use super::{Interest, Word, each_word, tokens};

/// Tokens that are remembered: at first few, because many readers read little.
const FEWEST_PLACES: usize = 1 << 8;
const MOST_PLACES: usize = 1 << 16;
/// Bytes and words of a token that is remembered: both fit with the rest of it. What has more is read anew every time.
const MOST_BYTES: usize = 34;
const MOST_WORDS: usize = 6;

/// Reads texts, and remembers the tokens it has met. One per thread.
#[derive(Default)]
pub struct Reader {
    hasher: DefaultHashBuilder,
    /// By hash; a token drives out the one that has the same place. None until something is read.
    known: Vec<Token>,
    /// Tokens that were not among them.
    missed: usize,
    /// Words of a token that is not remembered.
    strange: Vec<Word>,
    /// Those of the text that was read last.
    found: Vec<Word>,
    /// The text that is being read, counted.
    turn: u32,
}

/// A token that was met: how it is spelled, what words it is, and in which text it was met last. All of it in one line of a
/// processor's cache, so that reading a token waits for memory once.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Token {
    turn: u32,
    bytes: u8,
    count: u8,
    spelled: [u8; MOST_BYTES],
    words: [Word; MOST_WORDS],
}

impl Token {
    const NONE: Self =
        Self { turn: 0, bytes: 0, count: 0, spelled: [0; MOST_BYTES], words: [Word(0); MOST_WORDS] };

    /// One that means `words`; `None` if it is too much to remember.
    fn new(spelled: &str, words: &[Word], turn: u32) -> Option<Self> {
        let mut token = Self { turn, ..Self::NONE };
        token.spelled.get_mut(..spelled.len())?.copy_from_slice(spelled.as_bytes());
        token.words.get_mut(..words.len())?.copy_from_slice(words);
        token.bytes = u8::try_from(spelled.len()).ok()?;
        token.count = u8::try_from(words.len()).ok()?;
        Some(token)
    }

    fn is(&self, token: &str) -> bool {
        self.spelled.get(..usize::from(self.bytes)) == Some(token.as_bytes())
    }

    fn words(&self) -> &[Word] {
        &self.words[..usize::from(self.count)]
    }
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
        let places = self.known.len();
        if places == 0 || self.turn == u32::MAX || (self.missed > places && places < MOST_PLACES) {
            self.known = vec![Token::NONE; (4 * places).clamp(FEWEST_PLACES, MOST_PLACES)];
            self.missed = 0;
            self.turn = 0;
        }
        self.turn += 1;
    }

    /// The words of a token; none if it was met in this turn, unless it is not remembered.
    fn words_once(&mut self, token: &str) -> &[Word] {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(token.as_bytes());
        // There is a power of two of them.
        let place = hasher.finish() & (self.known.len() as u64 - 1);
        let known = &mut self.known[usize::try_from(place).unwrap_or_default()];
        if known.is(token) {
            let is_new = std::mem::replace(&mut known.turn, self.turn) != self.turn;
            return if is_new { known.words() } else { &[] };
        }
        self.missed += 1;
        self.strange.clear();
        each_word(token, |said| self.strange.push(said.word));
        match Token::new(token, &self.strange, self.turn) {
            Some(token) => {
                *known = token;
                known.words()
            }
            None => &self.strange,
        }
    }
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

    #[test]
    fn tokens_that_drive_each_other_out_mean_the_same() {
        let token = |number: u32| format!("word{number}Of_a_veryLong_token_{number}");
        let text = (0..2_000).map(token).collect::<Vec<_>>().join(" ");
        let mut reader = Reader::default();
        for _ in 0..3 {
            for part in text.as_bytes().chunks(5_000) {
                let part = std::str::from_utf8(part).expect("ASCII");
                assert_eq!(reader.read([part.as_bytes()], None), slowly(part));
            }
            assert_eq!(reader.read([b"clock moon" as &[u8]], None), slowly("clock moon"));
        }
        let short = (0..2_000).map(|number| format!("clock{number}")).collect::<Vec<_>>().join(" ");
        for _ in 0..3 {
            assert_eq!(reader.read([short.as_bytes()], None), slowly(&short));
        }
        assert!(reader.known.len() > FEWEST_PLACES, "there is room for more by now");
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
