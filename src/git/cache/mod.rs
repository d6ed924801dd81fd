//! Commits that were extracted before: a commit never changes, so neither does what is read from it.
//!
//! The cache is a directory of [segments](segment), below one directory per repository and way of
//! reading. Segments appear whole or not at all and are never changed, so any number of processes may
//! read and write. Nothing here is an error: what cannot be read is extracted again, what cannot be
//! written is not cached, and what is damaged is removed. Only what looks like ours is touched ([folder]).

mod codec;
mod folder;
mod segment;

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use hashbrown::HashMap;

use super::limits::{Limits, WalkRoom};
use super::members::Node;
use crate::digest::sha256_hex;
use crate::model::{Commit, Oid};
use crate::words::Interest;
use folder::{number, segment_files};
use segment::{Draft, Line, Place, Segment};

/// Changes whenever the same commit would be read differently, or written differently.
const VERSION: &str = "taskproof history 5";
/// Where segments are, below the directory of the cache.
const FOLDER: &str = "history";
/// Bytes of a record that is read by one thread at a time: what it says may take many times as much.
const LARGE_RECORD: u32 = 1 << 20;
/// With more segments, they are joined.
const MOST_SEGMENTS: usize = 16;

/// Where commits that were read are kept, and how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheOptions {
    /// The directory. It is made when there is something to keep. What is there is believed: ask
    /// [`brought_by_clone`](super::brought_by_clone) before naming one that a branch can write to.
    pub directory: PathBuf,
    /// Bytes of all repositories together; the oldest segments go first.
    pub most_bytes: u64,
}

impl CacheOptions {
    /// A cache of one gibibyte: a hundred thousand commits of usual size.
    pub fn new(directory: PathBuf) -> Self {
        Self { directory, most_bytes: 1 << 30 }
    }
}

/// A commit as the cache keeps it.
pub(super) struct Entry(Line, Option<Vec<u8>>);

impl Entry {
    /// A commit to add; without what it changed, one that was only walked over, or has more to say than is read again within
    /// `limits`.
    pub(super) fn of(node: &Node, commit: Option<&Commit>, limits: &Limits) -> Self {
        let line = Line { id: node.id, time: node.time, parents: node.parents.clone(), record: None };
        Self(line, commit.and_then(|commit| codec::encode(commit, limits)))
    }

    /// Bytes of what it changed.
    pub(super) fn len(&self) -> usize {
        self.1.as_ref().map_or(0, Vec::len)
    }
}

/// The cache of one repository, read in one way.
pub(super) struct Cache {
    most_bytes: u64,
    limits: Limits,
    folder: PathBuf,
    directory: PathBuf,
    segments: Vec<Segment>,
    /// From commits to their segment and line there.
    known: HashMap<Oid, (usize, Line)>,
    writing: Mutex<Writing>,
    /// Whoever reads a large record: one at a time, so that memory does not depend on the number of threads.
    reading: Mutex<()>,
}

/// What was added and is not among the segments yet.
enum Writing {
    Nothing,
    Open(Draft),
    /// The disk is full, most likely. What was written is gone, and nothing more is: a later part alone would stand for all.
    Failed,
}

impl Cache {
    /// Opens what there is. `way` is everything that what is read depends on beside the commit itself.
    /// No more is taken from it than may be read within `limits`.
    pub(super) fn open(options: &CacheOptions, limits: &Limits, way: &[&[u8]]) -> Self {
        let mut described = Vec::new();
        for part in [VERSION.as_bytes()].iter().chain(way) {
            described.extend((part.len() as u64).to_le_bytes());
            described.extend(*part);
        }
        let name = &sha256_hex(&described)[..32];
        let folder = options.directory.join(FOLDER);
        let directory = folder.join(name);
        let mut room = WalkRoom::of_cache(limits);
        let (mut segments, mut known) = (Vec::new(), HashMap::<Oid, (usize, Line)>::new());
        for path in segment_files(&folder, &directory) {
            match Segment::open(&path) {
                // Of more, the rest is read again.
                Some((_, lines)) if lines.iter().any(|line| room.take(line.parents.len()).is_err()) => break,
                Some((segment, lines)) => {
                    known.reserve(lines.len());
                    // A later line takes the place of an earlier one, but for one that has less to say.
                    for line in lines {
                        let is_news = line.record.is_some() || !known.contains_key(&line.id);
                        if is_news {
                            known.insert(line.id, (segments.len(), line));
                        }
                    }
                    segments.push(segment);
                }
                None => drop(fs::remove_file(path)), // Damaged, or gone meanwhile.
            }
        }
        Self {
            most_bytes: options.most_bytes,
            limits: *limits,
            folder,
            directory,
            segments,
            known,
            writing: Mutex::new(Writing::Nothing),
            reading: Mutex::default(),
        }
    }

    /// What walking needs to know of a commit, if it is known.
    pub(super) fn node(&self, id: Oid) -> Option<Node> {
        let (_, line) = self.known.get(&id)?;
        let (time, parents) = (line.time, line.parents.clone());
        Some(Node { id, time, parents, is_new: false, tree: None, commit: None })
    }

    /// Whether a commit is known as a whole.
    pub(super) fn holds(&self, id: Oid) -> bool {
        self.known.get(&id).is_some_and(|(_, line)| line.record.is_some())
    }

    /// A commit with the words of interest, if it is known and whole.
    pub(super) fn commit(&self, id: Oid, interest: Option<&Interest>) -> Option<Commit> {
        let (segment, line) = self.known.get(&id)?;
        let place =
            line.record.filter(|place| u64::from(place.length) <= codec::most_of_record(&self.limits))?;
        let is_large = place.length > LARGE_RECORD;
        let _alone = is_large.then(|| self.reading.lock().unwrap_or_else(PoisonError::into_inner));
        let record = self.record(*segment, place)?;
        codec::decode(&record, (id, &line.parents, line.time), interest, &self.limits)
    }

    fn record(&self, segment: usize, place: Place) -> Option<Vec<u8>> {
        self.segments.get(segment)?.record(place)
    }

    /// Adds commits that were extracted.
    pub(super) fn add(&self, entries: Vec<Entry>) {
        if entries.is_empty() {
            return;
        }
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Writing::Nothing = *writing {
            let begun =
                folder::make(&self.folder, &self.directory).and_then(|()| Draft::new(&self.directory));
            *writing = begun.map_or(Writing::Failed, Writing::Open);
        }
        if let Writing::Open(draft) = &mut *writing
            && draft.add(entries).is_err()
        {
            *writing = Writing::Failed;
        }
    }

    /// Keeps what was added, and keeps the cache within its size.
    pub(super) fn finish(self) {
        let is_split = self.segments.len() >= MOST_SEGMENTS;
        if is_split && self.has_news() {
            self.join();
        }
        let numbers = self.segments.iter().filter_map(|segment| number(&segment.path));
        let next = numbers.max().map_or(1, |last| last.saturating_add(1));
        let writing = self.writing.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Writing::Open(draft) = writing else { return };
        if draft.finish(&self.directory, next).is_err() {
            return;
        }
        if is_split {
            for segment in &self.segments {
                let _ = fs::remove_file(&segment.path); // Another process may have been quicker.
            }
        }
        folder::shrink(&self.folder, self.most_bytes);
    }

    fn has_news(&self) -> bool {
        matches!(*self.writing.lock().unwrap_or_else(PoisonError::into_inner), Writing::Open(_))
    }

    /// Adds all that is known to the draft.
    fn join(&self) {
        for (segment, line) in self.known.values() {
            let record = line.record.and_then(|place| self.record(*segment, place));
            self.add(vec![Entry(line.clone(), record)]);
        }
    }
}

#[cfg(test)]
mod tests;
