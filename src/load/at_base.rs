//! Files as they were before the branch under test: what that branch cannot have changed.

use std::path::{Path, PathBuf};

use super::history::{HistoryOptions, open};
use super::project::canonical;
use crate::git::{self, GitError, RangeRequest};

/// What a file was where the branch starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AtBase {
    /// Its text there.
    Text(String),
    /// It was not there, or was no text, or the branch starts nowhere.
    Absent,
    /// No branch can have changed it: it lies in no repository, or outside of the one that is checked.
    Elsewhere,
}

/// The files at the base of the range in `options`, each of at most `most` bytes; without one, where HEAD left the default branch.
///
/// Fails on a revision that is unknown or outside a shallow clone, and on a larger file.
pub fn at_base(paths: &[PathBuf], options: &HistoryOptions, most: usize) -> Result<Vec<AtBase>, GitError> {
    let Ok(repository) = open(None, options) else {
        return Ok(vec![AtBase::Elsewhere; paths.len()]);
    };
    let root = repository.work_dir().map(|root| canonical(&root));
    let request =
        RangeRequest { base: options.base.clone(), head: options.head.clone(), ..RangeRequest::default() };
    let base = git::find_range(&repository, &request)?.base;
    let look_up = |path: &PathBuf| {
        let Some(inside) = root.as_deref().and_then(|root| below(root, path)) else {
            return Ok(AtBase::Elsewhere);
        };
        let Some(base) = &base else { return Ok(AtBase::Absent) };
        let text = repository.blob_at(base, &inside, most)?.and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(text.map_or(AtBase::Absent, AtBase::Text))
    };
    paths.iter().map(look_up).collect()
}

/// The path within the work tree. Its directory is resolved and the file is not: a link in the work tree is the
/// branch's doing, too.
fn below(root: &Path, path: &Path) -> Option<String> {
    let directory = canonical(path.parent()?);
    let inside = directory.strip_prefix(root).ok()?.join(path.file_name()?);
    Some(inside.to_string_lossy().replace('\\', "/"))
}
