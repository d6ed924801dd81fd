//! Paths as reviewers write them: `src/a.ts:12-18,40`, `A.tsx`, `/Users/x/app/src/a.ts#L4`, `a.ts (lines 3-9)`.

use std::sync::LazyLock;

use regex::Regex;

/// A path with the lines that are named with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpelledPath {
    /// As spelled, without lines.
    pub path: String,
    /// First and last line, one-based, in order of mention.
    pub lines: Vec<(u32, u32)>,
}

/// Endings by which a word without a slash is taken for a file. Others need a slash.
const ENDINGS: &str = "astro bash bat bzl c cc cfg cjs clj cmake conf cpp cs css cts cxx dart ejs env erb ex exs fish \
    go gql gradle graphql groovy h hbs hcl hh hpp hs htm html ini ipynb java jl js json json5 jsonc jsonl jsx kt kts \
    less lock log lua m md mdx mjs mk ml mm mts nix php pl plist prisma properties proto ps1 py pyi pyx r rb rs rst \
    sass scala scss sh sol sql srt svelte svg swift tcl tex tf toml ts tsx txt vim vue xml yaml yml zig zsh";

/// A path with at least one slash or a known ending, then its lines in one of the usual spellings.
static PATH: LazyLock<Regex> = LazyLock::new(|| {
    let path = r"(?P<path>[\w@~.+$/\\\[\]()\-]+)";
    let lines = r"(?P<lines>(?::|#L|#)\d+(?:[-–]L?\d+)?(?::\d+)?(?:,\s?L?\d+(?:[-–]L?\d+)?)*)?";
    Regex::new(&format!("^(?:file://)?(?:[ab]/)?{path}{lines}$")).expect("a valid pattern")
});

static NUMBERS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\d+)(?:[-–]L?(\d+))?").expect("a valid pattern"));

/// The path that a whole word, link or code spells; `None` if it is none.
pub(super) fn path(word: &str) -> Option<SpelledPath> {
    // Every path has an ending, and most words have not.
    if word.len() > 400 || !word.contains('.') {
        return None;
    }
    let found = PATH.captures(word)?;
    let path = found["path"].trim_end_matches(['.', '/']);
    let lines = found.name("lines").map_or_else(Vec::new, |lines| line_ranges(lines.as_str()));
    looks_like_path(path, !lines.is_empty()).then(|| SpelledPath { path: path.to_owned(), lines })
}

/// The ranges in `12-18,40`.
pub(super) fn line_ranges(text: &str) -> Vec<(u32, u32)> {
    let ranges = NUMBERS.captures_iter(text).filter_map(|found| {
        let first: u32 = found[1].parse().ok()?;
        let last = found.get(2).and_then(|last| last.as_str().parse().ok()).unwrap_or(first);
        (first > 0 && last >= first).then_some((first, last))
    });
    ranges.collect()
}

fn looks_like_path(path: &str, has_lines: bool) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    let has_directory = path.len() > name.len();
    let is_short = (1..=8).contains(&ending.len()) && ending.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_known = ENDINGS.split_ascii_whitespace().any(|known| known == ending);
    let is_call = path.contains("()") || path.contains("?.");
    let has_stem = !stem.is_empty() || has_directory || name.len() > 3;
    !is_call && has_stem && is_short && (is_known || has_directory || has_lines)
}

/// The directory or pattern that code names: `src/`, `src/**`, `supabase/functions/x/*`.
pub(super) fn directory(word: &str) -> Option<String> {
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
            ("../../etc/passwd.d/x.conf", "../../etc/passwd.d/x.conf", vec![]),
        ] {
            let found = path(word).unwrap_or_else(|| panic!("{word}"));
            assert_eq!(found.path, path_, "{word}");
            assert_eq!(found.lines.first(), lines.first(), "{word}");
        }
    }

    #[test]
    fn code_is_no_path() {
        for word in
            ["location.pathname", "f()", "a.b()", "e.g", "v1.2.3", "src/", "Node", "and/or", "data?.x.ts"]
        {
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
