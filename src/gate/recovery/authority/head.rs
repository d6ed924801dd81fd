//! At which commit the authority stands, and which recorded commits still count there.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::record::{head, text};
use super::{FINALIZE, View, root};
use crate::json::Node;
use crate::model::{ChangeKind, History, Oid};

/// The present commit and what came before it, as far as the range reaches.
pub(super) struct Present<'a> {
    head: Option<Cow<'a, str>>,
    /// Where the execution began, if that is recorded.
    began: Option<&'a str>,
    ancestry: Ancestry<'a>,
    /// Paths of the milestone's range, if it is known where that starts.
    committed: Option<HashSet<&'a str>>,
}

impl<'a> Present<'a> {
    pub(super) fn new(view: &View<'a>) -> Self {
        let ancestry = Ancestry::new(view.history);
        let meta = view.plan.artifacts.get("state.json").and_then(root).and_then(|root| root.get("meta"));
        let baseline = meta.and_then(|meta| meta.get("execution_baseline"));
        let baseline = |key: &str| baseline.map(|it| text(it, key)).filter(|text| !text.is_empty());
        let actual = view.history.head.map(Oid::to_hex);
        let head = present(actual, recorded(view), &ancestry).or_else(|| baseline("head").map(Cow::from));
        Self {
            head,
            began: baseline("base_sha").or_else(|| baseline("head")),
            ancestry,
            committed: view.plan.recorded_base.as_ref().map(|_| committed(view.history)),
        }
    }

    /// Whether what was written at `observed` counts now. What does not say was written now.
    pub(super) fn is_fresh(&self, observed: Option<&str>) -> bool {
        let (Some(head), Some(observed)) = (self.head.as_deref(), observed) else { return true };
        observed == head
            || self.began.is_some_and(|began| {
                self.ancestry.leads(observed, head) && self.ancestry.leads(began, observed)
            })
    }

    /// The same of a reference, which has to say.
    pub(super) fn is_dated(&self, observed: Option<&str>) -> bool {
        self.head.is_none() || (observed.is_some() && self.is_fresh(observed))
    }

    /// Whether all of those paths are in the milestone's own range: then it does not matter when they were recorded,
    /// because a rebase changes ids and not what was done.
    pub(super) fn has_committed(&self, paths: &[&str]) -> bool {
        let known = self.committed.as_ref().filter(|_| self.head.is_some());
        !paths.is_empty() && known.is_some_and(|known| paths.iter().all(|path| known.contains(path)))
    }
}

/// The later of the repository's head and the recorded one; the repository's where they parted.
fn present<'a>(
    actual: Option<String>,
    recorded: Option<&'a str>,
    ancestry: &Ancestry<'_>,
) -> Option<Cow<'a, str>> {
    match (actual, recorded) {
        (Some(actual), Some(recorded)) if ancestry.leads(&actual, recorded) => Some(recorded.into()),
        (actual, recorded) => actual.map(Cow::from).or(recorded.map(Cow::from)),
    }
}

/// The head that the records were written at: the latest artifact that says, and of its rows the last.
fn recorded<'a>(view: &View<'a>) -> Option<&'a str> {
    let finalize = view.plan.artifacts.get(FINALIZE);
    view.artifacts.iter().rev().copied().chain(finalize).find_map(|artifact| {
        let lists =
            ["task_updates", "tasks"].into_iter().filter_map(|key| root(artifact)?.get(key)?.as_array());
        let heads: Vec<&str> =
            lists.flatten().filter(|row: &&Node| row.is_object()).filter_map(head).collect();
        heads.last().copied()
    })
}

fn committed(history: &History) -> HashSet<&str> {
    let changes = history.commits.iter().flat_map(|commit| &commit.changes);
    let old = |change: &'_ crate::model::Change| (change.kind == ChangeKind::Renamed).then_some(());
    changes
        .flat_map(|change| {
            let before = old(change).and(change.old_path.as_deref());
            before.into_iter().chain([change.path.as_str()])
        })
        .collect()
}

/// Which commits of the range come before which. A commit before the range comes before all of it.
struct Ancestry<'a> {
    parents: HashMap<Oid, &'a [Oid]>,
}

impl<'a> Ancestry<'a> {
    fn new(history: &'a History) -> Self {
        let commits = history.commits.iter();
        Self { parents: commits.map(|commit| (commit.id, commit.parents.as_slice())).collect() }
    }

    /// Whether `earlier` is `later` or comes before it, both as they are recorded.
    fn leads(&self, earlier: &str, later: &str) -> bool {
        // The harness compares texts: what is no id in lower case is like nothing but itself.
        let id = |text: &str| Oid::from_hex(text).filter(|id| id.digits() == text.as_bytes());
        let (Some(earlier), Some(later)) = (id(earlier), id(later)) else { return earlier == later };
        let mut open = vec![later];
        let mut seen: HashSet<Oid> = HashSet::new();
        while let Some(commit) = open.pop() {
            if commit == earlier {
                return true;
            }
            if seen.insert(commit) {
                open.extend(self.parents.get(&commit).copied().into_iter().flatten());
            }
        }
        false
    }
}
