//! How much of a history is read.
//!
//! A tree may name another one many times, two texts may differ at many paths, and commits may take the same files back and
//! forth: a repository of a few kilobytes can tell of more than fits any memory.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU64, AtomicUsize};

use super::error::GitError;
use crate::model::{Change, Commit, Content};
use crate::words::Word;

/// What is too much to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Files larger than this many bytes are not compared.
    pub blob_bytes: u64,
    /// With more than the square of this many pairs, only identical files count as renamed.
    pub rename_files: usize,
    /// Bytes, about, that are kept of all commits of a range, mostly for paths and hunks; with more, the range is not read.
    pub history_bytes: u64,
}

impl Limits {
    /// The part of it for the paths that a single commit has or changes, and for its hunks.
    pub(super) fn commit_bytes(&self) -> u64 {
        self.history_bytes / 8
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { blob_bytes: 1 << 20, rename_files: 1000, history_bytes: 512 << 20 }
    }
}

/// About what is kept beside a path: the two sides of it, and what memory is managed with.
const BESIDE_A_PATH: u64 = 100;
/// What a hunk takes, with the number of its words, is a tenth of this as a rule, and never half of it; the rest is for what it takes
/// to find it.
const HUNK: u64 = 64;
/// Bytes of trees that are read for one commit, of all directories together.
const MOST_OF_TREES: u64 = 1 << 30;
/// Entries of a merge times other parents beside them.
const MOST_BESIDE: u64 = 100_000_000;
/// About what a change and a commit take without their texts.
const CHANGE: u64 = 200;
const COMMIT: u64 = 300;
/// About what a walk keeps of a commit, and of each of its parents.
const NODE: u64 = 200;
const PARENT: u64 = 100;
/// Bytes of messages that wait from when a commit is met until it is read: the walk is faster than what becomes of it.
const MOST_OF_MESSAGES: usize = 8 << 20;
/// Bytes of commits that one walk reads.
const MOST_OF_COMMITS: u64 = 2 << 30;
/// More than anything takes together.
const CLOSED: u64 = 1 << 63;

/// Something takes more than it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMuch;

/// The same as an error that names the limit.
pub(super) fn too_much(limits: &Limits) -> GitError {
    GitError::TooMuch { bytes: limits.history_bytes }
}

/// Bytes that are left for one commit.
pub(super) struct Room {
    /// For paths that it has or changes, and for hunks.
    kept: u64,
    /// Of trees to read: a large one may stand for many directories.
    trees: u64,
    /// Of texts to compare: two may differ at many paths.
    texts: u64,
    /// Of entries to look up in other parents: a merge may have very many of both.
    beside: u64,
    /// Of words that the cache may tell of.
    words: u64,
}

impl Room {
    /// That of a commit.
    pub(super) fn of(limits: &Limits) -> Self {
        Self {
            kept: limits.commit_bytes(),
            trees: MOST_OF_TREES,
            texts: limits.history_bytes / 2,
            beside: MOST_BESIDE,
            words: limits.commit_bytes(),
        }
    }

    /// Takes room for a path, or for looking into a directory.
    pub(super) fn take(&mut self, path: &[u8]) -> Result<(), TooMuch> {
        less(&mut self.kept, path.len() as u64 + BESIDE_A_PATH)
    }

    /// Takes room for so many hunks.
    pub(super) fn hunks(&mut self, count: usize) -> Result<(), TooMuch> {
        less(&mut self.kept, (count as u64).saturating_mul(HUNK))
    }

    /// Takes room for so many words.
    pub(super) fn words(&mut self, count: usize) -> Result<(), TooMuch> {
        less(&mut self.words, (count as u64).saturating_mul(size_of::<Word>() as u64))
    }

    /// Reads a tree.
    pub(super) fn tree(&mut self, content: &[u8]) -> Result<(), TooMuch> {
        less(&mut self.trees, content.len() as u64)
    }

    /// Looks an entry up in so many other parents.
    pub(super) fn beside(&mut self, parents: usize) -> Result<(), TooMuch> {
        less(&mut self.beside, parents as u64)
    }

    /// Compares two texts.
    pub(super) fn texts(&mut self, old: &[u8], new: &[u8]) -> Result<(), TooMuch> {
        less(&mut self.texts, old.len() as u64 + new.len() as u64)
    }
}

fn less(left: &mut u64, bytes: u64) -> Result<(), TooMuch> {
    *left = left.checked_sub(bytes).ok_or(TooMuch)?;
    Ok(())
}

/// Bytes that are left for a walk, which keeps every commit that it meets.
pub(super) struct WalkRoom {
    /// Of what is kept of commits.
    kept: u64,
    /// Of commits to read: most of one may be headers that nobody keeps.
    read: u64,
}

impl WalkRoom {
    /// That of one walk.
    pub(super) fn of(limits: &Limits) -> Self {
        Self { kept: limits.history_bytes, read: MOST_OF_COMMITS }
    }

    /// That of what a cache knows, which is there beside what the walk meets, and twice while it grows.
    pub(super) fn of_cache(limits: &Limits) -> Self {
        Self { kept: limits.history_bytes / 2, ..Self::of(limits) }
    }

    /// Meets a commit with so many parents, or one that cannot be read.
    pub(super) fn take(&mut self, parents: usize) -> Result<(), TooMuch> {
        less(&mut self.kept, NODE + parents as u64 * PARENT)
    }

    /// Reads a commit of so many bytes.
    pub(super) fn commit(&mut self, bytes: usize) -> Result<(), TooMuch> {
        less(&mut self.read, bytes as u64)
    }
}

/// Bytes that are left for messages of commits that were met and wait to be read.
pub(super) struct MessageRoom(AtomicUsize);

impl Default for MessageRoom {
    fn default() -> Self {
        Self(AtomicUsize::new(MOST_OF_MESSAGES))
    }
}

impl MessageRoom {
    /// Whether there is room for a message of so many bytes, which it takes then.
    pub(super) fn take(&self, bytes: usize) -> bool {
        self.0.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(bytes)).is_ok()
    }

    /// Such a message is gone.
    pub(super) fn give_back(&self, bytes: usize) {
        self.0.fetch_add(bytes, Relaxed);
    }
}

/// Bytes, about, that are kept of the commits of a range, by all threads together.
pub(super) struct Kept {
    bytes: AtomicU64,
    most: u64,
}

impl Kept {
    /// Nothing so far, of a range that is read within `limits`.
    pub(super) fn of(limits: &Limits) -> Self {
        Self::of_ranges(1, limits)
    }

    /// The same of so many ranges together: with more, one of them is too much by itself.
    pub(super) fn of_ranges(count: usize, limits: &Limits) -> Self {
        let most = limits.history_bytes.saturating_mul(count as u64).min(CLOSED - 1);
        Self { bytes: AtomicU64::new(0), most }
    }

    /// These and no others are kept so far.
    pub(super) fn begin_with<'c>(&self, commits: impl Iterator<Item = &'c Commit>) {
        self.bytes.store(commits.map(size).sum(), Relaxed);
    }

    /// From now on there is no room: one commit was too much already.
    pub(super) fn close(&self) {
        self.bytes.fetch_max(CLOSED, Relaxed);
    }

    /// Whether there is room for another one.
    pub(super) fn check(&self) -> Result<(), GitError> {
        let is_within = self.bytes.load(Relaxed) <= self.most;
        is_within.then_some(()).ok_or(GitError::TooMuch { bytes: self.most })
    }

    /// Keeps another one.
    pub(super) fn add(&self, commit: &Commit) -> Result<(), GitError> {
        self.bytes.fetch_add(size(commit), Relaxed);
        self.check()
    }
}

/// About how many bytes a commit takes. The same however it was read.
fn size(commit: &Commit) -> u64 {
    let trailers = commit.trailers.iter().map(|trailer| trailer.key.len() + trailer.value.len());
    let texts = commit.subject.len() + commit.body.len() + trailers.sum::<usize>();
    let words = size_of_val(commit.wording.words.as_slice());
    COMMIT + (texts + words) as u64 + commit.changes.iter().map(size_of_change).sum::<u64>()
}

fn size_of_change(change: &Change) -> u64 {
    let paths = change.path.len() + change.old_path.as_ref().map_or(0, String::len);
    let (hunks, words) = match &change.content {
        Content::Text(edits) => (edits.hunks.len() as u64, size_of_val(edits.words.words())),
        _ => (0, 0),
    };
    CHANGE + hunks * HUNK + (paths + words) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::commit;

    #[test]
    fn a_commit_has_room_for_so_many_paths() {
        let mut room = Room::of(&Limits { history_bytes: 8 * 205, ..Limits::default() });
        assert_eq!([room.take(b"ab"), room.take(b""), room.take(b"ab")], [Ok(()), Ok(()), Err(TooMuch)]);
        let mut room = Room::of(&Limits { history_bytes: 8 * 5 * HUNK, ..Limits::default() });
        assert_eq!([room.hunks(5), room.hunks(0), room.hunks(1)], [Ok(()), Ok(()), Err(TooMuch)]);
        assert_eq!([room.texts(&[0; 640], &[0; 640]), room.texts(b"", b"x")], [Ok(()), Err(TooMuch)]);
        room.trees = 8;
        assert_eq!(
            [room.tree(b"a tree"), room.tree(b"two"), room.tree(b"of")],
            [Ok(()), Err(TooMuch), Ok(())]
        );
    }

    #[test]
    fn a_walk_has_room_for_so_many_commits() {
        let mut room = WalkRoom::of(&Limits { history_bytes: 2 * NODE + 3 * PARENT, ..Limits::default() });
        assert_eq!([room.take(3), room.take(1), room.take(0)], [Ok(()), Err(TooMuch), Ok(())]);
        assert_eq!([room.commit(2 << 30), room.commit(1)], [Ok(()), Err(TooMuch)]);
        let mut half = WalkRoom::of_cache(&Limits { history_bytes: 2 * NODE, ..Limits::default() });
        assert_eq!([half.take(0), half.take(0)], [Ok(()), Err(TooMuch)]);
    }

    #[test]
    fn messages_wait_while_there_is_room() {
        let room = MessageRoom::default();
        assert!(room.take(MOST_OF_MESSAGES - 1) && !room.take(2) && room.take(1) && !room.take(1));
        room.give_back(2);
        assert!(room.take(2) && room.take(0));
    }

    #[test]
    fn commits_are_kept_until_there_are_too_many() {
        let one = commit("1", "a clock", &["a", "b"]);
        let limits = Limits { history_bytes: 2 * size(&one), ..Limits::default() };
        let kept = Kept::of(&limits);
        assert!(kept.add(&one).is_ok() && kept.add(&one).is_ok() && kept.check().is_ok());
        let error = kept.add(&one).expect_err("too much");
        assert!(error.to_string().contains(&limits.history_bytes.to_string()), "{error}");
        kept.begin_with([&one].into_iter());
        assert!(kept.check().is_ok() && kept.add(&one).is_ok());
        kept.close();
        assert!(kept.check().is_err() && kept.add(&one).is_err());
        let of_two = Kept::of_ranges(2, &limits);
        assert!((0..4).all(|_| of_two.add(&one).is_ok()) && of_two.add(&one).is_err());
        let many = Kept::of_ranges(usize::MAX, &limits);
        assert!(many.add(&one).is_ok());
        many.close();
        assert!(many.check().is_err(), "what is too much for one commit is too much");
        assert!(size(&one) > size(&commit("1", "a clock", &["a"])));
    }
}
