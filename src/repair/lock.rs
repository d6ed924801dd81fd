//! The plan's lock, taken exactly as the harness takes it: no phase of the harness runs while it is held.
#![expect(clippy::disallowed_methods, reason = "the lock file is the harness's protocol")]

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::disk::{Disk, DiskError, Entry};

/// Name of the lock file. It stays behind, empty; only a held lock means anything.
const NAME: &str = ".plan.lock";

/// Why the lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody holds it.
    #[error("{} is held: the harness or another run is working on this plan; wait until it ends", path.display())]
    Held {
        /// The lock file.
        path: PathBuf,
    },
    /// It is a link or a directory.
    #[error("{} is not a regular file, so the plan cannot be locked; remove it", path.display())]
    NotRegular {
        /// The lock file.
        path: PathBuf,
    },
    /// It cannot be opened.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// The held lock; dropping it lets go.
#[derive(Debug)]
pub struct PlanLock {
    _file: File,
}

impl PlanLock {
    /// Takes the lock of a plan, or fails at once.
    pub fn take(plan_dir: &Path) -> Result<Self, LockError> {
        Self::take_on(Disk::REAL, plan_dir)
    }

    pub(super) fn take_on(disk: Disk<'_>, plan_dir: &Path) -> Result<Self, LockError> {
        let path = plan_dir.join(NAME);
        let file = open(disk, &path)?;
        if try_lock(disk, &path, &file)? { Ok(Self { _file: file }) } else { Err(LockError::Held { path }) }
    }
}

/// Opens a lock file, and makes it if there is none.
fn open(disk: Disk<'_>, path: &Path) -> Result<File, LockError> {
    if !matches!(disk.entry(path)?, Entry::Nothing | Entry::File) {
        return Err(LockError::NotRegular { path: path.to_path_buf() });
    }
    Ok(disk.run("open", path, || OpenOptions::new().read(true).append(true).create(true).open(path))?)
}

/// Whether the lock was free, and is ours now.
fn try_lock(disk: Disk<'_>, path: &Path, file: &File) -> Result<bool, DiskError> {
    disk.run("lock", path, || match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    })
}

/// How often the state's lock is tried, and how long to wait between: the harness holds it for one short save.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(20);

/// The later harness's lock around every save of `state.json`, if there is one; dropping it lets go.
#[derive(Debug)]
pub struct StateLock {
    _file: Option<File>,
}

impl StateLock {
    /// Takes the lock of a plan's state, or gives up after a second. `is_kept` says that the harness keeps one;
    /// otherwise it is taken only where a directory for it exists.
    pub fn take(plan_dir: &Path, is_kept: bool) -> Result<Self, LockError> {
        Self::take_on(Disk::REAL, plan_dir, is_kept)
    }

    pub(super) fn take_on(disk: Disk<'_>, plan_dir: &Path, is_kept: bool) -> Result<Self, LockError> {
        let (folder, path) = state_lock(disk, plan_dir)?;
        if !is_kept && disk.entry(&folder)? != Entry::Directory {
            return Ok(Self { _file: None });
        }
        disk.run("create the directory of", &path, || fs::create_dir_all(&folder))?;
        if disk.entry(&folder)? != Entry::Directory {
            return Err(LockError::NotRegular { path: folder });
        }
        let file = open(disk, &path)?;
        for _ in 0..TRIES {
            if try_lock(disk, &path, &file)? {
                return Ok(Self { _file: Some(file) });
            }
            std::thread::sleep(PAUSE);
        }
        Err(LockError::Held { path })
    }
}

/// Where the harness keeps the lock: beside the directory of plans, or beside a plan that lies elsewhere.
fn state_lock(disk: Disk<'_>, plan_dir: &Path) -> Result<(PathBuf, PathBuf), DiskError> {
    let resolved = disk.run("find", plan_dir, || fs::canonicalize(plan_dir))?;
    let parent = resolved.parent().unwrap_or(&resolved);
    let is_usual = parent.file_name().is_some_and(|name| name == "plans");
    let root = if is_usual { parent.parent().unwrap_or(parent) } else { parent };
    let folder = root.join(".state-locks");
    let name = resolved.file_name().unwrap_or_default().to_string_lossy();
    let path = folder.join(format!("{name}.lock"));
    Ok((folder, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_lock_is_refused_and_the_file_stays() {
        let plan = tempfile::tempdir().unwrap();
        let path = plan.path().join(NAME);
        std::fs::write(&path, "kept").unwrap();
        let held = PlanLock::take(plan.path()).unwrap();
        assert!(matches!(PlanLock::take(plan.path()), Err(LockError::Held { .. })));
        drop(held);
        PlanLock::take(plan.path()).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "kept");
    }

    #[test]
    fn the_state_s_lock_is_the_harness_s() {
        let root = tempfile::tempdir().unwrap();
        let plan = root.path().join("plans/p");
        fs::create_dir_all(&plan).unwrap();
        StateLock::take(&plan, false).unwrap();
        let path = root.path().join(".state-locks/p.lock");
        assert!(!path.exists());
        let held = StateLock::take(&plan, true).unwrap();
        assert!(path.is_file());
        assert!(matches!(StateLock::take(&plan, false), Err(LockError::Held { .. })));
        drop(held);
        StateLock::take(&plan, false).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let plan = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("elsewhere", plan.path().join(NAME)).unwrap();
        assert!(matches!(PlanLock::take(plan.path()), Err(LockError::NotRegular { .. })));
        assert!(!plan.path().join("elsewhere").exists());
    }
}
