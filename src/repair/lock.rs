//! The plan's lock, taken exactly as the harness takes it: no phase of the harness runs while it is held.
#![expect(clippy::disallowed_methods, reason = "the lock file is the harness's protocol")]

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::disk::{DiskError, Entry, entry};

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
        let path = plan_dir.join(NAME);
        if !matches!(entry(&path)?, Entry::Nothing | Entry::File) {
            return Err(LockError::NotRegular { path });
        }
        let fail = |action| {
            let path = path.clone();
            move |source| LockError::Disk(DiskError { action, path, source })
        };
        let file = OpenOptions::new().read(true).append(true).create(true).open(&path);
        let file = file.map_err(fail("open"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Held { path }),
            Err(TryLockError::Error(source)) => Err(fail("lock")(source)),
        }
    }
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

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let plan = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("elsewhere", plan.path().join(NAME)).unwrap();
        assert!(matches!(PlanLock::take(plan.path()), Err(LockError::NotRegular { .. })));
        assert!(!plan.path().join("elsewhere").exists());
    }
}
