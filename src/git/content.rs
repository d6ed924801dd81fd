//! Text and trees of any commit, read from any thread.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use git2::ObjectType;

use super::error::GitError;
use super::path::spell;
use super::repository::{Repository, oid};
use crate::model::Oid;

/// Reads files of commits. What is missing, as in a partial clone, is `None` and no error.
pub struct Contents {
    git_dir: PathBuf,
    idle: Mutex<Vec<git2::Repository>>,
    /// Root directories of commits.
    roots: Mutex<HashMap<Oid, git2::Oid>>,
    directories: Mutex<Directories>,
}

/// Directories that were read: along a history most are the same, and in a tree many paths share theirs.
#[derive(Default)]
struct Directories {
    known: HashMap<git2::Oid, Arc<Directory>>,
    entries: usize,
}

/// The entries of one directory, by name.
type Directory = HashMap<Box<[u8]>, Child>;

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
    /// A reader of `repository`.
    pub fn new(repository: &Repository) -> Self {
        Self {
            git_dir: repository.git_dir(),
            idle: Mutex::default(),
            roots: Mutex::default(),
            directories: Mutex::default(),
        }
    }

    /// Whether there is such a commit.
    pub fn has_commit(&self, commit: &Oid) -> bool {
        self.ask(|repo| repo.find_commit(raw(commit)?).ok().map(|_| ())).is_some()
    }

    /// What `commit` has at `path`.
    pub fn entry(&self, commit: &Oid, path: &str) -> TreeEntry {
        let Some(mut tree) = self.root(commit) else { return TreeEntry::Missing };
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            let Some(directory) = self.directory(tree) else { return TreeEntry::Missing };
            match (directory.get(part.as_bytes()), parts.peek()) {
                (Some(&(ObjectType::Tree, id)), Some(_)) => tree = id,
                (Some(&(ObjectType::Blob, id)), None) => return TreeEntry::Blob(oid(id)),
                _ => return TreeEntry::Absent,
            }
        }
        TreeEntry::Absent
    }

    fn root(&self, commit: &Oid) -> Option<git2::Oid> {
        if let Some(&root) = self.roots.lock().unwrap_or_else(PoisonError::into_inner).get(commit) {
            return Some(root);
        }
        let root = self.ask(|repo| Some(repo.find_commit(raw(commit)?).ok()?.tree_id()))?;
        let mut roots = self.roots.lock().unwrap_or_else(PoisonError::into_inner);
        if roots.len() >= MAX_ROOTS {
            roots.clear();
        }
        roots.insert(commit.clone(), root);
        Some(root)
    }

    fn directory(&self, id: git2::Oid) -> Option<Arc<Directory>> {
        if let Some(known) = self.directories.lock().unwrap_or_else(PoisonError::into_inner).known.get(&id) {
            return Some(known.clone());
        }
        let read = self.ask(|repo| {
            let tree = repo.find_tree(id).ok()?;
            let child = |entry: git2::TreeEntry<'_>| {
                // What is no known kind is there all the same, and no file.
                let kind = entry.kind().unwrap_or(ObjectType::Any);
                (entry.name_bytes().into(), (kind, entry.id()))
            };
            Some(Arc::new(tree.iter().map(child).collect::<Directory>()))
        })?;
        let mut directories = self.directories.lock().unwrap_or_else(PoisonError::into_inner);
        directories.entries += read.len() + 1;
        if directories.entries > MAX_ENTRIES {
            *directories = Directories { entries: read.len() + 1, ..Directories::default() };
        }
        directories.known.insert(id, read.clone());
        Some(read)
    }

    /// The bytes of a blob; `None` if it is missing or larger than `limit` bytes.
    pub fn read(&self, blob: &Oid, limit: usize) -> Option<Vec<u8>> {
        self.ask(|repo| {
            let id = raw(blob)?;
            let (size, _) = repo.odb().ok()?.read_header(id).ok()?;
            (size <= limit).then(|| repo.find_blob(id).ok().map(|blob| blob.content().to_vec()))?
        })
    }

    /// Every file of `commit` with its blob, by path; `None` if the commit or a tree of it is missing.
    pub fn files(&self, commit: &Oid) -> Option<Vec<(String, Oid)>> {
        self.ask(|repo| {
            let root = repo.find_commit(raw(commit)?).ok()?.tree_id();
            let mut files = Vec::new();
            let mut pending = vec![(Vec::new(), root)];
            while let Some((prefix, id)) = pending.pop() {
                for entry in &repo.find_tree(id).ok()? {
                    let path = [prefix.as_slice(), entry.name_bytes()].concat();
                    match entry.kind() {
                        Some(ObjectType::Tree) => pending.push(([&path, &b"/"[..]].concat(), entry.id())),
                        Some(ObjectType::Blob) => files.push((spell(&path), oid(entry.id()))),
                        _ => {}
                    }
                }
            }
            files.sort();
            Some(files)
        })
    }

    /// What differs between the trees of two commits: path, blob before, blob after, by path. Looks only into
    /// directories that differ. `None` if a commit or such a directory is missing.
    pub fn changes(&self, from: &Oid, to: &Oid) -> Option<Vec<TreeChange>> {
        self.ask(|repo| {
            let tree = |commit: &Oid| Some(repo.find_commit(raw(commit)?).ok()?.tree_id());
            let mut changes = Vec::new();
            let mut pending = vec![(Vec::new(), Some(tree(from)?), Some(tree(to)?))];
            while let Some((prefix, before, after)) = pending.pop() {
                let (before, after) = (children(repo, before)?, children(repo, after)?);
                for (name, old, new) in pairs(&before, &after) {
                    let path = [&prefix, name].concat();
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

    /// Every file of the index with its blob, by path.
    pub fn indexed(&self) -> Option<Vec<(String, Oid)>> {
        self.ask(|repo| {
            let index = repo.index().ok()?;
            let is_file = |mode: u32| mode != u32::from(git2::FileMode::Commit);
            let files = index.iter().filter(|entry| is_file(entry.mode));
            let mut files: Vec<_> = files.map(|entry| (spell(&entry.path), oid(entry.id))).collect();
            files.sort();
            files.dedup_by(|later, first| later.0 == first.0);
            Some(files)
        })
    }

    /// Commits from `head` along first parents, newest first, down to and with the first that is `since` or an
    /// ancestor of it; at most `limit`.
    pub fn first_parents(&self, head: &Oid, since: Option<&Oid>, limit: usize) -> Vec<Oid> {
        let walked = self.ask(|repo| {
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

    /// Lets `job` use a handle. No handle, no answer.
    fn ask<R>(&self, job: impl FnOnce(&git2::Repository) -> Option<R>) -> Option<R> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let handle: Result<git2::Repository, GitError> =
            idle.map_or_else(|| Repository::handle(&self.git_dir), Ok);
        let handle = handle.ok()?;
        let result = job(&handle);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        result
    }
}

/// A path, its blob before, and its blob after.
pub type TreeChange = (String, Option<Oid>, Option<Oid>);

type Child = (ObjectType, git2::Oid);

/// The entries of a directory, by name; of none, none.
fn children(repo: &git2::Repository, id: Option<git2::Oid>) -> Option<BTreeMap<Vec<u8>, Child>> {
    let Some(id) = id else { return Some(BTreeMap::new()) };
    let tree = repo.find_tree(id).ok()?;
    let entries =
        tree.iter().filter_map(|entry| Some((entry.name_bytes().to_vec(), (entry.kind()?, entry.id()))));
    Some(entries.collect())
}

type Pair<'a> = (&'a [u8], Option<Child>, Option<Child>);

/// The names of two directories that do not have the same in both.
fn pairs<'a>(
    before: &'a BTreeMap<Vec<u8>, Child>,
    after: &'a BTreeMap<Vec<u8>, Child>,
) -> impl Iterator<Item = Pair<'a>> {
    let names: BTreeSet<&Vec<u8>> = before.keys().chain(after.keys()).collect();
    let pairs =
        names.into_iter().map(|name| (name.as_slice(), before.get(name).copied(), after.get(name).copied()));
    pairs.filter(|(_, old, new)| old != new)
}

fn directory(child: Option<Child>) -> Option<git2::Oid> {
    child.filter(|(kind, _)| *kind == ObjectType::Tree).map(|(_, id)| id)
}

fn file(child: Option<Child>) -> Option<Oid> {
    child.filter(|(kind, _)| *kind == ObjectType::Blob).map(|(_, id)| oid(id))
}

fn raw(id: &Oid) -> Option<git2::Oid> {
    git2::Oid::from_str(&id.0).ok()
}
