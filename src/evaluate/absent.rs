//! A history in which some work never happened.

use std::collections::BTreeSet;

use crate::model::{Change, ChangeKind, Commit, History, Reach, TaskId};

/// The history without the work on `own` paths.
///
/// Of a commit that touches one of them, and of uncommitted changes that do, only what is on paths of
/// `others` stays: the rest, claimed or not, may have been the same work. A commit of which nothing stays
/// is gone, and what the lost changes created does not exist.
pub(super) fn without(history: &History, own: &BTreeSet<String>, others: &BTreeSet<String>) -> History {
    let mut gone = BTreeSet::new();
    let mut commits = Vec::new();
    for commit in &history.commits {
        let Some((kept, lost)) = split(&commit.changes, own, others) else {
            commits.push(commit.clone());
            continue;
        };
        gone.extend(lost.into_iter().filter_map(created));
        if !kept.is_empty() {
            commits.push(with_changes(commit, kept));
        }
    }
    let uncommitted = match split(&history.uncommitted, own, others) {
        None => history.uncommitted.clone(),
        Some((kept, lost)) => {
            gone.extend(lost.into_iter().filter_map(created));
            kept.into_iter().cloned().collect()
        }
    };
    let existing = history.reach.existing.iter().filter(|path| !gone.contains(path.as_str()));
    let reach = Reach {
        existing: existing.cloned().collect(),
        foreign: history.reach.foreign.clone(),
        ignored: history.reach.ignored.clone(),
    };
    History {
        commits,
        uncommitted,
        reach,
        base: history.base,
        base_source: history.base_source,
        head: history.head,
        worktree: history.worktree,
        reason: history.reason.clone(),
    }
}

/// What stays and what is lost; `None` if the changes have nothing to do with `own`.
fn split<'a>(
    changes: &'a [Change],
    own: &BTreeSet<String>,
    others: &BTreeSet<String>,
) -> Option<(Vec<&'a Change>, Vec<&'a Change>)> {
    let is_kept = |change: &&Change| is_of(change, others) && !is_of(change, own);
    changes.iter().any(|change| is_of(change, own)).then(|| changes.iter().partition(is_kept))
}

/// The commit with fewer changes; those left out are not copied.
fn with_changes(commit: &Commit, changes: Vec<&Change>) -> Commit {
    Commit {
        id: commit.id,
        parents: commit.parents.clone(),
        subject: commit.subject.clone(),
        body: commit.body.clone(),
        trailers: commit.trailers.clone(),
        wording: commit.wording.clone(),
        author_time: commit.author_time,
        commit_time: commit.commit_time,
        changes: changes.into_iter().cloned().collect(),
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
