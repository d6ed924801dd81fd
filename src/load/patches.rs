//! The lines of a plan's history, for those who want to see them.

use std::collections::BTreeSet;

use super::history::{HistoryOptions, open};
use crate::explain::Patches;
use crate::git::{self, Extraction, Repository};
use crate::model::{Change, Oid, Patch, Plan};

/// A repository as a source of lines. Without one there are none.
pub struct GitPatches {
    repository: Option<Repository>,
    extraction: Extraction,
}

impl GitPatches {
    /// Those of the repository that a plan's history is read from.
    pub fn new(plan: &Plan, options: &HistoryOptions) -> Self {
        Self { repository: open(Some(plan), options).ok(), extraction: options.extraction.clone() }
    }
}

impl Patches for GitPatches {
    fn patch(&self, commit: Option<&Oid>, paths: &BTreeSet<&str>) -> Vec<Change<Patch>> {
        let Some(repository) = &self.repository else { return Vec::new() };
        let read = match commit {
            Some(commit) => git::patch(repository, commit, Some(paths), &self.extraction),
            None => {
                let read = git::uncommitted(repository, Some(paths), &self.extraction.limits);
                read.map(|worktree| worktree.changes)
            }
        };
        read.unwrap_or_default()
    }
}
