//! Files of a work tree, without following a link on the way: a link may lead out of the repository, and a device or pipe
//! may never end.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};
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
    /// Memory that held files, for the next ones: what is new has to be cleared first.
    spare: Mutex<Vec<Vec<u8>>>,
}

/// So many pieces of memory are kept for later, one for every thread of most machines, and none that is larger: 16 MiB at most.
const MOST_SPARE: usize = 16;
const LARGEST_SPARE: usize = 1 << 20;
/// No more than so many times what a file needs holds it.
const MOST_BESIDE: usize = 8;
/// Most files fit into this.
const LEAST_ROOM: usize = 4 << 10;

/// Something that was opened.
struct Opened {
    file: File,
    is_regular: bool,
    /// In bytes.
    length: u64,
}

impl WorkTree {
    /// The work tree with this root.
    pub(super) fn new(root: PathBuf) -> Self {
        Self {
            #[cfg(target_os = "linux")]
            directory: File::open(&root).ok(),
            root,
            directories: Mutex::default(),
            spare: Mutex::default(),
        }
    }

    /// Whether there is a regular file at a path.
    pub(super) fn has(&self, path: &str) -> bool {
        match self.open_at_once(path) {
            Ok(opened) => opened.is_some_and(|opened| opened.is_regular),
            Err(_) => self.data(path).is_some(),
        }
    }

    /// What the regular file at a path holds; `None` if there is none. More than `most` bytes are an error.
    pub(super) fn read(&self, path: &str, most: usize) -> io::Result<Option<Vec<u8>>> {
        let opened = match self.open_at_once(path) {
            Ok(opened) => opened,
            Err(_) => self.open_step_by_step(path)?,
        };
        let Some(opened) = opened.filter(|opened| opened.is_regular) else { return Ok(None) };
        let length = usize::try_from(opened.length).ok().filter(|&length| length <= most);
        let length = length.ok_or(ErrorKind::FileTooLarge)?;
        content(&opened.file, length, self.room(length)).map(Some)
    }

    /// Memory for so many bytes.
    fn room(&self, length: usize) -> Vec<u8> {
        // What is much too large waits for a larger file: the text of a small one may be held for long.
        let fitting = length..=MOST_BESIDE * length.max(LEAST_ROOM);
        let mut spares = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let found = spares.iter().rposition(|spare| fitting.contains(&spare.capacity()));
        let spare = found.map(|at| spares.swap_remove(at));
        drop(spares);
        spare.unwrap_or_else(|| Vec::with_capacity(length.next_power_of_two().max(LEAST_ROOM)))
    }

    /// Takes back what was read and is needed no more.
    pub(super) fn take_back(&self, mut read: Vec<u8>) {
        if read.capacity() > LARGEST_SPARE {
            return;
        }
        read.clear();
        let mut spares = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        if spares.len() >= MOST_SPARE {
            // What nobody had use for makes room: the next file is likely as large as the last one.
            spares.swap_remove(0);
        }
        spares.push(read);
    }

    /// Opens whatever is at a path if no link is on the way, in one call of the system. An error where that cannot be had.
    #[cfg(target_os = "linux")]
    fn open_at_once(&self, path: &str) -> io::Result<Option<Opened>> {
        use rustix::fs::{FileType, Mode, OFlags, ResolveFlags, fstat, openat2};
        use rustix::io::Errno;
        let directory = self.directory.as_ref().ok_or(ErrorKind::Unsupported)?;
        // A pipe that nobody writes to is opened as well, and turned down by whoever asked.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        let way = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        match openat2(directory, path, flags, Mode::empty(), way) {
            Ok(file) => {
                let data = fstat(&file)?;
                let is_regular = FileType::from_raw_mode(data.st_mode) == FileType::RegularFile;
                let length = u64::try_from(data.st_size).unwrap_or_default();
                Ok(Some(Opened { file: File::from(file), is_regular, length }))
            }
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn open_at_once(&self, _path: &str) -> io::Result<Option<Opened>> {
        Err(ErrorKind::Unsupported.into())
    }

    fn open_step_by_step(&self, path: &str) -> io::Result<Option<Opened>> {
        let Some(data) = self.data(path) else { return Ok(None) };
        let file = File::open(self.root.join(path))?;
        Ok(Some(Opened { file, is_regular: data.is_file(), length: data.len() }))
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

/// The first `length` bytes of a file, or all that are left of them: it may have grown or become shorter. In one call of the
/// system, where the standard library would ask for a file of unknown length piece by piece. `bytes` is empty, and has room
/// for them.
#[cfg(unix)]
fn content(file: &File, length: usize, mut bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    use rustix::buffer::spare_capacity;
    use rustix::io::{read, retry_on_intr};
    while bytes.len() < length && retry_on_intr(|| read(file, spare_capacity(&mut bytes)))? > 0 {}
    bytes.truncate(length);
    Ok(bytes)
}

#[cfg(not(unix))]
fn content(file: &File, length: usize, mut bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    use std::io::Read as _;
    file.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
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

    #[test]
    fn memory_that_is_taken_back_holds_the_next_file() {
        let around = tempfile::tempdir().unwrap();
        std::fs::write(around.path().join("long"), "a".repeat(LEAST_ROOM + 1)).unwrap();
        std::fs::write(around.path().join("short"), "b").unwrap();
        std::fs::write(around.path().join("largest"), "c".repeat(LARGEST_SPARE + 1)).unwrap();
        let tree = WorkTree::new(around.path().to_path_buf());
        let read = |path: &str| tree.read(path, usize::MAX).unwrap().unwrap();
        tree.take_back(read("largest"));
        let long = read("long");
        let room = long.capacity();
        assert!(room <= LARGEST_SPARE, "what is large is not kept");
        tree.take_back(long);
        let short = read("short");
        assert_eq!((short.as_slice(), short.capacity()), (&b"b"[..], room));
        tree.take_back(short);
        tree.take_back(Vec::with_capacity(LARGEST_SPARE));
        assert!(read("short").capacity() < LARGEST_SPARE, "what is much too large holds no small file");
        assert_eq!(read("largest").len(), LARGEST_SPARE + 1);
        // What is too small for one file waits for another.
        let spare = || tree.spare.lock().unwrap().len();
        let before = spare();
        tree.take_back(read("short"));
        read("largest");
        assert_eq!(spare(), before + 1);
    }
}
