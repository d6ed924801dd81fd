//! One pass over a whole tree for every literal that has no place.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use rayon::prelude::*;

use super::names::{Names, is_name};
use super::needle::{MAX_HITS, Needle};
use super::text::Text;
use super::tree::{is_hidden, is_prose};
use crate::claims::parse::Form;
use crate::claims::sources::{Content, Sources, Version};
use crate::model::Listing;

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

/// A literal in a file: the number of each, and the lines.
type Found = (usize, usize, Vec<u32>);

/// Searches every file of a version for every literal. Hidden directories and texts for people do not count: there
/// plans, reviews and notes speak of code. A literal that is too short to be searched for is not in the answer.
pub fn sweep(
    literals: &[(String, Form)],
    files: &Listing,
    version: Version<'_>,
    sources: &dyn Sources,
) -> HashMap<(String, Form), Hits> {
    let wanted: Vec<(&(String, Form), &str)> =
        literals.iter().filter_map(|literal| Some((literal, seed(literal)?))).collect();
    let Some(search) = Search::new(&wanted).filter(|_| !wanted.is_empty()) else { return HashMap::new() };
    let paths = (0..files.len()).into_par_iter().map(|number| (number, files.path(number)));
    let code = paths.filter(|(_, path)| !is_hidden(path) && !is_prose(path));
    let mut found: Vec<Found> = code
        .map_init(
            || vec![false; wanted.len()],
            |is_seen, (number, path)| match sources.text(version, path) {
                Content::Text(text) => search.file(number, &search.as_quoted(Text::new(path, text)), is_seen),
                Content::Absent | Content::Unknown => Vec::new(),
            },
        )
        .flatten_iter()
        .collect();
    // By literal and then by path.
    found.sort_by_key(|&(literal, file, _)| (literal, file));
    let mut hits: HashMap<(String, Form), Hits> =
        wanted.iter().map(|(literal, _)| ((*literal).clone(), Hits::default())).collect();
    for of_one in found.chunk_by_mut(|a, b| a.0 == b.0) {
        let Some(hit) = hits.get_mut(wanted[of_one[0].0].0) else { continue };
        hit.count = of_one.len();
        let named = of_one.iter_mut().take(MAX_FILES);
        hit.files =
            named.map(|(_, file, lines)| (files.path(*file).to_owned(), std::mem::take(lines))).collect();
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

/// All literals, prepared for one pass over a text: names are looked up as a text is cut into names, and for
/// everything else one automaton tells which files are worth a search of their own.
struct Search<'a> {
    names: Names<'a>,
    seeds: Option<AhoCorasick>,
    /// What each pattern of the automaton belongs to: the number of a literal, and its search.
    needles: Vec<(usize, Needle<'a>)>,
    /// Whether any literal has what is shown in the place of bytes that are no text.
    has_replaced: bool,
}

impl<'a> Search<'a> {
    fn new(wanted: &[(&'a (String, Form), &'a str)]) -> Option<Self> {
        let is_plain =
            |(text, form): &(String, Form)| matches!(form, Form::Identifier | Form::Word) && is_name(text);
        let numbered = || wanted.iter().enumerate();
        let plain = numbered().filter(|(_, (literal, _))| is_plain(literal));
        let others: Vec<_> = numbered().filter(|(_, (literal, _))| !is_plain(literal)).collect();
        let seeds = match others.is_empty() {
            true => None,
            false => {
                let seeds = others.iter().map(|(_, (_, seed))| seed);
                let builder = AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(seeds);
                Some(builder.ok()?)
            }
        };
        let needle =
            |(at, ((text, form), _)): (usize, &(&'a (String, Form), &str))| (at, Needle::new(text, *form));
        Some(Self {
            names: Names::new(plain.map(|(at, (literal, _))| (at, literal.0.as_str()))),
            seeds,
            needles: others.into_iter().map(needle).collect(),
            has_replaced: wanted.iter().any(|((text, _), _)| text.contains(char::REPLACEMENT_CHARACTER)),
        })
    }

    /// A text as the literals quote it.
    fn as_quoted(&self, text: Text) -> Text {
        self.has_replaced.then(|| text.replaced()).flatten().unwrap_or(text)
    }

    /// The literals that a file has. `is_seen` has a place for each, false before and after.
    fn file(&self, file: usize, text: &Text, is_seen: &mut [bool]) -> Vec<Found> {
        let mut found = self.named(file, text);
        let Some(seeds) = &self.seeds else { return found };
        let mut seen: Vec<usize> = Vec::new();
        for hit in seeds.find_overlapping_iter(text.raw()) {
            let at = hit.pattern().as_usize();
            if !std::mem::replace(&mut is_seen[at], true) {
                seen.push(at);
            }
        }
        for &at in &seen {
            is_seen[at] = false;
        }
        let searched = seen.into_iter().map(|at| (self.needles[at].0, file, self.needles[at].1.lines(text)));
        found.extend(searched.filter(|(_, _, lines)| !lines.is_empty()));
        found
    }

    /// The names that a file has outside comments, each with its first lines.
    fn named(&self, file: usize, text: &Text) -> Vec<Found> {
        let mut hits = self.names.find(text.raw());
        if hits.is_empty() {
            return Vec::new();
        }
        // A comment starts and ends at no name, so what is blanked is blanked from its first byte.
        let code = text.code();
        hits.retain(|&(_, at)| code[at] != b' ');
        hits.sort_unstable();
        let of_one = hits.chunk_by(|a, b| a.0 == b.0);
        of_one
            .map(|hits| {
                let mut lines = text.lines_at(hits.iter().take(MAX_HITS).map(|&(_, at)| at));
                lines.dedup();
                (hits[0].0, file, lines)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::testing::Files;
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn every_literal_is_found_as_by_itself(
            text in "([a$.(\"'/*# \n]|name|namely|é|import |from |require){0,60}",
            path in "a\\.(ts|py|sql|json)",
        ) {
            let literals: Vec<_> = [
                ("name", Form::Identifier),
                ("name", Form::Word),
                ("namely", Form::Identifier),
                ("$name", Form::Identifier),
                ("name.name", Form::Identifier),
                ("name(name", Form::Code),
            ]
            .map(|(text, form)| (text.to_owned(), form))
            .into();
            let files = Files::default().commit(&[(&path, &text)]);
            let found = sweep(&literals, &files.files(Version::Now).unwrap(), Version::Now, &files);
            for literal in &literals {
                let lines = Needle::new(&literal.0, literal.1).lines(&Text::new(&path, text.as_str().into()));
                let expected = if lines.is_empty() { Vec::new() } else { vec![(path.clone(), lines)] };
                prop_assert_eq!(&found[literal].files, &expected, "{:?}", literal);
            }
        }
    }
}
