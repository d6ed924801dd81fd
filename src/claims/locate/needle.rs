//! What is searched for, and how it is found in a text.

use std::ops::Range;
use std::sync::OnceLock;

use memchr::memmem::Finder;

use super::names::is_name_byte;
use super::text::{Text, is_word, line_at, squeeze};
use crate::claims::parse::Form;

/// How many occurrences are counted.
pub(super) const MAX_HITS: usize = 64;
/// How far apart two parts of code with an ellipsis between them may lie, in squeezed bytes.
const MAX_GAP: usize = 2000;

/// Something to search for.
pub struct Needle<'a> {
    form: Form,
    text: &'a str,
    /// The longest of what it has between the characters that are shown in the place of bytes that are no text, if it has such.
    between: Option<&'a str>,
    raw: Raw<'a>,
    loose: OnceLock<Loose>,
}

/// A text as it is. It is found by how it begins: to prepare a search for a long one takes longer than to search most files.
struct Raw<'a> {
    text: &'a [u8],
    head: Finder<'a>,
    /// All of it, for a text where the beginning stands very often.
    whole: OnceLock<Finder<'a>>,
}

/// The longest beginning that is found in one way, whatever it is.
const HEAD: usize = 32;
/// So often a text may begin like it and go on otherwise.
const MOST_MISSED: usize = 64;

impl<'a> Raw<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self { text, head: Finder::new(&text[..text.len().min(HEAD)]), whole: OnceLock::new() }
    }

    /// Where it is, from the first place on, without overlap.
    fn find_iter<'s>(&'s self, bytes: &'s [u8]) -> impl Iterator<Item = usize> + 's {
        let (mut from, mut missed) = (0, 0);
        std::iter::from_fn(move || {
            loop {
                let finder = match missed < MOST_MISSED {
                    true => &self.head,
                    false => self.whole.get_or_init(|| Finder::new(self.text)),
                };
                let at = from + finder.find(bytes.get(from..)?)?;
                let is_there = bytes[at..].starts_with(self.text);
                missed += usize::from(!is_there);
                from = at + if is_there { self.text.len().max(1) } else { 1 };
                if is_there {
                    return Some(at);
                }
            }
        })
    }
}

/// Code as it is searched for without regard to its layout.
struct Loose {
    /// Its parts, squeezed.
    parts: Vec<String>,
    /// Its words, the longest first: they are in every text that has it, however it is laid out.
    words: Vec<Finder<'static>>,
}

impl<'a> Needle<'a> {
    /// Prepares to search for `text`.
    pub fn new(text: &'a str, form: Form) -> Self {
        let has_replaced = text.contains(char::REPLACEMENT_CHARACTER);
        let parts = has_replaced.then(|| text.split(char::REPLACEMENT_CHARACTER));
        let between = parts.and_then(|parts| parts.max_by_key(|part| part.len()));
        Self { form, text, between, raw: Raw::new(text.as_bytes()), loose: OnceLock::new() }
    }

    /// Lines at which it occurs, one-based, in order; the first few only.
    pub fn lines(&self, text: &Text) -> Vec<u32> {
        let mut lines = match self.form {
            Form::Identifier | Form::Word => self.words(text),
            Form::Code | Form::Prose => self.code(text),
        };
        lines.dedup();
        lines
    }

    fn words(&self, text: &Text) -> Vec<u32> {
        // Blanking comments costs more than looking whether there is anything to find.
        let is_there = match self.between {
            Some(between) => memchr::memmem::find(text.raw(), between.as_bytes()).is_some(),
            None => self.raw.find_iter(text.raw()).next().is_some(),
        };
        let is_hit = |bytes: &[u8], at| is_whole(bytes, at, self.text.len());
        if is_there { self.exact(text, text.code(), is_hit) } else { Vec::new() }
    }

    /// Lines at which it occurs as it is in `bytes`, which are those of `text` or of its code, at places that are a hit.
    fn exact(&self, text: &Text, bytes: &[u8], is_hit: impl Fn(&[u8], usize) -> bool) -> Vec<u32> {
        let Some(between) = self.between else {
            let hits = self.raw.find_iter(bytes).filter(|&at| is_hit(bytes, at));
            return text.lines_at(hits.take(MAX_HITS));
        };
        // A line feed ends what is no text, too: so a line is shown by itself as it is among the others. What is quoted from
        // several lines is looked for in all of them.
        let is_of_a_line = !self.text.contains('\n');
        let finder = Finder::new(between);
        let (mut lines, mut from) = (Vec::new(), 0);
        let next = |from: usize| bytes.get(from..).and_then(|rest| finder.find(rest));
        while let Some(at) = next(from).filter(|_| lines.len() < MAX_HITS) {
            let window = if is_of_a_line { line_around(bytes, from + at) } else { 0..bytes.len() };
            let shown = String::from_utf8_lossy(&bytes[window.clone()]);
            let hits = self.raw.find_iter(shown.as_bytes()).filter(|&at| is_hit(shown.as_bytes(), at));
            let hits: Vec<usize> = hits.take(MAX_HITS - lines.len()).collect();
            let before =
                hits.first().and_then(|_| text.lines_at([window.start]).pop()).map_or(0, |line| line - 1);
            lines.extend(hits.into_iter().map(|at| before + line_at(&shown, at)));
            from = window.end + 1;
        }
        lines
    }

    fn code(&self, text: &Text) -> Vec<u32> {
        let exact = self.exact(text, text.raw(), |_, _| true);
        if !exact.is_empty() {
            return exact;
        }
        let loose = self.loose.get_or_init(|| Loose::new(self.text));
        let Some((first, rest)) = loose.parts.split_first() else { return Vec::new() };
        // White space never divides a word, so squeezing a text that lacks one finds nothing.
        if loose.words.iter().any(|word| word.find(text.raw()).is_none()) {
            return Vec::new();
        }
        let squeezed = text.squeezed();
        let starts = Finder::new(first.as_bytes());
        let hits = starts.find_iter(squeezed.text.as_bytes()).filter(|&at| {
            is_whole_code(&squeezed.text, at, first) && goes_on(&squeezed.text, at + first.len(), rest)
        });
        text.lines_at(hits.take(MAX_HITS).map(|at| squeezed.origin(at)))
    }
}

impl Loose {
    fn new(code: &str) -> Self {
        let parts = parts(code);
        let words = words(&parts);
        Self { parts, words }
    }
}

/// Code without its white space, cut where the reviewer left something out.
fn parts(code: &str) -> Vec<String> {
    let cut = code.replace('\u{2026}', "...");
    // `...args` is a spread and `[...]` is not: only an ellipsis that stands apart, or at a bracket, leaves out.
    let pieces = cut.split("...").map(squeeze).filter(|part| part.len() >= 2);
    let parts: Vec<String> = pieces.collect();
    if parts.is_empty() { vec![squeeze(code)] } else { parts }
}

/// The words of the parts of code, the longest first; letters of any script count, as where texts are squeezed.
fn words(parts: &[String]) -> Vec<Finder<'static>> {
    let words = parts.iter().flat_map(|part| part.split(|c: char| !is_word(c)));
    let mut words: Vec<&str> = words.filter(|word| word.len() > 1).collect();
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    words.into_iter().map(|word| Finder::new(word.as_bytes()).into_owned()).collect()
}

fn goes_on(text: &str, mut from: usize, rest: &[String]) -> bool {
    rest.iter().all(|part| {
        let bytes = text.as_bytes();
        let end = bytes.len().min(from + MAX_GAP + part.len());
        let found = memchr::memmem::find(&bytes[from.min(end)..end], part.as_bytes());
        found.inspect(|at| from += at + part.len()).is_some()
    })
}

/// The line of a byte, without its end.
fn line_around(bytes: &[u8], at: usize) -> Range<usize> {
    let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
    start..memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length)
}

/// Whether a name ends where the hit ends, on both sides.
fn is_whole(bytes: &[u8], at: usize, length: usize) -> bool {
    let is_name = |byte: &u8| is_name_byte(*byte);
    let before = at.checked_sub(1).and_then(|at| bytes.get(at));
    !before.is_some_and(is_name) && !bytes.get(at + length).is_some_and(is_name)
}

/// The same for code: only where it ends in a name itself.
fn is_whole_code(text: &str, at: usize, code: &str) -> bool {
    let bytes = text.as_bytes();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let starts = code.bytes().next().is_some_and(is_name);
    let ends = code.bytes().next_back().is_some_and(is_name);
    let before = at.checked_sub(1).and_then(|at| bytes.get(at).copied());
    let after = bytes.get(at + code.len()).copied();
    let goes_on = (starts && before.is_some_and(is_name)) || (ends && after.is_some_and(is_name));
    !goes_on
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn long_texts_are_found_as_short_ones(text in "[ab]{0,3}|(ab){14,18}a?|a{31,34}", around in "([ab]|(ab){20}|a{40}|a{200}){0,9}") {
            let around = format!("{around}{text}{around}{text}");
            let all: Vec<usize> = memchr::memmem::find_iter(around.as_bytes(), text.as_bytes()).collect();
            prop_assert_eq!(Raw::new(text.as_bytes()).find_iter(around.as_bytes()).collect::<Vec<_>>(), all);
        }
    }

    proptest! {
        #[test]
        fn what_is_no_text_is_found_as_in_what_is_shown(
            raw in prop::collection::vec(prop::sample::select(&b"aab\n /\"\xe9\xe2\x80\xff"[..]), 20..60),
            (from, length) in (0_usize..20, 1_usize..9),
        ) {
            let text = Text::new("a.ts", raw);
            let shown = Text::new("a.ts", text.shown().into_owned().into_bytes());
            let needle: String = text.shown().chars().skip(from).take(length).collect();
            for form in [Form::Code, Form::Prose, Form::Word, Form::Identifier] {
                let needle = Needle::new(&needle, form);
                let plain = Needle { between: None, ..Needle::new(needle.text, form) };
                prop_assert_eq!(needle.lines(&text), plain.lines(&shown), "{:?} {:?}", needle.text, form);
            }
        }
    }

    fn lines(needle: &str, form: Form, path: &str, text: &str) -> Vec<u32> {
        Needle::new(needle, form).lines(&Text::new(path, text.into()))
    }

    #[test]
    fn names_are_whole_words_outside_comments_and_imports() {
        let text = "import { a } from './useFoo';\n// useFoo\nconst useFooBar = 1;\nuseFoo();\n";
        assert_eq!(lines("useFoo", Form::Identifier, "a.ts", text), [4]);
        assert_eq!(lines("useFoo", Form::Identifier, "a.md", text), [1, 2, 4]);
    }

    #[test]
    fn what_is_no_text_is_found_as_it_is_shown() {
        let text = Text::new("a.py", b"\xff\xff\nx('caf\xe9')\n".to_vec());
        let lines = |needle: &str, form| Needle::new(needle, form).lines(&text);
        assert_eq!(
            (lines("x('caf\u{fffd}')", Form::Code), lines("caf\u{fffd}", Form::Word)),
            (vec![2], vec![2])
        );
        assert_eq!((lines("x ( \"caf", Form::Prose), lines("caf", Form::Word)), (vec![2], Vec::new()));
    }

    #[test]
    fn of_many_lines_the_first_are_told() {
        let text = Text::new("a.md", b"\xffa\n".repeat(99));
        let lines = Needle::new("\u{fffd}a", Form::Code).lines(&text);
        assert!(lines.into_iter().eq(1..=64));
    }

    #[test]
    fn code_is_found_without_regard_to_layout() {
        let text = "x = call(\n  one,\n  \"two\"\n);\nreturn x;\n";
        assert_eq!(lines("call(one, 'two')", Form::Code, "a.ts", text), [1]);
        assert_eq!(lines("return x", Form::Code, "a.ts", text), [5]);
        assert_eq!(lines("returnx", Form::Code, "a.ts", text), Vec::<u32>::new());
        assert_eq!(lines("x = call(...)", Form::Code, "a.ts", text), [1]);
        assert_eq!(lines("eturn x", Form::Code, "a.ts", "return  x"), Vec::<u32>::new());
    }
}
