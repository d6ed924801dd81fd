//! One pass over a whole tree for every literal that has no place.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use rayon::prelude::*;

use super::needle::Needle;
use super::text::Text;
use super::tree::{is_hidden, is_prose};
use crate::claims::parse::Form;
use crate::claims::sources::{Content, Listed, Sources, Version};

/// Shortest text that a tree is searched for: what is shorter is everywhere.
const MIN_LENGTH: usize = 4;
/// How many files with a literal are named.
const MAX_FILES: usize = 40;

/// The files that have a literal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    /// The first of them by path, each with its lines.
    pub files: Vec<(String, Vec<u32>)>,
    /// How many there are.
    pub count: usize,
}

/// Searches every file of a version for every literal. Hidden directories and texts for people do not count: there
/// plans, reviews and notes speak of code. A literal that is too short to be searched for is not in the answer.
pub fn sweep(
    literals: &[(String, Form)],
    files: &[Listed],
    version: Version<'_>,
    sources: &dyn Sources,
) -> HashMap<(String, Form), Hits> {
    let wanted: Vec<(&(String, Form), &str)> =
        literals.iter().filter_map(|literal| Some((literal, seed(literal)?))).collect();
    let seeds = wanted.iter().map(|(_, seed)| seed);
    let built = AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(seeds);
    let Some(automaton) = built.ok().filter(|_| !wanted.is_empty()) else { return HashMap::new() };
    let needles: Vec<Needle> = wanted.iter().map(|((text, form), _)| Needle::new(text, *form)).collect();
    let code = files.par_iter().filter(|file| !is_hidden(&file.path) && !is_prose(&file.path));
    let mut found: Vec<(usize, String, Vec<u32>)> = code
        .map_init(
            || vec![false; needles.len()],
            |is_seen, file| match sources.text(version, &file.path) {
                Content::Text(text) => in_file(&Text::new(&file.path, text), &automaton, &needles, is_seen)
                    .into_iter()
                    .map(|(at, lines)| (at, file.path.clone(), lines))
                    .collect(),
                Content::Absent | Content::Unknown => Vec::new(),
            },
        )
        .flatten_iter()
        .collect();
    found.sort();
    let mut hits: HashMap<(String, Form), Hits> =
        wanted.iter().map(|(literal, _)| ((*literal).clone(), Hits::default())).collect();
    for (at, path, lines) in found {
        let Some(hit) = hits.get_mut(wanted[at].0) else { continue };
        hit.count += 1;
        if hit.files.len() < MAX_FILES {
            hit.files.push((path, lines));
        }
    }
    hits
}

/// What every spelling of a literal has in it: a name as it is, and of code its longest word.
fn seed((text, form): &(String, Form)) -> Option<&str> {
    let seed = match form {
        Form::Identifier | Form::Word => text.as_str(),
        Form::Code | Form::Prose => {
            let words = text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$');
            words.max_by_key(|word| word.len())?
        }
    };
    (seed.len() >= MIN_LENGTH).then_some(seed)
}

/// The literals that a text has, each with its lines. `is_seen` has a place for each, false before and after.
fn in_file(
    text: &Text,
    automaton: &AhoCorasick,
    needles: &[Needle],
    is_seen: &mut [bool],
) -> Vec<(usize, Vec<u32>)> {
    let mut seen: Vec<usize> = Vec::new();
    for hit in automaton.find_overlapping_iter(text.raw()) {
        let at = hit.pattern().as_usize();
        if !std::mem::replace(&mut is_seen[at], true) {
            seen.push(at);
        }
    }
    for &at in &seen {
        is_seen[at] = false;
    }
    let found = seen.into_iter().map(|at| (at, needles[at].lines(text)));
    found.filter(|(_, lines)| !lines.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::testing::Files;

    #[test]
    fn every_literal_is_found_in_code_only() {
        let files = Files::default().commit(&[
            ("a.ts", "overlap_one();\noverlap();\n"),
            ("b.ts", "x\noverlap_one()\n"),
            (".plans/review.json", "overlap"),
            ("notes.md", "overlap"),
        ]);
        let literals: Vec<_> = ["overlap", "overlap_one", "nowhere_at_all", "abc"]
            .map(|text| (text.to_owned(), Form::Identifier))
            .into();
        let listed = files.files(Version::Now).unwrap();
        let found = sweep(&literals, &listed, Version::Now, &files);
        let lines = |at: usize| found.get(&literals[at]).map(|hits| hits.files.clone());
        assert_eq!(lines(0), Some(vec![("a.ts".into(), vec![2])]));
        assert_eq!(lines(1), Some(vec![("a.ts".into(), vec![1]), ("b.ts".into(), vec![2])]));
        assert_eq!(lines(2), Some(Vec::new()));
        // Too short to be searched for, so nothing is said of it.
        assert_eq!(lines(3), None);
    }
}
