//! Regular expressions that are prepared when they are first asked.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use hashbrown::HashMap;
use regex::{Regex, RegexBuilder, bytes};

/// A regular expression in two forms. What letters, digits and white space are takes Unicode large tables; in a text
/// of nothing but ASCII a form without them finds exactly the same, and is prepared many times faster. So it does where
/// there is nothing else but signs that are no letter, digit or space: dashes, quotation marks, arrows. No pattern names
/// one of these.
pub(crate) struct Pattern {
    source: Cow<'static, str>,
    ascii: OnceLock<Option<bytes::Regex>>,
    unicode: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// A pattern that is a constant. One that is no regular expression finds nothing.
    pub(crate) const fn new(source: &'static str) -> Self {
        Self { source: Cow::Borrowed(source), ascii: OnceLock::new(), unicode: OnceLock::new() }
    }

    /// A pattern that is put together from constants.
    pub(crate) const fn built(source: String) -> Self {
        Self { source: Cow::Owned(source), ascii: OnceLock::new(), unicode: OnceLock::new() }
    }

    /// Whether it is somewhere in a text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        match plain(text) {
            Some(plain) => self.ascii().is_some_and(|pattern| pattern.is_match(&plain)),
            None => self.unicode().is_some_and(|pattern| pattern.is_match(text)),
        }
    }

    /// Where it is first in a text.
    pub(crate) fn find(&self, text: &str) -> Option<Range<usize>> {
        match plain(text) {
            Some(plain) => self.ascii()?.find(&plain).map(|found| Origin::of(text).of_range(found.range())),
            None => self.unicode()?.find(text).map(|found| found.range()),
        }
    }

    /// Wherever its group `name` is in a text, one place for each time that it is found.
    pub(crate) fn find_all(&self, text: &str, name: &str) -> Vec<Range<usize>> {
        match plain(text) {
            Some(plain) => self.ascii().map_or_else(Vec::new, |pattern| {
                let found = pattern.captures_iter(&plain);
                let mut origin = Origin::of(text);
                found.filter_map(|found| Some(origin.of_range(found.name(name)?.range()))).collect()
            }),
            None => self.unicode().map_or_else(Vec::new, |pattern| {
                let found = pattern.captures_iter(text);
                found.filter_map(|found| Some(found.name(name)?.range())).collect()
            }),
        }
    }

    /// Whether both forms are regular expressions.
    #[cfg(test)]
    pub(crate) fn is_valid(&self) -> bool {
        self.ascii().is_some() && self.unicode().is_some()
    }

    fn ascii(&self) -> Option<&bytes::Regex> {
        let build = || bytes::RegexBuilder::new(&self.source).unicode(false).build().ok();
        self.ascii.get_or_init(build).as_ref()
    }

    fn unicode(&self) -> Option<&Regex> {
        self.unicode.get_or_init(|| RegexBuilder::new(&self.source).build().ok()).as_ref()
    }
}

/// A text in ASCII, a byte for each character, with a byte that is no letter, digit or space in the place of each sign that is
/// none either; `None` if it has other characters.
fn plain(text: &str) -> Option<Cow<'_, [u8]>> {
    const SIGN: u8 = 1;
    if text.is_ascii() {
        return Some(Cow::Borrowed(text.as_bytes()));
    }
    let byte = |c: char| if is_sign(c) { Some(SIGN) } else { u8::try_from(c).ok().filter(u8::is_ascii) };
    text.chars().map(byte).collect()
}

/// Punctuation, arrows, operators and lines beyond ASCII: none of them is a letter, a digit, a mark or a space.
fn is_sign(c: char) -> bool {
    matches!(c,
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{203e}' | '\u{2190}'..='\u{23ff}' | '\u{2500}'..='\u{25ff}')
}

/// From places in what [`plain`] makes of a text, counted in characters, to bytes of the text. Asked for rising places, it
/// goes through the text once, however many there are.
struct Origin<'a> {
    /// What was not passed yet; each of its characters is one place.
    rest: &'a str,
    character: usize,
    byte: usize,
}

impl<'a> Origin<'a> {
    fn of(text: &'a str) -> Self {
        Self { rest: text, character: 0, byte: 0 }
    }

    fn of_range(&mut self, characters: Range<usize>) -> Range<usize> {
        self.byte(characters.start)..self.byte(characters.end)
    }

    fn byte(&mut self, character: usize) -> usize {
        let ahead = character.saturating_sub(self.character);
        let passed = self.rest.char_indices().nth(ahead).map_or(self.rest.len(), |(byte, _)| byte);
        self.rest = &self.rest[passed..];
        self.character += ahead;
        self.byte += passed;
        self.byte
    }
}

/// Literals, each of which belongs to one of several patterns: what none of its literals is in, a pattern is not in either.
/// One pass over a text tells which patterns are worth asking, and spares preparing those that never are.
pub(crate) struct Hints {
    /// For every three bytes that follow each other, a bit: whether literals are known by them. Few others have such a bit, so
    /// that of most texts no literal has to be looked at.
    triples: Box<[u64; TRIPLES / 64]>,
    literals: HashMap<u16, Vec<Literal>>,
    /// Patterns with a literal that is too short to be known by anything.
    always: u32,
}

#[derive(Clone)]
struct Literal {
    /// In lower case.
    bytes: Vec<u8>,
    /// Where the last byte stands that it is known by; its length, if that is the byte behind it.
    last: usize,
    /// Its pattern, as a bit.
    pattern: u32,
}

impl Hints {
    /// The literals of up to 32 patterns, in the order of the patterns. Case does not matter.
    pub(crate) fn new<L: AsRef<[u8]>>(
        patterns: impl IntoIterator<Item = impl IntoIterator<Item = L>>,
    ) -> Self {
        let mut hints = Self { triples: Box::new([0; TRIPLES / 64]), literals: HashMap::new(), always: 0 };
        for (at, pattern) in patterns.into_iter().enumerate() {
            for literal in pattern {
                hints.add(&literal.as_ref().to_ascii_lowercase(), 1 << at);
            }
        }
        hints
    }

    /// Only every second place of a text is looked at, so a literal is known by two triples that overlap: one of them ends there,
    /// wherever the literal stands. Short ones are known with whatever stands beside them.
    fn add(&mut self, bytes: &[u8], pattern: u32) {
        if bytes.len() < 2 {
            self.always |= pattern;
            return;
        }
        let rareness = |last: &usize| bytes[last - 2..=*last].iter().map(|byte| rarity(*byte)).sum::<usize>();
        let rarest = (3..bytes.len()).max_by_key(|last| rareness(last) + rareness(&(last - 1)));
        let last = rarest.unwrap_or(bytes.len());
        for last in [last - 1, last] {
            self.know(&Literal { bytes: bytes.to_vec(), last, pattern });
        }
    }

    /// Knows a literal by the triple that ends at its byte `last`, of which a byte may lie before it, and one behind it.
    fn know(&mut self, literal: &Literal) {
        let byte = |at: Option<usize>| at.and_then(|at| literal.bytes.get(at)).copied();
        let places = [literal.last.checked_sub(2), literal.last.checked_sub(1), Some(literal.last)];
        let choices = places.map(|at| byte(at).map_or(0..=LOW, |byte| byte & LOW..=byte & LOW));
        for first in choices[0].clone() {
            for second in choices[1].clone() {
                for third in choices[2].clone() {
                    let triple =
                        [first, second, third].iter().fold(0, |triple, byte| triple << 5 | u16::from(*byte));
                    let (word, bit) = place(triple);
                    self.triples[word] |= bit;
                    self.literals.entry(triple).or_default().push(literal.clone());
                }
            }
        }
    }

    /// The patterns that may be in a text: a bit for each, the first lowest.
    pub(crate) fn likely(&self, text: &str) -> u32 {
        if text.is_ascii() || !has_folded(text.as_bytes()) { self.met(text.as_bytes()) } else { u32::MAX }
    }

    fn met(&self, text: &[u8]) -> u32 {
        let (words, rest) = text.as_chunks::<WORD>();
        let (mut met, mut before) = (self.always, 0);
        for (at, word) in words.iter().enumerate() {
            let triples = triples(*word, before);
            before = word[WORD - 1];
            if self.has_any(triples) {
                met |= self.known_by_any(triples, at * WORD, text);
            }
        }
        // A literal may end with the last byte, or one before it: behind it stands whatever is none.
        let mut last = [0; WORD];
        last[..rest.len()].copy_from_slice(rest);
        let last = triples(last, before);
        if self.has_any(last) { met | self.known_by_any(last, words.len() * WORD, text) } else { met }
    }

    /// Whether literals are known by one of these triples.
    fn has_any(&self, triples: [u16; WORD / 2]) -> bool {
        triples.iter().fold(false, |any, triple| any | self.has(*triple))
    }

    fn has(&self, triple: u16) -> bool {
        let (word, bit) = place(triple);
        self.triples[word] & bit != 0
    }

    /// The patterns of the literals that are known by what ends in the word at `start`, and are there.
    fn known_by_any(&self, triples: [u16; WORD / 2], start: usize, text: &[u8]) -> u32 {
        let known = (start + 1..).step_by(2).zip(triples).filter(|(_, triple)| self.has(*triple));
        known.fold(0, |met, (end, triple)| met | self.known_by(triple, end, text))
    }

    /// The patterns of the literals that are known by the triple that ends at `at` and are there.
    fn known_by(&self, triple: u16, at: usize, text: &[u8]) -> u32 {
        let is_there = |literal: &&Literal| {
            let start = at.checked_sub(literal.last);
            let there = start.and_then(|start| text.get(start..start + literal.bytes.len()));
            there.is_some_and(|there| there.eq_ignore_ascii_case(&literal.bytes))
        };
        let known = self.literals.get(&triple).map(Vec::as_slice).unwrap_or_default();
        known.iter().filter(is_there).fold(0, |met, literal| met | literal.pattern)
    }
}

/// Whether a text has one of the two letters beyond ASCII that are letters of ASCII where case does not matter: the long s, and
/// the sign of kelvin.
fn has_folded(text: &[u8]) -> bool {
    const FOLDED: [&[u8]; 2] = ["\u{17f}".as_bytes(), "\u{212a}".as_bytes()];
    let mut starts = memchr::memchr2_iter(FOLDED[0][0], FOLDED[1][0], text);
    starts.any(|start| FOLDED.iter().any(|letter| text[start..].starts_with(letter)))
}

/// Of a byte, the bits that count in a triple: they tell letters apart, and not their case.
const LOW: u8 = 31;
/// How many triples there are.
const TRIPLES: usize = 1 << 15;
/// Bytes of a text that are looked at together.
const WORD: usize = 8;

/// The triples that end at every second byte of a word, from its second one on, with the byte before it.
fn triples(word: [u8; WORD], before: u8) -> [u16; WORD / 2] {
    /// Of each pair of bytes the lower five bits of the first one, in the order of the text.
    const FIRSTS: u64 = 0x001f_001f_001f_001f;
    let word = u64::from_le_bytes(word);
    let second = word >> 8 & FIRSTS;
    let pairs = (word & FIRSTS) << 5 | second;
    let triples = pairs | (second << 16 | u64::from(before & LOW)) << 10;
    let bytes = triples.to_le_bytes();
    [0, 2, 4, 6].map(|at| u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

/// Where the bit of a triple stands.
fn place(triple: u16) -> (usize, u64) {
    let triple = usize::from(triple) % TRIPLES;
    (triple / 64, 1 << (triple % 64))
}

/// How seldom a byte is, in lower case, among those of claims and commands. A rough guess will do.
fn rarity(byte: u8) -> usize {
    const COMMON: &[u8] = b" etaoinsrlcdpum./-hfg_bykvwxjqz";
    COMMON.iter().position(|common| *common == byte).unwrap_or(COMMON.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SOURCE: &str = r"(?i)\b(?:ski[s-z]*|\w+:)(?P<value>[^\s']+)";

    #[test]
    fn letters_of_other_scripts_are_letters() {
        let pattern = Pattern::new(r"\b(?P<value>\w+)\b");
        assert_eq!(pattern.find("-größe-"), Some(1..8));
        assert_eq!(pattern.find_all("-a b-", "value"), [1..2, 3..4]);
        assert!(pattern.is_match("ß") && !pattern.is_match("-"));
        assert_eq!(Pattern::built("(".to_owned()).find("("), None);
    }

    #[test]
    fn a_text_with_signs_is_gone_through_once() {
        let text = "— a".repeat(50_000);
        let found = Pattern::new("(?P<it>a)").find_all(&text, "it");
        assert_eq!(found.len(), 50_000);
        assert!(found.iter().all(|range| &text[range.clone()] == "a"));
        let mut origin = Origin::of(&text);
        assert_eq!(origin.of_range(5..6), 9..10);
        assert_eq!(
            (origin.character, origin.rest.len()),
            (6, text.len() - 10),
            "what was passed is not looked at again"
        );
    }

    #[test]
    fn signs_are_no_letters_and_no_space() {
        let other = Regex::new(r"[\w\s]").unwrap();
        for sign in ('\u{80}'..=char::MAX).filter(|c| is_sign(*c)) {
            assert!(!other.is_match(sign.encode_utf8(&mut [0; 4])), "{sign:?}");
        }
    }

    #[test]
    fn hints_tell_which_patterns_are_likely() {
        let hints = Hints::new([vec!["abc", "cd"], vec!["bc", "ABd"], vec!["-k"]]);
        let texts = ["xab", "Cd", "aBc", "bc -K", "abd"];
        assert_eq!(texts.map(|text| hints.likely(text)), [0, 1, 3, 6, 2]);
        assert_eq!(Hints::new([["ab"], ["c"]]).likely("x"), 2, "what is too short is always likely");
        assert_eq!(hints.likely("-\u{212a}"), u32::MAX, "a pattern that ignores case finds it");
    }

    proptest! {
        #[test]
        fn every_literal_is_met(text in "[abAB!]{0,9}|[abAB!~]{15,40}|~{6,26}[abAB!]{2,6}~{0,9}", literals in prop::collection::vec("[ab!]{2,5}", 1..9)) {
            let lower = text.to_ascii_lowercase();
            let has = literals.iter().map(|literal| lower.contains(literal));
            let expected = has.enumerate().fold(0, |met, (at, has)| met | u32::from(has) << at);
            prop_assert_eq!(Hints::new(literals.iter().map(|literal| [literal])).likely(&text), expected);
        }

        #[test]
        fn both_forms_find_the_same(text in "[kKsS:' a_—“→é-]{0,30}|[ -~\n]{0,30}") {
            let (pattern, regex) = (Pattern::new(SOURCE), Regex::new(SOURCE).unwrap());
            prop_assert_eq!(pattern.is_match(&text), regex.is_match(&text));
            prop_assert_eq!(pattern.find(&text), regex.find(&text).map(|found| found.range()));
            let all: Vec<_> =
                regex.captures_iter(&text).filter_map(|found| Some(found.name("value")?.range())).collect();
            prop_assert_eq!(pattern.find_all(&text, "value"), all);
        }
    }
}
