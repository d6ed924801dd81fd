//! Finds thousands of names in a text at once: the text is cut into names, and each is looked up.

use std::collections::HashMap;

/// Bits of the filter, as a power of two: small enough for a processor's nearest cache.
const FILTER_BITS: u32 = 18;

/// Names to look for, each with a number.
pub(super) struct Names<'a> {
    numbers: HashMap<&'a [u8], Vec<usize>>,
    /// Whether any name has this print: most of a text is turned down here.
    filter: Vec<u64>,
    shortest: usize,
}

impl<'a> Names<'a> {
    /// All of `names` that are names, with their numbers.
    pub(super) fn new(names: impl Iterator<Item = (usize, &'a str)>) -> Self {
        let mut numbers: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for (number, name) in names {
            numbers.entry(name.as_bytes()).or_default().push(number);
        }
        let mut filter = vec![0; 1 << (FILTER_BITS - 6)];
        for name in numbers.keys() {
            let (word, bit) = print(name);
            filter[word] |= bit;
        }
        let shortest = numbers.keys().map(|name| name.len()).min().unwrap_or(usize::MAX);
        Self { numbers, filter, shortest }
    }

    /// Every whole occurrence in a text: its number and its first byte, in the order of the text.
    pub(super) fn find(&self, text: &[u8]) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        if self.numbers.is_empty() {
            return found;
        }
        let mut at = 0;
        while at < text.len() {
            if !is_name_byte(text[at]) {
                at += 1;
                continue;
            }
            let start = at;
            while at < text.len() && is_name_byte(text[at]) {
                at += 1;
            }
            for &number in self.numbers(&text[start..at]) {
                found.push((number, start));
            }
        }
        found
    }

    fn numbers(&self, name: &[u8]) -> &[usize] {
        if name.len() < self.shortest {
            return &[];
        }
        let (word, bit) = print(name);
        if self.filter[word] & bit == 0 {
            return &[];
        }
        self.numbers.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Where the filter has a name: made of its length, its start and its end.
fn print(name: &[u8]) -> (usize, u64) {
    let word = |bytes: &[u8]| bytes.iter().fold(0_u64, |word, &byte| word << 8 | u64::from(byte));
    let start = name.first_chunk::<8>().map_or_else(|| word(name), |chunk| u64::from_be_bytes(*chunk));
    let end = name.last_chunk::<8>().map_or(0, |chunk| u64::from_be_bytes(*chunk));
    let mixed = start ^ end.rotate_left(23) ^ name.len() as u64;
    let mixed = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - FILTER_BITS);
    (usize::try_from(mixed >> 6).unwrap_or_default(), 1 << (mixed & 63))
}

/// Whether a text is one name from end to end.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_name_byte)
}

/// Whether a byte may stand in a name: a letter or digit, `_`, `$`, and all that is not ASCII.
pub(super) fn is_name_byte(byte: u8) -> bool {
    const NAME: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            #[expect(clippy::cast_possible_truncation, reason = "the loop ends at the last byte")]
            let value = byte as u8;
            table[byte] = value.is_ascii_alphanumeric() || matches!(value, b'_' | b'$' | 0x80..);
            byte += 1;
        }
        table
    };
    NAME[byte as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_whole_names_are_found() {
        let names =
            Names::new([(0, "one"), (1, "oneTwo"), (2, "$x_y"), (3, "one"), (4, "größe")].into_iter());
        let found = names.find("one oneTwo(one2) a$x_y $x_y;größe".as_bytes());
        assert_eq!(found, [(0, 0), (3, 0), (1, 4), (2, 23), (4, 28)]);
        assert_eq!(Names::new(std::iter::empty()).find(b"one"), []);
    }

    proptest! {
        #[test]
        fn as_a_search_for_each(text in "[ab_ .]{0,60}", names in proptest::collection::vec("[ab_]{1,9}", 0..6)) {
            let found = Names::new(names.iter().map(String::as_str).enumerate()).find(text.as_bytes());
            let words = || text.split([' ', '.']).filter(|word| !word.is_empty());
            let mut expected = Vec::new();
            for word in words() {
                let start = word.as_ptr() as usize - text.as_ptr() as usize;
                expected.extend(names.iter().enumerate().filter(|(_, name)| *name == word).map(|(at, _)| (at, start)));
            }
            prop_assert_eq!(found, expected);
        }
    }
}
