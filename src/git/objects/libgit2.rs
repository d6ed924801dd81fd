//! Objects as libgit2 finds them.

use std::sync::Arc;

use git2::ObjectType;

use super::{Found, Kind, ObjectStore};
use crate::model::Oid;

/// Everything that libgit2 can find: loose objects, packs of any kind, alternates. It notices packs that
/// appear while we run.
pub(in crate::git) struct Libgit2<'a> {
    objects: Result<git2::Odb<'a>, String>,
}

impl<'a> Libgit2<'a> {
    /// The objects of an open repository.
    pub(in crate::git) fn new(repo: &'a git2::Repository) -> Self {
        Self { objects: repo.odb().map_err(|error| error.message().to_owned()) }
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
            git2::ErrorCode::NotFound => Found::Missing,
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
