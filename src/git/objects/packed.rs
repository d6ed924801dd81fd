//! Objects in packs, read by ourselves. Whatever is odd is left to another store.

use std::collections::HashSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::pack::{Content, Damage, Pack, Windows};
use super::recent::{Made, Recent};
use super::{Found, Kind, ObjectStore, delta};
use crate::model::Oid;

/// Packs beyond these are left to libgit2: each costs two open files.
const MOST_PACKS: usize = 128;
/// Bytes of all indexes together.
const MOST_INDEXES: u64 = 512 << 20;
/// Bytes of a delta, and of an object that another is a delta against.
const MOST_BASE: u64 = 128 << 20;
/// Bytes that may be produced to reach one object, all its bases together.
const MOST_WORK: u64 = 1 << 30;
/// Bytes of the room of a delta that is kept, and how many are.
const MOST_ROOM: usize = 256 << 10;
const MOST_ROOMS: usize = 16;
/// Longer chains of deltas are not written by git, which stops at 4095.
const MOST_CHAIN: usize = 4096;
/// Alternates of alternates are followed as deep as git follows them.
const MOST_ALTERNATES: usize = 5;
/// Directories of objects that are looked into, and bytes of a file that names some.
const MOST_DIRECTORIES: usize = 1000;
const MOST_NAMED: u64 = 1 << 20;

/// The packs of a repository and its alternates, shared by all threads and opened when the first object is
/// asked for. Packs that are replaced meanwhile stay readable; new ones are libgit2's business.
#[derive(Default)]
pub(in crate::git) struct Packs {
    objects: Option<PathBuf>,
    opened: OnceLock<Vec<Pack>>,
}

impl Packs {
    /// The packs below a directory of objects. What cannot be opened is not there.
    pub(in crate::git) fn of(objects: PathBuf) -> Self {
        Self { objects: Some(objects), opened: OnceLock::new() }
    }

    fn all(&self) -> &[Pack] {
        self.opened.get_or_init(|| self.objects.as_deref().map(open).unwrap_or_default())
    }
}

fn open(objects: &Path) -> Vec<Pack> {
    let mut indexes: Vec<PathBuf> = directories(objects).iter().flat_map(|one| indexes_in(one)).collect();
    // Large packs first, so that the few that count are among those opened.
    indexes.sort_by_cached_key(|index| {
        let length = index.with_extension("pack").metadata().map_or(0, |data| data.len());
        (std::cmp::Reverse(length), index.clone())
    });
    indexes.dedup();
    let (mut packs, mut left) = (Vec::new(), MOST_INDEXES);
    for index in indexes.iter().take(MOST_PACKS) {
        if let Some(pack) = Pack::open(index, left) {
            left -= pack.index.size();
            packs.push(pack);
        }
    }
    packs
}

/// A directory of objects and its alternates, each once: they may name each other.
fn directories(objects: &Path) -> Vec<PathBuf> {
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    let mut level = vec![objects.to_path_buf()];
    for _ in 0..=MOST_ALTERNATES {
        level.retain(|directory| directory.canonicalize().is_ok_and(|real| seen.insert(real)));
        level.truncate(MOST_DIRECTORIES - found.len());
        let next = level.iter().flat_map(|directory| alternates(directory)).take(MOST_DIRECTORIES).collect();
        found.append(&mut level);
        level = next;
    }
    found
}

/// Directories that one of objects names: each once, and no more than are looked into.
fn alternates(objects: &Path) -> Vec<PathBuf> {
    let mut named = Vec::new();
    let file = std::fs::File::open(objects.join("info/alternates")).map(|file| file.take(MOST_NAMED));
    if file.is_ok_and(|mut file| file.read_to_end(&mut named).is_err()) {
        return Vec::new();
    }
    let named = String::from_utf8_lossy(&named);
    // A quoted path is rare and left to libgit2.
    let lines = named.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', '"']));
    let mut seen = HashSet::new();
    lines.filter(|line| seen.insert(*line)).take(MOST_DIRECTORIES).map(|line| objects.join(line)).collect()
}

/// Index files in a directory of objects.
fn indexes_in(objects: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(objects.join("pack")).into_iter().flatten().flatten();
    files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|end| end == "idx")).collect()
}

/// Packs as one thread reads them.
pub(in crate::git) struct Packed<'a, S> {
    packs: &'a Packs,
    others: S,
    recent: &'a Recent,
    desk: &'a mut Desk,
}

/// What a thread has at hand while it reads the packs of one repository.
pub(in crate::git) struct Desk {
    windows: Windows,
    inflater: libdeflater::Decompressor,
    /// The pack that held the last object, which likely holds the next.
    last: usize,
    /// Where objects were found lately, by some bits of their ids.
    found: Vec<Option<(Oid, usize, u64)>>,
    /// Room of deltas that were applied, for the next ones.
    rooms: Vec<Vec<u8>>,
    /// Entries that were inflated: what reading costs, whatever the machine.
    inflated: u64,
}

/// Places remembered: they fit the cache of a processor.
const FOUND: usize = 1 << 13;

impl Default for Desk {
    fn default() -> Self {
        Self {
            windows: Windows::default(),
            inflater: libdeflater::Decompressor::new(),
            last: 0,
            found: vec![None; FOUND],
            rooms: Vec::new(),
            inflated: 0,
        }
    }
}

impl Desk {
    /// Keeps the room of a delta, unless it is large: new room has to be found and cleared.
    fn leave_room(&mut self, delta: Vec<u8>) {
        if delta.capacity() <= MOST_ROOM && self.rooms.len() < MOST_ROOMS {
            self.rooms.push(delta);
        }
    }
}

impl<'a, S: ObjectStore> Packed<'a, S> {
    /// Reads `packs` at `desk`, remembers `recent` objects, and asks `others` for the rest.
    pub(in crate::git) fn new(packs: &'a Packs, others: S, recent: &'a Recent, desk: &'a mut Desk) -> Self {
        Self { packs, others, recent, desk }
    }

    /// Number of a pack that holds `id`, and where.
    fn find(&mut self, id: Oid) -> Option<(usize, u64)> {
        let slot = usize::from(u16::from_le_bytes([id.0[18], id.0[19]])) % FOUND;
        if let Some((_, number, offset)) = self.desk.found[slot].filter(|(known, ..)| *known == id) {
            return Some((number, offset));
        }
        let packs = self.packs.all();
        let first = packs.get(self.desk.last).and_then(|pack| pack.index.find(id));
        let found = first.map(|offset| (self.desk.last, offset)).or_else(|| {
            packs.iter().enumerate().find_map(|(number, pack)| Some((number, pack.index.find(id)?)))
        })?;
        self.desk.last = found.0;
        self.desk.found[slot] = Some((id, found.0, found.1));
        Some(found)
    }

    /// The object at a place, unless it has more than `most` bytes.
    fn resolve(&mut self, number: usize, offset: u64, most: u64) -> Result<Found, Damage> {
        let Some(pack) = self.packs.all().get(number) else { return Err(Damage) };
        // Deltas from the object to its base, each with where its result stands.
        let mut deltas: Vec<(u64, Vec<u8>)> = Vec::new();
        let (mut at, mut work) = (offset, 0);
        let (kind, mut content, mut made) = loop {
            if let Some(object) = self.recent.get((number, at)) {
                // As much as without it: what is too much does not depend on what was read before.
                if work + object.2 > MOST_WORK {
                    return Ok(Found::TooLarge);
                }
                break object;
            }
            let entry = self.desk.windows.entry(number, pack, at)?;
            let (is_asked, is_whole) = (deltas.is_empty(), matches!(entry.content, Content::Whole(_)));
            let limit = if is_asked && is_whole { most } else { MOST_BASE };
            work += entry.size;
            if entry.size > limit || work > MOST_WORK {
                return Ok(Found::TooLarge);
            }
            self.desk.inflated += 1;
            let mut inflated = if is_whole { Vec::new() } else { self.desk.rooms.pop().unwrap_or_default() };
            self.desk.windows.inflate(number, pack, &entry, &mut self.desk.inflater, &mut inflated)?;
            match entry.content {
                Content::Whole(kind) => {
                    let content = Arc::new(inflated);
                    // A commit is read once, and seldom the base of another.
                    if kind != Kind::Commit || !is_asked {
                        self.recent.put(
                            (number, at),
                            Made::Inflated,
                            (kind, Arc::clone(&content), entry.size),
                        );
                    }
                    break (kind, content, entry.size);
                }
                Content::DeltaAt(base) => deltas.push((std::mem::replace(&mut at, base), inflated)),
                Content::DeltaOf(id) => {
                    let base = pack.index.find(id).ok_or(Damage)?;
                    deltas.push((std::mem::replace(&mut at, base), inflated));
                }
            }
            if let Some((_, delta)) = deltas.last() {
                let result = delta::sizes(delta)?.result;
                work += result;
                if result > if is_asked { most } else { MOST_BASE } || work > MOST_WORK {
                    return Ok(Found::TooLarge);
                }
            }
            if deltas.len() > MOST_CHAIN {
                return Err(Damage);
            }
        };
        while let Some((at, delta)) = deltas.pop() {
            content = Arc::new(delta::apply(&content, &delta)?);
            made += (delta.len() + content.len()) as u64;
            self.recent.put((number, at), Made::Patched, (kind, Arc::clone(&content), made));
            self.desk.leave_room(delta);
        }
        Ok(if content.len() as u64 > most { Found::TooLarge } else { Found::Object(kind, content) })
    }
}

impl<S: ObjectStore> Packed<'_, S> {
    /// An object that the others have.
    fn read_other(&mut self, id: Oid, most: u64) -> Found {
        if let Some((kind, content)) = self.recent.get_other(id) {
            let is_too_large = content.len() as u64 > most;
            return if is_too_large { Found::TooLarge } else { Found::Object(kind, content) };
        }
        let found = self.others.read(id, most);
        // A commit is read once, here as above.
        if let Found::Object(kind, content) = &found
            && *kind != Kind::Commit
        {
            self.recent.put_other(id, *kind, content);
        }
        found
    }
}

impl<S: ObjectStore> ObjectStore for Packed<'_, S> {
    fn read(&mut self, id: Oid, most: u64) -> Found {
        let found = self.find(id).map(|(number, offset)| self.resolve(number, offset, most));
        match found {
            Some(Ok(found)) => found,
            Some(Err(Damage)) | None => self.read_other(id, most),
        }
    }
}

#[cfg(test)]
mod tests;
