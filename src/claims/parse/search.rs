//! Searches that a reviewer ran and quotes with their result: `` `rg X src/` returned nothing ``.

use super::hints::{MAYBE_COMMAND, MAYBE_NO_OCCURRENCE};
use super::path;
use crate::pattern::Pattern;

/// A search, and what it is said to have found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// What was searched for.
    pub pattern: String,
    /// Whether the pattern is text and no regular expression.
    pub is_literal: bool,
    /// Whether case does not matter.
    pub ignores_case: bool,
    /// Paths, directories and globs that were searched; empty for everything.
    pub places: Vec<String>,
    /// What is said to have come back.
    pub expected: Expected,
}

/// The result of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Nothing.
    Nothing,
    /// So many files.
    Files(usize),
}

static COMMAND: Pattern = Pattern::new(r"(?:^|[\s`(])(?P<line>(?:rg|(?:git )?grep|ripgrep)\s[^\n]{1,400})");
static NOTHING: Pattern = Pattern::new(
    r"(?i)^\W{0,3}\s*(?:(?:search|command|now|and|it|which|still|scan|over the \w+|in the repo)\s+)*(?:returned|returns|return|found|finds|shows?|gives?|produced|yields?|is|was|came back)\s+(?:now\s+)?(?:empty|nothing|no\s+(?:results?|matches|hits|output|occurrences|references|usages?)|zero\s+(?:results|matches|hits)|0\s+(?:results|matches|hits))",
);
static FILES: Pattern = Pattern::new(
    r"(?i)^\W{0,3}\s*(?:returned|returns|found|finds|lists?|shows?)\s+exactly\s+(?P<count>\d{1,5})\s+files?\b",
);
static NO_OCCURRENCE: Pattern = Pattern::new(
    r#"(?i)\b(?:grep|rg|search|searching)\b[^.\n]{0,40}?\b(?:found|finds|shows|returned|returns)\s+(?:no|zero)\s+(?:occurrences?|matches|hits|references|usages?|results?)\s+(?:of|for|to)\s+['"`](?P<pattern>[^'"`\n]{2,120})['"`]\s+(?:in|within|under)\s+[`'"]?(?P<place>[\w@~.+/*-]+)"#,
);

/// The searches of a claim, which has these hints, whose result is told.
pub(super) fn searches(text: &str, likely: u32) -> Vec<Search> {
    let has = |hints: u32| likely & hints == hints;
    let mut found = Vec::new();
    if has(MAYBE_COMMAND) {
        let lines = COMMAND.find_all(text, "line").into_iter();
        found
            .extend(lines.filter_map(|line| command(&text[line.clone()], text[..line.start].ends_with('`'))));
    }
    if has(MAYBE_NO_OCCURRENCE) {
        let patterns = NO_OCCURRENCE.find_all(text, "pattern").into_iter();
        let places = NO_OCCURRENCE.find_all(text, "place");
        found.extend(patterns.zip(places).filter_map(|(pattern, place)| {
            let place = text[place].trim_end_matches(['.', ',']);
            let is_place = path::path(place).is_some() || path::directory(place).is_some();
            is_place.then(|| Search {
                pattern: text[pattern].to_owned(),
                is_literal: true,
                ignores_case: false,
                places: vec![place.to_owned()],
                expected: Expected::Nothing,
            })
        }));
    }
    found
}

/// A command line and the words after it.
fn command(line: &str, is_marked: bool) -> Option<Search> {
    // The command ends at a back-tick, or at the words that tell the result.
    for (end, _) in line.char_indices().filter(|&(_, c)| c == '`' || c == ' ').chain([(line.len(), ' ')]) {
        if let Some(expected) = expected(&line[end..]) {
            return arguments(line[..end].trim_end_matches(['`', ' ', ')']), is_marked, expected);
        }
    }
    None
}

fn expected(rest: &str) -> Option<Expected> {
    if NOTHING.is_match(rest) {
        return Some(Expected::Nothing);
    }
    let count = FILES.find_all(rest, "count").pop()?;
    rest[count].parse().ok().map(Expected::Files)
}

fn arguments(line: &str, is_marked: bool, expected: Expected) -> Option<Search> {
    // "The grep for those paths is empty" is a sentence and no command: its first word is no option and no quote.
    let first = line.trim_start_matches("git ").split_once(' ')?.1.trim_start();
    if !is_marked && !first.starts_with(['-', '\'', '"']) {
        return None;
    }
    let words = shlex::split(line)?;
    let mut search = Search {
        pattern: String::new(),
        is_literal: false,
        ignores_case: false,
        places: Vec::new(),
        expected,
    };
    let mut words =
        words.into_iter().skip_while(|word| matches!(word.as_str(), "git" | "grep" | "rg" | "ripgrep"));
    let mut plain = Vec::new();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-F" | "--fixed-strings" => search.is_literal = true,
            "-i" | "--ignore-case" => search.ignores_case = true,
            "-e" | "--regexp" => plain.insert(0, words.next()?),
            "-g" | "--glob" => search.places.push(words.next()?),
            "-t" | "--type" | "-A" | "-B" | "-C" | "-m" | "--include" => {
                let _its_value = words.next()?;
            }
            // Anything that turns the meaning round or leads on to another command is not understood.
            "-v" | "--invert-match" | "-L" | "--files-without-match" | "|" | "||" | "&&" => return None,
            _ if word.starts_with('-') && word.len() > 1 => {
                let is_short = !word.starts_with("--");
                search.ignores_case |= is_short && word.contains('i');
                search.is_literal |= is_short && word.contains('F');
            }
            _ => plain.push(word),
        }
    }
    let mut plain = plain.into_iter();
    search.pattern = plain.next().filter(|pattern| pattern.len() <= 300)?;
    search.places.extend(plain.filter(|place| place != "."));
    Some(search)
}

#[cfg(test)]
mod tests {
    use super::super::hints;
    use super::*;

    fn searches(text: &str) -> Vec<Search> {
        super::searches(text, hints::likely(text))
    }

    #[test]
    fn commands_with_their_result() {
        let found = searches(
            "`rg -n \"resolve-overlaps\" src/x/**/*.test* -S` returns no results, so it lacks tests.",
        );
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].pattern.as_str(), found[0].expected), ("resolve-overlaps", Expected::Nothing));
        assert_eq!(found[0].places, ["src/x/**/*.test*"]);

        let found = searches("rg 'from .*useSave' src/ --type ts -l returned exactly 13 files: 12 callers");
        assert_eq!((found[0].pattern.as_str(), found[0].expected), ("from .*useSave", Expected::Files(13)));

        let found = searches("Grep found no occurrences of 'initRef' in useEdit.ts. Fine");
        assert_eq!((found[0].pattern.as_str(), found[0].places[0].as_str()), ("initRef", "useEdit.ts"));
    }

    #[test]
    fn every_way_to_say_that_nothing_occurs_has_its_hints() {
        for lead in ["grep", "rg", "A search", "Searching"] {
            for verb in ["found", "finds", "shows", "returned", "returns"] {
                for nouns in [
                    "occurrence",
                    "occurrences",
                    "matches",
                    "hits",
                    "references",
                    "usage",
                    "usages",
                    "results",
                ] {
                    let text = format!("{lead} of it {verb} zero {nouns} of `initRef` in useEdit.ts.");
                    assert_eq!(searches(&text).len(), 1, "{text}");
                }
            }
        }
    }

    #[test]
    fn all_patterns_are_valid() {
        assert!([&COMMAND, &NOTHING, &FILES, &NO_OCCURRENCE].into_iter().all(Pattern::is_valid));
    }

    #[test]
    fn commands_without_a_result_and_turned_round_say_nothing() {
        for text in [
            "run `rg foo src/` first",
            "`rg -v foo src` returned nothing",
            "grep is a tool",
            "the grep for those paths is now empty",
            "`rg 'a` returned empty",
        ] {
            assert_eq!(searches(text), [], "{text}");
        }
    }
}
