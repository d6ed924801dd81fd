//! Commits that other threads put together while the walk goes on: those that the cache knows, and new ones.

use std::sync::{Mutex, PoisonError};

use hashbrown::{HashMap, HashSet};
use rayon::Scope;

use super::{Job, Task};
use crate::git::cache::Cache;
use crate::git::limits::MessageRoom;
use crate::git::members::Node;
use crate::git::source::Source;
use crate::model::Commit;
use crate::model::Oid;

/// Known commits that are put together in one go.
const CHUNK: usize = 256;
/// New commits that are read in one go. Few, so that all threads end together: what neighbours share is kept for all of them.
const NEWS: usize = 16;
/// No more than this are read before the walk ends: where clocks run back, it may turn out that none of them is wanted, and a walk
/// is so much faster that all others would wait meanwhile.
const MOST_AHEAD: usize = 1 << 14;

/// A commit, and what of it could not be read.
type Found = (Commit, Option<String>);
/// Commits, each until somebody takes it.
type Chunk = Vec<(Oid, Option<Found>)>;

/// Those that are done.
pub(super) struct Ahead<'a> {
    source: &'a Source,
    job: Job<'a>,
    /// Where messages wait until their commits are read.
    room: &'a MessageRoom,
    done: Mutex<Vec<Chunk>>,
}

/// What the walk has met and no thread has taken yet.
#[derive(Default)]
pub(super) struct Met {
    known: Vec<Oid>,
    news: Vec<Task>,
    /// How many new commits there were so far.
    count: usize,
}

impl<'a> Ahead<'a> {
    /// For the commits that `job` is about.
    pub(super) fn new(source: &'a Source, job: Job<'a>, room: &'a MessageRoom) -> Self {
        Self { source, job, room, done: Mutex::default() }
    }

    /// Hears that the walk has met a commit which the cache knows. Once they are enough, another thread takes care of them.
    pub(super) fn known<'scope>(&'scope self, id: Oid, met: &mut Met, scope: &Scope<'scope>) {
        met.known.push(id);
        if let (CHUNK, Some(cache)) = (met.known.len(), self.job.cache) {
            let ids = std::mem::take(&mut met.known);
            scope.spawn(move |_| self.decode(&ids, cache));
        }
    }

    /// Hears that the walk has passed a new commit, with the files of its parents as far as they are known. Where there is a
    /// thread to spare, it does not wait for the walk to end.
    pub(super) fn passed<'scope>(
        &'scope self,
        node: &mut Node,
        trees: Vec<Option<Oid>>,
        met: &mut Met,
        scope: &Scope<'scope>,
    ) {
        if rayon::current_num_threads() < 2 || met.count >= MOST_AHEAD {
            return;
        }
        met.news.push(Task { node: node.take(), trees });
        met.count += 1;
        if met.news.len() >= NEWS {
            self.send(std::mem::take(&mut met.news), met.count, scope);
        }
    }

    /// Takes care of what is left, for every thread a part. The walk is over.
    pub(super) fn rest<'scope>(&'scope self, mut met: Met, scope: &Scope<'scope>) {
        let part = met.news.len().div_ceil(rayon::current_num_threads()).max(1);
        while !met.news.is_empty() {
            let rest = met.news.split_off(part.min(met.news.len()));
            self.send(std::mem::replace(&mut met.news, rest), met.count, scope);
        }
        if let Some(cache) = self.job.cache {
            self.decode(&met.known, cache);
        }
    }

    /// Has another thread read commits, with as much memory as is worth it for so many.
    fn send<'scope>(&'scope self, mut tasks: Vec<Task>, count: usize, scope: &Scope<'scope>) {
        // Parents first: what they have is what their children begin with.
        tasks.reverse();
        scope.spawn(move |_| {
            let read = self.source.view(count, |view| self.job.run(view, &tasks));
            // Whoever finds nothing here reads it once more, and hears why it cannot be read.
            let read = tasks.iter().zip(read.unwrap_or_default());
            self.add(read.filter_map(|(task, read)| Some((task.node.id, Some(read.ok()?)))).collect());
            let messages = tasks.drain(..).filter_map(|task| task.node.commit);
            self.room.give_back(messages.map(|commit| commit.message.len()).sum());
        });
    }

    /// Puts commits together that the cache knows. What was only walked over, or is damaged, is left out.
    fn decode(&self, ids: &[Oid], cache: &Cache) {
        let commit = |id: &Oid| {
            self.job.kept.check().ok()?;
            let commit = cache.commit(*id, self.job.interest)?;
            self.job.kept.add(&commit).ok()?;
            Some((*id, Some((commit, None))))
        };
        self.add(ids.iter().filter_map(commit).collect());
    }

    fn add(&self, chunk: Chunk) {
        let found = chunk.iter().filter_map(|(_, found)| found.as_ref());
        self.source.memory.keep(found.map(|(commit, _)| commit));
        self.done.lock().unwrap_or_else(PoisonError::into_inner).push(chunk);
    }

    /// All that was put together, and who can do the rest.
    pub(super) fn finish(self) -> (Done, Job<'a>) {
        let chunks = self.done.into_inner().unwrap_or_else(PoisonError::into_inner);
        let places = chunks.iter().enumerate().flat_map(|(chunk, commits)| {
            commits.iter().enumerate().map(move |(at, (id, _))| (*id, (chunk, at)))
        });
        let places = places.collect();
        let chunks = chunks.into_iter().map(|commits| (commits.len(), commits)).collect();
        (Done { places, chunks }, self.job)
    }
}

/// Commits by their ids. They stay where they are, for they are large, and their room is given back as soon as all of a chunk
/// were taken.
pub(super) struct Done {
    places: HashMap<Oid, (usize, usize)>,
    /// Each with the number of those that were not taken.
    chunks: Vec<(usize, Chunk)>,
}

impl Done {
    pub(super) fn contains(&self, id: Oid) -> bool {
        self.places.contains_key(&id)
    }

    /// Lets go of all but these: where clocks run back, others were read too.
    pub(super) fn keep(&mut self, members: &[Oid]) {
        if members.iter().filter(|id| self.contains(**id)).count() == self.places.len() {
            return;
        }
        let members: HashSet<&Oid> = members.iter().collect();
        let others: Vec<Oid> = self.places.keys().filter(|id| !members.contains(id)).copied().collect();
        for id in others {
            drop(self.take(id));
        }
    }

    /// A commit that nobody has taken.
    pub(super) fn get(&self, id: Oid) -> Option<&Commit> {
        let (chunk, at) = *self.places.get(&id)?;
        self.chunks.get(chunk)?.1.get(at)?.1.as_ref().map(|(commit, _)| commit)
    }

    /// Each only once.
    pub(super) fn take(&mut self, id: Oid) -> Option<Found> {
        let (chunk, at) = *self.places.get(&id)?;
        let (left, commits) = &mut self.chunks[chunk];
        let read = commits.get_mut(at)?.1.take()?;
        *left -= 1;
        if *left == 0 {
            *commits = Vec::new();
        }
        Some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::commit;

    #[test]
    fn what_is_not_of_the_range_is_let_go() {
        let ids = [1, 2, 3].map(|number| Oid([number; 20]));
        let chunk: Chunk = ids.map(|id| (id, Some((commit("1", "a clock", &[]), None)))).into();
        let places = ids.iter().enumerate().map(|(at, id)| (*id, (0, at))).collect();
        let mut done = Done { places, chunks: vec![(chunk.len(), chunk)] };
        done.keep(&[ids[2], ids[1], Oid([9; 20])]);
        assert_eq!(ids.map(|id| done.get(id).is_some()), [false, true, true]);
        assert_eq!(ids.map(|id| done.take(id).is_some()), [false, true, true]);
        assert!(done.chunks[0].1.is_empty(), "the room is given back");
    }
}
