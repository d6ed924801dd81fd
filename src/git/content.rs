//! Text and trees of any commit, read from any thread.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashMap;

use super::index;
use super::limits::{Limits, Room};
use super::objects::{
    BEHIND_NAME, Entry, Found, Kind, ObjectStore, Recent, Side, TreeEntries, read_commit, read_tree,
};
use super::path::{spell, spelled};
use super::repository::{Repository, oid};
use super::source::{Extraction, Handle, Handles, Objects};
use crate::model::{Listing, NameFilter, Oid};

/// Reads files of commits. What is missing, as in a partial clone, is `None` and no error.
pub struct Contents {
    handles: Handles,
    objects: Objects,
    recent: Recent,
    /// Root directories of commits.
    roots: Mutex<HashMap<Oid, Oid>>,
    directories: Mutex<Directories>,
    limits: Limits,
}

/// Directories that were read: along a history most are the same, and in a tree many paths share theirs.
#[derive(Default)]
struct Directories {
    known: HashMap<Oid, Arc<Directory>>,
    entries: usize,
}

/// A directory as it was read. Its entries are found by their names, and nothing of them is kept but where they are.
struct Directory {
    content: Arc<Vec<u8>>,
    /// Every entry, in the order of the names.
    places: Box<[Place]>,
}

/// Where an entry stands in a directory, and where its name begins and ends.
struct Place {
    entry: u32,
    name: Range<u32>,
}

impl Place {
    fn name<'a>(&self, content: &'a [u8]) -> &'a [u8] {
        &content[self.name.start as usize..self.name.end as usize]
    }
}

impl Directory {
    /// `None` if it is damaged.
    fn new(content: Arc<Vec<u8>>) -> Option<Self> {
        let mut entries = TreeEntries::new(&content);
        let mut places = Vec::new();
        let place = |at: usize| u32::try_from(at).ok();
        loop {
            let start = entries.position_in(&content);
            let Some(entry) = entries.next() else { break };
            let end = entries.position_in(&content) - BEHIND_NAME;
            let name = place(end - entry.name.len())?..place(end)?;
            places.push(Place { entry: place(start)?, name });
        }
        if !entries.is_done() {
            return None;
        }
        // As git sorts them, names of directories end in a slash. Of several entries with a name the last one counts.
        places.sort_by(|one, other| one.name(&content).cmp(other.name(&content)));
        Some(Self { places: places.into_boxed_slice(), content })
    }

    fn get(&self, name: &[u8]) -> Option<Side> {
        let after = self.places.partition_point(|place| place.name(&self.content) <= name);
        let last = &self.places[after.checked_sub(1)?];
        if last.name(&self.content) != name {
            return None;
        }
        Some(TreeEntries::new(&self.content[last.entry as usize..]).next()?.side)
    }
}

/// Bytes that are kept of objects read lately.
const MEMORY: usize = 32 << 20;
/// How many entries of directories are kept, about a hundred bytes each.
const MAX_ENTRIES: usize = 1 << 19;
/// How many roots are kept.
const MAX_ROOTS: usize = 1 << 16;

/// What a commit has at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeEntry {
    /// A file or symbolic link, with its blob.
    Blob(Oid),
    /// No file: nothing, a directory, or a submodule.
    Absent,
    /// The commit or a tree on the way is missing.
    Missing,
}

impl Contents {
    /// A reader of `repository`, whose objects are read as `extraction` says.
    pub fn new(repository: &Repository, extraction: &Extraction) -> Self {
        let recent = Recent::of_threads(rayon::current_num_threads());
        recent.allow(MEMORY);
        Self {
            handles: Handles::on(repository),
            objects: Objects::of(repository, extraction.verify_objects),
            recent,
            roots: Mutex::default(),
            directories: Mutex::default(),
            limits: extraction.limits,
        }
    }

    /// Whether there is such a commit.
    pub fn has_commit(&self, commit: &Oid) -> bool {
        self.root(commit).is_some()
    }

    /// What `commit` has at `path`.
    pub fn entry(&self, commit: &Oid, path: &str) -> TreeEntry {
        let Some(mut tree) = self.root(commit) else { return TreeEntry::Missing };
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            let Some(directory) = self.directory(tree) else { return TreeEntry::Missing };
            match (directory.get(part.as_bytes()), parts.peek()) {
                (Some(side), Some(_)) if side.is_tree() => tree = side.id,
                (Some(side), None) if side.is_file() => return TreeEntry::Blob(side.id),
                _ => return TreeEntry::Absent,
            }
        }
        TreeEntry::Absent
    }

    fn root(&self, commit: &Oid) -> Option<Oid> {
        if let Some(&root) = self.roots.lock().unwrap_or_else(PoisonError::into_inner).get(commit) {
            return Some(root);
        }
        let root = self.read_with(|store| root(store, commit))?;
        let mut roots = self.roots.lock().unwrap_or_else(PoisonError::into_inner);
        if roots.len() >= MAX_ROOTS {
            roots.clear();
        }
        roots.insert(*commit, root);
        Some(root)
    }

    fn directory(&self, id: Oid) -> Option<Arc<Directory>> {
        if let Some(known) = self.directories.lock().unwrap_or_else(PoisonError::into_inner).known.get(&id) {
            return Some(known.clone());
        }
        let content = self.read_with(|store| read_tree(store, id).ok())?;
        let read = Arc::new(Directory::new(content)?);
        let size = read.places.len() + 1;
        let mut directories = self.directories.lock().unwrap_or_else(PoisonError::into_inner);
        directories.entries += size;
        if directories.entries > MAX_ENTRIES {
            *directories = Directories { entries: size, ..Directories::default() };
        }
        directories.known.insert(id, read.clone());
        Some(read)
    }

    /// The bytes of a blob; `None` if it is missing or larger than `limit` bytes.
    pub fn read(&self, blob: &Oid, limit: usize) -> Option<Vec<u8>> {
        self.read_with(|store| match store.read(*blob, limit as u64) {
            Found::Object(Kind::Blob, content) => Some(Arc::unwrap_or_clone(content)),
            _ => None,
        })
    }

    /// Every file of `commit` with its blob; `None` if the commit or a tree of it is missing, or there are too many.
    pub fn files(&self, commit: &Oid) -> Option<Listing> {
        self.read_with(|store| {
            let mut room = Room::of(&self.limits);
            let mut pending = vec![(Vec::new(), root(store, commit)?)];
            Listing::filled((0, 0), |add| {
                while let Some((prefix, id)) = pending.pop() {
                    let tree = read_tree(store, id).ok()?;
                    room.tree(&tree).ok()?;
                    for entry in entries(&tree)? {
                        let path = [&prefix, entry.name].concat();
                        room.take(&path).ok()?;
                        match entry.side {
                            side if side.is_tree() => pending.push(([&path, &b"/"[..]].concat(), side.id)),
                            side if side.is_file() => add(&spelled(&path), side.id),
                            _ => {}
                        }
                    }
                }
                Some(false)
            })
        })
    }

    /// What differs between the trees of two commits: path, blob before, blob after, by path. Looks only into
    /// directories that differ. `None` if a commit or such a directory is missing, or there are too many.
    pub fn changes(&self, from: &Oid, to: &Oid) -> Option<Vec<TreeChange>> {
        self.read_with(|store| {
            let (mut changes, mut room) = (Vec::new(), Room::of(&self.limits));
            let mut pending = vec![(Vec::new(), Some(root(store, from)?), Some(root(store, to)?))];
            while let Some((prefix, before, after)) = pending.pop() {
                let (before, after) =
                    (children(store, before, &mut room)?, children(store, after, &mut room)?);
                for (name, old, new) in pairs(&before, &after) {
                    let path = [&prefix, name].concat();
                    room.take(&path).ok()?;
                    let (old_tree, new_tree) = (directory(old), directory(new));
                    if old_tree.is_some() || new_tree.is_some() {
                        pending.push(([&path, &b"/"[..]].concat(), old_tree, new_tree));
                    }
                    let (before, after) = (file(old), file(new));
                    if before != after {
                        changes.push((spell(&path), before, after));
                    }
                }
            }
            changes.sort();
            Some(changes)
        })
    }

    /// Every file of the index with its blob, of a path with conflicts the first stage; or at least those whose names are wanted.
    pub fn indexed(&self, is_wanted: Option<NameFilter<'_>>) -> Option<Listing> {
        self.ask(|handle| index::listing(&handle.repo, is_wanted))
    }

    /// Commits from `head` along first parents, newest first, down to and with the first that is `since` or an
    /// ancestor of it; at most `limit`. Replacements count for what a commit holds, and here they do not.
    pub fn first_parents(&self, head: &Oid, since: Option<&Oid>, limit: usize) -> Vec<Oid> {
        let walked = self.ask(|Handle { repo, .. }| {
            let base = match since {
                Some(since) => Some(repo.merge_base(raw(since)?, raw(head)?).ok()?),
                None => None,
            };
            let mut line = Vec::new();
            let mut next = Some(raw(head)?);
            while let Some(id) = next.filter(|_| line.len() < limit) {
                line.push(oid(id));
                let is_end =
                    base.is_some_and(|base| id == base || repo.graph_descendant_of(base, id).unwrap_or(true));
                next = if is_end { None } else { repo.find_commit(id).ok()?.parent_id(0).ok() };
            }
            Some(line)
        });
        walked.unwrap_or_default()
    }

    /// Lets `job` read objects.
    fn read_with<R>(&self, job: impl FnOnce(&mut dyn ObjectStore) -> Option<R>) -> Option<R> {
        self.ask(|handle| job(&mut self.objects.store(&handle.repo, &self.recent, &mut handle.desk)))
    }

    /// Lets `job` use a handle. No handle, no answer.
    fn ask<R>(&self, job: impl FnOnce(&mut Handle) -> Option<R>) -> Option<R> {
        self.handles.lend(job).ok()?
    }
}

/// A path, its blob before, and its blob after.
pub type TreeChange = (String, Option<Oid>, Option<Oid>);

/// The root directory of a commit.
fn root(store: &mut dyn ObjectStore, commit: &Oid) -> Option<Oid> {
    Some(read_commit(store, *commit).ok()?.tree)
}

/// The entries of a directory, by name; of none, none.
fn children(
    store: &mut dyn ObjectStore,
    id: Option<Oid>,
    room: &mut Room,
) -> Option<BTreeMap<Vec<u8>, Side>> {
    let Some(id) = id else { return Some(BTreeMap::new()) };
    let content = read_tree(store, id).ok()?;
    room.tree(&content).ok()?;
    Some(entries(&content)?.into_iter().map(|entry| (entry.name.to_vec(), entry.side)).collect())
}

/// The entries of a tree; `None` if it is damaged. A part of a directory is no directory.
fn entries(tree: &[u8]) -> Option<Vec<Entry<'_>>> {
    let mut left = TreeEntries::new(tree);
    let entries = left.by_ref().collect();
    left.is_done().then_some(entries)
}

type Pair<'a> = (&'a [u8], Option<Side>, Option<Side>);

/// The names of two directories that do not have the same in both.
fn pairs<'a>(
    before: &'a BTreeMap<Vec<u8>, Side>,
    after: &'a BTreeMap<Vec<u8>, Side>,
) -> impl Iterator<Item = Pair<'a>> {
    let names: BTreeSet<&Vec<u8>> = before.keys().chain(after.keys()).collect();
    let pairs =
        names.into_iter().map(|name| (name.as_slice(), before.get(name).copied(), after.get(name).copied()));
    pairs.filter(|(_, old, new)| old != new)
}

fn directory(side: Option<Side>) -> Option<Oid> {
    side.filter(|side| side.is_tree()).map(|side| side.id)
}

fn file(side: Option<Side>) -> Option<Oid> {
    side.filter(|side| side.is_file()).map(|side| side.id)
}

fn raw(id: &Oid) -> Option<git2::Oid> {
    git2::Oid::from_bytes(&id.0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A directory with these entries, each a directory or a file, whose ids are counted.
    fn directory(entries: &[(String, bool)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (number, (name, is_tree)) in (0_u8..).zip(entries) {
            bytes.extend_from_slice(if *is_tree { b"40000 " } else { b"100644 " });
            bytes.extend(name.bytes().chain([0]));
            bytes.extend([number; 20]);
        }
        bytes
    }

    proptest! {
        #[test]
        fn entries_are_found_in_any_order(entries in prop::collection::vec(("[a-c.]{1,3}", any::<bool>()), 0..12)) {
            let read = Directory::new(Arc::new(directory(&entries))).expect("a directory");
            let numbered = (0_u8..).zip(&entries).map(|(number, (name, _))| (name.as_str(), Oid([number; 20])));
            let wanted: HashMap<&str, Oid> = numbered.collect();
            for name in entries.iter().map(|(name, _)| name.as_str()).chain(["", "a", "b.", "zzz"]) {
                let found = read.get(name.as_bytes());
                prop_assert_eq!(found.map(|side| side.id), wanted.get(name).copied(), "{}", name);
            }
        }
    }

    #[test]
    fn a_part_of_a_directory_is_none() {
        let whole = directory(&[("a".to_owned(), false), ("b".to_owned(), true)]);
        for end in 0..=whole.len() {
            let read = Directory::new(Arc::new(whole[..end].to_vec()));
            assert_eq!(read.is_some(), entries(&whole[..end]).is_some(), "cut at {end}");
        }
    }
}
