//! Paths by the ways a text may name them.

use hashbrown::HashMap;

use super::manner::{Manner, clauses, manner, quoted_commands};
use super::{Exactness, Mention};
use crate::attribute::noise::base_name;
use crate::words::is_identifier;

/// Paths by the ways a text may name them.
#[derive(Debug, Default)]
pub(in crate::attribute::engine) struct PathIndex {
    paths: Vec<String>,
    by_path: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    by_stem: HashMap<String, Vec<usize>>,
    by_directory: HashMap<String, Vec<usize>>,
}

/// A name that so many files have, or a directory of so many, tells nothing.
const MOST_NAMESAKES: usize = 12;
/// Stems that mean something else in prose, or are too common to name a file.
const COMMON_STEMS: [&str; 28] = [
    "index",
    "main",
    "mod",
    "lib",
    "utils",
    "util",
    "types",
    "test",
    "tests",
    "config",
    "common",
    "helpers",
    "constants",
    "setup",
    "init",
    "package",
    "readme",
    "changelog",
    "license",
    "build",
    "style",
    "styles",
    "app",
    "base",
    "core",
    "page",
    "server",
    "client",
];

impl PathIndex {
    /// Indexes repository paths. `aliases` are other spellings of them, such as those from the project's root.
    pub(in crate::attribute::engine) fn new(paths: Vec<String>, aliases: &[(String, usize)]) -> Self {
        let mut index = Self::default();
        for (at, path) in paths.iter().enumerate() {
            let name = base_name(path).to_lowercase();
            if let Some(stem) = stem(&name) {
                index.by_stem.entry(stem.to_owned()).or_default().push(at);
            }
            index.by_name.entry(name).or_default().push(at);
            index.by_path.insert(path.clone(), at);
            for (slash, _) in path.match_indices('/') {
                index.by_directory.entry(path[..slash].to_owned()).or_default().push(at);
            }
        }
        for (alias, at) in aliases {
            index.by_path.entry(alias.clone()).or_insert(*at);
        }
        index.paths = paths;
        index
    }

    /// The files that a text names, in its order.
    pub(in crate::attribute::engine) fn mentions(&self, text: &str) -> Vec<Mention> {
        let mut found = Vec::new();
        let commands = quoted_commands(text);
        for (start, clause) in clauses(text) {
            let manner = manner(clause);
            for (offset, word) in path_words(clause) {
                let at = start + offset;
                let before = commands.partition_point(|(from, _)| *from <= at);
                let is_quoted = before.checked_sub(1).is_some_and(|last| at < commands[last].1);
                let manner = if is_quoted { Manner::Read } else { manner };
                #[expect(clippy::cast_precision_loss, reason = "offsets in a text")]
                let position = at as f64 / text.len().max(1) as f64;
                self.resolve(word, |path, exactness| {
                    found.push(Mention { path, exactness, manner, position });
                });
            }
        }
        found
    }

    /// Calls `found` for every file that one word may name.
    fn resolve(&self, word: &str, mut found: impl FnMut(usize, Exactness)) {
        let word = word.trim_start_matches("./");
        if let Some(at) = self.by_path.get(word) {
            return found(*at, Exactness::Path);
        }
        let directory = word.trim_end_matches('/');
        if word.contains('/')
            && let Some(below) = self.by_directory.get(directory)
            && below.len() <= MOST_NAMESAKES
        {
            return below.iter().for_each(|at| found(*at, Exactness::Directory));
        }
        let name = base_name(word).to_lowercase();
        if let Some(namesakes) = self.by_name.get(&name).filter(|_| name.contains('.')) {
            return self.namesakes(word, namesakes, found);
        }
        let is_telling = is_identifier(word) || word.len() > 7;
        if is_telling
            && let Some(namesakes) = self.by_stem.get(&word.to_lowercase())
            && namesakes.len() <= 3
        {
            for at in namesakes {
                found(*at, Exactness::Stem);
            }
        }
    }

    fn namesakes(&self, word: &str, namesakes: &[usize], mut found: impl FnMut(usize, Exactness)) {
        if word.contains('/') {
            // A longer spelling than the repository's, or the end of one.
            let agree = |at: &&usize| {
                let path = self.paths[**at].as_str();
                is_suffix(path, word) || is_suffix(word, path)
            };
            return namesakes.iter().filter(agree).for_each(|at| found(*at, Exactness::Path));
        }
        let exactness = if namesakes.len() == 1 { Exactness::Name } else { Exactness::SharedName };
        if namesakes.len() <= MOST_NAMESAKES {
            for at in namesakes {
                found(*at, exactness);
            }
        }
    }
}

/// Whether `path` ends with the whole components of `end`.
fn is_suffix(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// A base name up to its first dot, if it can name the file by itself.
fn stem(name: &str) -> Option<&str> {
    let stem = name.trim_start_matches('.').split('.').next().unwrap_or(name);
    (stem.len() > 4 && !COMMON_STEMS.contains(&stem)).then_some(stem)
}

/// Words that may be paths or names, with their offsets.
fn path_words(clause: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@' | '[' | ']' | '+');
    let mut offset = 0;
    std::iter::from_fn(move || {
        let start = offset + clause[offset..].find(is_part)?;
        let end = clause[start..].find(|c| !is_part(c)).map_or(clause.len(), |length| start + length);
        offset = end;
        let word = clause[start..end].trim_start_matches('[').trim_end_matches(['.', ']', '-']);
        Some((start, word))
    })
    .filter(|(_, word)| word.len() > 2)
}
