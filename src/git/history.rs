//! A plan's history in one piece.

use std::collections::BTreeSet;

use super::diff::KeepWords;
use super::error::GitError;
use super::range::{self, RangeRequest};
use super::repository::Repository;
use super::source::{Extraction, Source};
use super::worktree::{self, Worktree};
use super::{reach, walk};
use crate::model::{BaseSource, Edits, History, Oid, Reach};
use crate::words::Reader;

/// Whether uncommitted changes count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WorktreeMode {
    /// If there is a work tree and the range ends at HEAD.
    #[default]
    Auto,
    /// Yes; an error if there is no work tree.
    Include,
    /// No.
    Exclude,
}

/// What to read.
#[derive(Debug, Clone, Default)]
pub struct HistoryRequest {
    /// Which commits.
    pub range: RangeRequest,
    /// Whether uncommitted changes count.
    pub worktree: WorktreeMode,
    /// Repository-relative paths of the plan's records.
    pub paths_of_interest: BTreeSet<String>,
    /// How commits are read.
    pub extraction: Extraction,
}

/// Reads a plan's history, and says what of it could not be read.
pub fn history(repo: &Repository, request: &HistoryRequest) -> Result<(History, Vec<String>), GitError> {
    let counts = worktree_counts(repo, request.worktree, request.range.head.as_deref())?;
    let (mut problems, mut reach) = (Vec::new(), Reach::default());
    let mut history = match range::find(repo, &request.range) {
        Ok(range) => {
            let mut found = Ok(Reach::default());
            let source = &Source::open(repo, request.extraction.verify_objects)?;
            let (commits, unread) = rayon::in_place_scope(|scope| {
                // While commits are read, another thread looks which files there are.
                let (head, limits, found) = (&range.head, &request.extraction.limits, &mut found);
                scope.spawn(move |_| *found = reach::at(source, head, limits));
                walk::read(source, &range, &request.extraction)
            })?;
            (problems, reach) = (unread, found?);
            History {
                base: range.base,
                base_source: range.base_source,
                head: Some(range.head),
                commits,
                reason: range.reason,
                ..History::absent("")
            }
        }
        Err(unborn @ GitError::Unborn { .. }) if counts => {
            History { base_source: BaseSource::None, ..History::absent(unborn.to_string()) }
        }
        Err(error) => return Err(error),
    };
    let worktree =
        counts.then(|| uncommitted(repo, history.head.as_ref(), &request.extraction)).transpose()?;
    history.reach = reach::with_work_tree(reach, repo, worktree.as_ref(), &request.paths_of_interest)?;
    history.worktree = counts;
    history.uncommitted = worktree.map(|worktree| worktree.changes).unwrap_or_default();
    Ok((history, problems))
}

/// Changes that are not committed, as histories keep them. The files of `head` were listed.
fn uncommitted(
    repo: &Repository,
    head: Option<&Oid>,
    extraction: &Extraction,
) -> Result<Worktree<Edits>, GitError> {
    let mut reader = Reader::default();
    let mut keep = KeepWords { reader: &mut reader, interest: extraction.interest.as_deref() };
    let mut asked = worktree::Asked { is_wanted: |_: &str| true, keep: |patch| keep.of_patch(&patch) };
    worktree::read(repo, head, &extraction.limits, &mut asked)
}

/// Whether uncommitted changes count, for a range that ends at `head`.
pub fn worktree_counts(repo: &Repository, mode: WorktreeMode, head: Option<&str>) -> Result<bool, GitError> {
    match mode {
        WorktreeMode::Include if repo.is_bare() => Err(GitError::BareWorktree { path: repo.git_dir() }),
        WorktreeMode::Include => Ok(true),
        WorktreeMode::Auto => Ok(!repo.is_bare() && head.is_none_or(|head| head == "HEAD")),
        WorktreeMode::Exclude => Ok(false),
    }
}
