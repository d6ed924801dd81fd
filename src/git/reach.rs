//! Which paths a history can speak about.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use git2::{ObjectType, Oid as RawOid, Tree};

use super::error::{GitError, Reading};
use super::path::spell;
use super::repository::{Repository, raw_oid};
use super::worktree::Worktree;
use crate::model::{ChangeKind, Oid, Reach};

/// Paths that exist at `head` (and in `worktree`, if it counts), paths that are another repository's
/// business, and which of `paths_of_interest` git ignores.
pub fn reach(
    repo: &Repository,
    head: Option<&Oid>,
    worktree: Option<&Worktree>,
    paths_of_interest: &BTreeSet<String>,
) -> Result<Reach, GitError> {
    let reach = head.map(|head| at(&repo.git_dir(), head)).transpose()?;
    Ok(with_work_tree(reach.unwrap_or_default(), repo, worktree, paths_of_interest))
}

/// Paths that exist at `head`, and paths that are another repository's business. Through a handle of its own, for any
/// thread. A subtree that is missing hides its own paths only.
pub(super) fn at(git_dir: &Path, head: &Oid) -> Result<Reach, GitError> {
    let raw = Repository::handle(git_dir)?;
    let commit = raw.find_commit(raw_oid(head)?).reading(|| format!("the files of commit {head}"))?;
    let mut reach = Reach::default();
    let mut pending: Vec<(Vec<u8>, RawOid)> = vec![(Vec::new(), commit.tree_id())];
    while let Some((prefix, id)) = pending.pop() {
        if let Ok(tree) = raw.find_tree(id) {
            list(&tree, &prefix, &mut reach, &mut pending);
        }
    }
    Ok(reach)
}

/// The same with `worktree`, if it counts, and with those of `paths_of_interest` that git ignores.
pub(super) fn with_work_tree(
    mut reach: Reach,
    repo: &Repository,
    worktree: Option<&Worktree>,
    paths_of_interest: &BTreeSet<String>,
) -> Reach {
    let root = repo.work_dir();
    if let Some(worktree) = worktree {
        reach.foreign.extend(worktree.foreign.iter().cloned());
        let on_disk =
            |path: &str| root.as_ref().is_some_and(|root| root.join(path).symlink_metadata().is_ok());
        overlay(&mut reach.existing, worktree, on_disk);
    }
    if let Some(root) = &root {
        let inside = paths_of_interest.iter().filter(|path| is_inside(path));
        reach.foreign.extend(inside.clone().filter_map(|path| nested_repository(root, path)));
        let existing = &reach.existing;
        let untracked = inside.filter(|path| !existing.contains(path.as_str()));
        reach.ignored = untracked.filter(|path| is_ignored(repo, path)).cloned().collect();
    }
    reach.foreign.sort();
    reach.foreign.dedup();
    reach
}

fn list(tree: &Tree<'_>, prefix: &[u8], reach: &mut Reach, pending: &mut Vec<(Vec<u8>, RawOid)>) {
    for entry in tree {
        let path = [prefix, entry.name_bytes()].concat();
        match entry.kind() {
            Some(ObjectType::Tree) => pending.push(([path.as_slice(), b"/"].concat(), entry.id())),
            Some(ObjectType::Commit) => reach.foreign.push(spell(&path)),
            _ => {
                reach.existing.insert(spell(&path));
            }
        }
    }
}

fn overlay(existing: &mut BTreeSet<String>, worktree: &Worktree, on_disk: impl Fn(&str) -> bool) {
    for change in &worktree.changes {
        let gone = match change.kind {
            ChangeKind::Deleted => Some(&change.path),
            ChangeKind::Renamed => change.old_path.as_ref(),
            _ => None,
        };
        if let Some(gone) = gone.filter(|path| !on_disk(path)) {
            existing.remove(gone);
        }
    }
    for change in worktree.changes.iter().filter(|change| change.kind != ChangeKind::Deleted) {
        if !worktree.foreign.contains(&change.path) {
            existing.insert(change.path.clone());
        }
    }
}

/// Whether a path is relative and stays below the root. Records may hold anything.
fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.contains('\0')
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// The outermost directory on the way to `path` that is a repository of its own.
fn nested_repository(root: &Path, path: &str) -> Option<String> {
    let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
    let is_repository = |dir: &&str| root.join(dir).join(".git").symlink_metadata().is_ok();
    ends.map(|end| &path[..end]).find(is_repository).map(str::to_owned)
}

fn is_ignored(repo: &Repository, path: &str) -> bool {
    repo.raw().is_path_ignored(Path::new(path)).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_relative_paths_below_the_root_are_looked_at() {
        assert!(is_inside("src/a b.rs"));
        for path in ["", "/etc/passwd", "../x", "a/../../x", "./a", "a\0b"] {
            assert!(!is_inside(path), "{path:?}");
        }
    }
}
