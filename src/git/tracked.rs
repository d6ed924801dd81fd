//! What a clone has brought to a place where files are read or written: whoever pushed the branch has chosen it.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::error::{GitError, Reading};
use super::index;
use super::path::spell;
use super::repository::Repository;

/// Kinds of entries of the index, in the upper bits of a mode.
const KIND: u32 = 0o170_000;
const LINK: u32 = 0o120_000;

/// What git tracks at `path`, below it, or on the way to it, of any repository that it lies in. Where that cannot be
/// found out, it is the repository.
pub fn brought_by_clone(path: &Path) -> Option<PathBuf> {
    tracked(path, |entry, inside, _| inside.is_empty() || leads_to(entry, inside) || leads_to(inside, entry))
}

/// A link at `path` or on the way to it that git tracks. Where that cannot be found out, it is the repository.
pub fn planted_link(path: &Path) -> Option<PathBuf> {
    let path = &plain(path);
    // Most paths lead through no link at all.
    if resolved(path) == *path && path.exists() {
        return None;
    }
    tracked(path, |entry, inside, kind| kind == LINK && leads_to(entry, inside))
}

/// Whether `path` is `start` or lies below it.
fn leads_to(start: &str, path: &str) -> bool {
    path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The first entry of an index that is `meant`, given its path, the place of `path` in the same work tree, and its kind. Case
/// does not count, for there are file systems where it does not.
fn tracked(path: &Path, meant: impl Fn(&str, &str, u32) -> bool) -> Option<PathBuf> {
    let path = plain(path);
    let resolved = resolved(&path);
    for path in [&path, &resolved] {
        for root in path.ancestors().filter(|root| root.join(".git").symlink_metadata().is_ok()) {
            let inside = path.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/").to_lowercase();
            let is_meant = |entry: &str, kind| meant(&entry.to_lowercase(), &inside, kind);
            match entry(root, is_meant) {
                Ok(None) => {}
                Ok(Some(entry)) => return Some(root.join(entry)),
                Err(_) => return Some(root.join(".git")),
            }
        }
    }
    None
}

/// The first entry of the index at `root` that is meant.
fn entry(root: &Path, is_meant: impl Fn(&str, u32) -> bool) -> Result<Option<String>, GitError> {
    let repository = Repository::open(root)?;
    let is_another = |home: PathBuf| fs::canonicalize(home).ok() != fs::canonicalize(root).ok();
    if repository.work_dir().is_some_and(is_another) {
        return Ok(None); // Whatever is called `.git` here is no repository.
    }
    let file = repository.git_dir().join("index");
    if file.metadata().is_ok_and(|data| !data.is_file()) {
        return Err(GitError::Special { path: file });
    }
    // One that takes all memory once libgit2 has read it is refused here.
    index::files(repository.raw())?;
    let index = repository.raw().index().reading(|| "the index".to_owned())?;
    let mut entries = index.iter().map(|entry| (spell(&entry.path), entry.mode & KIND));
    Ok(entries.find(|(path, kind)| is_meant(path.trim_end_matches('/'), *kind)).map(|(path, _)| path))
}

/// Absolute, and without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut plain = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// Where the path leads, as far as there is anything.
fn resolved(path: &Path) -> PathBuf {
    let there = path.ancestors().find_map(|start| Some((start, fs::canonicalize(start).ok()?)));
    let Some((start, there)) = there else { return path.to_path_buf() };
    match path.strip_prefix(start) {
        Ok(rest) if !rest.as_os_str().is_empty() => there.join(rest),
        _ => there,
    }
}
