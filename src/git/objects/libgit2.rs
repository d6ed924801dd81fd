//! Objects as libgit2 finds them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use git2::{ObjectType, OdbLookupFlags};

use super::{Found, Kind, ObjectStore};
use crate::model::Oid;

/// For so many objects that are missing, packs that appeared meanwhile are looked for. With more, the repository is most likely
/// a partial clone, and looking takes as long as everything else together.
const MOST_LOOKS: u32 = 100;

/// How many objects were missing, all threads together.
#[derive(Debug, Default)]
pub(in crate::git) struct Misses(AtomicU32);

/// Everything that libgit2 can find: loose objects, packs of any kind, alternates. It notices packs that
/// appear while we run, unless very many objects are missing.
pub(in crate::git) struct Libgit2<'a> {
    objects: Result<git2::Odb<'a>, String>,
    misses: &'a Misses,
}

impl<'a> Libgit2<'a> {
    /// The objects of an open repository.
    pub(in crate::git) fn new(repo: &'a git2::Repository, misses: &'a Misses) -> Self {
        Self { objects: repo.odb().map_err(|error| error.message().to_owned()), misses }
    }

    /// Whether an object is known to be missing without another look.
    fn is_missing(&self, objects: &git2::Odb<'_>, id: git2::Oid) -> bool {
        self.misses.0.load(Ordering::Relaxed) >= MOST_LOOKS
            && !objects.exists_ext(id, OdbLookupFlags::NO_REFRESH)
    }
}

impl ObjectStore for Libgit2<'_> {
    fn read(&mut self, id: Oid, most: u64) -> Found {
        let objects = match &self.objects {
            Ok(objects) => objects,
            Err(why) => return Found::Broken(why.clone()),
        };
        let read = || {
            let raw = git2::Oid::from_bytes(&id.0)?;
            if self.is_missing(objects, raw) {
                return Ok(Found::Missing);
            }
            let (size, _) = objects.read_header(raw)?;
            if size as u64 > most {
                return Ok(Found::TooLarge);
            }
            let object = objects.read(raw)?;
            Ok(match kind(object.kind()) {
                Some(kind) => Found::Object(kind, Arc::new(object.data().to_vec())),
                None => Found::Broken("it is of an unknown kind".to_owned()),
            })
        };
        read().unwrap_or_else(|error: git2::Error| match error.code() {
            git2::ErrorCode::NotFound => {
                self.misses.0.fetch_add(1, Ordering::Relaxed);
                Found::Missing
            }
            _ => Found::Broken(error.message().to_owned()),
        })
    }
}

fn kind(kind: ObjectType) -> Option<Kind> {
    match kind {
        ObjectType::Commit => Some(Kind::Commit),
        ObjectType::Tree => Some(Kind::Tree),
        ObjectType::Blob => Some(Kind::Blob),
        ObjectType::Tag => Some(Kind::Tag),
        ObjectType::Any => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_however_many_are_missing() {
        let scratch = tempfile::tempdir().expect("a directory");
        let repo = git2::Repository::init(scratch.path()).expect("a repository");
        let misses = Misses::default();
        let mut store = Libgit2::new(&repo, &misses);
        for number in 0..3 * MOST_LOOKS {
            let mut id = Oid([7; 20]);
            id.0[..4].copy_from_slice(&number.to_be_bytes());
            assert_eq!(store.read(id, 9), Found::Missing);
        }
        assert_eq!(misses.0.load(Ordering::Relaxed), MOST_LOOKS, "the rest is not looked for anew");
        let id = repo.blob(b"x").expect("written");
        let id = Oid::from_slice(id.as_bytes()).expect("an id");
        assert_eq!(store.read(id, 9), Found::Object(Kind::Blob, Arc::new(b"x".to_vec())));
        assert_eq!(store.read(id, 0), Found::TooLarge);
    }
}
