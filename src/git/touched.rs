//! Which directories a branch changed: what a gate on that branch has to look at.

use std::path::Path;

use super::error::{GitError, Reading};
use super::range::{RangeRequest, find, merge_base};
use super::repository::{Repository, raw_oid};
use crate::model::Oid;

/// For each directory (repository-relative, `/` separated, empty for the root) whether it differs between the
/// head of `request` and where that branch left the request's base: their merge base, or the base itself where
/// they have none in common. What head does not have is not committed yet, and counts.
///
/// Fails on an unknown revision, and on one that a shallow clone does not have.
pub fn touched(
    repo: &Repository,
    request: &RangeRequest,
    directories: &[String],
) -> Result<Vec<bool>, GitError> {
    let range = find(repo, request)?;
    let Some(base) = range.base else { return Ok(vec![true; directories.len()]) };
    let start = merge_base(repo, &base, &range.head)?.unwrap_or(base);
    let is_touched = |directory: &String| {
        let now = tree_at(repo, &range.head, directory)?;
        Ok(now.is_none() || now != tree_at(repo, &start, directory)?)
    };
    directories.iter().map(is_touched).collect()
}

/// The id of what a commit has at a path; equal ids are equal content.
fn tree_at(repo: &Repository, commit: &Oid, path: &str) -> Result<Option<git2::Oid>, GitError> {
    let reading = || format!("the files of commit {commit}");
    let tree = repo.raw().find_commit(raw_oid(commit)?).and_then(|commit| commit.tree()).reading(reading)?;
    if path.is_empty() {
        return Ok(Some(tree.id()));
    }
    match tree.get_path(Path::new(path)) {
        Ok(entry) => Ok(Some(entry.id())),
        Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error).reading(reading),
    }
}
