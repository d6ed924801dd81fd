//! The directories of the cache and what may be touched there: segments and drafts, and nothing that a link leads to. A
//! branch can check out links and files of any name where the cache is looked for.

use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Ends the name of a segment.
pub(super) const SEGMENT: &str = "segment";
/// Begins the name of a segment that is being written.
pub(super) const DRAFT: &str = "draft-";
/// Drafts older than this were left behind.
const ABANDONED: Duration = Duration::from_hours(24);
/// Segments that are open at a time: each takes a handle. There are more only if joining them fails again and again.
const MOST_OPEN: usize = 256;

/// Makes a directory below the cache, unless something else bears its name or that of the `folder` it lies in.
pub(super) fn make(folder: &Path, directory: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder.parent().unwrap_or(folder))?;
    for path in [folder, directory] {
        match fs::create_dir(path) {
            Err(_) if is_directory(path) => {}
            made => made?,
        }
    }
    Ok(())
}

/// Whether this is a directory itself, and no link to one.
fn is_directory(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|data| data.is_dir())
}

/// Segments of a directory below `folder`, oldest first, and of too many the newest.
pub(super) fn segment_files(folder: &Path, directory: &Path) -> Vec<PathBuf> {
    if !is_directory(folder) {
        return Vec::new();
    }
    let mut files: Vec<PathBuf> =
        files(directory).iter().map(DirEntry::path).filter(|path| number(path).is_some()).collect();
    files.sort_by_key(|path| number(path));
    files.split_off(files.len().saturating_sub(MOST_OPEN))
}

/// Regular files of a directory. None of a link to one.
fn files(directory: &Path) -> Vec<DirEntry> {
    let entries = is_directory(directory).then(|| fs::read_dir(directory).ok()).flatten();
    // What an entry is says itself, and not what it leads to.
    let is_file = |entry: &DirEntry| entry.file_type().is_ok_and(|kind| kind.is_file());
    entries.into_iter().flatten().flatten().filter(is_file).collect()
}

/// The number of a segment; `None` of any other file.
pub(super) fn number(path: &Path) -> Option<u64> {
    let number = path.file_name()?.to_str()?.strip_suffix(SEGMENT)?.strip_suffix('.')?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok()).flatten()
}

fn is_draft(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(DRAFT))
}

/// Removes the oldest segments of all repositories until the rest is within `most` bytes, and what
/// processes that were stopped have left.
pub(super) fn shrink(folder: &Path, most: u64) {
    if !is_directory(folder) {
        return;
    }
    let mut files: Vec<(SystemTime, PathBuf, u64)> = Vec::new();
    for directory in fs::read_dir(folder).into_iter().flatten().flatten() {
        let ours = self::files(&directory.path())
            .into_iter()
            .filter(|file| number(&file.path()).is_some() || is_draft(&file.path()));
        files.extend(ours.filter_map(|file| {
            let data = file.metadata().ok()?;
            Some((data.modified().ok()?, file.path(), data.len()))
        }));
    }
    files.sort();
    let newest = files.last().map(|(time, ..)| *time);
    let mut total: u64 = files.iter().map(|(.., length)| length).sum();
    for (time, path, length) in files {
        let age = newest.and_then(|newest| newest.duration_since(time).ok()).unwrap_or_default();
        let goes = if is_draft(&path) { age > ABANDONED } else { total > most };
        if goes && fs::remove_file(&path).is_ok() {
            total -= length;
        }
    }
}
