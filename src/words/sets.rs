//! Sets of words: of hunks, and of messages.

use super::{Interest, Reader, Word};
use crate::varint;

/// One set of words per hunk of a change, in the order of the hunks.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct WordSets {
    /// One set after the other, each rising.
    words: Vec<Word>,
    /// How many words each set has.
    counts: Vec<u8>,
}

impl WordSets {
    /// Adds the set of the next hunk: `words` in rising order, each once.
    pub fn push(&mut self, words: &[Word]) {
        self.words.extend_from_slice(words);
        varint::put(&mut self.counts, words.len() as u64);
    }

    /// The sets in order.
    pub fn iter(&self) -> impl Iterator<Item = &[Word]> {
        let (mut words, mut counts) = (self.words.as_slice(), self.counts.as_slice());
        std::iter::from_fn(move || {
            let count = usize::try_from(varint::take(&mut counts)?).ok()?;
            let (set, rest) = words.split_at_checked(count)?;
            words = rest;
            Some(set)
        })
    }

    /// All words, some several times, in no order.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// Bytes of memory that they refer to.
    pub fn memory(&self) -> usize {
        size_of_val(self.words.as_slice()) + self.counts.len()
    }

    /// Leaves out what is not of interest.
    pub fn retain(&mut self, interest: &Interest) {
        let mut kept = Self::default();
        let mut wanted = Vec::new();
        for set in self.iter() {
            wanted.clear();
            wanted.extend(set.iter().filter(|word| interest.contains(**word)));
            kept.push(&wanted);
        }
        kept.shrink_to_fit();
        *self = kept;
    }

    /// Gives back memory that was set aside.
    pub fn shrink_to_fit(&mut self) {
        self.words.shrink_to_fit();
        self.counts.shrink_to_fit();
    }
}

/// The words of a message: those that are looked for, and how many there are.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Wording {
    /// In rising order, each once; without those that nobody looks for, if it was read for something.
    pub words: Vec<Word>,
    /// How many different words there are in all, identifiers not counted; 0 where no word is of interest.
    pub count: u32,
}

impl Wording {
    /// Of a text in parts: all words, or those of interest.
    pub fn of(parts: &[&str], reader: &mut Reader, interest: Option<&Interest>) -> Self {
        if interest.is_some_and(Interest::is_empty) {
            return Self::default();
        }
        let all = reader.read(parts.iter().map(|part| part.as_bytes()), None);
        let count = all.iter().filter(|word| !word.is_identifier()).count();
        let mut wording = Self { words: all.to_vec(), count: u32::try_from(count).unwrap_or(u32::MAX) };
        if let Some(interest) = interest {
            wording.retain(interest);
        }
        wording
    }

    /// The same with all words of another text. Of a wording that was read for something, what was left out counts as new.
    pub fn add(&mut self, text: &str, reader: &mut Reader) {
        let known = std::mem::take(&mut self.words);
        let mut words = reader.read([text.as_bytes()], None).to_vec();
        words.retain(|word| known.binary_search(word).is_err());
        let more = words.iter().filter(|word| !word.is_identifier()).count();
        self.count = self.count.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        words.extend(known);
        words.sort_unstable();
        self.words = words;
    }

    /// Leaves out what is not of interest.
    pub fn retain(&mut self, interest: &Interest) {
        if interest.is_empty() {
            *self = Self::default();
        }
        self.words.retain(|word| interest.contains(*word));
        self.words.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wording_counts_what_it_does_not_keep() {
        let interest = Interest::of(["the clock"]);
        let wording =
            Wording::of(&["drawHands on clocks", "a moon"], &mut Reader::default(), Some(&interest));
        let clock = Reader::default().read([b"clock" as &[u8]], None).to_vec();
        assert_eq!(wording, Wording { words: clock, count: 4 });
    }

    #[test]
    fn a_wording_grows_by_what_is_new() {
        let mut reader = Reader::default();
        let mut wording = Wording::of(&["a clock strikes"], &mut reader, None);
        wording.add("the clock of saveDrafts", &mut reader);
        assert_eq!(wording, Wording::of(&["a clock strikes", "the clock of saveDrafts"], &mut reader, None));
    }

    #[test]
    fn a_wording_that_was_read_for_something_grows_by_a_name_alone() {
        let (interest, mut reader) = (Interest::of(["the moon"]), Reader::default());
        let mut wording = Wording::of(&["a clock strikes"], &mut reader, Some(&interest));
        wording.add("T1", &mut reader);
        let anew = Wording::of(&["T1: a clock strikes"], &mut reader, None);
        assert_eq!(wording.count, anew.count);
    }

    #[test]
    fn of_no_interest_no_word_is_counted() {
        let (none, mut reader) = (Interest::of([]), Reader::default());
        assert_eq!(Wording::of(&["a clock"], &mut reader, Some(&none)), Wording::default());
        let mut all = Wording::of(&["a clock"], &mut reader, None);
        all.retain(&none);
        assert_eq!(all, Wording::default(), "nor where they were read before");
    }

    #[test]
    fn only_words_of_interest_are_kept() {
        let interest = Interest::of(["Draw the clock", "with drawHands"]);
        let of = |text: &str| Reader::default().read([text.as_bytes()], None).to_vec();
        let mut sets = WordSets::default();
        for text in ["a clock strikes", "nothing", "draw(hands)"] {
            sets.push(&of(text));
        }
        sets.retain(&interest);
        let expected = ["clock", "", "draw hands"].map(of);
        assert!(sets.iter().eq(expected.iter().map(Vec::as_slice)));
    }
}
