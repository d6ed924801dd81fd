//! Which state of which repository claims are checked against.

use super::history::{HistoryOptions, open};
use super::sources::GitSources;
use crate::git::{self, Extraction, GitError, Repository};
use crate::model::{BaseSource, History, Oid, Plan};

/// A repository at a commit, or its work tree. Absent where there is none.
pub struct Checkout {
    repository: Option<Repository>,
    /// How its objects are read.
    extraction: Extraction,
    /// The commit; `None` without commits.
    pub head: Option<Oid>,
    /// Whether the work tree counts.
    pub worktree: bool,
    /// Why there is nothing to look into.
    pub reason: Option<String>,
}

impl Checkout {
    /// Text of its files; `None` without a repository.
    pub fn sources(&self) -> Option<GitSources> {
        let repository = self.repository.as_ref()?;
        Some(GitSources::new(repository, self.head, self.worktree, &self.extraction))
    }

    /// The commit that a revision names.
    pub fn resolve(&self, revision: &str) -> Option<Oid> {
        self.repository.as_ref()?.resolve(revision).ok().flatten()
    }

    /// As a history of which only the end was looked at.
    pub fn as_history(&self) -> History {
        History {
            base_source: BaseSource::None,
            head: self.head,
            worktree: self.worktree,
            reason: self.reason.clone(),
            ..History::absent("")
        }
    }
}

/// Opens the repository that the options, or the plan, mean. Reads no history.
///
/// Fails only on what the user asked for in so many words and cannot have: an unknown revision, or the work
/// tree of a bare repository.
pub fn checkout(plan: Option<&Plan>, options: &HistoryOptions) -> Result<Checkout, GitError> {
    let absent = |error: &GitError| Checkout {
        repository: None,
        extraction: Extraction::default(),
        head: None,
        worktree: false,
        reason: Some(error.to_string()),
    };
    let repository = match open(plan, options) {
        Ok(repository) => repository,
        Err(error) => return Ok(absent(&error)),
    };
    let worktree = git::worktree_counts(&repository, options.worktree, options.head.as_deref())?;
    let head =
        match options.head.as_deref() {
            Some(revision) => Some(repository.resolve(revision)?.ok_or_else(|| {
                GitError::UnknownRevision { flag: "--head", revision: revision.to_owned() }
            })?),
            None => repository.resolve("HEAD")?,
        };
    Ok(Checkout {
        repository: Some(repository),
        extraction: options.extraction.clone(),
        head,
        worktree,
        reason: None,
    })
}
