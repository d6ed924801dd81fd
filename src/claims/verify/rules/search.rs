//! A search whose result is told is run again.

use std::collections::BTreeSet;

use rayon::prelude::*;
use regex::{Regex, RegexBuilder};

use super::{Answer, Facts, Shelf, Verdict};
use crate::claims::locate::{Named, is_hidden, line_at};
use crate::claims::parse::{Expected, Search};
use crate::claims::sources::Version;
use crate::claims::verify::facts::Hit;
use crate::claims::verify::witness::Pointer;

/// Larger patterns are not compiled.
const MAX_PATTERN_BYTES: usize = 1 << 20;

pub(super) fn rule(facts: &Facts, shelf: &Shelf<'_>) -> Option<Answer> {
    let (search, result) =
        facts.reading.searches.iter().find_map(|search| Some((search, run(search, shelf)?)))?;
    let found: BTreeSet<&str> = result.iter().map(|hit| hit.path.as_str()).collect();
    let holds = match search.expected {
        Expected::Nothing => result.is_empty(),
        Expected::Files(count) => found.len() == count,
    };
    let count = match found.len() {
        0 => "nothing".to_owned(),
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    };
    Some(Answer {
        name: "search",
        verdict: if holds { Verdict::Holds } else { Verdict::Stale },
        reason: format!("The search for `{}` was run again and finds {count}.", search.pattern),
        pointer: result.first().map(Pointer::hit).or_else(|| {
            let path = facts.named().find_map(|place| place.now.clone().or_else(|| place.then.clone()))?;
            Some(Pointer::absence(&path))
        }),
    })
}

/// The first hit of every file; `None` where the search cannot be repeated.
fn run(search: &Search, shelf: &Shelf<'_>) -> Option<Vec<Hit>> {
    let pattern = if search.is_literal { regex::escape(&search.pattern) } else { search.pattern.clone() };
    let mut builder = RegexBuilder::new(&pattern);
    let pattern = builder.case_insensitive(search.ignores_case).size_limit(MAX_PATTERN_BYTES).build().ok()?;
    let tree = shelf.tree(Version::Now)?;
    let files = shelf.sources().files(Version::Now)?;
    let places: Vec<Where> =
        search.places.iter().map(|place| Where::new(place, &tree)).collect::<Option<_>>()?;
    let globs = places.iter().filter(|place| place.is_glob()).count();
    let wanted: Vec<&str> = files
        .paths()
        .filter(|path| {
            let in_any = |is_glob: bool| {
                places.iter().filter(|place| place.is_glob() == is_glob).any(|place| place.has(path))
            };
            let in_glob = globs == 0 || in_any(true);
            let in_place = globs == places.len() || in_any(false);
            !is_hidden(path) && in_glob && in_place
        })
        .collect();
    let hits = wanted.par_iter().filter_map(|path| {
        let text = shelf.text(Version::Now, path);
        let text = text.text()?.shown();
        let found = first(&pattern, &text)?;
        Some(Hit { path: (*path).to_owned(), line: line_at(&text, found) })
    });
    Some(hits.collect())
}

/// The byte of the first hit within a line.
fn first(pattern: &Regex, text: &str) -> Option<usize> {
    pattern.find(text).map(|found| found.start())
}

/// A place of a search.
enum Where {
    /// A file, or everything below a directory.
    Path(String),
    /// A glob.
    Glob(Regex),
}

impl Where {
    fn new(place: &str, tree: &crate::claims::locate::Tree) -> Option<Self> {
        let plain = place.trim_start_matches("./").trim_end_matches('/');
        if plain.contains(['*', '?', '{', '!']) {
            return glob(plain).map(Self::Glob);
        }
        match tree.named(plain) {
            Named::File(path) => Some(Self::Path(path)),
            Named::Ambiguous(_) => None,
            Named::Nothing => Some(Self::Path(plain.to_owned())),
        }
    }

    fn is_glob(&self) -> bool {
        matches!(self, Self::Glob(_))
    }

    fn has(&self, path: &str) -> bool {
        match self {
            Self::Path(place) => {
                path.strip_prefix(place.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            Self::Glob(glob) => glob.is_match(path),
        }
    }
}

/// A glob as a pattern over whole paths; `None` for what is not understood.
fn glob(glob: &str) -> Option<Regex> {
    if glob.starts_with('!') || glob.contains(['{', '[']) {
        return None;
    }
    let mut pattern = if glob.contains('/') { "^".to_owned() } else { "(?:^|/)".to_owned() };
    let mut rest = glob;
    while let Some(c) = rest.chars().next() {
        let (part, length) = match c {
            '*' if rest.starts_with("**/") => ("(?:.*/)?".to_owned(), 3),
            '*' if rest.starts_with("**") => (".*".to_owned(), 2),
            '*' => ("[^/]*".to_owned(), 1),
            '?' => ("[^/]".to_owned(), 1),
            _ => (regex::escape(&c.to_string()), c.len_utf8()),
        };
        pattern.push_str(&part);
        rest = &rest[length..];
    }
    Regex::new(&format!("{pattern}$")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_whole_paths() {
        let matches = |text: &str, path: &str| glob(text).unwrap().is_match(path);
        assert!(matches("src/**/*.test*", "src/a/b.test.ts") && matches("src/**/*.test*", "src/b.test.tsx"));
        assert!(matches("*.rs", "a/b.rs") && !matches("src/*.rs", "src/a/b.rs"));
        assert!(glob("!x").is_none() && glob("{a,b}").is_none());
    }
}
