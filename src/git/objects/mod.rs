//! Objects by their id: the seam between what a commit is and how its objects are stored.
//!
//! [`ObjectStore`] is all that walking, comparing and reading history need. What implements it:
//!
//! * [`Libgit2`]: every object that libgit2 finds: loose, packed, in alternates
//! * [`Packed`]: packs, read by ourselves and several times faster; asks `Libgit2` for the rest
//! * [`Replaced`]: another store seen through `refs/replace`

mod commit;
mod delta;
mod libgit2;
mod pack;
mod pack_index;
mod packed;
mod recent;
mod replaced;
mod tree;

use std::fmt;
use std::sync::Arc;

pub(super) use commit::RawCommit;
pub(super) use libgit2::{Libgit2, Misses};
pub(super) use packed::{Desk, Packed, Packs};
pub(super) use recent::Recent;
pub(super) use replaced::{Replaced, Replacements};
pub(super) use tree::{BEHIND_NAME, Entry, Side, TreeEntries};

use crate::model::Oid;

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Commit,
    Tree,
    Blob,
    Tag,
}

/// An object, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// Its content.
    Object(Kind, Arc<Vec<u8>>),
    /// It is larger than asked for and was not read.
    TooLarge,
    /// It is not in the repository.
    Missing,
    /// It is there and cannot be read: what is wrong.
    Broken(String),
}

/// Where objects come from. One store per thread; what they have read lately, threads may share.
pub(super) trait ObjectStore {
    /// The object named `id`, unless its content has more than `most` bytes.
    fn read(&mut self, id: Oid, most: u64) -> Found;
}

/// Trees and commits larger than this are not read: no tool writes such, and parsing one costs many
/// times its size.
const MOST_METADATA: u64 = 64 << 20;

/// Why an object of an expected kind could not be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) id: Oid,
    pub(super) why: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "object {} {}", self.id, self.why)
    }
}

/// The content of a tree.
pub(super) fn read_tree(store: &mut dyn ObjectStore, id: Oid) -> Result<Arc<Vec<u8>>, Unreadable> {
    read_kind(store, id, Kind::Tree, "is not a tree")
}

/// A commit, taken apart.
pub(super) fn read_commit(store: &mut dyn ObjectStore, id: Oid) -> Result<RawCommit, Unreadable> {
    let content = read_kind(store, id, Kind::Commit, "is not a commit")?;
    RawCommit::parse(&content).ok_or_else(|| Unreadable { id, why: "is no well-formed commit".to_owned() })
}

fn read_kind(
    store: &mut dyn ObjectStore,
    id: Oid,
    kind: Kind,
    other: &str,
) -> Result<Arc<Vec<u8>>, Unreadable> {
    let why = match store.read(id, MOST_METADATA) {
        Found::Object(found, content) if found == kind => return Ok(content),
        Found::Object(..) => other.to_owned(),
        Found::TooLarge => "is too large".to_owned(),
        Found::Missing => "is missing".to_owned(),
        Found::Broken(why) => format!("cannot be read: {why}"),
    };
    Err(Unreadable { id, why })
}

#[cfg(test)]
pub(super) mod testing {
    //! A store of objects made up in tests.

    use std::collections::HashMap;

    use super::{Arc, Found, Kind, ObjectStore, Oid};

    /// Objects by made-up ids.
    #[derive(Default)]
    pub(crate) struct Memory(HashMap<Oid, (Kind, Arc<Vec<u8>>)>);

    impl Memory {
        /// Keeps an object under the id of twenty times `id`.
        pub(crate) fn put(&mut self, id: u8, kind: Kind, content: &[u8]) -> Oid {
            let id = Oid([id; 20]);
            self.0.insert(id, (kind, Arc::new(content.to_vec())));
            id
        }
    }

    impl ObjectStore for Memory {
        fn read(&mut self, id: Oid, most: u64) -> Found {
            match self.0.get(&id) {
                Some((_, content)) if content.len() as u64 > most => Found::TooLarge,
                Some((kind, content)) => Found::Object(*kind, Arc::clone(content)),
                None => Found::Missing,
            }
        }
    }
}
