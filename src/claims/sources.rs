//! What claims are checked against: text of files, now and when a claim was made.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::model::{Listing, NameFilter, Oid};

/// Which state of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version<'a> {
    /// Head, or the work tree where that counts.
    Now,
    /// A commit.
    At(&'a Oid),
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// No file.
    Absent,
    /// A file; its blob, except in the work tree.
    File(Option<Oid>),
    /// Nobody can say: the commit or a tree on the way is missing.
    Unknown,
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// There is no such file.
    Absent,
    /// Its text, nearly always in UTF-8.
    Text(Vec<u8>),
    /// Nobody can say: the object is missing, too large, or no text.
    Unknown,
}

impl Content {
    /// The text, where there is one.
    pub fn text(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Unknown => None,
        }
    }
}

/// A path that differs between two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Repository path.
    pub path: String,
    /// Its blob before; `None` if it was added.
    pub before: Option<Oid>,
    /// Its blob after; `None` if it was removed.
    pub after: Option<Oid>,
}

/// Text of files at the revisions that claims speak of. Never fails: what cannot be read is unknown.
///
/// Paths are repository paths; one that leaves the repository is [`Entry::Absent`].
pub trait Sources: Sync {
    /// The commit that [`Version::Now`] is, or is based on; `None` without commits.
    fn head(&self) -> Option<Oid>;

    /// Whether [`Version::Now`] is the work tree.
    fn is_work_tree(&self) -> bool;

    /// Whether the repository has this commit.
    fn has(&self, commit: &Oid) -> bool;

    /// What is at a path. Costs no reading of text.
    fn entry(&self, version: Version<'_>, path: &str) -> Entry;

    /// What the file at a path says.
    fn text(&self, version: Version<'_>, path: &str) -> Content;

    /// Takes a text back that nobody looks into any more: its memory may hold the next one.
    fn take_back(&self, _text: Vec<u8>) {}

    /// Every file, of the work tree with the blob that the index has; `None` if the commit or a part of its tree is missing.
    /// Read once per version.
    fn files(&self, version: Version<'_>) -> Option<Arc<Listing>>;

    /// At least those files of [`Version::Now`] whose names are wanted. Less than all of them take a fraction of the memory.
    fn files_called(&self, _is_wanted: NameFilter<'_>) -> Option<Arc<Listing>> {
        self.files(Version::Now)
    }

    /// What differs between two versions, by path; `None` where that is unknown. Of the work tree, only what is staged.
    fn changes(&self, from: Version<'_>, to: Version<'_>) -> Option<Arc<[Changed]>> {
        Some(compare(&*self.files(from)?, &*self.files(to)?).into())
    }

    /// The first-parent line of commits from head, newest first, down to the first one that `since` contains
    /// (itself included), or as far as the limit goes.
    fn line(&self, since: Option<&Oid>) -> Arc<[Oid]>;
}

/// Paths that were added, removed or changed between two listings, in order.
pub fn compare(before: &Listing, after: &Listing) -> Vec<Changed> {
    let (mut old, mut new) = ((0..before.len()).peekable(), (0..after.len()).peekable());
    let mut changed = Vec::new();
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return changed,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(&old), Some(&new)) => before.path(old).cmp(after.path(new)),
        };
        let old = old.next_if(|_| order.is_le());
        let new = new.next_if(|_| order.is_ge());
        let (was, is) = (old.map(|at| before.blob(at)), new.map(|at| after.blob(at)));
        let path = old.map(|at| before.path(at)).or(new.map(|at| after.path(at)));
        if let Some(path) = path.filter(|_| was != is) {
            changed.push(Changed { path: path.to_owned(), before: was, after: is });
        }
    }
}
