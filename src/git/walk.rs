//! The commits of a range, with what they changed.

use std::cell::RefCell;
use std::collections::HashMap;

use super::diff::{Differ, Limits};
use super::error::{Cause, GitError};
use super::members::{Node, members};
use super::objects::{Id, Unreadable, read_commit};
use super::order::parents_first;
use super::range::Range;
use super::repository::{Repository, raw_id};
use super::source::{Source, View};
use super::{message, pool};
use crate::model::{Change, Commit};

/// Every commit of `range`, parents before children, and what could not be read.
pub fn commits(
    repo: &Repository,
    range: &Range,
    limits: &Limits,
) -> Result<(Vec<Commit>, Vec<String>), GitError> {
    let source = Source::open(repo, false);
    let (nodes, mut problems) = source.view_through(repo.raw(), |view| nodes(view, range))?;
    let trees: HashMap<Id, Id> = nodes.iter().map(|node| (node.id, node.commit.tree)).collect();
    let ordered = parents_first(&nodes);
    let read = pool::map(&source, &ordered, |view, place| commit(view, &nodes[*place], &trees, limits))?;
    let mut commits = Vec::with_capacity(read.len());
    for (commit, problem) in read {
        commits.push(commit);
        problems.extend(problem);
    }
    Ok((commits, problems))
}

/// The commits of a range, and those that are missing from the repository.
fn nodes(view: &mut View<'_>, range: &Range) -> Result<(Vec<Node>, Vec<String>), GitError> {
    let head = raw_id(&range.head)?;
    let hidden: Vec<Id> = range.base.iter().chain(&range.hidden).map(raw_id).collect::<Result<_, _>>()?;
    let missing: RefCell<Vec<Unreadable>> = RefCell::default();
    let found = members(head, &hidden, |id| match read_commit(view.store, id) {
        Ok(commit) => {
            let parents = view.grafts.parents(id, &commit);
            Some(Node { id, time: commit.commit_time, parents, commit })
        }
        Err(unreadable) => {
            missing.borrow_mut().push(unreadable);
            None
        }
    });
    let missing = missing.into_inner();
    if let Some(lost) = missing.iter().find(|lost| lost.id == head) {
        return Err(GitError::Read {
            what: format!("the history of {head}"),
            source: Cause::new(lost.to_string()),
        });
    }
    let problem = |lost: &Unreadable| format!("{lost}, so the history before it is unknown");
    Ok((found, missing.iter().map(problem).collect()))
}

/// A commit, and what of it could not be read. `trees` are those of the commits of the range.
fn commit(
    view: &mut View<'_>,
    node: &Node,
    trees: &HashMap<Id, Id>,
    limits: &Limits,
) -> (Commit, Option<String>) {
    let Node { id, parents, commit: raw, .. } = node;
    let (changes, problem) = if view.grafts.is_boundary(*id, raw) {
        (
            Vec::new(),
            Some(format!("commit {id} is where this shallow clone ends, so what it changed is unknown")),
        )
    } else {
        let (changes, unreadable) = changes(view, node, trees, limits);
        (changes, unread(*id, &unreadable))
    };
    let message = message::parse(&raw.message);
    let commit = Commit {
        id: id.to_model(),
        parents: parents.iter().copied().map(Id::to_model).collect(),
        subject: message.subject,
        body: message.body,
        trailers: message.trailers,
        author_time: raw.author_time,
        commit_time: raw.commit_time,
        changes,
    };
    (commit, problem)
}

fn changes(
    view: &mut View<'_>,
    node: &Node,
    trees: &HashMap<Id, Id>,
    limits: &Limits,
) -> (Vec<Change>, Vec<Unreadable>) {
    let tree = |id: &Id| match trees.get(id) {
        Some(tree) => Ok(*tree),
        None => read_commit(view.store, *id).map(|commit| commit.tree),
    };
    let parents: Result<Vec<Id>, Unreadable> = node.parents.iter().map(tree).collect();
    match parents {
        Ok(parents) => {
            let attributes = &mut view.attributes;
            let declared = &mut |path: &[u8]| attributes.is_binary(path);
            Differ { store: view.store, limits, declared }.changes(&parents, node.commit.tree)
        }
        Err(unreadable) => (Vec::new(), vec![unreadable]),
    }
}

/// One sentence about all that is missing from a commit's trees.
fn unread(id: Id, unreadable: &[Unreadable]) -> Option<String> {
    let (first, others) = unreadable.split_first()?;
    let more = if others.is_empty() { String::new() } else { format!(" (and {} more)", others.len()) };
    Some(format!("what commit {id} changed cannot be read in full: {first}{more}"))
}
