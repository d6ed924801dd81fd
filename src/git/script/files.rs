//! Files of a scripted work tree.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::super::error::GitError;

/// Marks what a failing step was about.
pub(super) trait Step<T> {
    /// Names the step.
    fn step(self, what: impl FnOnce() -> String) -> Result<T, GitError>;
}

impl<T, E: Into<super::super::error::Cause>> Step<T> for Result<T, E> {
    fn step(self, what: impl FnOnce() -> String) -> Result<T, GitError> {
        self.map_err(|error| GitError::Script { what: what(), source: Some(error.into()) })
    }
}

/// A fault of the script itself.
pub(super) fn fault(what: String) -> GitError {
    GitError::Script { what, source: None }
}

/// `path` below `root`, if it stays there and out of `.git`.
pub(super) fn inside(root: &Path, path: &str) -> Result<PathBuf, GitError> {
    let allowed = |part: Component<'_>| match part {
        Component::Normal(name) => !name.eq_ignore_ascii_case(".git"),
        Component::CurDir => true,
        _ => false,
    };
    if path.is_empty() || !Path::new(path).components().all(allowed) {
        return Err(fault(format!("path `{path}` leaves the repository; give a path below its root")));
    }
    Ok(root.join(path))
}

/// Writes a file and the directories above it.
pub(super) fn write(root: &Path, path: &str, content: &str) -> Result<(), GitError> {
    let file = inside(root, path)?;
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent).step(|| format!("cannot create the directory of `{path}`"))?;
    }
    fs::write(file, content).step(|| format!("cannot write `{path}`"))
}

/// Removes a file.
pub(super) fn remove(root: &Path, path: &str) -> Result<(), GitError> {
    fs::remove_file(inside(root, path)?).step(|| format!("cannot remove `{path}`"))
}

/// Reads what is to be staged; `None` if it is not there.
pub(super) fn read(root: &Path, path: &str) -> Result<Option<Vec<u8>>, GitError> {
    let file = inside(root, path)?;
    if file.symlink_metadata().is_err() {
        return Ok(None);
    }
    fs::read(file).map(Some).step(|| format!("cannot read `{path}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_stay_below_their_root() {
        let root = Path::new("/root");
        assert_eq!(inside(root, "a/b").unwrap(), Path::new("/root/a/b"));
        for path in ["", "/etc/passwd", "../x", "a/../../x", ".git/config", "a/.GIT/hooks"] {
            assert!(inside(root, path).is_err(), "{path:?}");
        }
    }
}
