//! A file's text, prepared for searching as far as that is asked for.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::comments::{Comments, blanked, comments};
use crate::digest::blob_id;
use crate::model::Oid;

/// A text with what is derived from it.
///
/// It is searched as the bytes that it is, for it is read for a few of them: that all are UTF-8 would take as long to find out as
/// what is searched for. Where they are not, every place is that of the bytes.
pub struct Text {
    raw: Vec<u8>,
    comments: Comments,
    code: OnceLock<Vec<u8>>,
    squeezed: OnceLock<Squeezed>,
    blob: OnceLock<Oid>,
    /// The first place that lines were asked for: a line, and one of its bytes. What is asked for next is near it.
    known: OnceLock<(u32, usize)>,
}

/// A text without white space, except for one space between two word characters; quotation marks are alike.
pub struct Squeezed {
    /// The text.
    pub text: String,
    /// Where every byte was.
    origins: Vec<u32>,
}

impl Text {
    /// Prepares the text of the file at `path`, whose ending tells how comments look.
    pub fn new(path: &str, raw: Vec<u8>) -> Self {
        Self::commented(comments(path), raw)
    }

    fn commented(comments: Comments, raw: Vec<u8>) -> Self {
        Self {
            raw,
            comments,
            code: OnceLock::new(),
            squeezed: OnceLock::new(),
            blob: OnceLock::new(),
            known: OnceLock::new(),
        }
    }

    /// The text as it is.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// How much memory that takes.
    pub fn held(&self) -> usize {
        self.raw.capacity()
    }

    /// The memory that it is in, when nothing of what was derived from it is needed any more.
    pub fn into_raw(self) -> Vec<u8> {
        self.raw
    }

    /// The text as it is shown: what is no UTF-8 is replaced.
    pub fn shown(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.raw)
    }

    /// Itself as it is [shown](Self::shown), if that is another text: whoever quotes it may quote what is shown.
    pub fn replaced(&self) -> Option<Self> {
        match self.shown() {
            Cow::Borrowed(_) => None,
            Cow::Owned(shown) => Some(Self::commented(self.comments, shown.into_bytes())),
        }
    }

    /// The blob that has this text.
    pub fn blob(&self) -> Oid {
        *self.blob.get_or_init(|| Oid(blob_id(&self.raw)))
    }

    /// The text with comments and the paths of imports blanked; every byte stays where it was.
    pub fn code(&self) -> &[u8] {
        match self.comments {
            Comments::None => &self.raw,
            comments => self.code.get_or_init(|| blanked(&self.raw, comments)),
        }
    }

    /// The text without white space.
    pub fn squeezed(&self) -> &Squeezed {
        self.squeezed.get_or_init(|| Squeezed::new(&self.raw))
    }

    /// The lines of bytes, one-based. The bytes are in rising order.
    pub fn lines_at(&self, bytes: impl IntoIterator<Item = usize>) -> Vec<u32> {
        let (mut line, mut from) = (1, 0);
        let line_at = |byte: usize| {
            // A byte of the text or its end; whatever else is asked for counts as that.
            let to = byte.clamp(from, self.raw.len());
            line += line_feeds(&self.raw[from..to]);
            from = to;
            self.known.get_or_init(|| (line, to));
            line
        };
        bytes.into_iter().map(line_at).collect()
    }

    /// How many lines there are.
    pub fn line_count(&self) -> u32 {
        let is_open = !self.raw.is_empty() && !self.raw.ends_with(b"\n");
        line_feeds(&self.raw).saturating_add(u32::from(is_open))
    }

    /// The lines from `first` to `last`, one-based and inclusive, as they are shown.
    pub fn lines(&self, first: u32, last: u32) -> impl Iterator<Item = Cow<'_, str>> {
        let rest = self.start_of(first).and_then(|start| self.raw.get(start..)).unwrap_or_default();
        let lines = rest.split_inclusive(|byte| *byte == b'\n').map(without_end);
        let lines = lines
            .map(|line| str::from_utf8(line).map_or_else(|_| String::from_utf8_lossy(line), Cow::Borrowed));
        lines.take(last.saturating_sub(first) as usize + 1)
    }

    /// Where a line starts, one-based; `None` if there are fewer.
    fn start_of(&self, line: u32) -> Option<usize> {
        match self.known.get() {
            Some(&(known, byte)) if line == known => {
                Some(memchr::memrchr(b'\n', &self.raw[..byte]).map_or(0, |end| end + 1))
            }
            Some(&(known, byte)) if line > known => {
                Some(byte + start_of(&self.raw[byte..], line - known + 1)?)
            }
            _ => start_of(&self.raw, line),
        }
    }
}

/// The line of a byte of a text, one-based.
pub fn line_at(text: &str, byte: usize) -> u32 {
    1 + line_feeds(&text.as_bytes()[..byte.min(text.len())])
}

/// Where a line starts, one-based; `None` if there are fewer. Line ends are counted by the block, which is many times faster
/// than finding each.
fn start_of(bytes: &[u8], line: u32) -> Option<usize> {
    const BLOCK: usize = 1024;
    let mut before = line.saturating_sub(1);
    if before == 0 {
        return Some(0);
    }
    for (number, block) in bytes.chunks(BLOCK).enumerate() {
        let here = line_feeds(block);
        if here >= before {
            let last = memchr::memchr_iter(b'\n', block).nth(before as usize - 1);
            return last.map(|last| number * BLOCK + last + 1);
        }
        before -= here;
    }
    None
}

fn without_end(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\n").map_or(line, |line| line.strip_suffix(b"\r").unwrap_or(line))
}

fn line_feeds(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}

impl Squeezed {
    fn new(raw: &[u8]) -> Self {
        let mut squeezed =
            Self { text: String::with_capacity(raw.len()), origins: Vec::with_capacity(raw.len()) };
        let (mut was_space, mut start) = (false, 0);
        for chunk in raw.utf8_chunks() {
            let end = start + chunk.valid().len();
            let replaced = (!chunk.invalid().is_empty()).then_some((end, char::REPLACEMENT_CHARACTER));
            for (at, c) in chunk.valid().char_indices().map(|(at, c)| (start + at, c)).chain(replaced) {
                if !c.is_whitespace() {
                    squeezed.push(c, at, was_space);
                }
                was_space = c.is_whitespace();
            }
            start = end + chunk.invalid().len();
        }
        squeezed
    }

    fn push(&mut self, c: char, at: usize, was_space: bool) {
        if was_space && is_word(c) && self.text.chars().next_back().is_some_and(is_word) {
            self.append(' ', at);
        }
        self.append(plain_quote(c), at);
    }

    fn append(&mut self, c: char, at: usize) {
        self.text.push(c);
        self.origins.resize(self.text.len(), u32::try_from(at).unwrap_or(u32::MAX));
    }

    /// Where a byte of the squeezed text was.
    pub fn origin(&self, byte: usize) -> usize {
        self.origins.get(byte).copied().unwrap_or_default() as usize
    }
}

/// Code without white space, as [`Squeezed`] has it.
pub(super) fn squeeze(code: &str) -> String {
    Squeezed::new(code.as_bytes()).text
}

/// Whether a character may stand in a word: two of them stay apart when a text is squeezed.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Formatters change one kind of quotation mark into another.
fn plain_quote(c: char) -> char {
    if c == '"' { '\'' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_are_counted_from_one() {
        let text = Text::new("a.ts", "a\n\nbc".into());
        assert_eq!(text.lines_at([0, 1, 2, 3, 4, 5]), [1, 1, 2, 3, 3, 3]);
        assert_eq!((line_at("a\n\nbc", 2), line_at("a\n\nbc", 9)), (2, 3));
        assert_eq!((text.line_count(), Text::new("a.ts", "a\n".into()).line_count()), (3, 1));
        assert_eq!(text.lines(2, 9).collect::<Vec<_>>(), ["", "bc"]);
        assert_eq!(text.lines(4, 4).count(), 0);
        assert_eq!(text.lines(0, u32::MAX).count(), 3);
        assert_eq!(Text::new("a.ts", "a\n".into()).lines(2, 2).count(), 0);
    }

    proptest! {
        #[test]
        fn lines_start_where_they_do(raw in "(\r?\n|a|[b-z\n]{600}){0,9}", first in 0_u32..40, known in 0_usize..999) {
            let lines: Vec<&str> = raw.lines().collect();
            let wanted = lines.get(first.saturating_sub(1) as usize..).unwrap_or_default();
            let text = Text::new("a.md", raw.as_str().into());
            prop_assert_eq!(text.lines(first, u32::MAX).collect::<Vec<_>>(), wanted);
            // Likewise from a place that was asked for.
            text.lines_at([known]);
            prop_assert_eq!(text.lines(first, u32::MAX).collect::<Vec<_>>(), wanted);
        }

        #[test]
        fn what_is_no_utf_8_is_searched_where_it_is(raw in prop::collection::vec(prop::sample::select(&b"a\n \"'/#\xe9\xe2\x80\x0b"[..]), 0..40)) {
            for path in ["a.ts", "a.py", "a.md"] {
                let text = Text::new(path, raw.clone());
                let shown = Text::new(path, text.shown().into_owned().into_bytes());
                prop_assert_eq!(text.replaced().is_some(), str::from_utf8(&raw).is_err());
                let code = |text: &Text| -> Vec<String> {
                    let code = String::from_utf8_lossy(text.code()).into_owned();
                    code.lines().flat_map(|line| line.split(' ').chain(["\n"])).filter(|word| !word.is_empty()).map(str::to_owned).collect()
                };
                prop_assert_eq!(code(&text), code(&shown));
                prop_assert_eq!(&text.squeezed().text, &shown.squeezed().text);
                prop_assert_eq!(text.lines(0, 99).collect::<Vec<_>>(), shown.lines(0, 99).collect::<Vec<_>>());
                let lines = |text: &Text| {
                    let squeezed = text.squeezed();
                    text.lines_at((0..squeezed.text.len()).map(|at| squeezed.origin(at)))
                };
                prop_assert_eq!(lines(&text), lines(&shown));
            }
        }
    }

    #[test]
    fn squeezing_keeps_a_space_between_words() {
        assert_eq!(squeeze("return  \n a ( b , \"c\" )"), "return a(b,'c')");
    }

    proptest! {
        #[test]
        fn nothing_moves(raw in "\\PC{0,80}|([a-z'\"/*# \n]{0,200})|(import a from 'b'\n){0,3}") {
            for path in ["a.ts", "a.py", "a.sql", "a.md"] {
                let text = Text::new(path, raw.as_str().into());
                prop_assert_eq!(text.code().len(), raw.len());
                let squeezed = text.squeezed();
                for at in 0..squeezed.text.len() {
                    prop_assert!(squeezed.origin(at) <= raw.len());
                }
            }
        }
    }
}
