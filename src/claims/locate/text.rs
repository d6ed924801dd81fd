//! A file's text, prepared for searching as far as that is asked for.

use std::sync::OnceLock;

use crate::digest::blob_id;
use crate::model::Oid;

/// A text with what is derived from it.
pub struct Text {
    raw: String,
    comments: Comments,
    code: OnceLock<String>,
    squeezed: OnceLock<Squeezed>,
    blob: OnceLock<Oid>,
}

/// How a language writes comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comments {
    /// `//` and `/* */`
    Slashes,
    /// `#`
    Hash,
    /// `--`
    Dashes,
    /// None, or not known: everything is text.
    None,
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
    pub fn new(path: &str, raw: String) -> Self {
        Self {
            raw,
            comments: comments(path),
            code: OnceLock::new(),
            squeezed: OnceLock::new(),
            blob: OnceLock::new(),
        }
    }

    /// The text as it is.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The blob that has this text. That of a file whose bytes were no UTF-8 is another.
    pub fn blob(&self) -> Oid {
        *self.blob.get_or_init(|| Oid(blob_id(self.raw.as_bytes())))
    }

    /// The text with comments and the paths of imports blanked; every byte stays where it was.
    pub fn code(&self) -> &str {
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
            line += line_feeds(&self.raw.as_bytes()[from..to]);
            from = to;
            line
        };
        bytes.into_iter().map(line_at).collect()
    }

    /// The line of a byte, one-based.
    pub fn line_at(&self, byte: usize) -> u32 {
        1 + line_feeds(&self.raw.as_bytes()[..byte.min(self.raw.len())])
    }

    /// How many lines there are.
    pub fn line_count(&self) -> u32 {
        let is_open = !self.raw.is_empty() && !self.raw.ends_with('\n');
        line_feeds(self.raw.as_bytes()).saturating_add(u32::from(is_open))
    }

    /// The lines from `first` to `last`, one-based and inclusive.
    pub fn lines(&self, first: u32, last: u32) -> impl Iterator<Item = &str> {
        let start = start_of(self.raw.as_bytes(), first);
        let rest = start.and_then(|start| self.raw.get(start..)).unwrap_or_default();
        rest.lines().take(last.saturating_sub(first) as usize + 1)
    }
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

fn line_feeds(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}

impl Squeezed {
    fn new(raw: &str) -> Self {
        let mut squeezed =
            Self { text: String::with_capacity(raw.len()), origins: Vec::with_capacity(raw.len()) };
        let mut was_space = false;
        for (at, c) in raw.char_indices() {
            if c.is_whitespace() {
                was_space = true;
                continue;
            }
            squeezed.push(c, at, was_space);
            was_space = false;
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
    Squeezed::new(code).text
}

/// Whether a character may stand in a word: two of them stay apart when a text is squeezed.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Formatters change one kind of quotation mark into another.
fn plain_quote(c: char) -> char {
    if c == '"' { '\'' } else { c }
}

fn comments(path: &str) -> Comments {
    let ending = path.rsplit(['.', '/']).next().unwrap_or_default();
    match ending {
        "c" | "cc" | "cjs" | "cpp" | "cs" | "css" | "cts" | "cxx" | "dart" | "go" | "groovy" | "h"
        | "hpp" | "java" | "js" | "jsx" | "kt" | "kts" | "less" | "m" | "mjs" | "mm" | "mts" | "php"
        | "prisma" | "proto" | "rs" | "scala" | "scss" | "sol" | "svelte" | "swift" | "ts" | "tsx"
        | "vue" | "zig" => Comments::Slashes,
        "bash" | "ex" | "exs" | "jl" | "nix" | "pl" | "py" | "pyi" | "r" | "rb" | "sh" | "tf" | "zsh" => {
            Comments::Hash
        }
        "hs" | "lua" | "sql" => Comments::Dashes,
        _ => Comments::None,
    }
}

/// Blanks comments, and the paths on lines of imports.
fn blanked(raw: &str, comments: Comments) -> String {
    let mut bytes = raw.as_bytes().to_vec();
    let Some(mark) = mark(comments) else { return raw.to_owned() };
    let (mut at, mut open) = (0, [0; 2]);
    // Between these three bytes nothing starts.
    while let Some(next) = memchr::memchr3(mark, b'"', b'\'', &raw.as_bytes()[at..]) {
        at += next;
        at = match comment(raw.as_bytes(), at, comments) {
            Some(end) => {
                blank(&mut bytes[at..end]);
                end
            }
            None => match raw.as_bytes()[at] {
                b'"' | b'\'' => string_end(raw.as_bytes(), at, &mut open),
                _ => at + 1,
            },
        };
    }
    blank_import_paths(raw, &mut bytes);
    String::from_utf8(bytes).unwrap_or_else(|_| raw.to_owned())
}

/// The first byte of every comment.
fn mark(comments: Comments) -> Option<u8> {
    match comments {
        Comments::Slashes => Some(b'/'),
        Comments::Hash => Some(b'#'),
        Comments::Dashes => Some(b'-'),
        Comments::None => None,
    }
}

/// Where the comment that starts at `at` ends; `None` if none starts there.
fn comment(bytes: &[u8], at: usize, comments: Comments) -> Option<usize> {
    let rest = &bytes[at..];
    let line_end = || at + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let starts_word = at == 0 || bytes[at - 1].is_ascii_whitespace();
    match comments {
        Comments::Slashes if rest.starts_with(b"/*") => {
            Some(memchr::memmem::find(rest, b"*/").map_or(bytes.len(), |end| at + end + 2))
        }
        // `https://` is no comment.
        Comments::Slashes if rest.starts_with(b"//") && (at == 0 || bytes[at - 1] != b':') => {
            Some(line_end())
        }
        Comments::Hash if rest[0] == b'#' && starts_word => Some(line_end()),
        Comments::Dashes if rest.starts_with(b"--") => Some(line_end()),
        _ => None,
    }
}

/// The byte after a string on one line, which starts with its quotation mark; one without a partner is text.
///
/// `open` tells, for either mark, up to where no partner is: from a later mark one would look at the same bytes again, for the
/// first search passed it as one of a pair with a backslash.
fn string_end(bytes: &[u8], at: usize, open: &mut [usize; 2]) -> usize {
    let quote = bytes[at];
    let open = &mut open[usize::from(quote == b'"')];
    let mut end = at + 1;
    while let Some(&byte) = bytes.get(end).filter(|_| at >= *open) {
        match byte {
            b'\n' => break,
            b'\\' => end += 2,
            _ if byte == quote => return end + 1,
            _ => end += 1,
        }
    }
    *open = end.max(*open);
    at + 1
}

fn blank_import_paths(raw: &str, bytes: &mut [u8]) {
    let requires = memchr::memmem::find(raw.as_bytes(), b"require(").is_some();
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', raw.as_bytes()).map(|at| at + 1).chain([raw.len()]);
    for end in ends {
        let line = &raw[start..end];
        if let Some((from, to)) = import_path(line, requires) {
            blank(&mut bytes[start + from..start + to]);
        }
        start = end;
    }
}

/// The bytes of a line that are the path of an import. `requires` tells whether any line of the text has a `require(`.
fn import_path(line: &str, requires: bool) -> Option<(usize, usize)> {
    let head = line.trim_start();
    let is_likely = matches!(head.as_bytes().first(), Some(b'i' | b'e' | b'}' | b'f'));
    let is_import =
        is_likely && ["import ", "export ", "} from ", "from "].iter().any(|start| head.starts_with(start));
    let anchor = match is_import {
        true => line.rfind("from ").or_else(|| line.find("import ")),
        false if requires => line.find("require("),
        false => None,
    }?;
    let open = anchor + line[anchor..].find(['\'', '"'])?;
    let close = open + 1 + line[open + 1..].find(['\'', '"'])?;
    Some((open + 1, close))
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn comments_are_blanked_and_strings_are_not() {
        let text = Text::new("a.ts", "a // b\n\"http://c\" /* d\ne */ f\nit's // g\n".into());
        let words: Vec<&str> = text.code().split_whitespace().collect();
        assert_eq!(words, ["a", "\"http://c\"", "f", "it's"]);
        let text = Text::new("a.py", "x = 1 # y\nz[#]".into());
        assert_eq!(text.code().split_whitespace().collect::<Vec<_>>(), ["x", "=", "1", "z[#]"]);
    }

    #[test]
    fn lines_are_counted_from_one() {
        let text = Text::new("a.ts", "a\n\nbc".into());
        assert_eq!(text.lines_at([0, 1, 2, 3, 4, 5]), [1, 1, 2, 3, 3, 3]);
        assert_eq!((text.line_at(2), text.line_at(9)), (2, 3));
        assert_eq!((text.line_count(), Text::new("a.ts", "a\n".into()).line_count()), (3, 1));
        assert_eq!(text.lines(2, 9).collect::<Vec<_>>(), ["", "bc"]);
        assert_eq!(text.lines(4, 4).count(), 0);
        assert_eq!(text.lines(0, u32::MAX).count(), 3);
        assert_eq!(Text::new("a.ts", "a\n".into()).lines(2, 2).count(), 0);
    }

    proptest! {
        #[test]
        fn lines_start_where_they_do(raw in "(\n|a|[b-z\n]{600}){0,9}", first in 0_u32..40) {
            let lines: Vec<&str> = raw.lines().collect();
            let wanted = lines.get(first.saturating_sub(1) as usize..).unwrap_or_default();
            let text = Text::new("a.md", raw.clone());
            prop_assert_eq!(text.lines(first, u32::MAX).collect::<Vec<_>>(), wanted);
        }
    }

    proptest! {
        #[test]
        fn what_is_known_of_a_line_changes_no_string(raw in "[a'\"\\\\\n/*#]{0,60}") {
            for comments in [Comments::Slashes, Comments::Hash] {
                let (bytes, mut at, mut open) = (raw.as_bytes(), 0, [0; 2]);
                while let Some(next) = memchr::memchr3(mark(comments).unwrap(), b'"', b'\'', &bytes[at..]) {
                    at += next;
                    at = match (comment(bytes, at, comments), bytes[at]) {
                        (Some(end), _) => end,
                        (None, b'"' | b'\'') => {
                            let end = string_end(bytes, at, &mut open);
                            prop_assert_eq!(end, string_end(bytes, at, &mut [0; 2]));
                            end
                        }
                        (None, _) => at + 1,
                    };
                }
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
