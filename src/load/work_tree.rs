//! Files of a work tree, without following a link on the way: a link may lead out of the repository, and a device or pipe
//! may never end.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read as _};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use hashbrown::HashMap;

/// A work tree whose files are read. Paths are relative and stay below its root.
pub(super) struct WorkTree {
    root: PathBuf,
    /// The root, for systems that look for links on the way by themselves.
    #[cfg(target_os = "linux")]
    directory: Option<File>,
    /// Directories, and whether they are below the root without a link on the way.
    directories: Mutex<HashMap<String, bool>>,
}

impl WorkTree {
    /// The work tree with this root.
    pub(super) fn new(root: PathBuf) -> Self {
        Self {
            #[cfg(target_os = "linux")]
            directory: File::open(&root).ok(),
            root,
            directories: Mutex::default(),
        }
    }

    /// Whether there is a regular file at a path.
    pub(super) fn has(&self, path: &str) -> bool {
        match self.open_at_once(path) {
            Ok(file) => file.is_some_and(|(_, data)| data.is_file()),
            Err(_) => self.data(path).is_some(),
        }
    }

    /// What the regular file at a path holds; `None` if there is none. More than `most` bytes are an error.
    pub(super) fn read(&self, path: &str, most: usize) -> io::Result<Option<Vec<u8>>> {
        let opened = match self.open_at_once(path) {
            Ok(opened) => opened,
            Err(_) => self.open_step_by_step(path)?,
        };
        let Some((file, data)) = opened.filter(|(_, data)| data.is_file()) else { return Ok(None) };
        let length = usize::try_from(data.len()).ok().filter(|&length| length <= most);
        let length = length.ok_or(ErrorKind::FileTooLarge)?;
        let mut bytes = Vec::with_capacity(length);
        // It may have grown since.
        file.take(data.len()).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Opens whatever is at a path if no link is on the way, in one call of the system. An error where that cannot be had.
    #[cfg(target_os = "linux")]
    fn open_at_once(&self, path: &str) -> io::Result<Option<(File, Metadata)>> {
        use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
        use rustix::io::Errno;
        let directory = self.directory.as_ref().ok_or(ErrorKind::Unsupported)?;
        // A pipe that nobody writes to is opened as well, and turned down by whoever asked.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        let way = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        match openat2(directory, path, flags, Mode::empty(), way) {
            Ok(file) => {
                let file = File::from(file);
                let data = file.metadata()?;
                Ok(Some((file, data)))
            }
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn open_at_once(&self, _path: &str) -> io::Result<Option<(File, Metadata)>> {
        Err(ErrorKind::Unsupported.into())
    }

    fn open_step_by_step(&self, path: &str) -> io::Result<Option<(File, Metadata)>> {
        let Some(data) = self.data(path) else { return Ok(None) };
        Ok(Some((File::open(self.root.join(path))?, data)))
    }

    /// What is known of the regular file at a path.
    fn data(&self, path: &str) -> Option<Metadata> {
        let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        let data = || self.root.join(path).symlink_metadata().ok().filter(Metadata::is_file);
        if self.is_directory(directory) { data() } else { None }
    }

    /// Whether there is a directory at a path, without a link on the way; the root has none.
    fn is_directory(&self, path: &str) -> bool {
        if path.is_empty() {
            return true;
        }
        let known = self.directories.lock().unwrap_or_else(PoisonError::into_inner).get(path).copied();
        known.unwrap_or_else(|| {
            let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
            let is_own = self.is_directory(parent)
                && self.root.join(path).symlink_metadata().is_ok_and(|data| data.is_dir());
            let mut known = self.directories.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(path.to_owned(), is_own);
            is_own
        })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn step_by_step_the_same_files_are_found() {
        let around = tempfile::tempdir().unwrap();
        let root = around.path().join("tree");
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::write(root.join("a/b/file"), "inside").unwrap();
        std::fs::write(around.path().join("secret"), "secret").unwrap();
        symlink(around.path(), root.join("way")).unwrap();
        symlink("b", root.join("a/link")).unwrap();
        symlink("b/file", root.join("a/other")).unwrap();
        let tree = WorkTree::new(root);
        for path in
            ["a/b/file", "a/b", "a", "a/other", "a/link/file", "way/secret", "way", "none", "none/at/all"]
        {
            let is_file = path == "a/b/file";
            assert_eq!(tree.has(path), is_file, "{path}");
            assert_eq!(tree.data(path).is_some(), is_file, "{path}");
            assert_eq!(tree.read(path, 6).unwrap().is_some(), is_file, "{path}");
            assert_eq!(tree.open_step_by_step(path).unwrap().is_some(), is_file, "{path}");
        }
        assert!(tree.read("a/b/file", 5).is_err(), "it is too large");
    }
}
