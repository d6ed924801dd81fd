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
use std::hash::{Hash, Hasher};
use std::sync::Arc;

pub(super) use commit::RawCommit;
pub(super) use libgit2::Libgit2;
pub(super) use packed::{Desk, Packed, Packs};
pub(super) use recent::Recent;
pub(super) use replaced::{Replaced, Replacements};
pub(super) use tree::{Entry, Side, TreeEntries};

use crate::model;

/// A SHA-1 object id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Id(pub(super) [u8; 20]);

/// Without the length that a slice is hashed with. All of it: a repository may name objects that begin alike and do not exist.
impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (eights, rest) = self.0.as_chunks();
        for eight in eights {
            state.write_u64(u64::from_le_bytes(*eight));
        }
        for four in rest.as_chunks().0 {
            state.write_u32(u32::from_le_bytes(*four));
        }
    }
}

impl Id {
    /// The id in these bytes; `None` unless there are twenty.
    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The id of forty hexadecimal digits.
    pub(super) fn from_hex(text: &[u8]) -> Option<Self> {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let mut id = [0; 20];
        if text.len() != 2 * id.len() {
            return None;
        }
        for (byte, pair) in id.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(id))
    }

    /// Its forty hexadecimal digits.
    pub(super) fn digits(self) -> [u8; 40] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut digits = [0; 40];
        for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(self.0) {
            *pair = [byte >> 4, byte & 0x0f].map(|digit| DIGITS[usize::from(digit)]);
        }
        digits
    }

    /// The same as text.
    pub(super) fn to_hex(self) -> String {
        // Digits are UTF-8.
        String::from_utf8(self.digits().to_vec()).unwrap_or_default()
    }

    /// The id as the model spells it.
    pub(super) fn to_model(self) -> model::Oid {
        model::Oid(self.to_hex())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

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
    fn read(&mut self, id: Id, most: u64) -> Found;
}

/// Trees and commits larger than this are not read: no tool writes such, and parsing one costs many
/// times its size.
const MOST_METADATA: u64 = 64 << 20;

/// Why an object of an expected kind could not be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) id: Id,
    pub(super) why: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "object {} {}", self.id, self.why)
    }
}

/// The content of a tree.
pub(super) fn read_tree(store: &mut dyn ObjectStore, id: Id) -> Result<Arc<Vec<u8>>, Unreadable> {
    read_kind(store, id, Kind::Tree, "is not a tree")
}

/// A commit, taken apart.
pub(super) fn read_commit(store: &mut dyn ObjectStore, id: Id) -> Result<RawCommit, Unreadable> {
    let content = read_kind(store, id, Kind::Commit, "is not a commit")?;
    RawCommit::parse(&content).ok_or_else(|| Unreadable { id, why: "is no well-formed commit".to_owned() })
}

fn read_kind(
    store: &mut dyn ObjectStore,
    id: Id,
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

    use super::{Arc, Found, Id, Kind, ObjectStore};

    /// Objects by made-up ids.
    #[derive(Default)]
    pub(crate) struct Memory(HashMap<Id, (Kind, Arc<Vec<u8>>)>);

    impl Memory {
        /// Keeps an object under the id of twenty times `id`.
        pub(crate) fn put(&mut self, id: u8, kind: Kind, content: &[u8]) -> Id {
            let id = Id([id; 20]);
            self.0.insert(id, (kind, Arc::new(content.to_vec())));
            id
        }
    }

    impl ObjectStore for Memory {
        fn read(&mut self, id: Id, most: u64) -> Found {
            match self.0.get(&id) {
                Some((_, content)) if content.len() as u64 > most => Found::TooLarge,
                Some((kind, content)) => Found::Object(*kind, Arc::clone(content)),
                None => Found::Missing,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_begin_or_end_alike_have_hashes_of_their_own() {
        let state = hashbrown::DefaultHashBuilder::default();
        let hash = |at: usize, byte: u8| {
            let mut id = Id::default();
            id.0[at] = byte;
            std::hash::BuildHasher::hash_one(&state, id)
        };
        let places = (0..20).flat_map(|at| (1..=255).map(move |byte| (at, byte)));
        let found: std::collections::HashSet<u64> = places.map(|(at, byte)| hash(at, byte)).collect();
        assert_eq!(found.len(), 20 * 255);
    }

    #[test]
    fn ids_are_forty_hexadecimal_digits() {
        let text = "0123456789abcdefABCDEF0123456789abcdef01";
        let id = Id::from_hex(text.as_bytes()).expect("an id");
        assert_eq!(id.to_string(), text.to_lowercase());
        assert_eq!(id.to_model().0, text.to_lowercase());
        for bad in ["", "0123", &text[1..], &format!("{text}0"), &text.replace('0', "g")] {
            assert_eq!(Id::from_hex(bad.as_bytes()), None, "{bad}");
        }
    }
}
