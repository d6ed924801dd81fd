//! Sets of words: of hunks, and of what is looked for.

use super::{Reader, Word};

/// One set of words per hunk of a change, in the order of the hunks.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct WordSets {
    /// One set after the other, each rising.
    words: Vec<Word>,
    /// Where each set ends.
    ends: Vec<u32>,
}

impl WordSets {
    /// Adds the set of the next hunk: `words` in rising order, each once.
    pub fn push(&mut self, words: &[Word]) {
        self.words.extend_from_slice(words);
        self.end();
    }

    /// Adds a word to the set that is not ended; they come in rising order.
    pub fn add(&mut self, word: Word) {
        self.words.push(word);
    }

    /// Ends a set.
    pub fn end(&mut self) {
        self.ends.push(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
    }

    /// The sets in order.
    pub fn iter(&self) -> impl Iterator<Item = &[Word]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let set = &self.words[start..*end as usize];
            start = *end as usize;
            set
        })
    }

    /// All words, some several times, in no order.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// Leaves out what is not of interest.
    pub fn retain(&mut self, interest: &Interest) {
        let mut kept = Self { words: Vec::new(), ends: Vec::with_capacity(self.ends.len()) };
        for set in self.iter() {
            set.iter().filter(|word| interest.contains(**word)).for_each(|word| kept.add(*word));
            kept.end();
        }
        kept.words.shrink_to_fit();
        *self = kept;
    }

    /// Gives back memory that was set aside.
    pub fn shrink_to_fit(&mut self) {
        self.words.shrink_to_fit();
        self.ends.shrink_to_fit();
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

    /// Leaves out what is not of interest.
    pub fn retain(&mut self, interest: &Interest) {
        if interest.is_empty() {
            *self = Self::default();
        }
        self.words.retain(|word| interest.contains(*word));
        self.words.shrink_to_fit();
    }
}

/// The words that are looked for: those of a plan's texts. A history that is read for them grows with what it shares with
/// the plan, and not with what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interest {
    /// Rising.
    words: Vec<Word>,
    /// One bit per beginning of a number, because nearly all words of a repository are of no interest.
    sieve: Vec<u64>,
}

impl Interest {
    const BITS: u32 = 16;

    /// The words of these texts.
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
        Self { words, sieve }
    }

    /// What either of the two looks for.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self::new(self.words.iter().chain(&other.words).copied().collect())
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
    fn a_wording_counts_what_it_does_not_keep() {
        let interest = Interest::of(["the clock"]);
        let wording =
            Wording::of(&["drawHands on clocks", "a moon"], &mut Reader::default(), Some(&interest));
        let clock = Reader::default().read([b"clock" as &[u8]], None).to_vec();
        assert_eq!(wording, Wording { words: clock, count: 4 });
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
        let both = interest.and(&Interest::of(["moon"]));
        assert!(of("moon clock").iter().all(|word| both.contains(*word)));
        assert!(!both.contains(of("sun")[0]));
    }
}
