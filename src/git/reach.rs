//! Which paths a history can speak about.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use super::error::{Cause, GitError};
use super::index;
use super::limits::{Limits, Room, TooMuch, too_much};
use super::objects::{Entry, TreeEntries, read_commit, read_tree};
use super::path::spell;
use super::repository::Repository;
use super::rules::{Kind, Rules};
use super::source::Source;
use super::worktree::Worktree;
use crate::model::{ChangeKind, Oid, Reach};

/// Paths that exist at `head` (and in `worktree`, if it counts), paths that are another repository's
/// business, and which of `paths_of_interest` git ignores. [`GitError::TooMuch`] beyond the limits that are built in.
pub fn reach(
    repo: &Repository,
    head: Option<&Oid>,
    worktree: Option<&Worktree>,
    paths_of_interest: &BTreeSet<String>,
) -> Result<Reach, GitError> {
    let read = |head| at(&Source::open(repo, false)?, head, &Limits::default());
    let reach = head.map(read).transpose()?;
    with_work_tree(reach.unwrap_or_default(), repo, worktree, paths_of_interest)
}

/// Paths that exist at `head`, and paths that are another repository's business. For any thread. A subtree that is missing
/// hides its own paths only.
pub(super) fn at(source: &Source, head: &Oid, limits: &Limits) -> Result<Reach, GitError> {
    source.single_view(|view| {
        let commit = read_commit(view.store, *head).map_err(|lost| GitError::Read {
            what: format!("the files of commit {head}"),
            source: Cause::new(lost.to_string()),
        })?;
        let (mut reach, mut room) = (Reach::default(), Room::of(limits));
        let mut pending: Vec<(Vec<u8>, Oid)> = vec![(Vec::new(), commit.tree)];
        while let Some((prefix, id)) = pending.pop() {
            if let Ok(tree) = read_tree(view.store, id) {
                room.tree(&tree).map_err(|TooMuch| too_much(limits))?;
                list(&tree, &prefix, &mut reach, &mut pending, &mut room)
                    .map_err(|TooMuch| too_much(limits))?;
            }
        }
        Ok(reach)
    })?
}

/// The same with `worktree`, if it counts, and with those of `paths_of_interest` that git ignores. Fails if there are too many
/// rules to find out.
pub(super) fn with_work_tree<Text>(
    mut reach: Reach,
    repo: &Repository,
    worktree: Option<&Worktree<Text>>,
    paths_of_interest: &BTreeSet<String>,
) -> Result<Reach, GitError> {
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
        let untracked: Vec<&String> = inside.filter(|path| !existing.contains(path.as_str())).collect();
        // Of a path, every directory on the way is asked about.
        let parts = untracked.iter().map(|path| path.split('/').count() as u64).sum();
        if parts > 0 {
            let listing = index::files(repo.raw())?.unwrap_or_default();
            Rules::of(repo.raw(), &listing, Kind::Ignored, true)?.check(parts)?;
        }
        reach.ignored = untracked.into_iter().filter(|path| is_ignored(repo, path)).cloned().collect();
    }
    reach.foreign.sort();
    reach.foreign.dedup();
    Ok(reach)
}

fn list(
    tree: &[u8],
    prefix: &[u8],
    reach: &mut Reach,
    pending: &mut Vec<(Vec<u8>, Oid)>,
    room: &mut Room,
) -> Result<(), TooMuch> {
    for Entry { name, side } in TreeEntries::new(tree) {
        let path = [prefix, name].concat();
        room.take(&path)?;
        if side.is_tree() {
            pending.push(([path.as_slice(), b"/"].concat(), side.id));
        } else if side.is_gitlink() {
            reach.foreign.push(spell(&path));
        } else {
            reach.existing.insert(spell(&path));
        }
    }
    Ok(())
}

fn overlay<Text>(existing: &mut BTreeSet<String>, worktree: &Worktree<Text>, on_disk: impl Fn(&str) -> bool) {
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
