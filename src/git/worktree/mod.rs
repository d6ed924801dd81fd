//! Changes that are not committed yet.

mod compare;
mod patch;

use std::path::Path;

use git2::{Delta, Diff, DiffDelta, Index, IndexEntry};

use super::error::{GitError, Reading};
use super::limits::Limits;
use super::path::spell;
use super::repository::{Repository, oid};
use crate::model::{Change, ChangeKind, Content, Patch};

/// `skip-worktree` in the extended flags of an index entry: absent on purpose (sparse checkout).
const SKIP_WORKTREE: u16 = 1 << 14;

/// The work tree compared with HEAD.
#[derive(Debug, Default)]
pub struct Worktree {
    /// Staged, unstaged and untracked changes with their lines, one entry per path, by path.
    pub changes: Vec<Change<Patch>>,
    /// Nested repositories that are not submodules, and submodules of the index.
    pub foreign: Vec<String>,
}

/// Reads what differs between HEAD and the work tree. Ignored files do not count.
pub fn uncommitted(repo: &Repository, limits: &Limits) -> Result<Worktree, GitError> {
    let reading = || "the work tree".to_owned();
    let raw = repo.raw();
    let head = raw.head().and_then(|head| head.peel_to_tree()).ok();
    let index = raw.index().reading(|| "the index".to_owned())?;
    let diff = || raw.diff_tree_to_workdir_with_index(head.as_ref(), Some(&mut compare::options(limits)));
    let mut compared = diff().reading(reading)?;
    if compare::find_moves(&mut compared, limits).is_err() {
        compared = diff().reading(reading)?;
    }
    let mut worktree = Worktree { foreign: gitlinks(&index), ..Worktree::default() };
    for place in 0..compared.deltas().len() {
        read_delta(&compared, place, &index, limits, &mut worktree);
    }
    worktree.changes.sort_by(|a, b| a.path.cmp(&b.path));
    worktree.changes.dedup_by(|later, first| later.path == first.path);
    worktree.foreign.sort();
    worktree.foreign.dedup();
    Ok(worktree)
}

fn gitlinks(index: &Index) -> Vec<String> {
    let is_link = |entry: &IndexEntry| entry.mode == u32::from(git2::FileMode::Commit);
    index.iter().filter(is_link).map(|entry| spell(&entry.path)).collect()
}

fn read_delta(diff: &Diff<'_>, place: usize, index: &Index, limits: &Limits, worktree: &mut Worktree) {
    let Some(delta) = diff.get_delta(place) else { return };
    let path = patch::path_bytes(&delta);
    if let Some(nested) = path.strip_suffix(b"/") {
        worktree.foreign.push(spell(nested));
        return;
    }
    let entry = entry(index, path);
    if is_noise(&delta, entry.as_ref()) {
        return;
    }
    let Some(mut change) = patch::change(diff, place, limits) else { return };
    if is_undone(&delta, &change) {
        return;
    }
    let staged = entry.is_some_and(|entry| change.blob == Some(oid(entry.id)));
    change.blob = change.blob.filter(|_| staged);
    worktree.changes.push(change);
}

fn entry(index: &Index, path: &[u8]) -> Option<IndexEntry> {
    let path = std::str::from_utf8(path).ok()?;
    index.get_path(Path::new(path), 0)
}

/// Files left out by a sparse checkout, and submodules with nothing but changes of their own.
fn is_noise(delta: &DiffDelta<'_>, entry: Option<&IndexEntry>) -> bool {
    let sparse = entry.is_some_and(|entry| entry.flags_extended & SKIP_WORKTREE != 0);
    let (old, new) = (delta.old_file(), delta.new_file());
    let same_link = patch::is_gitlink(delta) && old.mode() == new.mode() && old.id() == new.id();
    (delta.status() == Delta::Deleted && sparse) || same_link
}

/// A staged change that the work tree takes back.
fn is_undone(delta: &DiffDelta<'_>, change: &Change<Patch>) -> bool {
    change.kind == ChangeKind::Modified
        && matches!(&change.content, Content::Text(hunks) if hunks.is_empty())
        && delta.old_file().mode() == delta.new_file().mode()
}
