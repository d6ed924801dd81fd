//! Repositories built from a description, with the same commit ids on every machine.
//!
//! Everything happens in process, with the times and names of the script: no user configuration, no
//! hooks, no `git` on the path. Only files that the script names are committed.

mod build;
mod files;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::error::GitError;

/// A repository, told as its history.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryScript {
    /// The initial branch.
    #[serde(default = "main_branch")]
    pub branch: String,
    /// Where the repository's root lies, relative to the root of the whole situation.
    #[serde(default = "here")]
    pub directory: String,
    /// Its commits, in the order they are made.
    #[serde(default, rename = "commit")]
    pub commits: Vec<CommitScript>,
    /// Further references: full name to revision, or to `ref: <full name>` for a symbolic one.
    #[serde(default)]
    pub refs: BTreeMap<String, String>,
    /// What is not committed in the end.
    #[serde(default)]
    pub worktree: WorktreeScript,
    /// Repositories inside this one that are not submodules of it.
    #[serde(default)]
    pub nested: Vec<HistoryScript>,
}

/// One commit. Removals come first, then renames, then files and symlinks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitScript {
    /// The whole message.
    pub message: String,
    /// Author and committer time, as `2026-05-21T09:00:00Z`.
    pub time: String,
    /// `Name <mail>`, if it matters who made it.
    pub author: Option<String>,
    /// The branch it is made on, created if need be; without it, the branch of the commit before.
    pub branch: Option<String>,
    /// Where a new branch starts; without it, at the commit before.
    pub from: Option<String>,
    /// Branches or revisions that are merged.
    #[serde(default)]
    pub merge: Vec<String>,
    /// Files: path to content.
    #[serde(default)]
    pub write: BTreeMap<String, String>,
    /// Symlinks: path to target.
    #[serde(default)]
    pub symlink: BTreeMap<String, String>,
    /// Files that go away.
    #[serde(default)]
    pub remove: Vec<String>,
    /// Files that move: old path to new path.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
}

/// What is done to the work tree after the last commit.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorktreeScript {
    /// Files: path to content.
    #[serde(default)]
    pub write: BTreeMap<String, String>,
    /// Files that go away.
    #[serde(default)]
    pub remove: Vec<String>,
    /// Paths whose state, deletion included, is staged afterwards.
    #[serde(default)]
    pub stage: Vec<String>,
}

fn main_branch() -> String {
    "main".to_owned()
}

fn here() -> String {
    ".".to_owned()
}

/// Builds the repository that `script` describes, and those nested in it, below `root`. Files that are
/// there already stay, unless the history holds the same path.
pub fn build(script: &HistoryScript, root: &Path) -> Result<(), GitError> {
    build::repository(script, root)?;
    script.nested.iter().try_for_each(|nested| build(nested, root))
}
