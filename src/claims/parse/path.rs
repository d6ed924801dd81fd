//! Paths as reviewers write them: `src/a.ts:12-18,40`, `A.tsx`, `/Users/x/app/src/a.ts#L4`, `a.ts (lines 3-9)`.

use crate::pattern::Pattern;
use crate::word_list::WordList;

/// A path with the lines that are named with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpelledPath {
    /// As spelled, without lines.
    pub path: String,
    /// `a/` or `b/`, where it stands before the path: the side of a diff, or a directory that is called so.
    pub side: &'static str,
    /// First and last line, one-based, in order of mention.
    pub lines: Vec<(u32, u32)>,
}

/// Endings by which a word without a slash is taken for a file. Others need a slash.
static ENDINGS: WordList = WordList::new(
    "astro bash bat bzl c cc cfg cjs clj cmake conf cpp cs css cts cxx dart ejs env erb ex exs fish \
    go gql gradle graphql groovy h hbs hcl hh hpp hs htm html ini ipynb java jl js json json5 jsonc jsonl jsx kt kts \
    less lock log lua m md mdx mjs mk ml mm mts nix php pl plist prisma properties proto ps1 py pyi pyx r rb rs rst \
    sass scala scss sh sol sql srt svelte svg swift tcl tex tf toml ts tsx txt vim vue xml yaml yml zig zsh",
);

/// A letter, digit, mark, connecting sign or joiner of any script.
static WORD: Pattern = Pattern::new(r"\w");

/// The path that a whole word, link or code spells; `None` if it is none.
pub(super) fn path(word: &str) -> Option<SpelledPath> {
    // Every path has an ending, and most words have not.
    if word.len() > 400 || memchr::memchr(b'.', word.as_bytes()).is_none() {
        return None;
    }
    let spelled = word.strip_prefix("file://").unwrap_or(word);
    let side = ["a/", "b/"].into_iter().find(|side| spelled.starts_with(side) && spelled.len() > side.len());
    let side = side.unwrap_or_default();
    let path = &spelled[side.len()..];
    let (path, lines) = path.split_at(path_length(path));
    let lines = if lines.is_empty() { Vec::new() } else { lines_of(lines)? };
    let path = path.trim_end_matches(['.', '/']);
    looks_like_path(path, !lines.is_empty()).then(|| SpelledPath { path: path.to_owned(), side, lines })
}

/// Up to where all characters of a text may stand in a path.
fn path_length(text: &str) -> usize {
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        at += match OF_PATHS.get(usize::from(byte)) {
            Some(true) => 1,
            Some(false) => break,
            None => match text[at..].chars().next() {
                // Letters are told without the pattern: its tables take longer to prepare than a thousand claims to read.
                Some(c) if c.is_alphabetic() || WORD.is_match(c.encode_utf8(&mut [0; 4])) => c.len_utf8(),
                _ => break,
            },
        };
    }
    at
}

/// Which bytes of ASCII may stand in a path.
const OF_PATHS: [bool; 128] = {
    let mut table = [false; 128];
    let mut byte = 0;
    while byte < 128_u8 {
        let is_sign = matches!(
            byte,
            b'_' | b'@' | b'~' | b'.' | b'+' | b'$' | b'/' | b'\\' | b'[' | b']' | b'(' | b')' | b'-'
        );
        table[byte as usize] = byte.is_ascii_alphanumeric() || is_sign;
        byte += 1;
    }
    table
};

/// The ranges in `:12-18,40`, `#L4-L9` and `:7:3`; `None` if a text is not that from end to end. A range that ends before
/// it starts is left out.
fn lines_of(text: &str) -> Option<Vec<(u32, u32)>> {
    let rest =
        text.strip_prefix(':').or_else(|| text.strip_prefix("#L")).or_else(|| text.strip_prefix('#'))?;
    let mut ranges = Vec::new();
    let mut rest = range(rest, &mut ranges)?;
    if let Some(column) = rest.strip_prefix(':') {
        let (number, after) = digits(column)?;
        range(number, &mut ranges)?;
        rest = after;
    }
    while let Some(more) = rest.strip_prefix(',') {
        let more = more.strip_prefix(char::is_whitespace).unwrap_or(more);
        rest = range(more.strip_prefix('L').unwrap_or(more), &mut ranges)?;
    }
    rest.is_empty().then_some(ranges)
}
/// Takes a range from the start of a text; what is left of the text.
fn range<'t>(text: &'t str, ranges: &mut Vec<(u32, u32)>) -> Option<&'t str> {
    let (first, rest) = digits(text)?;
    let end = rest.strip_prefix(['-', '\u{2013}']).map(|end| end.strip_prefix('L').unwrap_or(end));
    let (last, rest) = end.and_then(digits).unwrap_or((first, rest));
    let range = first.parse().ok().map(|first: u32| (first, last.parse().unwrap_or(first)));
    ranges.extend(range.filter(|&(first, last)| first > 0 && last >= first));
    Some(rest)
}

/// The digits that a text starts with, and the rest.
fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    (end > 0).then(|| text.split_at(end))
}

fn looks_like_path(path: &str, has_lines: bool) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    let has_directory = path.len() > name.len();
    let is_short = (1..=8).contains(&ending.len()) && ending.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_known = || ENDINGS.has(ending);
    // Few paths have one of these signs at all.
    let has_sign = memchr::memchr2(b'(', b'?', path.as_bytes()).is_some();
    let is_call = has_sign && (path.contains("()") || path.contains("?."));
    let has_stem = !stem.is_empty() || has_directory || name.len() > 3;
    !is_call && has_stem && is_short && (has_directory || has_lines || is_known())
}

/// The directory or pattern that code names: `src/`, `src/**`, `supabase/functions/x/*`.
pub(super) fn directory(word: &str) -> Option<String> {
    if !word.ends_with('/') && !word.contains('*') {
        return None;
    }
    let head = word.split('*').next()?;
    let is_pattern = head.len() < word.len();
    let directory = head.trim_start_matches("./").trim_end_matches('/');
    let is_plain = directory.chars().all(|c| c.is_alphanumeric() || "_-./@".contains(c));
    let ends_open = head.ends_with('/') || (is_pattern && head.is_empty());
    (ends_open && is_plain && !directory.is_empty() && word.len() < 400).then(|| directory.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_spellings() {
        for (word, path_, lines) in [
            ("src/a.ts", "src/a.ts", vec![]),
            ("src/a.ts:12-18,40", "src/a.ts", vec![(12, 18), (40, 40)]),
            ("A.tsx:311", "A.tsx", vec![(311, 311)]),
            ("/Users/x/app/A.tsx#L4-L9", "/Users/x/app/A.tsx", vec![(4, 9)]),
            ("tests/test_a.py:7:3", "tests/test_a.py", vec![(7, 7), (3, 3)]),
            (".github/workflows/ci.yml", ".github/workflows/ci.yml", vec![]),
            ("b/src/a.ts#3,L5–L7, 9", "src/a.ts", vec![(3, 3), (5, 7), (9, 9)]),
            ("file:///x/größe.ts:9-7,99999999999", "/x/größe.ts", vec![]),
            ("../../etc/passwd.d/x.conf", "../../etc/passwd.d/x.conf", vec![]),
        ] {
            let found = path(word).unwrap_or_else(|| panic!("{word}"));
            assert_eq!(found.path, path_, "{word}");
            assert_eq!(found.lines, lines, "{word}");
        }
    }

    #[test]
    fn code_is_no_path() {
        for word in [
            "location.pathname",
            "f()",
            "a.b()",
            "e.g",
            "v1.2.3",
            "src/",
            "Node",
            "and/or",
            "data?.x.ts",
            "a.ts:7:3-5",
        ] {
            assert_eq!(path(word), None, "{word}");
        }
    }

    #[test]
    fn directories_end_in_a_slash_or_a_star() {
        assert_eq!(directory("src/"), Some("src".into()));
        assert_eq!(directory("src/x/**/*.ts"), Some("src/x".into()));
        assert_eq!(directory("src"), None);
        assert_eq!(directory("a * b"), None);
    }
}
