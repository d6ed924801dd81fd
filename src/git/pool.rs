//! Repository handles for worker threads: libgit2's handles cannot be shared.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::error::GitError;
use super::repository::Repository;

/// Neighbouring commits share trees and delta bases, so each worker gets a run of them.
const CHUNK: usize = 64;

/// Applies `read` to every item, on all threads, each with its own handle. Keeps the order.
pub(super) fn map<T, R>(
    repo: &Repository,
    items: &[T],
    read: impl Fn(&git2::Repository, &T) -> Result<R, GitError> + Sync,
) -> Result<Vec<R>, GitError>
where
    T: Sync,
    R: Send,
{
    if items.len() <= 1 {
        return items.iter().map(|item| read(repo.raw(), item)).collect();
    }
    let chunk = CHUNK.min(items.len().div_ceil(rayon::current_num_threads())).max(1);
    let handles = Handles { git_dir: &repo.git_dir(), idle: Mutex::new(Vec::new()) };
    let chunks: Result<Vec<Vec<R>>, GitError> = items
        .par_chunks(chunk)
        .map(|items| handles.with(|handle| items.iter().map(|item| read(handle, item)).collect()))
        .collect();
    Ok(chunks?.into_iter().flatten().collect())
}

/// Handles that no worker is using.
struct Handles<'a> {
    git_dir: &'a std::path::Path,
    idle: Mutex<Vec<git2::Repository>>,
}

impl Handles<'_> {
    fn with<R>(&self, job: impl FnOnce(&git2::Repository) -> Result<R, GitError>) -> Result<R, GitError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let handle = match idle {
            Some(handle) => handle,
            None => Repository::handle(self.git_dir)?,
        };
        let result = job(&handle);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        result
    }
}
