//! What git says of a claimed path.

use crate::model::{Change, Commit, Place, Witness};

use super::context::Context;

/// What git says of a claimed path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// It changed in the range, or is changed and not committed.
    Changed,
    /// History does not cover it: no repository, another repository, ignored. That is no contradiction.
    Unverifiable,
    /// It exists, but did not change.
    Unchanged,
    /// It neither changed nor exists.
    Contradicted,
}

impl Standing {
    /// A clause for signals.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Changed => "git shows the change",
            Self::Unverifiable => "outside what this history covers",
            Self::Unchanged => "exists but did not change in the range",
            Self::Contradicted => "neither changed in the range nor exists",
        }
    }
}

/// Asks git about a place. A claimed directory stands as the best of what lies below it.
pub(super) fn standing(place: &Place, context: &Context<'_>) -> Standing {
    let history = context.input.history;
    if !history.is_present() || !place.inside || history.reach.is_unverifiable(&place.path) {
        return Standing::Unverifiable;
    }
    let below = format!("{}/", place.path);
    let changed = |path: &str| path == place.path || path.starts_with(&below);
    let first_changed = context.changed.range(place.path.as_str()..).find(|(path, _)| {
        // `a-b` sorts between `a` and `a/`: look on until the directory's own range is past.
        changed(path) || path.as_bytes() > below.as_bytes()
    });
    if first_changed.is_some_and(|(path, _)| changed(path)) {
        return Standing::Changed;
    }
    if history.commits.is_empty() && history.uncommitted.is_empty() {
        // A range in which nothing happened says nothing: the work may have been squashed into its base.
        return Standing::Unverifiable;
    }
    let existing = &history.reach.existing;
    let exists = existing.contains(&place.path)
        || existing.range(below.clone()..).next().is_some_and(|path| path.starts_with(&below));
    if exists { Standing::Unchanged } else { Standing::Contradicted }
}

/// Witnesses of one file at most. What hundreds of commits change is everybody's, and nobody reads on so far.
pub(super) const MOST_WITNESSES: usize = 32;

/// The commits and blobs in which a path changed, oldest first; of many, the newest.
pub(super) fn witnesses(path: &str, context: &Context<'_>) -> Vec<Witness> {
    let changes = context.changed.get(path).map_or(&[][..], Vec::as_slice);
    let newest = &changes[changes.len().saturating_sub(MOST_WITNESSES)..];
    newest.iter().map(|(commit, change)| witness(*commit, change)).collect()
}

fn witness(commit: Option<&Commit>, change: &Change) -> Witness {
    Witness {
        commit: commit.map(|commit| commit.id),
        blob: change.blob,
        hunks: change.content.hunks().map(|hunk| (hunk.new_start, hunk.new_lines)).collect(),
    }
}
