//! What tasks say, what changed, and how the two meet: read once, and by index from then on.
//!
//! [`Evidence::new`] reads the texts and the hunks, which is what costs; [`Evidence::settle`] links them with what
//! is claimed, and is repeated as tasks are decided.

mod commits;
mod links;
mod paths;
mod tasks;

pub(super) use paths::subject;
pub(super) use tasks::notes;

use std::collections::HashMap;

use rayon::prelude::*;

use super::mentions::{Exactness, Manner};
use super::overlap::Overlaps;
use super::vocabulary::{Terms, Vocabulary};
use crate::attribute::commit_kind::CommitKind;
use crate::attribute::context::Context;
use crate::model::{Place, TaskId};

/// Everything signals look at. Tasks, paths and commits are known by their index.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) vocabulary: Vocabulary,
    /// In plan order.
    pub(super) tasks: Vec<TaskEvidence>,
    /// Paths that changed or that any record names, sorted.
    pub(super) paths: Vec<PathEvidence>,
    /// In the order of the history; uncommitted changes, if there are any, come last.
    pub(super) commits: Vec<CommitEvidence>,
    /// What texts and changes have in common.
    pub(super) overlaps: Overlaps,
    /// Whether there is a history to look at.
    pub(super) has_history: bool,
    /// Log-odds that a commit which no record explains is no task's.
    pub(super) crowd: f64,
}

/// What is known of one task.
#[derive(Debug, Default)]
pub(super) struct TaskEvidence {
    pub(super) id: String,
    /// It is done and its files are missing: the engine looks for them.
    pub(super) is_open: bool,
    /// It may have changed something: it is done, or was begun.
    pub(super) is_active: bool,
    pub(super) batch: Option<u32>,
    /// Paths in the lists of its batch, sorted.
    pub(super) list: Vec<usize>,
    /// Whether these lists are the batch's own and no re-run's.
    pub(super) list_is_faithful: bool,
    /// Other tasks of its batch, sorted.
    pub(super) mates: Vec<usize>,
    /// Paths that records give it, sorted.
    pub(super) certain: Vec<usize>,
    /// When its batch was worked on: start and end, in seconds since 1970.
    pub(super) windows: Vec<(i64, i64)>,
    pub(super) title: Terms,
    pub(super) description: Terms,
    pub(super) notes: Terms,
    /// Paths that its texts name.
    pub(super) described: HashMap<usize, Named>,
    pub(super) noted: HashMap<usize, Named>,
}

/// How one text names one path, over all its mentions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Named {
    /// The most exact mention.
    pub(super) exactness: Exactness,
    /// The most telling manner.
    pub(super) manner: Manner,
    /// Where the first mention stands, 0 to 1.
    pub(super) position: f64,
}

/// What is known of one path. Lists of tasks are sorted.
#[derive(Debug)]
pub(super) struct PathEvidence {
    pub(super) place: Place,
    pub(super) changes: Vec<ChangeEvidence>,
    /// Terms of the path itself.
    pub(super) words: Terms,
    /// Tasks whose records claim it.
    pub(super) claimants: Vec<usize>,
    /// Tasks whose batch lists it.
    pub(super) listed: Vec<usize>,
    /// Tasks for which a reviewer cited it.
    pub(super) cited: Vec<usize>,
    /// Tasks that the planner expected to change it.
    pub(super) predicted: Vec<usize>,
    /// Tasks whose description names it.
    pub(super) described: Vec<usize>,
    /// Tasks whose notes name it.
    pub(super) noted: Vec<usize>,
    /// The test of this source, or the source of this test.
    pub(super) partners: Vec<usize>,
    /// Everybody's: a lock file, or what an earlier milestone left behind.
    pub(super) is_shared: bool,
}

/// One change of a path.
#[derive(Debug)]
pub(super) struct ChangeEvidence {
    pub(super) commit: usize,
    /// Terms of each hunk.
    pub(super) hunks: Vec<Terms>,
    /// How many of the lines it removes which earlier commit of the range had written.
    pub(super) overwrites: Vec<(usize, u32)>,
}

/// What is known of one commit.
#[derive(Debug, Default)]
pub(super) struct CommitEvidence {
    /// Terms of its message.
    pub(super) message: Terms,
    /// How many words of the message no task text has.
    pub(super) strange_words: usize,
    /// Terms of all its changes.
    pub(super) terms: Terms,
    /// Terms of its paths.
    pub(super) words: Terms,
    /// Its paths, sorted.
    pub(super) paths: Vec<usize>,
    /// Author time, in seconds since 1970.
    pub(super) time: i64,
    /// Whether it can tell tasks apart: it is committed, and neither a bundle nor bookkeeping.
    pub(super) is_single: bool,
    /// The two tasks with the largest claims to its files, and the shares that records give them, rare files first.
    pub(super) claims: [(usize, f64); 2],
    /// The only task that its message names.
    pub(super) names: Option<usize>,
}

impl Evidence {
    /// Reads texts and hunks, in parallel over paths.
    pub(super) fn new(context: &Context<'_>) -> Self {
        let plan = context.input.plan;
        let mut vocabulary = Vocabulary::default();
        let mut tasks: Vec<TaskEvidence> =
            plan.tasks.iter().map(|task| tasks::read(task, &mut vocabulary, context)).collect();
        let places = paths::places(context);
        let mut paths: Vec<PathEvidence> =
            places.par_iter().map(|place| paths::read(place, &vocabulary, context)).collect();
        tasks::link_mentions(&mut tasks, &mut paths, context);
        paths::link_partners(&mut paths);
        let commits = commits::read(&paths, &vocabulary, context);
        let changed: Vec<Terms> =
            paths.iter().filter(|path| path.is_changed()).map(PathEvidence::terms).collect();
        vocabulary.weigh(tasks.iter().map(|task| &task.description), changed.iter());
        let overlaps = Overlaps::new(&vocabulary, &tasks, &commits, &paths);
        let has_history = context.input.history.is_present();
        let mut evidence = Self { vocabulary, tasks, paths, commits, overlaps, has_history, crowd: 0.0 };
        links::link_lists(&mut evidence, context);
        links::link_reviews(&mut evidence, context);
        links::link_names(&mut evidence, context);
        evidence
    }

    /// Takes in what is claimed and which tasks are still open.
    pub(super) fn settle(&mut self, context: &Context<'_>, is_open: impl Fn(&TaskId) -> bool) {
        links::link_claims(self, context);
        for (task, known) in context.input.plan.tasks.iter().zip(&mut self.tasks) {
            known.is_open = is_open(&task.id);
        }
        for (at, commit) in self.commits.iter_mut().enumerate() {
            commit.is_single = context.commit_kind(at) == Some(CommitKind::Single);
        }
        commits::weigh_claims(self);
        self.crowd = commits::crowd(self);
    }

    /// Whether a commit can tell tasks apart.
    pub(super) fn is_single(&self, commit: usize) -> bool {
        self.commits[commit].is_single
    }

    /// The commits of a path that can tell tasks apart.
    pub(super) fn single_commits(&self, path: usize) -> impl Iterator<Item = usize> + '_ {
        self.paths[path].changes.iter().map(|change| change.commit).filter(|commit| self.is_single(*commit))
    }
}

impl PathEvidence {
    pub(super) fn is_changed(&self) -> bool {
        !self.changes.is_empty()
    }

    /// How much the path says of a commit that changes it: the less, the more commits do.
    pub(super) fn rarity(&self) -> f64 {
        1.0 / super::count(self.changes.len().max(1))
    }

    /// Terms of all changes.
    pub(super) fn terms(&self) -> Terms {
        let mut terms: Terms =
            self.changes.iter().flat_map(|change| change.hunks.iter().flatten()).copied().collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }
}

impl TaskEvidence {
    pub(super) fn lists(&self, path: usize) -> bool {
        self.list.binary_search(&path).is_ok()
    }

    pub(super) fn owns(&self, path: usize) -> bool {
        self.certain.binary_search(&path).is_ok()
    }

    pub(super) fn is_mate(&self, task: usize) -> bool {
        self.mates.binary_search(&task).is_ok()
    }
}
