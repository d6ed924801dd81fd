//! Where a text names files, and in what manner: a mention is not a change.

use std::collections::HashMap;

use super::text::{is_identifier, tokens};
use crate::attribute::noise::base_name;

/// How exactly a text names a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exactness {
    /// A directory above it.
    Directory,
    /// Its base name without the extension, as an identifier.
    Stem,
    /// A base name that several files have.
    SharedName,
    /// Its base name, which no other file has.
    Name,
    /// Its path, or the end of it.
    Path,
}

/// What the clause around a mention says was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Manner {
    /// Looked at, run, or left alone.
    Read,
    /// Named, and nothing more.
    Named,
    /// Changed: the clause begins with a verb of change.
    Changed,
}

/// A place in a text that names a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mention {
    /// Index of the path.
    pub(super) path: usize,
    pub(super) exactness: Exactness,
    pub(super) manner: Manner,
    /// Where in the text, 0 at its beginning to 1 at its end.
    pub(super) position: f64,
}

/// Paths by the ways a text may name them.
#[derive(Debug, Default)]
pub(super) struct PathIndex {
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
    pub(super) fn new(paths: Vec<String>, aliases: &[(String, usize)]) -> Self {
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
    pub(super) fn mentions(&self, text: &str) -> Vec<Mention> {
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
pub(super) fn stem(name: &str) -> Option<&str> {
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

/// Sentences and their parts between semicolons and line breaks, with their offsets.
fn clauses(text: &str) -> Vec<(usize, &str)> {
    let mut clauses = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let is_sentence_end = matches!(byte, b'.' | b'!' | b'?' | b':')
            && bytes.get(at + 1).is_some_and(u8::is_ascii_whitespace);
        if is_sentence_end || matches!(byte, b';' | b'\n') {
            clauses.push((start, &text[start..at]));
            start = at + 1;
        }
    }
    clauses.push((start, &text[start..]));
    clauses
}

const READ: [&str; 26] = [
    "audit",
    "audited",
    "checked",
    "confirm",
    "confirmed",
    "confirms",
    "executed",
    "grep",
    "inspect",
    "inspected",
    "pass",
    "passed",
    "passes",
    "passing",
    "ran",
    "read",
    "reran",
    "rerun",
    "review",
    "reviewed",
    "run",
    "see",
    "validated",
    "verified",
    "verify",
    "verification",
];
const CHANGED: [&str; 62] = [
    "add",
    "added",
    "adding",
    "adjusted",
    "align",
    "aligned",
    "build",
    "built",
    "change",
    "changed",
    "convert",
    "converted",
    "create",
    "created",
    "define",
    "defined",
    "delete",
    "deleted",
    "document",
    "documented",
    "edit",
    "edited",
    "export",
    "exported",
    "expose",
    "exposed",
    "extend",
    "extended",
    "extract",
    "extracted",
    "fix",
    "fixed",
    "implement",
    "implemented",
    "introduce",
    "introduced",
    "migrate",
    "migrated",
    "modify",
    "modified",
    "move",
    "moved",
    "port",
    "ported",
    "refactor",
    "refactored",
    "remove",
    "removed",
    "rename",
    "renamed",
    "replace",
    "replaced",
    "rewrite",
    "rewrote",
    "split",
    "switched",
    "update",
    "updated",
    "wire",
    "wired",
    "write",
    "wrote",
];
const LEFT_ALONE: [&str; 13] = [
    "unchanged",
    "untouched",
    "not modif",
    "not chang",
    "not touch",
    "not edit",
    "no change",
    "no edit",
    "don't",
    "do not",
    "leave ",
    "without ",
    "never ",
];

/// What a clause says was done to what it names.
fn manner(clause: &str) -> Manner {
    let lower = clause.to_lowercase();
    if LEFT_ALONE.iter().any(|words| lower.contains(words)) {
        return Manner::Read;
    }
    for (_, word) in tokens(&lower) {
        if READ.contains(&word) {
            return Manner::Read;
        }
        if CHANGED.contains(&word) {
            return Manner::Changed;
        }
    }
    Manner::Named
}

/// Spans between backquotes that hold a command line.
fn quoted_commands(text: &str) -> Vec<(usize, usize)> {
    const PROGRAMS: [&str; 26] = [
        "bash", "bun", "bunx", "cargo", "cat", "cd", "cmp", "diff", "git", "go", "grep", "make", "mypy",
        "node", "npm", "npx", "pnpm", "pytest", "python", "python3", "rg", "ruff", "sed", "tsc", "uv",
        "yarn",
    ];
    let ticks: Vec<usize> = text.match_indices('`').map(|(at, _)| at).collect();
    let spans = ticks.windows(2).step_by(2).map(|pair| (pair[0] + 1, pair[1]));
    let is_command = |(from, to): &(usize, usize)| {
        let mut words = text[*from..*to].split_whitespace();
        let first = words.find(|word| !word.contains('='));
        first.is_some_and(|word| PROGRAMS.contains(&word)) && text[*from..*to].contains(' ')
    };
    spans.filter(is_command).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, Exactness, Manner)> {
        let paths = [
            "src/ui/board.ts",
            "src/core/board.ts",
            "src/lockFile.rs",
            "web/app/page.tsx",
            "web/app/nav.tsx",
        ];
        let index = PathIndex::new(paths.map(str::to_owned).to_vec(), &[("board/alias.ts".into(), 0)]);
        index.mentions(text).into_iter().map(|found| (found.path, found.exactness, found.manner)).collect()
    }

    #[test]
    fn files_are_named_in_several_ways() {
        use Exactness::*;
        use Manner::Named;
        assert_eq!(found("in src/ui/board.ts:12"), [(0, Path, Named)]);
        assert_eq!(found("in `ui/board.ts`"), [(0, Path, Named)]);
        assert_eq!(found("/home/x/repo/src/core/board.ts."), [(1, Path, Named)]);
        assert_eq!(found("the board.ts"), [(0, SharedName, Named), (1, SharedName, Named)]);
        assert_eq!(found("lockFile"), [(2, Stem, Named)]);
        assert_eq!(found("lockFile.rs"), [(2, Name, Named)]);
        assert_eq!(found("web/app/"), [(3, Directory, Named), (4, Directory, Named)]);
        assert_eq!(found("board/alias.ts"), [(0, Path, Named)]);
        assert_eq!(found("board, page, other/board.ts"), []);
    }

    #[test]
    fn the_clause_tells_the_manner() {
        let manner = |text: &str| found(text).last().map(|(_, _, manner)| *manner);
        assert_eq!(manner("Added a lock to src/lockFile.rs"), Some(Manner::Changed));
        assert_eq!(manner("Added a lock; verified with src/lockFile.rs"), Some(Manner::Read));
        assert_eq!(manner("Updated it. src/lockFile.rs stays unchanged"), Some(Manner::Read));
        assert_eq!(manner("Updated it, see `cargo test src/lockFile.rs`"), Some(Manner::Read));
        assert_eq!(manner("A lock in src/lockFile.rs"), Some(Manner::Named));
    }
}
