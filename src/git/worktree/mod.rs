//! Changes that are not committed yet.

mod compare;
mod patch;
mod untracked;

use std::collections::BTreeSet;
use std::path::Path;

use git2::{Delta, Diff, DiffDelta, Index, IndexEntry};

use super::error::{GitError, Reading};
use super::index;
use super::limits::{Limits, Room, TooMuch, too_much};
use super::path::spell;
use super::reach;
use super::repository::{Repository, oid};
use super::rules::{Kind, Rules};
use super::source::Source;
use crate::model::{Change, ChangeKind, Content, Oid, Patch};

/// `skip-worktree` in the extended flags of an index entry: absent on purpose (sparse checkout).
const SKIP_WORKTREE: u16 = 1 << 14;

/// The work tree compared with HEAD. `Text` is what is kept of lines.
#[derive(Debug)]
pub struct Worktree<Text = Patch> {
    /// Staged, unstaged and untracked changes, one entry per path, by path.
    pub changes: Vec<Change<Text>>,
    /// Nested repositories that are not submodules, and submodules of the index.
    pub foreign: Vec<String>,
}

/// What differs between HEAD and the work tree, with its lines: all of it, or the given paths. Ignored files do not count.
/// [`GitError::TooMuch`] if more differs than one commit may change.
pub fn uncommitted(
    repo: &Repository,
    paths: Option<&BTreeSet<&str>>,
    limits: &Limits,
) -> Result<Worktree, GitError> {
    let is_wanted = |path: &str| paths.is_none_or(|paths| paths.contains(path));
    read(repo, None, limits, &mut Asked { is_wanted, keep: |patch| patch })
}

/// What somebody wants to know of the work tree.
pub(super) struct Asked<W, K> {
    /// Whether a path is looked at.
    pub(super) is_wanted: W,
    /// Makes of lines what is kept of them.
    pub(super) keep: K,
}

/// The same as far as it is `asked` for. Lines are reduced file by file: all of them together may take any memory. `listed` is
/// a commit whose files are known to be not too many.
pub(super) fn read<Text>(
    repo: &Repository,
    listed: Option<&Oid>,
    limits: &Limits,
    asked: &mut Asked<impl Fn(&str) -> bool, impl FnMut(Patch) -> Text>,
) -> Result<Worktree<Text>, GitError> {
    let reading = || "the work tree".to_owned();
    let raw = repo.raw();
    let listing = index::files(raw)?.unwrap_or_default();
    let attributes = Rules::of(raw, &listing, Kind::Attributes, true)?;
    untracked::check(repo, &listing, &Rules::of(raw, &listing, Kind::Ignored, true)?)?;
    check_head(repo, listed, limits)?;
    let head = raw.head().and_then(|head| head.peel_to_tree()).ok();
    let index = raw.index().reading(|| "the index".to_owned())?;
    let diff = || raw.diff_tree_to_workdir_with_index(head.as_ref(), Some(&mut compare::options(limits)));
    let mut compared = diff().reading(reading)?;
    if compare::find_moves(&mut compared, limits).is_err() {
        compared = diff().reading(reading)?;
    }
    attributes.check(compared.deltas().len() as u64)?;
    let mut worktree = Worktree { changes: Vec::new(), foreign: gitlinks(&index) };
    let mut room = Room::of(limits);
    for place in 0..compared.deltas().len() {
        read_delta(&compared, place, &index, limits, &mut room, &mut worktree, asked)
            .map_err(|TooMuch| too_much(limits))?;
    }
    worktree.changes.sort_by(|a, b| a.path.cmp(&b.path));
    worktree.changes.dedup_by(|later, first| later.path == first.path);
    worktree.foreign.sort();
    worktree.foreign.dedup();
    Ok(worktree)
}

/// Libgit2 lists what HEAD has before it compares, however much that is.
fn check_head(repo: &Repository, listed: Option<&Oid>, limits: &Limits) -> Result<(), GitError> {
    let head = repo.raw().head().and_then(|head| head.peel_to_commit()).map(|commit| oid(commit.id()));
    let Some(head) = head.ok().filter(|head| Some(head) != listed) else { return Ok(()) };
    match reach::at(&Source::open(repo, false)?, &head, limits) {
        Err(error @ GitError::TooMuch { .. }) => Err(error),
        // What cannot be read there, libgit2 comes upon itself.
        _ => Ok(()),
    }
}

fn gitlinks(index: &Index) -> Vec<String> {
    let is_link = |entry: &IndexEntry| entry.mode == u32::from(git2::FileMode::Commit);
    index.iter().filter(is_link).map(|entry| spell(&entry.path)).collect()
}

fn read_delta<Text>(
    diff: &Diff<'_>,
    place: usize,
    index: &Index,
    limits: &Limits,
    room: &mut Room,
    worktree: &mut Worktree<Text>,
    asked: &mut Asked<impl Fn(&str) -> bool, impl FnMut(Patch) -> Text>,
) -> Result<(), TooMuch> {
    let Some(delta) = diff.get_delta(place) else { return Ok(()) };
    let path = patch::path_bytes(&delta);
    room.take(path)?;
    if let Some(nested) = path.strip_suffix(b"/") {
        worktree.foreign.push(spell(nested));
        return Ok(());
    }
    let entry = entry(index, path);
    if is_noise(&delta, entry.as_ref()) || !(asked.is_wanted)(&spell(path)) {
        return Ok(());
    }
    let Some(change) = patch::change(diff, place, limits) else { return Ok(()) };
    if is_undone(&delta, &change) {
        return Ok(());
    }
    room.hunks(change.content.hunks().len())?;
    let Change { path, old_path, kind, blob, content } = change;
    let staged = entry.is_some_and(|entry| blob == Some(oid(entry.id)));
    let (blob, content) = (blob.filter(|_| staged), content.map(&mut asked.keep));
    worktree.changes.push(Change { path, old_path, kind, blob, content });
    Ok(())
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
