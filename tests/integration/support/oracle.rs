//! What git itself says about a history, and the comparison with ours.

use std::collections::{BTreeMap, BTreeSet};

use taskproof::git::{Extraction, RangeRequest, commits, find_range, patch};
use taskproof::model::{Change, ChangeKind, Commit, Content, Hunk, Hunks, Lines, Patch, PatchHunk};
use taskproof::words::{Reader, WordSets};

use super::git::Git;

/// Letter, old path, path.
pub(crate) type Named = (char, Option<String>, String);

/// Reads `base..head` (or all of `head`) and compares everything with git.
pub(crate) fn agree(git: &Git, base: Option<&str>, head: &str) -> Vec<Commit> {
    let commits = read(git, base, head);
    let range = base.map_or_else(|| head.to_owned(), |base| format!("{base}..{head}"));
    let ours: BTreeSet<String> = commits.iter().map(|commit| commit.id.to_hex()).collect();
    let theirs: BTreeSet<String> = git.run(["rev-list", &range]).lines().map(str::to_owned).collect();
    assert_eq!(ours, theirs, "commits of {range}");
    for commit in &commits {
        agree_on(git, commit);
    }
    commits
}

/// Commits of a range that needs no guessing.
pub(crate) fn read(git: &Git, base: Option<&str>, head: &str) -> Vec<Commit> {
    let repo = git.open();
    let request = RangeRequest {
        base: base.map(str::to_owned),
        head: Some(head.to_owned()),
        ..RangeRequest::default()
    };
    let mut range = find_range(&repo, &request).expect("a range");
    if base.is_none() {
        range.base = None;
        range.hidden.clear();
    }
    let (commits, problems) = commits(&repo, &range, &Extraction::default()).expect("commits");
    assert_eq!(problems, Vec::<String>::new());
    commits
}

fn agree_on(git: &Git, commit: &Commit) {
    let id = &commit.id.to_hex();
    if commit.parents.len() > 1 {
        let ours: Vec<String> = commit.changes.iter().map(|change| change.path.clone()).collect();
        assert_eq!(ours, merge_names(git, id), "merge {id}");
        return;
    }
    let theirs = names(git, id);
    assert_eq!(named(&commit.changes), theirs.iter().cloned().collect(), "names of {id}");
    if theirs.iter().any(|(letter, ..)| *letter == 'T') {
        return; // Git prints two patches for one type change.
    }
    let sections = sections(&git.bytes(["show", "-U0", "-M", "-C", "--format=", "--no-color", id]));
    assert_eq!(sections.len(), theirs.len(), "patches of {id}");
    let theirs: BTreeMap<String, Patch> = theirs.into_iter().map(|(_, _, path)| path).zip(sections).collect();
    let patches = patch(&git.open(), &commit.id, None, &Extraction::default()).expect("a patch");
    assert_eq!(named(&patches), named(&commit.changes), "patch of {id}");
    for (change, shown) in commit.changes.iter().zip(&patches) {
        let Content::Text(edits) = &change.content else { continue };
        assert_eq!(shown.content.hunks(), theirs[&change.path], "hunks of {} in {id}", change.path);
        let hunks: Hunks = shown.content.hunks().iter().map(|hunk| hunk.at).collect();
        assert_eq!(edits.hunks, hunks, "hunks of {} in {id}", change.path);
        assert_eq!(edits.words, words(shown.content.hunks()), "words of {} in {id}", change.path);
    }
}

/// The words of what a patch shows.
fn words(hunks: &[PatchHunk]) -> WordSets {
    let mut sets = WordSets::default();
    for hunk in hunks {
        let texts = [&hunk.header, hunk.removed.as_terminated(), hunk.added.as_terminated()];
        sets.push(Reader::default().read(texts.map(str::as_bytes), None));
    }
    sets
}

/// Changes in git's letters.
pub(crate) fn named<Text>(changes: &[Change<Text>]) -> BTreeSet<Named> {
    let letter = |change: &Change<Text>| match change.kind {
        ChangeKind::Added => 'A',
        ChangeKind::Modified => 'M',
        ChangeKind::Deleted => 'D',
        ChangeKind::Renamed => 'R',
        ChangeKind::Copied => 'C',
        ChangeKind::TypeChanged => 'T',
    };
    changes.iter().map(|change| (letter(change), change.old_path.clone(), change.path.clone())).collect()
}

fn names(git: &Git, id: &str) -> Vec<Named> {
    let args = ["diff-tree", "--no-commit-id", "-r", "-z", "--name-status", "-M", "-C", "--root", id];
    parse_names(&git.bytes(args))
}

/// Reads `--name-status -z`.
pub(crate) fn parse_names(output: &[u8]) -> Vec<Named> {
    let mut fields = output.split(|byte| *byte == 0).filter(|field| !field.is_empty());
    let mut names = Vec::new();
    while let Some(status) = fields.next() {
        let letter = char::from(status[0]);
        let old = matches!(letter, 'R' | 'C').then(|| spelled(fields.next().expect("an old path")));
        names.push((letter, old, spelled(fields.next().expect("a path"))));
    }
    names
}

fn merge_names(git: &Git, id: &str) -> Vec<String> {
    let output = git.bytes(["diff-tree", "--no-commit-id", "--cc", "-z", "--name-only", id]);
    let mut names: Vec<String> =
        output.split(|byte| *byte == 0).filter(|field| !field.is_empty()).map(spelled).collect();
    names.sort();
    names
}

/// Octal escapes suffice for the paths of these tests.
pub(crate) fn spelled(path: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(path) {
        return text.to_owned();
    }
    let byte = |byte: &u8| {
        if byte.is_ascii() { char::from(*byte).to_string() } else { format!("\\{byte:03o}") }
    };
    format!("\"{}\"", path.iter().map(byte).collect::<String>())
}

/// The hunks of every file of a patch.
pub(crate) fn sections(patch: &[u8]) -> Vec<Patch> {
    let text = String::from_utf8_lossy(patch);
    let mut files: Vec<Vec<(Hunk, String, String, String)>> = Vec::new();
    let mut left = (0, 0);
    for line in text.split_inclusive('\n') {
        let line = line.strip_suffix('\n').unwrap_or(line);
        if left == (0, 0) && line.starts_with("diff --git ") {
            files.push(Vec::new());
        } else if left == (0, 0) && line.starts_with("@@ -") {
            let (hunk, header) = hunk(line);
            left = (hunk.old_lines, hunk.new_lines);
            files.last_mut().expect("a file").push((hunk, header, String::new(), String::new()));
        } else if let Some((_, _, removed, added)) = files.last_mut().and_then(|hunks| hunks.last_mut()) {
            if let Some(text) = line.strip_prefix('-').filter(|_| left.0 > 0) {
                left.0 -= 1;
                removed.extend([text.trim_end_matches('\r'), "\n"]);
            } else if let Some(text) = line.strip_prefix('+').filter(|_| left.1 > 0) {
                left.1 -= 1;
                added.extend([text.trim_end_matches('\r'), "\n"]);
            }
        }
    }
    let whole = |(at, header, removed, added): (Hunk, String, String, String)| PatchHunk {
        at,
        header,
        removed: Lines::from_terminated(removed),
        added: Lines::from_terminated(added),
    };
    files.into_iter().map(|hunks| hunks.into_iter().map(whole).collect()).collect()
}

fn hunk(line: &str) -> (Hunk, String) {
    let parts: Vec<&str> = line.splitn(3, "@@").collect();
    let mut sides = parts[1].split_whitespace().map(|side| {
        let (start, count) = side[1..].split_once(',').unwrap_or((&side[1..], "1"));
        (start.parse().expect("a line"), count.parse().expect("a count"))
    });
    let (old_start, old_lines) = sides.next().expect("the old side");
    let (new_start, new_lines) = sides.next().expect("the new side");
    let header = parts[2].trim().to_owned();
    (Hunk { old_start, old_lines, new_start, new_lines }, header)
}
