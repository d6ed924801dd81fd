//! Objects that `refs/replace` puts in the place of others, as git itself does.

use std::collections::HashMap;

use super::{Found, ObjectStore};
use crate::model::Oid;

/// Chains of replacements longer than this are taken for a loop, as in git.
const MOST_STEPS: usize = 5;

/// Which object stands for which.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::git) struct Replacements(HashMap<Oid, Oid>);

impl Replacements {
    /// Reads `refs/replace`. References that name no id are passed over.
    pub(in crate::git) fn of(repo: &git2::Repository) -> Self {
        let mut replacements = HashMap::new();
        if !may_have_some(repo.commondir()) {
            return Self(replacements);
        }
        if let Ok(references) = repo.references_glob("refs/replace/*") {
            for reference in references.flatten() {
                let old = reference.name_bytes().rsplit(|byte| *byte == b'/').next().and_then(Oid::from_hex);
                let new = reference.target().and_then(|id| Oid::from_slice(id.as_bytes()));
                replacements.extend(old.zip(new));
            }
        }
        Self(replacements)
    }

    /// All of them as bytes, the same for the same replacements.
    pub(in crate::git) fn to_bytes(&self) -> Vec<u8> {
        let mut pairs: Vec<[[u8; 20]; 2]> = self.0.iter().map(|(old, new)| [old.0, new.0]).collect();
        pairs.sort_unstable();
        pairs.concat().concat()
    }

    /// The object to read for `id`; `None` if replacements go round in circles.
    fn resolve(&self, id: Oid) -> Option<Oid> {
        let mut current = id;
        for _ in 0..=MOST_STEPS {
            match self.0.get(&current) {
                Some(next) => current = *next,
                None => return Some(current),
            }
        }
        None
    }
}

/// Whether a repository may have references below `refs/replace`: looking costs much less than listing all there are.
fn may_have_some(common_dir: &std::path::Path) -> bool {
    let packed = std::fs::read(common_dir.join("packed-refs")).unwrap_or_default();
    common_dir.join("refs/replace").is_dir() || memchr::memmem::find(&packed, b" refs/replace/").is_some()
}

/// A store seen through replacements.
pub(in crate::git) struct Replaced<'a, S> {
    store: S,
    replacements: &'a Replacements,
}

impl<'a, S> Replaced<'a, S> {
    pub(in crate::git) fn new(store: S, replacements: &'a Replacements) -> Self {
        Self { store, replacements }
    }
}

impl<S: ObjectStore> ObjectStore for Replaced<'_, S> {
    fn read(&mut self, id: Oid, most: u64) -> Found {
        match self.replacements.resolve(id) {
            Some(id) => self.store.read(id, most),
            None => Found::Broken("its replacements go round in circles".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Kind;
    use super::super::testing::Memory;
    use super::*;

    #[test]
    fn replacements_are_followed_and_loops_are_not() {
        let mut memory = Memory::default();
        let (old, new) = (memory.put(1, Kind::Blob, b"old"), memory.put(2, Kind::Blob, b"new"));
        let looped = Oid([3; 20]);
        let replacements = Replacements([(old, new), (looped, looped)].into());
        let mut store = Replaced::new(memory, &replacements);
        assert_eq!(store.read(old, 10), Found::Object(Kind::Blob, Arc::new(b"new".to_vec())));
        assert_eq!(store.read(old, 2), Found::TooLarge);
        assert!(matches!(store.read(looped, 10), Found::Broken(_)));
        assert_eq!(store.read(Oid([9; 20]), 10), Found::Missing);
    }
}
