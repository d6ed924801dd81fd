//! The few operations on files that a run is made of, each announced before it happens.
#![expect(clippy::disallowed_methods, reason = "runs write the harness's artifacts and their own journal")]

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

mod platform;

/// An operation that failed, and on what.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}; check the directory's permissions and free space, then run again", path.display())]
pub struct DiskError {
    /// What was to be done.
    pub action: &'static str,
    /// To which file or directory.
    pub path: PathBuf,
    /// Why it failed.
    #[source]
    pub source: io::Error,
}

/// Called with each operation and its path before it happens; an error is what the operation then returns.
pub(super) type Hook<'a> = &'a dyn Fn(&'static str, &Path) -> io::Result<()>;

/// Bytes of an artifact, or of a text that is kept for one. Those that a configuration allows are smaller.
pub(super) const MOST_TEXT: u64 = 512 << 20;

/// What [`Disk::wait_for_others`] announces.
pub(super) const WAITS: &str = "wait for others who save";

/// Files, reached through a hook: tests stop a run, fail it or overtake it before every single operation.
#[derive(Clone, Copy)]
pub(super) struct Disk<'a> {
    hook: Hook<'a>,
    can_exchange: bool,
    patience: Duration,
}

impl Disk<'_> {
    /// A disk whose hook does nothing.
    pub(super) const REAL: Self =
        Self { hook: &|_, _| Ok(()), can_exchange: true, patience: Duration::from_millis(50) };

    #[cfg(test)]
    pub(super) fn hooked(hook: Hook<'_>) -> Disk<'_> {
        // Who acts meanwhile acts in the hook.
        Disk { hook, can_exchange: true, patience: Duration::ZERO }
    }

    /// As a file system that cannot exchange two files.
    #[cfg(test)]
    pub(super) fn without_exchange(self) -> Self {
        Self { can_exchange: false, ..self }
    }

    /// Does one thing to a file, unless the hook fails it.
    pub(super) fn run<T>(
        self,
        action: &'static str,
        path: &Path,
        operation: impl FnOnce() -> io::Result<T>,
    ) -> Result<T, DiskError> {
        let done = (self.hook)(action, path).and_then(|()| operation());
        done.map_err(|source| DiskError { action, path: path.to_owned(), source })
    }

    /// Creates a private directory; `false` if something of that name exists.
    pub(super) fn create_dir(self, path: &Path) -> Result<bool, DiskError> {
        self.run("create the directory", path, || match platform::private_dir().create(path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        })
    }

    /// Creates a private file that must not exist, with its contents on the disk.
    pub(super) fn create(self, path: &Path, contents: &[u8]) -> Result<(), DiskError> {
        let mut file = self.run("create", path, || platform::private_file().open(path))?;
        // In two halves, so that tests stop in the middle of a file.
        let (first, second) = contents.split_at(contents.len() / 2);
        self.run("write", path, || file.write_all(first))?;
        self.run("write", path, || file.write_all(second))?;
        self.run("flush", path, || file.sync_all())
    }

    /// Puts contents under a name of ours at once: old or new, never half.
    pub(super) fn publish(self, path: &Path, contents: &[u8]) -> Result<(), DiskError> {
        let staged = path.with_extension("tmp");
        self.remove(&staged)?;
        self.create(&staged, contents)?;
        self.rename(&staged, path)
    }

    /// Renames within one directory, and makes that last.
    pub(super) fn rename(self, from: &Path, to: &Path) -> Result<(), DiskError> {
        self.run("replace", to, || fs::rename(from, to))?;
        self.flush_dir(to.parent().unwrap_or(to))
    }

    /// Lets two files change places at once and makes that last. `false` if the file system cannot: then the first has
    /// replaced the second, which is gone.
    pub(super) fn exchange(self, ours: &Path, theirs: &Path) -> Result<bool, DiskError> {
        let is_exchanged =
            self.can_exchange && self.run("exchange", theirs, || platform::exchange(ours, theirs))?;
        if !is_exchanged {
            self.run("replace", theirs, || fs::rename(ours, theirs))?;
        }
        for path in [theirs, ours] {
            self.flush_dir(path.parent().unwrap_or(path))?;
        }
        Ok(is_exchanged)
    }

    /// Gives a file a second name, which must not exist, and makes that last.
    pub(super) fn link(self, from: &Path, to: &Path) -> Result<(), DiskError> {
        self.run("add", to, || fs::hard_link(from, to))?;
        self.flush_dir(to.parent().unwrap_or(to))
    }

    /// Makes the entries of a directory last.
    pub(super) fn flush_dir(self, path: &Path) -> Result<(), DiskError> {
        self.run("flush", path, || platform::sync_dir(path))
    }

    /// Removes a file, if it exists.
    pub(super) fn remove(self, path: &Path) -> Result<(), DiskError> {
        self.run("remove", path, || match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
    }

    /// Removes a directory of ours with everything in it.
    pub(super) fn remove_dir(self, path: &Path) -> Result<(), DiskError> {
        self.run("remove", path, || fs::remove_dir_all(path))
    }

    /// Gives a file the permissions recorded by [`mode`].
    pub(super) fn set_mode(self, path: &Path, mode: Option<u32>) -> Result<(), DiskError> {
        self.run("set the permissions of", path, || match mode.and_then(platform::permissions) {
            Some(permissions) => fs::set_permissions(path, permissions),
            None => Ok(()),
        })
    }

    /// Waits as long as a command of the harness may take from reading a file to saving it.
    pub(super) fn wait_for_others(self, path: &Path) -> Result<(), DiskError> {
        self.run(WAITS, path, || {
            std::thread::sleep(self.patience);
            Ok(())
        })
    }

    /// What stands under a path, links not followed.
    pub(super) fn entry(self, path: &Path) -> Result<Entry, DiskError> {
        self.run("inspect", path, || match fs::symlink_metadata(path) {
            Ok(metadata) if metadata.is_file() => Ok(Entry::File),
            Ok(metadata) if metadata.is_dir() => Ok(Entry::Directory),
            Ok(_) => Ok(Entry::Other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Entry::Nothing),
            Err(error) => Err(error),
        })
    }

    /// The permission bits of a file, where there are any.
    pub(super) fn mode(self, path: &Path) -> Result<Option<u32>, DiskError> {
        self.run("inspect", path, || fs::symlink_metadata(path).map(|metadata| platform::mode(&metadata)))
    }

    /// The bytes of a file, which has at most so many.
    pub(super) fn read(self, path: &Path, most: u64) -> Result<Vec<u8>, DiskError> {
        self.run("read", path, || {
            let mut bytes = Vec::new();
            fs::File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
            if bytes.len() as u64 > most {
                return Err(io::Error::other(format!("it has more than {most} bytes")));
            }
            Ok(bytes)
        })
    }

    /// The names of a directory's entries, sorted; none if the directory is missing.
    pub(super) fn names(self, path: &Path) -> Result<Vec<String>, DiskError> {
        self.run("list", path, || {
            let entries = match fs::read_dir(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                entries => entries?,
            };
            let mut names = Vec::new();
            for entry in entries {
                names.extend(entry?.file_name().into_string());
            }
            names.sort_unstable();
            Ok(names)
        })
    }
}

/// What stands under a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    Nothing,
    File,
    Directory,
    Other,
}
