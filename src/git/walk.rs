//! The commits of a range, with what they changed.

use super::diff::{self, Limits};
use super::error::{GitError, Reading};
use super::order::{Node, parents_first};
use super::range::Range;
use super::repository::{Repository, oid, raw_oid};
use super::{message, pool, pull_request};
use crate::model::{Commit, Oid};

/// Every commit of `range`, parents before children, and what could not be read.
pub fn commits(
    repo: &Repository,
    range: &Range,
    limits: &Limits,
) -> Result<(Vec<Commit>, Vec<String>), GitError> {
    let ids = parents_first(&members(repo, range)?);
    let read = pool::map(repo, &ids, |handle, id| commit(handle, id, limits))?;
    let (commits, problems): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    Ok((commits, problems.into_iter().flatten().collect()))
}

fn members(repo: &Repository, range: &Range) -> Result<Vec<Node>, GitError> {
    let reading = || format!("the history of {}", range.head);
    let raw = repo.raw();
    let mut walk = raw.revwalk().reading(reading)?;
    walk.push(raw_oid(&range.head)?).reading(reading)?;
    for id in range.base.iter().chain(&range.hidden) {
        walk.hide(raw_oid(id)?).reading(reading)?;
    }
    walk.map(|id| id.and_then(|id| raw.find_commit(id)).map(|commit| node(&commit)).reading(reading))
        .collect()
}

fn node(commit: &git2::Commit<'_>) -> Node {
    let parents = commit.parent_ids().map(oid).collect();
    Node { id: oid(commit.id()), time: commit.time().seconds(), parents }
}

/// A commit, and what of it could not be read.
fn commit(
    handle: &git2::Repository,
    id: &Oid,
    limits: &Limits,
) -> Result<(Commit, Option<String>), GitError> {
    let raw = handle.find_commit(raw_oid(id)?).reading(|| format!("commit {id}"))?;
    let (changes, problem) = if is_boundary(&raw) {
        (
            Vec::new(),
            Some(format!("commit {id} is where this shallow clone ends, so what it changed is unknown")),
        )
    } else {
        match diff::of_commit(handle, &raw, limits) {
            Ok(changes) => (changes, None),
            Err(error) => {
                (Vec::new(), Some(format!("what commit {id} changed cannot be read: {}", error.message())))
            }
        }
    };
    let message = message::parse(raw.message_bytes());
    let commit = Commit {
        id: id.clone(),
        parents: raw.parent_ids().map(oid).collect(),
        subject: message.subject,
        body: message.body,
        trailers: message.trailers,
        author_time: raw.author().when().seconds(),
        commit_time: raw.time().seconds(),
        changes,
    };
    Ok((commit, problem))
}

/// Whether a shallow clone cut the parents off: against nothing, the commit would seem to add everything.
fn is_boundary(commit: &git2::Commit<'_>) -> bool {
    commit.parent_count() == 0 && !pull_request::written_parents(commit).is_empty()
}
