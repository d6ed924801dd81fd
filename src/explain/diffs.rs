//! What git shows of the candidates' files.

use crate::model::{Attribution, Content, History, Hunk, Lines, Witness, WitnessDiff};

/// Lines of one side of a hunk that are kept: a generated file has more than anybody reads.
const LINES: usize = 200;
/// Characters of a line that are kept.
const CHARACTERS: usize = 1000;

/// The witnesses of every file of the task, files in their order, changes oldest first, with the hunks that speak
/// for it.
pub(super) fn diffs(attribution: &Attribution, history: &History) -> Vec<WitnessDiff> {
    let changed = history.changed_paths();
    let mut diffs = Vec::new();
    for file in attribution.files.iter().filter(|file| !file.witnesses.is_empty()) {
        for (commit, change) in changed.get(file.path.as_str()).into_iter().flatten() {
            let id = commit.map(|commit| &commit.id);
            let is_it = |witness: &&Witness| witness.commit.as_ref() == id && witness.blob == change.blob;
            let Some(witness) = file.witnesses.iter().find(is_it) else { continue };
            diffs.push(WitnessDiff {
                path: file.path.clone(),
                commit: commit.map(|commit| commit.id.clone()),
                subject: commit.map(|commit| commit.subject.clone()).unwrap_or_default(),
                time: commit.map(|commit| commit.author_time),
                kind: change.kind,
                content: clipped(&change.content, &witness.hunks),
            });
        }
    }
    diffs
}

fn clipped(content: &Content, wanted: &[(u32, u32)]) -> Content {
    let is_wanted = |hunk: &&Hunk| wanted.contains(&(hunk.new_start, hunk.new_lines));
    let hunk = |hunk: &Hunk| Hunk {
        removed: lines(&hunk.removed),
        added: lines(&hunk.added),
        header: line(&hunk.header),
        ..*hunk
    };
    match content {
        Content::Text(hunks) => Content::Text(hunks.iter().filter(is_wanted).map(hunk).collect()),
        other => other.clone(),
    }
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
