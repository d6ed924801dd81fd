//! What a text says was done to what it names.

use crate::words::tokens;

/// What the clause around a mention says was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::attribute::engine) enum Manner {
    /// Looked at, run, or left alone.
    Read,
    /// Named, and nothing more.
    Named,
    /// Changed: the clause begins with a verb of change.
    Changed,
}

/// Sentences and their parts between semicolons and line breaks, with their offsets.
pub(super) fn clauses(text: &str) -> Vec<(usize, &str)> {
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
pub(super) fn manner(clause: &str) -> Manner {
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
pub(super) fn quoted_commands(text: &str) -> Vec<(usize, usize)> {
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
