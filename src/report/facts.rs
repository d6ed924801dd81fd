//! What a report says of the plan and the history that it rests on.

use std::collections::BTreeMap;

use crate::model::{BaseSource, BatchWindow, Commit, History, Layout, Mode, Oid, Plan, TaskId};

/// Which plan a report is about.
#[derive(Debug, Clone)]
pub struct PlanFacts {
    /// Its name.
    pub name: String,
    /// Its directory, as it is to be shown.
    pub directory: String,
    /// Its directory relative to the root of the checkout, `/` separated, for what opens files from there;
    /// `None` where it lies outside.
    pub checkout_path: Option<String>,
    /// How its artifacts are laid out.
    pub layout: Layout,
    /// What it produces.
    pub mode: Mode,
    /// What each task was to do.
    pub descriptions: BTreeMap<TaskId, String>,
    /// When its batches were worked on, as far as that is recorded.
    pub batch_windows: Vec<BatchWindow>,
}

impl PlanFacts {
    /// What there is to say of `plan`; `checkout_path` as in the field of that name.
    pub fn of(plan: &Plan, checkout_path: Option<String>) -> Self {
        Self {
            name: plan.name.clone(),
            directory: plan.directory.display().to_string(),
            checkout_path,
            layout: plan.layout,
            mode: plan.mode.clone(),
            descriptions: plan.tasks.iter().map(|task| (task.id.clone(), task.description.clone())).collect(),
            batch_windows: plan.batch_windows.clone(),
        }
    }

    /// No plan: claims of a file may have none.
    pub fn none() -> Self {
        Self {
            name: String::new(),
            directory: String::new(),
            checkout_path: None,
            layout: Layout::Flat,
            mode: Mode::Code,
            descriptions: BTreeMap::new(),
            batch_windows: Vec::new(),
        }
    }

    /// Whether there is a plan.
    pub fn is_present(&self) -> bool {
        !self.directory.is_empty()
    }
}

/// Which history a report rests on.
#[derive(Debug, Clone)]
pub struct HistoryFacts {
    /// Where the range starts.
    pub base: Option<Oid>,
    /// How `base` was found.
    pub base_source: BaseSource,
    /// Where the range ends; `None` when there is no history.
    pub head: Option<Oid>,
    /// The commits of the range, parents before children.
    pub commits: Vec<CommitFacts>,
    /// Whether uncommitted changes counted.
    pub worktree: bool,
    /// Why there is no history, or what is wrong with it.
    pub reason: Option<String>,
}

impl From<&History> for HistoryFacts {
    fn from(history: &History) -> Self {
        Self {
            base: history.base,
            base_source: history.base_source,
            head: history.head,
            commits: history.commits.iter().map(CommitFacts::from).collect(),
            worktree: history.worktree,
            reason: history.reason.clone(),
        }
    }
}

/// A commit, as it is recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitFacts {
    /// Its id.
    pub id: Oid,
    /// First line of its message.
    pub subject: String,
    /// Author time, seconds since 1970.
    pub time: i64,
}

impl From<&Commit> for CommitFacts {
    fn from(commit: &Commit) -> Self {
        Self { id: commit.id, subject: commit.subject.clone(), time: commit.author_time }
    }
}
