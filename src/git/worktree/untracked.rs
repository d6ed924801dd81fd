//! How many files git does not know: libgit2 asks every rule of `.gitignore` about each.

use std::path::{Path, PathBuf};

use super::super::error::GitError;
use super::super::repository::Repository;
use super::super::rules::Rules;
use crate::model::Listing;

/// So few rules can be asked about any files. With more, the files are counted before.
const FEW: u64 = 200;

/// Fails if these rules are too many for the files that are not in the index. What they ignore is not looked into.
pub(super) fn check(repo: &Repository, listing: &Listing, ignored: &Rules) -> Result<(), GitError> {
    let Some(root) = repo.work_dir().filter(|_| ignored.per_path > FEW) else { return Ok(()) };
    let (mut asked, mut pending) = (0, vec![PathBuf::new()]);
    while let Some(directory) = pending.pop() {
        let entries = std::fs::read_dir(root.join(&directory)).into_iter().flatten().flatten();
        for entry in entries.filter(|entry| entry.file_name() != ".git") {
            let path = directory.join(entry.file_name());
            let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_known(listing, &path, is_directory) {
                pending.extend(is_directory.then_some(path));
                continue;
            }
            // Of a directory, those above are asked about too.
            asked += if is_directory { path.components().count() as u64 } else { 1 };
            ignored.check(asked)?;
            let is_looked_into = is_directory && !is_repository(&root.join(&path));
            if is_looked_into && !repo.raw().is_path_ignored(&path).unwrap_or(false) {
                pending.push(path);
            }
        }
    }
    Ok(())
}

/// Whether a directory is another repository, or a submodule: its files are not this one's.
fn is_repository(directory: &Path) -> bool {
    directory.join(".git").symlink_metadata().is_ok()
}

/// Whether the index has a file, or one in a directory.
fn is_known(listing: &Listing, path: &Path, is_directory: bool) -> bool {
    let path = path.to_string_lossy();
    if !is_directory {
        return listing.has(&path);
    }
    let below = format!("{path}/");
    let first = listing.first_from(&below);
    first < listing.len() && listing.path(first).starts_with(&below)
}
