//! What texts are about: their words and identifiers, as numbers.
//!
//! Tasks and changes are compared by the words they share, so of a changed line nothing else has to be kept. Words are
//! known by a number that is the same in every run and on every machine ([`Word`]); commits are reduced to sets of them while
//! they are read ([`Reader`]), and no later stage sees the lines.

mod interest;
mod names;
mod reader;
mod sets;
mod stem;
mod token;

pub use interest::{Interest, REVERTS};
pub(crate) use names::Names;
pub use reader::Reader;
pub use sets::{WordSets, Wording};
pub(crate) use token::{is_identifier, tokens};

/// The number of a word or identifier: a hash of how it is spelled (of a word, of its stem in lower case). Words are even
/// and identifiers odd.
///
/// One in a million of the words of a repository has the number of one of the few thousand that a plan uses: fewer than
/// are spelled alike and mean something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(pub u32);

impl Word {
    /// FNV-1a of 64 bits, folded (Fowler, Noll and Vo; the fold is theirs, too).
    fn of(spelled: &str, is_identifier: bool) -> Self {
        const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0100_0000_01b3;
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        let hash = spelled.bytes().fold(OFFSET, step);
        let folded = ((hash >> 32) ^ hash) & 0xffff_fffe;
        Self(u32::try_from(folded).unwrap_or_default() | u32::from(is_identifier))
    }

    /// Whether it is an identifier, and no word.
    pub fn is_identifier(self) -> bool {
        self.0 & 1 == 1
    }
}

/// One of the things that a token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning<'a> {
    pub(crate) word: Word,
    /// As it stands, or the stem in lower case.
    pub(crate) spelled: &'a str,
    pub(crate) is_identifier: bool,
}

impl<'a> Meaning<'a> {
    fn new(spelled: &'a str, is_identifier: bool) -> Self {
        Self { word: Word::of(spelled, is_identifier), spelled, is_identifier }
    }
}

/// Calls `found` for the identifier that a token is, if it is one, and for each of its words: `saveTimelineDrafts` is
/// itself, `save`, `timelin` and `draft`.
pub(crate) fn each_word(token: &str, mut found: impl FnMut(Meaning<'_>)) {
    if is_identifier(token) {
        found(Meaning::new(token, true));
    }
    let mut buffer = String::new();
    token::each_part(token, |part| {
        if let Some(word) = stem::word(part, &mut buffer) {
            found(Meaning::new(word, false));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_itself_and_its_words() {
        let mut found = Vec::new();
        each_word("saveTimelineDrafts", |said| found.push((said.spelled.to_owned(), said.is_identifier)));
        let expected = [("saveTimelineDrafts", true), ("save", false), ("timelin", false), ("draft", false)];
        assert_eq!(found, expected.map(|(word, is_identifier)| (word.to_owned(), is_identifier)));
    }

    #[test]
    fn numbers_are_the_same_everywhere() {
        assert_eq!(Word::of("clock", false), Word(WORD));
        assert_eq!(Word::of("clock", true), Word(WORD + 1));
    }

    /// Computed elsewhere.
    const WORD: u32 = 2_367_626_280;
}
