//! Everything that history is read from: opened once, and seen by every thread through a view of its own.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::attributes::{self, Attributes};
use super::cache::{Cache, CacheOptions};
use super::error::GitError;
use super::grafts::Grafts;
use super::limits::{Limits, TooMuch};
use super::memory::Memory;
use super::objects::{Desk, Libgit2, Misses, ObjectStore, Packed, Packs, Recent, Replaced, Replacements};
use super::repository::Repository;
use super::rules::Rules;
use crate::model::Commit;
use crate::words::{Interest, Reader};

/// What is kept of a single commit, and of a walk, of which only the bases of commits are.
const LEAST_MEMORY: usize = 8 << 20;

/// How commits are read.
#[derive(Debug, Clone, Default)]
pub struct Extraction {
    /// What is too much to read.
    pub limits: Limits,
    /// Compares every object with its id, as `git fsck` does. Much slower, and reads nothing from a cache.
    pub verify_objects: bool,
    /// Where commits that were read are kept for the next time.
    pub cache: Option<CacheOptions>,
    /// Of which words it is kept where they stand, and which messages; of all, if nothing in particular is looked for.
    pub interest: Option<Arc<Interest>>,
}

/// The objects of a repository, and which stand for others.
pub(super) struct Objects {
    packs: Packs,
    replacements: Replacements,
    misses: Misses,
}

impl Objects {
    /// Those of an open repository. With `verify`, libgit2 reads all of them and compares their content with their id.
    pub(super) fn of(repo: &Repository, verify: bool) -> Self {
        compare_with_ids(verify);
        let directory = repo.raw().commondir().join("objects");
        Self {
            packs: if verify { Packs::default() } else { Packs::of(directory) },
            replacements: Replacements::of(repo.raw()),
            misses: Misses::default(),
        }
    }

    /// A store of them, for the thread that has this handle and this desk. It shares `recent` objects with others.
    pub(super) fn store<'a>(
        &'a self,
        repo: &'a git2::Repository,
        recent: &'a Recent,
        desk: &'a mut Desk,
    ) -> impl ObjectStore {
        let libgit2 = Libgit2::new(repo, &self.misses);
        Replaced::new(Packed::new(&self.packs, libgit2, recent, desk), &self.replacements)
    }
}

/// Whether libgit2 compares every object that it reads with its id, in the whole process.
fn compare_with_ids(verify: bool) {
    git2::opts::strict_hash_verification(verify);
}

/// Objects and what else changes the meaning of a history.
pub(super) struct Source {
    handles: Handles,
    common_dir: PathBuf,
    objects: Objects,
    pub(super) memory: Memory,
    pub(super) grafts: Grafts,
    attributes: Option<Rules>,
}

impl Source {
    /// Opens the source, see [`Objects::of`]. Fails if there is too much of what libgit2 reads whenever it is asked.
    pub(super) fn open(repo: &Repository, verify: bool) -> Result<Self, GitError> {
        let common_dir = repo.raw().commondir().to_path_buf();
        Ok(Self {
            handles: Handles::on(repo),
            attributes: attributes::in_force(repo.raw())?,
            objects: Objects::of(repo, verify),
            memory: Memory::of_threads(rayon::current_num_threads()),
            grafts: Grafts::of(&common_dir),
            common_dir,
        })
    }

    /// The cache for reading this source within `limits`.
    pub(super) fn cache(&self, options: &CacheOptions, limits: &Limits) -> Cache {
        let common_dir = self.common_dir.canonicalize().unwrap_or_else(|_| self.common_dir.clone());
        let way: [&[u8]; 6] = [
            common_dir.as_os_str().as_encoded_bytes(),
            &limits.blob_bytes.to_le_bytes(),
            &(limits.rename_files as u64).to_le_bytes(),
            &limits.history_bytes.to_le_bytes(),
            &self.objects.replacements.to_bytes(),
            self.attributes.as_ref().map_or(&[], |rules| &rules.digest),
        ];
        Cache::open(options, limits, &way)
    }

    /// Fails if these commits change more paths than can be looked up among attributes.
    pub(super) fn check_attributes(&self, commits: &[Commit]) -> Result<(), TooMuch> {
        self.attributes.as_ref().map_or(Ok(()), |rules| attributes::check(rules, commits))
    }

    /// Hands `job` a view for one of several threads that read so many commits together.
    pub(super) fn view<R>(
        &self,
        commits: usize,
        job: impl FnOnce(&mut View<'_>) -> R,
    ) -> Result<R, GitError> {
        self.handles.lend(|handle| self.view_of(handle, self.memory.reading(commits), job))
    }

    /// Hands `job` a view for walking or a single commit. What it has read is of no use to others.
    pub(super) fn single_view<R>(&self, job: impl FnOnce(&mut View<'_>) -> R) -> Result<R, GitError> {
        let recent = Recent::of_threads(1);
        recent.allow(LEAST_MEMORY);
        Ok(self.view_of(&mut self.handles.open()?, &recent, job))
    }

    fn view_of<R>(&self, handle: &mut Handle, recent: &Recent, job: impl FnOnce(&mut View<'_>) -> R) -> R {
        let Handle { repo, desk, reader } = handle;
        let mut store = self.objects.store(repo, recent, desk);
        let attributes = Attributes::new(repo, self.attributes.as_ref());
        job(&mut View { store: &mut store, attributes, grafts: &self.grafts, reader })
    }
}

/// Handles on a repository that wait for a thread. One that was used comes back with what it has read.
pub(super) struct Handles {
    git_dir: PathBuf,
    idle: Mutex<Vec<Handle>>,
}

/// What one thread has for itself.
pub(super) struct Handle {
    pub(super) repo: git2::Repository,
    pub(super) desk: Desk,
    reader: Reader,
}

impl Handles {
    /// On an open repository.
    pub(super) fn on(repo: &Repository) -> Self {
        Self { git_dir: repo.git_dir(), idle: Mutex::default() }
    }

    /// Lends `job` a handle.
    pub(super) fn lend<R>(&self, job: impl FnOnce(&mut Handle) -> R) -> Result<R, GitError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut handle = idle.map_or_else(|| self.open(), Ok)?;
        let result = job(&mut handle);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        Ok(result)
    }

    fn open(&self) -> Result<Handle, GitError> {
        let repo = Repository::handle(&self.git_dir)?;
        Ok(Handle { repo, desk: Desk::default(), reader: Reader::default() })
    }
}

/// What one thread reads with.
pub(super) struct View<'a> {
    pub(super) store: &'a mut dyn ObjectStore,
    pub(super) attributes: Attributes<'a>,
    pub(super) grafts: &'a Grafts,
    pub(super) reader: &'a mut Reader,
}
