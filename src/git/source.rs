//! Everything that history is read from: opened once, and seen by every thread through a view of its own.

use std::path::PathBuf;
use std::sync::Arc;

use super::attributes::{self, Attributes};
use super::cache::{Cache, CacheOptions};
use super::diff::Limits;
use super::error::GitError;
use super::grafts::Grafts;
use super::objects::{Desk, Libgit2, ObjectStore, Packed, Packs, Replaced, Replacements};
use super::repository::Repository;
use crate::words::{Interest, Reader};

/// Bytes that all threads together keep of objects read lately.
const MEMORY: usize = 192 << 20;
/// What one thread keeps at least, however many there are. A walk, which reads every commit once, needs no more.
pub(super) const LEAST_MEMORY: usize = 8 << 20;

/// How commits are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extraction {
    /// What is too much to read.
    pub limits: Limits,
    /// Compares every object with its id, as `git fsck` does. Much slower, and reads nothing from a cache.
    pub verify_objects: bool,
    /// Where commits that were read are kept for the next time.
    pub cache: Option<CacheOptions>,
    /// Of which words it is kept where they stand; of all, if nothing in particular is looked for.
    pub interest: Option<Arc<Interest>>,
}

/// The objects of a repository, and which stand for others.
pub(super) struct Objects {
    packs: Packs,
    replacements: Replacements,
}

impl Objects {
    /// Those of an open repository. With `verify`, libgit2 reads all of them and compares their content with their id.
    pub(super) fn of(repo: &Repository, verify: bool) -> Self {
        git2::opts::strict_hash_verification(verify);
        let directory = repo.raw().commondir().join("objects");
        Self {
            packs: if verify { Packs::default() } else { Packs::of(directory) },
            replacements: Replacements::of(repo.raw()),
        }
    }

    /// A store of them, for the thread that has this handle and this desk.
    pub(super) fn store<'a>(&'a self, repo: &'a git2::Repository, desk: &'a mut Desk) -> impl ObjectStore {
        Replaced::new(Packed::new(&self.packs, Libgit2::new(repo), desk), &self.replacements)
    }
}

/// Objects and what else changes the meaning of a history.
pub(super) struct Source {
    git_dir: PathBuf,
    common_dir: PathBuf,
    objects: Objects,
    pub(super) grafts: Grafts,
    attributes: Option<Vec<u8>>,
}

impl Source {
    /// Opens the source, see [`Objects::of`].
    pub(super) fn open(repo: &Repository, verify: bool) -> Self {
        let common_dir = repo.raw().commondir().to_path_buf();
        Self {
            git_dir: repo.git_dir(),
            objects: Objects::of(repo, verify),
            grafts: Grafts::of(&common_dir),
            attributes: attributes::in_force(repo.raw()),
            common_dir,
        }
    }

    /// The cache for reading this source within `limits`.
    pub(super) fn cache(&self, options: &CacheOptions, limits: &Limits) -> Cache {
        let common_dir = self.common_dir.canonicalize().unwrap_or_else(|_| self.common_dir.clone());
        let way: [&[u8]; 5] = [
            common_dir.as_os_str().as_encoded_bytes(),
            &limits.blob_bytes.to_le_bytes(),
            &(limits.rename_files as u64).to_le_bytes(),
            &self.objects.replacements.to_bytes(),
            self.attributes.as_deref().unwrap_or_default(),
        ];
        Cache::open(options, &way)
    }

    /// Hands `job` a view for one thread of those that read many commits.
    pub(super) fn view<R>(&self, job: impl FnOnce(&mut View<'_>) -> R) -> Result<R, GitError> {
        let memory = (MEMORY / rayon::current_num_threads()).max(LEAST_MEMORY);
        let repo = Repository::handle(&self.git_dir)?;
        Ok(self.view_with(&repo, memory, job))
    }

    /// Hands `job` a view for walking or a single commit, through a handle that is open.
    pub(super) fn view_through<R>(&self, repo: &git2::Repository, job: impl FnOnce(&mut View<'_>) -> R) -> R {
        self.view_with(repo, LEAST_MEMORY, job)
    }

    fn view_with<R>(
        &self,
        repo: &git2::Repository,
        memory: usize,
        job: impl FnOnce(&mut View<'_>) -> R,
    ) -> R {
        let mut desk = Desk::new(memory);
        let mut store = self.objects.store(repo, &mut desk);
        let attributes = Attributes::new(repo, self.attributes.is_some());
        job(&mut View { store: &mut store, attributes, grafts: &self.grafts, reader: Reader::default() })
    }
}

/// What one thread reads with.
pub(super) struct View<'a> {
    pub(super) store: &'a mut dyn ObjectStore,
    pub(super) attributes: Attributes<'a>,
    pub(super) grafts: &'a Grafts,
    pub(super) reader: Reader,
}
