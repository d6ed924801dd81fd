//! The few operations on files that a run is made of, each announced before it happens.
#![expect(clippy::disallowed_methods, reason = "runs write the harness's artifacts and their own journal")]

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

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

/// Called with the name of each operation before it happens; an error stops the run as a crash would.
pub(super) type Checkpoint<'a> = &'a dyn Fn(&str) -> io::Result<()>;

/// Files, reached through a checkpoint.
#[derive(Clone, Copy)]
pub(super) struct Disk<'a> {
    checkpoint: Checkpoint<'a>,
}

impl Disk<'_> {
    /// A disk that never stops.
    pub(super) const REAL: Self = Self { checkpoint: &|_| Ok(()) };

    #[cfg(test)]
    pub(super) fn stopping(checkpoint: Checkpoint<'_>) -> Disk<'_> {
        Disk { checkpoint }
    }

    fn run<T>(
        self,
        action: &'static str,
        path: &Path,
        operation: impl FnOnce() -> io::Result<T>,
    ) -> Result<T, DiskError> {
        let done = (self.checkpoint)(action).and_then(|()| operation());
        done.map_err(|source| DiskError { action, path: path.to_owned(), source })
    }

    /// Creates a private directory; `false` if something of that name exists.
    pub(super) fn create_dir(self, path: &Path) -> Result<bool, DiskError> {
        self.run("create the directory", path, || match private_dir().create(path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        })
    }

    /// Creates a private file that must not exist, with its contents on the disk.
    pub(super) fn create(self, path: &Path, contents: &[u8]) -> Result<(), DiskError> {
        let mut file = self.run("create", path, || private_file().open(path))?;
        self.run("write", path, || file.write_all(contents))?;
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

    /// Gives a file a second name, which must not exist, and makes that last.
    pub(super) fn link(self, from: &Path, to: &Path) -> Result<(), DiskError> {
        self.run("add", to, || fs::hard_link(from, to))?;
        self.flush_dir(to.parent().unwrap_or(to))
    }

    /// Makes the entries of a directory last.
    pub(super) fn flush_dir(self, path: &Path) -> Result<(), DiskError> {
        self.run("flush", path, || sync_dir(path))
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
        self.run("set the permissions of", path, || match mode.and_then(permissions) {
            Some(permissions) => fs::set_permissions(path, permissions),
            None => Ok(()),
        })
    }
}

/// What stands under a path, links not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    Nothing,
    File,
    Directory,
    Other,
}

pub(super) fn entry(path: &Path) -> Result<Entry, DiskError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Entry::File),
        Ok(metadata) if metadata.is_dir() => Ok(Entry::Directory),
        Ok(_) => Ok(Entry::Other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Entry::Nothing),
        Err(source) => Err(DiskError { action: "inspect", path: path.to_owned(), source }),
    }
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, DiskError> {
    fs::read(path).map_err(|source| DiskError { action: "read", path: path.to_owned(), source })
}

/// The names of a directory's entries, sorted; none if the directory is missing.
pub(super) fn names(path: &Path) -> Result<Vec<String>, DiskError> {
    let fail = |source| DiskError { action: "list", path: path.to_owned(), source };
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(fail)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry.map_err(fail)?.file_name().into_string());
    }
    names.sort_unstable();
    Ok(names)
}

/// The permission bits of a file, where there are any.
#[cfg(unix)]
pub(super) fn mode(path: &Path) -> Result<Option<u32>, DiskError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = fs::symlink_metadata(path);
    let metadata =
        metadata.map_err(|source| DiskError { action: "inspect", path: path.to_owned(), source })?;
    Ok(Some(metadata.permissions().mode() & 0o7777))
}

#[cfg(not(unix))]
pub(super) fn mode(_path: &Path) -> Result<Option<u32>, DiskError> {
    Ok(None)
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere there are no permission bits to give")]
fn permissions(mode: u32) -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(Permissions::from_mode(mode & 0o7777))
}

#[cfg(not(unix))]
fn permissions(_mode: u32) -> Option<Permissions> {
    None
}

fn private_dir() -> DirBuilder {
    #[allow(unused_mut, reason = "changed on Unix alone")]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(not(unix))]
fn sync_dir(_path: &Path) -> io::Result<()> {
    Ok(())
}
