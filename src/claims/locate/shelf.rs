//! Reads every file once and keeps what is likely to be asked for again.

use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hashbrown::{Equivalent, HashMap};

use super::text::Text;
use super::tree::Tree;
use super::wanted::Wanted;
use crate::claims::sources::{Changed, Content, Entry, Sources, Version};
use crate::model::Oid;

/// Texts that are kept, in bytes. Claims are read file by file, so little is read twice.
const MAX_KEPT_BYTES: usize = 256 << 20;
/// Histories of paths that are kept, trees and comparisons: each is small or few.
const MAX_KEPT: usize = 4096;
/// How many different states of one file are looked at.
const MAX_STEPS: usize = 200;

/// What a file says, prepared for searching.
#[derive(Clone)]
pub enum Read {
    /// There is no such file.
    Absent,
    /// Its text.
    Text(Arc<Text>),
    /// Nobody can say.
    Unknown,
}

impl Read {
    /// The text, where there is one.
    pub fn text(&self) -> Option<&Arc<Text>> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Unknown => None,
        }
    }
}

/// One state of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The commit that brought it about, on the first-parent line.
    pub commit: Oid,
    /// The commit before that one; `None` at the end of what was read.
    pub before: Option<Oid>,
    /// The file's blob; `None` if there was no such file.
    pub blob: Option<Oid>,
}

/// Two versions; `None` is now.
type Pair = (Option<Oid>, Option<Oid>);

/// A path with the blob or commit that it is asked about; `None` is now.
type Place = (Option<Oid>, String);

/// Likewise, for whoever only asks.
#[derive(Hash)]
struct PlaceRef<'a>(Option<Oid>, &'a str);

impl Equivalent<Place> for PlaceRef<'_> {
    fn equivalent(&self, place: &Place) -> bool {
        self.1 == place.1 && self.0 == place.0
    }
}

impl Asked<Place> for PlaceRef<'_> {
    fn kept(&self) -> Place {
        (self.0, self.1.to_owned())
    }
}

/// So many claims wait for files of the work tree that they ask for by name, and then those are found in one pass over its
/// index. For more, all files are listed: of a hundred thousand that takes as long as to read two or three thousand claims again.
/// Tests see both sides of it with fewer.
const MOST_WAITING: usize = if cfg!(test) { 16 } else { 1024 };

/// The answer is not known yet. Who asks waits until [`Shelf::find`] has been called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Later;

/// Sources with a memory.
pub struct Shelf<'a> {
    sources: &'a dyn Sources,
    texts: Kept<Place, Read>,
    trees: Kept<Option<Oid>, Option<Arc<Tree>>>,
    changes: Kept<Pair, Option<Arc<[Changed]>>>,
    histories: Kept<Place, Arc<[Step]>>,
    /// Of the files of the work tree those that are asked for by few, once they are found.
    few: OnceLock<Option<Arc<Tree>>>,
    /// How many have asked for some of them.
    asked: AtomicUsize,
}

impl<'a> Shelf<'a> {
    /// An empty shelf.
    pub fn new(sources: &'a dyn Sources) -> Self {
        Self {
            sources,
            texts: Kept::new(MAX_KEPT_BYTES),
            trees: Kept::new(64),
            changes: Kept::new(MAX_KEPT),
            histories: Kept::new(MAX_KEPT),
            few: OnceLock::new(),
            asked: AtomicUsize::new(0),
        }
    }

    /// Where everything comes from.
    pub fn sources(&self) -> &'a dyn Sources {
        self.sources
    }

    /// What is at a path. A file of the work tree is read at once: whoever asks for it looks into it next.
    pub fn entry(&self, version: Version<'_>, path: &str) -> Entry {
        match (version, self.sources.is_work_tree()) {
            (Version::Now, true) => match self.text(version, path) {
                Read::Absent => Entry::Absent,
                Read::Text(_) | Read::Unknown => Entry::File(None),
            },
            _ => self.sources.entry(version, path),
        }
    }

    /// The blob of the file at a path; a file of the work tree has none.
    pub fn blob(&self, version: Version<'_>, path: &str) -> Option<Oid> {
        match (version, self.sources.is_work_tree()) {
            (Version::Now, true) => None,
            _ => match self.sources.entry(version, path) {
                Entry::File(blob) => blob,
                Entry::Absent | Entry::Unknown => None,
            },
        }
    }

    /// What the file at a path says.
    pub fn text(&self, version: Version<'_>, path: &str) -> Read {
        let blob = match (version, self.sources.is_work_tree()) {
            (Version::Now, true) => None,
            _ => match self.sources.entry(version, path) {
                Entry::File(blob) => blob,
                Entry::Absent => return Read::Absent,
                Entry::Unknown => return Read::Unknown,
            },
        };
        self.text_of(version, path, blob)
    }

    /// Likewise, of a file with this blob; `None` where it is one of the work tree.
    pub fn text_of(&self, version: Version<'_>, path: &str, blob: Option<Oid>) -> Read {
        if let Some(now) = blob.and_then(|blob| self.as_committed(path, blob)) {
            return Read::Text(now);
        }
        let size = |read: &Read| read.text().map_or(64, |text| text.held() * 2 + 64);
        self.texts.get(&PlaceRef(blob, path), size, || match self.sources.text(version, path) {
            Content::Absent => Read::Absent,
            Content::Unknown => Read::Unknown,
            Content::Text(text) => Read::Text(Arc::new(Text::new(path, text))),
        })
    }

    /// The text of a file of the work tree that lies on the shelf, if it is that of a blob: to tell that takes less than to read
    /// the blob.
    fn as_committed(&self, path: &str, blob: Oid) -> Option<Arc<Text>> {
        let known = if self.sources.is_work_tree() { self.texts.known(&PlaceRef(None, path)) } else { None };
        known?.text().filter(|text| text.blob() == blob).cloned()
    }

    /// Lets go of what the file at a path of the work tree says; whoever asks again has it read again.
    pub fn forget(&self, path: &str) {
        if let Some(Read::Text(text)) = self.texts.forget(&PlaceRef(None, path))
            && let Some(text) = Arc::into_inner(text)
        {
            self.sources.take_back(text.into_raw());
        }
    }

    /// The files of a version by name; `None` if they are unknown.
    pub fn tree(&self, version: Version<'_>) -> Option<Arc<Tree>> {
        self.trees.get(&key(version), |_| 1, || Some(Arc::new(Tree::new(self.sources.files(version)?))))
    }

    /// Likewise for a claim that asks for files of the work tree for the first time. It is asked again with the same claim.
    pub fn tree_or_later(&self, version: Version<'_>) -> Result<Option<Arc<Tree>>, Later> {
        if version != Version::Now || !self.sources.is_work_tree() {
            return Ok(self.tree(version));
        }
        match self.few.get() {
            Some(few) => Ok(few.clone()),
            None if self.asked.fetch_add(1, Ordering::Relaxed) < MOST_WAITING => Err(Later),
            None => Ok(self.tree(version)),
        }
    }

    /// Finds what those wait for who have asked, if it is `wanted`: else they get all files. From now on nobody waits.
    pub fn find(&self, wanted: Option<&Wanted>) {
        let are_few = self.asked.fetch_add(MOST_WAITING, Ordering::Relaxed) <= MOST_WAITING;
        if let Some(wanted) = wanted.filter(|_| are_few) {
            let files = self.sources.files_called(&|name| wanted.has(name));
            self.few.get_or_init(|| files.map(|files| Arc::new(Tree::new(files))));
        }
    }

    /// What differs between two versions; `None` if that is unknown.
    pub fn changes(&self, from: Version<'_>, to: Version<'_>) -> Option<Arc<[Changed]>> {
        let size =
            |changes: &Option<Arc<[Changed]>>| changes.as_ref().map_or(1, |changes| 1 + changes.len() / 64);
        self.changes.get(&(key(from), key(to)), size, || self.sources.changes(from, to))
    }

    /// The states of a file along the first-parent line from head back to `since`, newest first, each with the
    /// commit that brought it about. States whose commit cannot be read end it.
    pub fn history(&self, path: &str, since: Option<&Oid>) -> Arc<[Step]> {
        self.histories.get(
            &PlaceRef(since.copied(), path),
            |_| 1,
            || {
                let mut steps: Vec<Step> = Vec::new();
                for commit in self.sources.line(since).iter() {
                    let blob = match self.sources.entry(Version::At(commit), path) {
                        Entry::File(blob) => blob,
                        Entry::Absent => None,
                        Entry::Unknown => break,
                    };
                    match steps.last_mut() {
                        Some(last) if last.blob == blob => last.commit = *commit,
                        last => {
                            if let Some(last) = last {
                                last.before = Some(*commit);
                            }
                            if steps.len() >= MAX_STEPS {
                                break;
                            }
                            steps.push(Step { commit: *commit, before: None, blob });
                        }
                    }
                }
                steps.into()
            },
        )
    }
}

fn key(version: Version<'_>) -> Option<Oid> {
    match version {
        Version::Now => None,
        Version::At(commit) => Some(*commit),
    }
}

/// Values, and how much they take.
type Cells<K, V> = (HashMap<K, Arc<Cell<V>>>, usize);

/// A value, once it is there, and how much it takes.
type Cell<V> = OnceLock<(V, usize)>;

/// A key as it is asked for. Most are asked for several times, so that one of its own is made only where it is kept.
trait Asked<K>: Hash + Equivalent<K> {
    fn kept(&self) -> K;
}

impl<K: Hash + Eq + Clone> Asked<K> for K {
    fn kept(&self) -> K {
        self.clone()
    }
}

/// Values that are computed once while they are kept, whoever asks first.
struct Kept<K, V> {
    cells: Mutex<Cells<K, V>>,
    limit: usize,
}

impl<K: Eq + Hash, V: Clone> Kept<K, V> {
    fn new(limit: usize) -> Self {
        Self { cells: Mutex::new((HashMap::new(), 0)), limit }
    }

    fn get(&self, key: &impl Asked<K>, size: impl Fn(&V) -> usize, make: impl FnOnce() -> V) -> V {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        let known = cells.0.get(key).cloned();
        let cell = known.unwrap_or_else(|| cells.0.entry(key.kept()).or_default().clone());
        drop(cells);
        let mut new_size = None;
        let (value, _) = cell.get_or_init(|| {
            let value = make();
            let size = size(&value);
            new_size = Some(size);
            (value, size)
        });
        if let Some(size) = new_size {
            let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
            cells.1 += size;
            if cells.1 > self.limit {
                *cells = (HashMap::new(), 0);
            }
        }
        value.clone()
    }

    /// The value, if it is there.
    fn known(&self, key: &impl Asked<K>) -> Option<V> {
        let cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        cells.0.get(key)?.get().map(|(value, _)| value.clone())
    }

    /// Lets go of the value, and returns it if nobody else has a hold of it.
    fn forget(&self, key: &impl Asked<K>) -> Option<V> {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        let cell = cells.0.remove(key)?;
        cells.1 = cells.1.saturating_sub(cell.get().map_or(0, |(_, size)| *size));
        drop(cells);
        Some(Arc::into_inner(cell)?.into_inner()?.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_made_once_until_it_is_forgotten_or_too_much() {
        let kept = Kept::new(10);
        let made = std::cell::Cell::new(0);
        let get = |key: &'static str, size: usize| {
            kept.get(&key, |()| size, || made.set(made.get() + 1));
            made.get()
        };
        assert_eq!((kept.known(&"a"), get("a", 4), kept.known(&"a")), (None, 1, Some(())));
        assert_eq!((get("a", 4), get("b", 4)), (1, 2));
        kept.forget(&"b");
        kept.forget(&"never asked for");
        assert_eq!((get("a", 4), get("b", 4)), (2, 3), "only what was forgotten is made again");
        assert_eq!((get("c", 4), get("a", 4)), (4, 5), "everything goes when it is too much");
    }
}
