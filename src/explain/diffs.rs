//! What git shows of the candidates' files.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Attribution, Change, Commit, Content, History, Lines, Oid, Patch, PatchHunk, Witness, WitnessDiff,
};

/// Lines of one side of a hunk that are kept: a generated file has more than anybody reads.
const LINES: usize = 200;
/// Characters of a line that are kept.
const CHARACTERS: usize = 1000;

/// Where the lines of changes are: a history does not keep them.
pub trait Patches {
    /// What a commit did to these paths, or what is not committed of them (`None`). What cannot be read is left out.
    fn patch(&self, commit: Option<&Oid>, paths: &BTreeSet<&str>) -> Vec<Change<Patch>>;
}

/// A change of a candidate that speaks for it.
struct Seen<'a> {
    path: &'a str,
    commit: Option<&'a Commit>,
    change: &'a Change,
    witness: &'a Witness,
}

/// The witnesses of every file of the task, files in their order, changes oldest first, with the hunks that speak
/// for it.
pub(super) fn diffs(attribution: &Attribution, history: &History, patches: &dyn Patches) -> Vec<WitnessDiff> {
    let seen = seen(attribution, history);
    let mut wanted: BTreeMap<Option<&Oid>, BTreeSet<&str>> = BTreeMap::new();
    for one in &seen {
        wanted.entry(one.commit.map(|commit| &commit.id)).or_default().insert(&one.change.path);
    }
    let lines: BTreeMap<Option<&Oid>, Vec<Change<Patch>>> =
        wanted.iter().map(|(commit, paths)| (*commit, patches.patch(*commit, paths))).collect();
    let shown = |one: Seen<'_>| WitnessDiff {
        path: one.path.to_owned(),
        commit: one.commit.map(|commit| commit.id.clone()),
        subject: one.commit.map(|commit| commit.subject.clone()).unwrap_or_default(),
        time: one.commit.map(|commit| commit.author_time),
        kind: one.change.kind,
        content: content(&one, &lines),
    };
    seen.into_iter().map(shown).collect()
}

fn seen<'a>(attribution: &'a Attribution, history: &'a History) -> Vec<Seen<'a>> {
    let changed = history.changed_paths();
    let mut seen = Vec::new();
    for file in attribution.files.iter().filter(|file| !file.witnesses.is_empty()) {
        for &(commit, change) in changed.get(file.path.as_str()).into_iter().flatten() {
            let id = commit.map(|commit| &commit.id);
            let is_it = |witness: &&Witness| witness.commit.as_ref() == id && witness.blob == change.blob;
            let witness = file.witnesses.iter().find(is_it);
            seen.extend(witness.map(|witness| Seen { path: &file.path, commit, change, witness }));
        }
    }
    seen
}

/// The lines of a change, as far as they are there.
fn content(seen: &Seen<'_>, lines: &BTreeMap<Option<&Oid>, Vec<Change<Patch>>>) -> Content<Patch> {
    let Content::Text(_) = seen.change.content else {
        return seen.change.content.clone().map(|_| Vec::new());
    };
    let commit = seen.commit.map(|commit| &commit.id);
    let all = lines.get(&commit).into_iter().flatten();
    let found = all.filter(|change| change.path == seen.change.path).map(|change| &change.content).next();
    match found {
        Some(Content::Text(hunks)) => Content::Text(clipped(hunks, &seen.witness.hunks)),
        _ => Content::Missing,
    }
}

fn clipped(hunks: &[PatchHunk], wanted: &[(u32, u32)]) -> Patch {
    let is_wanted = |hunk: &&PatchHunk| wanted.contains(&(hunk.at.new_start, hunk.at.new_lines));
    let hunk = |hunk: &PatchHunk| PatchHunk {
        at: hunk.at,
        removed: lines(&hunk.removed),
        added: lines(&hunk.added),
        header: line(&hunk.header),
    };
    hunks.iter().filter(is_wanted).map(hunk).collect()
}

fn lines(lines: &Lines) -> Lines {
    lines.iter().take(LINES).map(line).collect()
}

fn line(text: &str) -> String {
    match text.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
