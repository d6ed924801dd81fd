//! What git shows of the candidates' files.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Attribution, Change, Commit, Content, FileCandidate, History, Lines, Oid, Patch, PatchHunk, Witness,
    WitnessDiff,
};

/// What is kept of a hunk: a generated file has more than anybody reads.
pub(super) struct Clip {
    /// Lines of one side.
    pub(super) lines: usize,
    /// Characters of a line.
    pub(super) characters: usize,
}

/// One task has room for more than a whole plan.
const CLIP: Clip = Clip { lines: 200, characters: 1000 };

/// Where the lines of changes are: a history does not keep them.
pub trait Patches {
    /// What a commit did to these paths, or what is not committed of them (`None`). What cannot be read is left out.
    fn patch(&self, commit: Option<&Oid>, paths: &BTreeSet<&str>) -> Vec<Change<Patch>>;
}

/// A change of a candidate that speaks for it.
pub(super) struct Seen<'a> {
    pub(super) path: &'a str,
    pub(super) commit: Option<&'a Commit>,
    pub(super) change: &'a Change,
    pub(super) witness: &'a Witness,
}

impl Seen<'_> {
    /// The commit's id.
    pub(super) fn id(&self) -> Option<&Oid> {
        self.commit.map(|commit| &commit.id)
    }
}

/// Changes by path, as a history tells them.
pub(super) type ByPath<'a> = BTreeMap<&'a str, Vec<(Option<&'a Commit>, &'a Change)>>;

/// The witnesses of every file of the task, files in their order, changes oldest first, with the hunks that speak
/// for it.
pub(super) fn diffs(attribution: &Attribution, history: &History, patches: &dyn Patches) -> Vec<WitnessDiff> {
    let changed = history.changed_paths();
    let files = attribution.files.iter();
    let seen: Vec<Seen<'_>> = files.flat_map(|file| seen(file, &changed)).collect();
    let lines = fetch(&seen, patches);
    seen.iter().map(|one| shown(one, content(one, &lines, &one.witness.hunks, &CLIP))).collect()
}

/// The changes of a file that speak for it.
pub(super) fn seen<'a>(file: &'a FileCandidate, changed: &ByPath<'a>) -> Vec<Seen<'a>> {
    let mut seen = Vec::new();
    if file.witnesses.is_empty() {
        return seen;
    }
    for &(commit, change) in changed.get(file.path.as_str()).into_iter().flatten() {
        let id = commit.map(|commit| &commit.id);
        let is_it = |witness: &&Witness| witness.commit.as_ref() == id && witness.blob == change.blob;
        let witness = file.witnesses.iter().find(is_it);
        seen.extend(witness.map(|witness| Seen { path: &file.path, commit, change, witness }));
    }
    seen
}

/// What was read of commits.
pub(super) type Fetched<'a> = BTreeMap<Option<&'a Oid>, Vec<Change<Patch>>>;

/// Reads each commit once.
pub(super) fn fetch<'a>(seen: &'a [Seen<'_>], patches: &dyn Patches) -> Fetched<'a> {
    let mut wanted: BTreeMap<Option<&Oid>, BTreeSet<&str>> = BTreeMap::new();
    for one in seen {
        wanted.entry(one.id()).or_default().insert(&one.change.path);
    }
    wanted.iter().map(|(commit, paths)| (*commit, patches.patch(*commit, paths))).collect()
}

/// A change with what is shown of its lines.
pub(super) fn shown(one: &Seen<'_>, content: Content<Patch>) -> WitnessDiff {
    WitnessDiff {
        path: one.path.to_owned(),
        commit: one.id().copied(),
        subject: one.commit.map(|commit| commit.subject.clone()).unwrap_or_default(),
        time: one.commit.map(|commit| commit.author_time),
        kind: one.change.kind,
        content,
    }
}

/// The lines of a change, as far as they are there: of the hunks that are wanted, as `[first line, lines]` of the new
/// side.
pub(super) fn content(
    seen: &Seen<'_>,
    lines: &Fetched<'_>,
    wanted: &[(u32, u32)],
    clip: &Clip,
) -> Content<Patch> {
    let Content::Text(_) = seen.change.content else {
        return seen.change.content.clone().map(|_| Vec::new());
    };
    let all = lines.get(&seen.id()).into_iter().flatten();
    let found = all.filter(|change| change.path == seen.change.path).map(|change| &change.content).next();
    match found {
        Some(Content::Text(hunks)) => Content::Text(clip.hunks(hunks, wanted)),
        _ => Content::Missing,
    }
}

impl Clip {
    fn hunks(&self, hunks: &[PatchHunk], wanted: &[(u32, u32)]) -> Patch {
        let is_wanted = |hunk: &&PatchHunk| wanted.contains(&(hunk.at.new_start, hunk.at.new_lines));
        let hunk = |hunk: &PatchHunk| PatchHunk {
            at: hunk.at,
            removed: self.side(&hunk.removed),
            added: self.side(&hunk.added),
            header: self.line(&hunk.header),
        };
        hunks.iter().filter(is_wanted).map(hunk).collect()
    }

    fn side(&self, lines: &Lines) -> Lines {
        lines.iter().take(self.lines).map(|text| self.line(text)).collect()
    }

    fn line(&self, text: &str) -> String {
        match text.char_indices().nth(self.characters) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        }
    }
}
