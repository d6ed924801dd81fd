//! The lines of a commit's changes, for those who want to see them. Histories do without.

use std::collections::BTreeSet;

use super::diff::{Differ, KeepLines};
use super::error::{Cause, GitError};
use super::limits::TooMuch;
use super::objects::{Unreadable, read_commit};
use super::path::spell;
use super::repository::Repository;
use super::source::{Extraction, Source, View};
use crate::model::{Change, Oid, Patch};

/// What a commit changed, with its lines: all of it, or the given paths. What cannot be read is left out.
///
/// Moves are found among all that changed, so a path is moved here where it is moved in a history.
pub fn patch(
    repo: &Repository,
    commit: &Oid,
    paths: Option<&BTreeSet<&str>>,
    extraction: &Extraction,
) -> Result<Vec<Change<Patch>>, GitError> {
    let source = Source::open(repo, extraction.verify_objects)?;
    source.single_view(|view| read(view, *commit, paths, extraction))?.map_err(|lost| GitError::Read {
        what: format!("commit {commit}"),
        source: Cause::new(lost.to_string()),
    })
}

fn read(
    view: &mut View<'_>,
    id: Oid,
    paths: Option<&BTreeSet<&str>>,
    extraction: &Extraction,
) -> Result<Vec<Change<Patch>>, Unreadable> {
    let commit = read_commit(view.store, id)?;
    if view.grafts.is_boundary(id, &commit) {
        return Ok(Vec::new());
    }
    let parents = view.grafts.parents(id, &commit);
    let trees = parents.into_iter().map(|parent| Ok(read_commit(view.store, parent)?.tree));
    let trees: Vec<Oid> = trees.collect::<Result<_, Unreadable>>()?;
    let attributes = &mut view.attributes;
    let declared = &mut |path: &[u8]| attributes.is_binary(path);
    let mut differ = Differ { store: view.store, limits: &extraction.limits, declared, keep: KeepLines };
    let is_wanted = |path: &[u8]| paths.is_none_or(|paths| paths.contains(spell(path).as_str()));
    let changes = differ.changes(&trees, commit.tree, is_wanted);
    let too_much =
        |TooMuch| Unreadable { id: commit.tree, why: "differs in more paths than are read".to_owned() };
    changes.map(|(changes, _)| changes).map_err(too_much)
}
