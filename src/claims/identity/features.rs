//! A text as what it speaks of: files, symbols and words, each as a hash. Order does not matter.

use super::tokens::{PARTS, WORDS, hash, hash_all, is_longer, lowered, lowered_part, stem, tokens, trimmed};
use super::vocabulary::{COMPLAINING, CONFIRMING, EMPTY, EXTENSIONS, NEGATIONS, USUAL};
use super::wording;
use crate::model::Claim;
use crate::word_list::{lower, words};

/// What a claim speaks of. Its lists lie one after the other in one piece of memory, for there may be very many claims.
#[derive(Debug, Clone)]
pub(super) struct Features {
    /// The statement without what does not matter.
    pub(super) wording: u64,
    /// What a statement numbers itself with: `Criterion 9`, `Step 5`.
    pub(super) label: Option<(u64, u64)>,
    /// Confirmation or complaint.
    pub(super) tone: Tone,
    /// Base name of the evidence file.
    pub(super) evidence: Option<u64>,
    /// What all words weigh together.
    pub(super) weight: f64,
    /// A hash of its words outside code; as with words, what has one hash is the same.
    pub(super) prose: u64,
    /// A hash of what it is about: its symbols, files and numbers, and how often it negates.
    pub(super) subject: u64,
    /// Every list, in the order of [`List`], and then a bit for each of the words: whether it is a usual one.
    items: Box<[u64]>,
    /// Where every list ends.
    ends: [u32; LISTS],
}

/// What there are lists of; every one is sorted and without repetition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// Base names of files.
    Files,
    /// Names from code: quoted, or spelled as nobody spells words.
    Symbols,
    /// Names of files without extension; they often name what is in them.
    Stems,
    /// Words outside code.
    Prose,
    /// Numbers that are neither lines nor part of a name.
    Numbers,
    /// Tasks of the record.
    Tasks,
    /// Words, and the words that symbols and file names are made of.
    Words,
}

/// How many lists there are.
const LISTS: usize = 7;

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Tone {
    /// Says that something is as it should be.
    Confirms,
    /// Says that something is not.
    Complains,
    /// Neither is plain.
    #[default]
    States,
}

/// Share of a word that reviews are full of.
const USUAL_WEIGHT: f64 = 0.35;
/// Longer statements are cut: what they are about is said by then.
const LONGEST: usize = 16 << 10;

/// Memory for a claim while it is looked at. The next one uses it again.
#[derive(Default)]
pub(super) struct Desk {
    /// The statement without what does not matter.
    normal: String,
    /// A word in lower case.
    lower: String,
    /// A part of a name.
    part: String,
    /// All lists but that of the words.
    lists: [Vec<u64>; LISTS - 1],
    /// Every word, its place among them, and whether it is a usual one.
    words: Vec<(u64, u32, bool)>,
    negations: u64,
}

impl Features {
    pub(super) fn of(claim: &Claim, desk: &mut Desk) -> Self {
        let statement = wording::statement(&claim.text);
        let end = (0..=LONGEST.min(statement.len())).rev().find(|&at| statement.is_char_boundary(at));
        let statement = &statement[..end.unwrap_or(0)];
        wording::normal_into(statement, &mut desk.normal);
        desk.read_all(&wording::without_link_texts(statement));
        desk.list(List::Tasks).extend(claim.task_ids.iter().map(|id| hash(&id.0)));
        let (items, ends) = desk.take();
        let mut features = Self {
            wording: hash(&desk.normal),
            label: label(statement),
            // What code says is no complaint.
            tone: tone(prose(statement)),
            evidence: claim.evidence_file.as_deref().map(|path| hash(&lower(base_name(path)))),
            weight: 0.0,
            prose: 0,
            subject: 0,
            items,
            ends,
        };
        features.weight = features.words().map(|(_, weight)| weight).sum();
        features.prose = hash_all([features.list(List::Prose)]);
        let names = [List::Symbols, List::Files, List::Numbers].map(|list| features.list(list));
        features.subject = hash_all(names.into_iter().chain([&[desk.negations][..]]));
        features
    }

    /// A list.
    pub(super) fn list(&self, list: List) -> &[u64] {
        let at = list as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.items[start..self.ends[at] as usize]
    }

    /// The words, each with its weight.
    pub(super) fn words(&self) -> impl Iterator<Item = (u64, f64)> {
        let usual = &self.items[self.ends[LISTS - 1] as usize..];
        let is_usual = move |at: usize| usual[at / 64] >> (at % 64) & 1 == 1;
        let weight = move |at| if is_usual(at) { USUAL_WEIGHT } else { 1.0 };
        self.list(List::Words).iter().enumerate().map(move |(at, word)| (*word, weight(at)))
    }

    /// What to find it by.
    pub(super) fn keys(&self) -> impl Iterator<Item = u64> {
        let names = self.list(List::Files).iter().chain(self.list(List::Symbols)).copied();
        let words = self.words().filter(|(_, weight)| *weight >= 1.0).map(|(word, _)| word);
        std::iter::once(self.wording).chain(names).chain(words)
    }
}

impl Desk {
    fn list(&mut self, list: List) -> &mut Vec<u64> {
        &mut self.lists[list as usize]
    }

    /// Reads a text of which nothing was read.
    fn read_all(&mut self, text: &str) {
        self.lists.iter_mut().for_each(Vec::clear);
        self.words.clear();
        self.negations = 0;
        let (mut rest, mut is_quoted) = (text, false);
        while let Some(end) = memchr::memchr(b'`', rest.as_bytes()) {
            self.read(&rest[..end], is_quoted);
            rest = &rest[end + 1..];
            is_quoted = !is_quoted;
        }
        // A piece that is cut off before its closing quote is prose.
        self.read(rest, false);
    }

    /// All lists in one piece, with their ends.
    fn take(&mut self) -> (Box<[u64]>, [u32; LISTS]) {
        for list in &mut self.lists {
            list.sort_unstable();
            list.dedup();
        }
        // Of one word that is usual and unusual, the first counts.
        self.words.sort_unstable();
        self.words.dedup_by_key(|(word, ..)| *word);
        let count = self.lists.iter().map(Vec::len).sum::<usize>() + self.words.len();
        let mut items = Vec::with_capacity(count + self.words.len().div_ceil(64));
        let mut ends = [0; LISTS];
        let end = |items: &Vec<u64>| u32::try_from(items.len()).unwrap_or(u32::MAX);
        for (list, at) in self.lists.iter().zip(&mut ends) {
            items.extend_from_slice(list);
            *at = end(&items);
        }
        items.extend(self.words.iter().map(|(word, ..)| *word));
        ends[LISTS - 1] = end(&items);
        let bits = |words: &[(u64, u32, bool)]| {
            words.iter().rev().fold(0, |bits, (.., is_usual)| bits << 1 | u64::from(*is_usual))
        };
        items.extend(self.words.chunks(64).map(bits));
        (items.into_boxed_slice(), ends)
    }

    fn read(&mut self, piece: &str, is_quoted: bool) {
        for raw in tokens(piece, &PARTS) {
            let named = trimmed(raw, |byte| matches!(byte, b'.' | b'\'' | b'-' | b'+'));
            if let Some(name) = file_name(named) {
                let stem = name.split('.').next().unwrap_or(name);
                let (file, own) =
                    (hash(lowered(name, &mut self.lower)), hash(lowered(stem, &mut self.lower)));
                self.list(List::Files).push(file);
                self.list(List::Stems).push(own);
                self.parts(stem);
                continue;
            }
            let token = trimmed(raw, |byte| matches!(byte, b'.' | b'\'' | b'-' | b'+' | b'/'));
            let mut rest = token;
            while let Some(end) = rest.bytes().position(|byte| matches!(byte, b'.' | b'/' | b'@' | b'+')) {
                self.word(&rest[..end], is_quoted);
                rest = &rest[end + 1..];
            }
            self.word(rest, is_quoted);
        }
    }

    fn word(&mut self, word: &str, is_quoted: bool) {
        if word.is_empty() {
            return;
        }
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            if !is_quoted {
                self.list(List::Numbers).push(hash(word));
            }
            return;
        }
        let mut memory = std::mem::take(&mut self.lower);
        let lower = lowered(word, &mut memory);
        self.negations += u64::from(NEGATIONS.has(lower) || lower.ends_with("n't"));
        if (is_quoted || is_code_name(word)) && is_longer(word, 2) && !EMPTY.has(lower) {
            self.list(List::Symbols).push(hash(lower));
            self.parts(word);
        } else if !is_quoted {
            for part in lower.split('-') {
                self.list(List::Prose).push(hash(stem(part)));
                self.plain(part);
            }
        }
        self.lower = memory;
    }

    /// The words of a name: `useSelectedClips`, `snake_case`, `kebab-case`.
    fn parts(&mut self, name: &str) {
        let mut part = std::mem::take(&mut self.part);
        let mut start = 0;
        let mut was_lower = false;
        let mut at = 0;
        while let Some(&byte) = name.as_bytes().get(at) {
            let (is_letter, is_upper, is_lower, length) = if byte.is_ascii() {
                (byte.is_ascii_alphabetic(), byte.is_ascii_uppercase(), byte.is_ascii_lowercase(), 1)
            } else {
                let c = name[at..].chars().next().unwrap_or_default();
                (c.is_alphabetic(), c.is_uppercase(), c.is_lowercase(), c.len_utf8())
            };
            if !is_letter || (was_lower && is_upper) {
                self.plain(lowered_part(&name[start..at], &mut part));
                start = if is_letter { at } else { at + length };
            }
            was_lower = is_lower;
            at += length;
        }
        self.plain(lowered_part(&name[start..], &mut part));
        self.part = part;
    }

    fn plain(&mut self, word: &str) {
        let word = trimmed(word, |byte| byte == b'\'');
        if !is_longer(word, 2) || EMPTY.has(word) || word.bytes().any(|byte| byte.is_ascii_digit()) {
            return;
        }
        let stem = stem(word);
        let is_usual = USUAL.has(word) || (stem.len() < word.len() && USUAL.has(stem));
        let place = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push((hash(stem), place, is_usual));
    }
}

/// Files that a text names, as spelled, in order and without repetition.
pub(super) fn file_names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for raw in tokens(&wording::without_link_texts(text), &PARTS) {
        let token = raw.trim_matches(['.', '\'', '-', '+']);
        if file_name(token).is_some() && !names.iter().any(|name| name == token) {
            names.push(token.to_owned());
        }
    }
    names
}

/// The base name if a token is a path with an extension.
fn file_name(token: &str) -> Option<&str> {
    // Most words have no extension.
    token.bytes().rposition(|byte| byte == b'.')?;
    let name = base_name(token);
    let dot = memchr::memrchr(b'.', name.as_bytes())?;
    let (stem, extension) = (&name[..dot], &name[dot + 1..]);
    let is_extension = (1..=5).contains(&extension.len())
        && extension.chars().all(|c| c.is_ascii_alphanumeric())
        && extension.starts_with(|c: char| c.is_ascii_lowercase());
    // `state.isReady` and `e.g` are no files.
    let known = token.contains('/') || EXTENSIONS.has(extension);
    (is_extension && known && !stem.is_empty()).then_some(name)
}

fn base_name(path: &str) -> &str {
    &path[memchr::memrchr(b'/', path.as_bytes()).map_or(0, |slash| slash + 1)..]
}

/// Whether a word is spelled as only code is: `camelCase`, `snake_case`, `$x`.
fn is_code_name(word: &str) -> bool {
    let bytes = word.as_bytes();
    let humps = || bytes.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    bytes.iter().any(|byte| matches!(byte, b'_' | b'$')) || humps()
}

/// What stands outside back-ticks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(open) = memchr::memchr(b'`', text.as_bytes()) else { return rest.take() };
        let after = &text[open + 1..];
        rest = memchr::memchr(b'`', after.as_bytes()).map(|close| &after[close + 1..]);
        Some(&text[..open])
    })
}

fn tone<'a>(pieces: impl Iterator<Item = &'a str>) -> Tone {
    let mut words = pieces.flat_map(|piece| tokens(piece, &WORDS)).map(lower);
    let Some(first) = words.find(|word| !is_flag(word)) else { return Tone::States };
    if CONFIRMING.has(&first) {
        return Tone::Confirms;
    }
    let mut is_over = false;
    let mut before = first;
    let mut complains = COMPLAINING.has(&before);
    for word in words {
        complains |= COMPLAINING.has(&word);
        is_over |= word == "longer" && before == "no";
        complains |= word == "not" && matches!(&*before, "does" | "do" | "did" | "is" | "are");
        before = word;
    }
    match (complains, is_over) {
        (true, _) => Tone::Complains,
        (false, true) => Tone::Confirms,
        (false, false) => Tone::States,
    }
}

/// `flag-003`, as a review calls what it speaks of.
fn is_flag(word: &str) -> bool {
    let parts = word.split_once('-');
    parts.is_some_and(|(name, number)| {
        name.chars().all(char::is_alphabetic) && number.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// The first two words, where the second is a number.
fn label(statement: &str) -> Option<(u64, u64)> {
    let mut words = words(statement);
    let (name, number) = (words.next()?, words.next()?.trim_end_matches([':', '.', ',', ';', ')']));
    let is_number = number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_number.then(|| (hash(&lower(name)), hash(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn prose_is_every_second_piece(text in "[`a\u{e9}]{0,12}") {
            proptest::prop_assert!(prose(&text).eq(text.split('`').step_by(2)));
        }
    }

    #[test]
    fn usual_words_weigh_less_and_the_first_of_two_counts() {
        let claim = |text: &str| crate::claims::testing::claim(text);
        let mut desk = Desk::default();
        let features = Features::of(&claim("checked widgets"), &mut desk);
        assert!((features.weight - 1.0 - USUAL_WEIGHT).abs() < 1e-9);
        for (text, weight) in [("updates updated", 1.0), ("updated updates", USUAL_WEIGHT)] {
            let weighed = Features::of(&claim(text), &mut desk).weight;
            assert!((weighed - weight).abs() < 1e-9, "{text}: {weighed}");
        }
        // More words than there are bits in one.
        let names = |c: char| format!("{c}xyz");
        let many: Vec<String> =
            ('a'..='z').flat_map(|c| [names(c), names(c).repeat(2), names(c).repeat(3)]).collect();
        let features = Features::of(&claim(&format!("{} checked", many.join(" "))), &mut desk);
        assert_eq!(features.words().filter(|(_, weight)| *weight < 1.0).count(), 1);
        assert_eq!(features.list(List::Words).len(), many.len() + 1);
        assert_eq!(
            Features::of(&claim("x"), &mut desk).list(List::Words).len(),
            0,
            "nothing is left of the one before"
        );
    }
}
