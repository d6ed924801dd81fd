//! Commits that the cache knows, put together by other threads while the walk goes on.

use std::sync::{Mutex, PoisonError};

use hashbrown::HashMap;
use rayon::Scope;

use crate::git::cache::Cache;
use crate::git::objects::Id;
use crate::model::Commit;
use crate::words::Interest;

/// Commits that are put together in one go.
const CHUNK: usize = 256;

/// Commits, each until somebody takes it.
type Chunk = Vec<(Id, Option<Commit>)>;

/// Those that are done.
pub(super) struct Ahead<'a> {
    cache: Option<&'a Cache>,
    interest: Option<&'a Interest>,
    done: Mutex<Vec<Chunk>>,
}

impl<'a> Ahead<'a> {
    /// With the words of interest. Without a cache nothing is known.
    pub(super) fn new(cache: Option<&'a Cache>, interest: Option<&'a Interest>) -> Self {
        Self { cache, interest, done: Mutex::default() }
    }

    /// Hears that the walk has met a commit which the cache knows. Of those in `met` a thread takes care when they are
    /// enough; the last ones are left there.
    pub(super) fn met<'scope>(&'scope self, id: Id, met: &mut Vec<Id>, scope: &Scope<'scope>) {
        met.push(id);
        if met.len() == CHUNK {
            let chunk = std::mem::replace(met, Vec::with_capacity(CHUNK));
            scope.spawn(move |_| self.read(&chunk));
        }
    }

    /// Puts commits together. What was only walked over, or is damaged, is left out.
    pub(super) fn read(&self, ids: &[Id]) {
        let Some(cache) = self.cache else { return };
        let commit = |id: &Id| Some((*id, Some(cache.commit(*id, self.interest)?)));
        let read: Chunk = ids.iter().filter_map(commit).collect();
        self.done.lock().unwrap_or_else(PoisonError::into_inner).push(read);
    }

    /// All that was put together.
    pub(super) fn finish(self) -> Known {
        let chunks = self.done.into_inner().unwrap_or_else(PoisonError::into_inner);
        let places = chunks.iter().enumerate().flat_map(|(chunk, commits)| {
            commits.iter().enumerate().map(move |(at, (id, _))| (*id, (chunk, at)))
        });
        Known { places: places.collect(), chunks }
    }
}

/// Commits by their ids; they stay where they are, for they are large.
pub(super) struct Known {
    places: HashMap<Id, (usize, usize)>,
    chunks: Vec<Chunk>,
}

impl Known {
    pub(super) fn contains(&self, id: Id) -> bool {
        self.places.contains_key(&id)
    }

    /// Each only once.
    pub(super) fn take(&mut self, id: Id) -> Option<Commit> {
        let (chunk, at) = *self.places.get(&id)?;
        self.chunks[chunk][at].1.take()
    }
}
