//! A history in which some work never happened.

use std::collections::BTreeSet;

use crate::model::{Change, ChangeKind, Commit, History, Reach, TaskId};

/// The history without the work on `own` paths.
///
/// A commit that touches one of them and none of `others` goes as a whole: the rest of it was the same work.
/// Commits of both lose the changes of `own` paths. What the lost changes created does not exist.
pub(super) fn without(history: &History, own: &BTreeSet<String>, others: &BTreeSet<String>) -> History {
    let mut gone = BTreeSet::new();
    let mut commits = Vec::new();
    for commit in &history.commits {
        let touches = |paths: &BTreeSet<String>| commit.changes.iter().any(|change| is_of(change, paths));
        if !touches(own) {
            commits.push(commit.clone());
            continue;
        }
        let is_lost = |change: &&Change| !touches(others) || is_of(change, own);
        gone.extend(commit.changes.iter().filter(is_lost).filter_map(created));
        if touches(others) {
            commits.push(Commit { changes: rest(&commit.changes, own), ..commit.clone() });
        }
    }
    gone.extend(history.uncommitted.iter().filter(|change| is_of(change, own)).filter_map(created));
    let existing = history.reach.existing.iter().filter(|path| !gone.contains(path.as_str()));
    History {
        uncommitted: rest(&history.uncommitted, own),
        reach: Reach {
            existing: existing.cloned().collect(),
            foreign: history.reach.foreign.clone(),
            ignored: history.reach.ignored.clone(),
        },
        commits,
        base: history.base.clone(),
        base_source: history.base_source,
        head: history.head.clone(),
        worktree: history.worktree,
        reason: history.reason.clone(),
    }
}

/// Whether a commit message speaks of a task: then what the commit does is not nobody's.
pub(super) fn is_named(task: &TaskId, history: &History) -> bool {
    let is_id = |word: &str| word.eq_ignore_ascii_case(&task.0);
    let speaks = |text: &str| {
        // Ids with dashes and dots in them, and ids that stand beside these.
        text.split(|c: char| !c.is_alphanumeric()).any(is_id)
            || text.split(|c: char| !c.is_alphanumeric() && !"-_.".contains(c)).any(is_id)
    };
    history.commits.iter().any(|commit| speaks(&commit.subject) || speaks(&commit.body))
}

fn is_of(change: &Change, paths: &BTreeSet<String>) -> bool {
    paths.contains(&change.path) || change.old_path.as_ref().is_some_and(|old| paths.contains(old))
}

fn created(change: &Change) -> Option<&str> {
    let is_new = matches!(change.kind, ChangeKind::Added | ChangeKind::Renamed | ChangeKind::Copied);
    is_new.then_some(change.path.as_str())
}

fn rest(changes: &[Change], own: &BTreeSet<String>) -> Vec<Change> {
    changes.iter().filter(|change| !is_of(change, own)).cloned().collect()
}
