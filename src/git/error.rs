//! What can go wrong between us and a repository, and what to do about it.

use std::fmt;
use std::path::PathBuf;

/// Why a repository could not be read or built.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// No repository at or above a directory.
    #[error("no git repository at {} or above it; name one with `--repo`, or go on without history", path.display())]
    NotARepository {
        /// Where the search started.
        path: PathBuf,
    },
    /// The repository names objects by SHA-256, which this build cannot read.
    #[error(
        "the repository at {} uses SHA-256 object ids, which cannot be read; \
         convert it to SHA-1, clone it with SHA-1 ids, or go on without history",
        path.display()
    )]
    Sha256 {
        /// The repository.
        path: PathBuf,
    },
    /// The repository belongs to another user.
    #[error(
        "the repository at {} belongs to another user; if you trust it, \
         run `git config --global --add safe.directory {}`",
        path.display(), path.display()
    )]
    Ownership {
        /// The repository.
        path: PathBuf,
        /// What libgit2 said.
        #[source]
        source: Cause,
    },
    /// There is a repository, and it is damaged.
    #[error("the repository at {} is damaged; run `git fsck` there, or clone it again", path.display())]
    Damaged {
        /// The repository.
        path: PathBuf,
        /// What libgit2 said.
        #[source]
        source: Cause,
    },
    /// Reading it would wait for ever, or never end.
    #[error("{} is a device or a pipe, or names one, so the repository is not read; remove it", path.display())]
    Special {
        /// The file.
        path: PathBuf,
    },
    /// A revision that the user gave is not in the repository.
    #[error("{flag} `{revision}` names no commit of this repository; check the spelling, or fetch it first")]
    UnknownRevision {
        /// The option that named it.
        flag: &'static str,
        /// What it named.
        revision: String,
    },
    /// A commit that is needed lies outside a shallow clone.
    #[error(
        "{what} is outside this shallow clone; run `git fetch --unshallow` (in CI: `fetch-depth: 0` of actions/checkout, or `GIT_DEPTH: 0`) and try again"
    )]
    Shallow {
        /// What is needed.
        what: String,
    },
    /// The branch has no commit yet.
    #[error("branch `{branch}` has no commit yet; commit something, or go on without history")]
    Unborn {
        /// The branch.
        branch: String,
    },
    /// Uncommitted changes were asked of a repository without work tree.
    #[error("the repository at {} is bare and has no uncommitted changes; drop `--worktree include`", path.display())]
    BareWorktree {
        /// The repository.
        path: PathBuf,
    },
    /// Something could not be read.
    #[error("cannot read {what}; run `git fsck` to see whether the repository is damaged")]
    Read {
        /// What was read.
        what: String,
        /// What libgit2 said.
        #[source]
        source: Cause,
    },
    /// More than anybody means to have read: a history that is made to fill memory, or a limit for another one.
    #[error(
        "the history has more paths and changes than are read ({bytes} bytes, `history-bytes` in `[limits]`); begin later with \
         `--base`, raise the limit, or go on without history"
    )]
    TooMuch {
        /// The limit.
        bytes: u64,
    },
    /// A file of the repository that would take all memory, or more time than anybody has.
    #[error(
        "{} is too much to read: {why}; if it is meant to be like that, go on without history",
        path.display()
    )]
    Excessive {
        /// The file.
        path: PathBuf,
        /// What of it is too much.
        why: &'static str,
    },
    /// A scripted history could not be built.
    #[error("cannot build the scripted history: {what}")]
    Script {
        /// What is wrong with the script, or which step failed.
        what: String,
        /// What libgit2 or the file system said, where they said something.
        #[source]
        source: Option<Cause>,
    },
}

/// What libgit2 or the file system said. Keeps their types behind the wall.
#[derive(Debug)]
pub struct Cause(String);

impl Cause {
    /// What was found out without libgit2.
    pub(super) fn new(what: String) -> Self {
        Self(what)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Cause {}

impl From<git2::Error> for Cause {
    fn from(error: git2::Error) -> Self {
        Self(error.message().to_owned())
    }
}

impl From<std::io::Error> for Cause {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Says what was being read when libgit2 failed.
pub(super) trait Reading<T> {
    /// Names what was read.
    fn reading(self, what: impl FnOnce() -> String) -> Result<T, GitError>;
}

impl<T> Reading<T> for Result<T, git2::Error> {
    fn reading(self, what: impl FnOnce() -> String) -> Result<T, GitError> {
        self.map_err(|error| GitError::Read { what: what(), source: error.into() })
    }
}
