//! What tasks say, what changed, and how the two meet: read once, and by index from then on.
//!
//! [`Evidence::new`] reads the texts and the hunks, which is what costs ([`Lexicon`], commit by commit);
//! [`Evidence::settle`] links them with what is claimed, and is repeated as tasks are decided.

mod commits;
mod links;
mod order;
mod partners;
mod paths;
mod tasks;

pub(super) use order::Bounds;
pub(super) use partners::{Paired, pairs};

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::mentions::{Exactness, Manner};
use super::overlap::{Overlaps, Sources};
use super::reading::{ChangeReading, CommitReading, Lexicon, set};
use super::vocabulary::{Bag, Terms, Vocabulary};
use crate::attribute::commit_kind::CommitKind;
use crate::attribute::context::Context;
use crate::model::{Commit, History, Oid, Place, TaskId};

/// Everything signals look at. Tasks, paths and commits are known by their index.
///
/// What is costly and never changes once it was read is shared between copies.
#[derive(Debug, Default, Clone)]
pub(in crate::attribute) struct Evidence {
    pub(super) vocabulary: Arc<Vocabulary>,
    /// In plan order.
    pub(super) tasks: Vec<TaskEvidence>,
    /// Paths that changed or that any record names, sorted.
    pub(super) paths: Vec<PathEvidence>,
    /// In the order of the history; uncommitted changes, if there are any, come last.
    pub(super) commits: Vec<CommitEvidence>,
    /// What was kept of the text of each of them.
    pub(super) readings: Arc<Vec<CommitReading>>,
    /// What texts and changes have in common.
    pub(super) overlaps: Arc<Overlaps>,
    /// Whether there is a history to look at.
    pub(super) has_history: bool,
    /// Log-odds that a commit which no record explains is no task's.
    pub(super) crowd: f64,
}

/// What is known of one task.
#[derive(Debug, Default, Clone)]
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
    /// Its place in the plan.
    pub(super) number: usize,
    /// The tasks of its batch, itself among them, sorted.
    pub(super) group: Arc<[usize]>,
    /// Paths that records give it, sorted.
    pub(super) certain: Vec<usize>,
    /// When its batch was worked on: start and end, in seconds since 1970.
    pub(super) windows: Vec<(i64, i64)>,
    pub(super) title: Terms,
    pub(super) description: Terms,
    /// The description, with how often it says what.
    pub(super) bag: Bag,
    pub(super) notes: Terms,
    /// Paths that its texts name.
    pub(super) described: BTreeMap<usize, Named>,
    pub(super) noted: BTreeMap<usize, Named>,
    /// Paths that the steps of the plan name which it carries out.
    pub(super) planned: BTreeMap<usize, Named>,
    /// Tasks that come before it, directly.
    pub(super) depends_on: Vec<usize>,
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
#[derive(Debug, Clone)]
pub(super) struct PathEvidence {
    pub(super) place: Place,
    /// In the order of the history.
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
    /// Tasks that carry out a step of the plan that names it.
    pub(super) planned: Vec<usize>,
    /// The test of this source, or the source of this test.
    pub(super) partners: Vec<usize>,
    /// Everybody's: a lock file, or what an earlier milestone left behind.
    pub(super) is_shared: bool,
}

/// One change of a path.
#[derive(Debug, Clone)]
pub(super) struct ChangeEvidence {
    pub(super) commit: usize,
    /// Its place among the changes of the commit.
    pub(super) place: usize,
}

/// What is known of one commit.
#[derive(Debug, Default, Clone)]
pub(super) struct CommitEvidence {
    /// Its paths, sorted.
    pub(super) paths: Vec<usize>,
    /// How many of the lines it removes which earlier commit of the range had written.
    pub(super) overwrites: Vec<(usize, u32)>,
    /// Author time, in seconds since 1970.
    pub(super) time: i64,
    /// Whether it can tell tasks apart: it is committed, and neither a bundle nor bookkeeping.
    pub(super) is_single: bool,
    /// The two tasks with the largest claims to its files, and the shares that records give them, rare files first.
    pub(super) claims: [(usize, f64); 2],
    /// The tasks that its message says it is of.
    pub(super) names: Vec<usize>,
    /// The only task that the branch names on which it was made, by the merge that took it in.
    pub(super) branch: Option<usize>,
}

impl Evidence {
    /// Reads texts and hunks, in parallel over commits.
    pub(in crate::attribute) fn new(context: &Context<'_>) -> Self {
        let lexicon = Lexicon::new(context.input.plan);
        let readings = read_all(&lexicon, context.input.history, |_| None);
        Self::of(lexicon, Arc::new(readings), context)
    }

    /// The same, given what was read `before` of another history or plan: commits that are the same there are not read
    /// again, if the texts of the tasks have the same terms.
    pub(in crate::attribute) fn anew(context: &Context<'_>, before: &Self, history: &History) -> Self {
        let lexicon = Lexicon::new(context.input.plan);
        if !lexicon.vocabulary.has_terms_of(&before.vocabulary) {
            return Self::new(context);
        }
        if std::ptr::eq(history, context.input.history) {
            return Self::of(lexicon, Arc::clone(&before.readings), context);
        }
        let known: HashMap<&Oid, (&Commit, &CommitReading)> = history
            .commits
            .iter()
            .zip(before.readings.iter())
            .map(|(commit, reading)| (&commit.id, (commit, reading)))
            .collect();
        let is_same = |old: &Commit, new: &Commit| {
            (&old.subject, &old.body, old.changes.len()) == (&new.subject, &new.body, new.changes.len())
        };
        let known = |commit: &Commit| {
            known
                .get(&commit.id)
                .filter(|(old, _)| is_same(old, commit))
                .map(|(_, reading)| (*reading).clone())
        };
        let readings = read_all(&lexicon, context.input.history, known);
        Self::of(lexicon, Arc::new(readings), context)
    }

    /// Links what was read: `readings` are of the commits of the history, in its order, and of uncommitted changes,
    /// if there are any.
    fn of(lexicon: Lexicon, readings: Arc<Vec<CommitReading>>, context: &Context<'_>) -> Self {
        let Lexicon { mut vocabulary, texts } = lexicon;
        let mut tasks = tasks::read(texts, context);
        let (mut paths, overwrites) = paths::read(&vocabulary, context);
        let ((), (commits, (changed, names))) = rayon::join(
            || tasks::find_mentions(&mut tasks, &paths, context),
            || {
                let changed = || paths.par_iter().map(|path| path.terms(&readings)).collect::<Vec<Terms>>();
                let names = || paths::all_names(&vocabulary, context);
                rayon::join(
                    || commits::read(&paths, overwrites, &readings, context),
                    || rayon::join(changed, names),
                )
            },
        );
        tasks::link_mentions(&tasks, &mut paths);
        partners::link(&mut paths);
        let of_changed = paths.iter().zip(&changed).filter(|(path, _)| path.is_changed());
        vocabulary.weigh(
            tasks.iter().map(|task| &task.description),
            of_changed.map(|(_, terms)| terms),
            names.iter(),
        );
        let overlaps = Overlaps::new(&Sources {
            vocabulary: &vocabulary,
            tasks: &tasks,
            commits: &commits,
            readings: &readings,
            paths: &paths,
            changed: &changed,
        });
        let has_history = context.input.history.is_present();
        let mut evidence = Self {
            vocabulary: Arc::new(vocabulary),
            tasks,
            paths,
            commits,
            readings,
            overlaps: Arc::new(overlaps),
            has_history,
            crowd: 0.0,
        };
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

/// Commits that are read one after the other: they say the same tokens.
const NEIGHBOURS: usize = 256;

/// Readings of the commits of a history, and of uncommitted changes, if there are any; those that are `known` are taken as
/// they are.
fn read_all(
    lexicon: &Lexicon,
    history: &History,
    known: impl Fn(&Commit) -> Option<CommitReading> + Sync,
) -> Vec<CommitReading> {
    let read = |commit| known(commit).unwrap_or_else(|| lexicon.read(commit));
    let mut readings: Vec<CommitReading> =
        history.commits.par_iter().with_min_len(NEIGHBOURS).map(read).collect();
    if !history.uncommitted.is_empty() {
        let changes = lexicon.read_changes(&history.uncommitted);
        readings.push(CommitReading { changes, ..CommitReading::default() });
    }
    readings
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
    pub(super) fn terms(&self, readings: &[CommitReading]) -> Terms {
        set(self.changes.iter().flat_map(|change| change.reading(readings).all()).copied().collect())
    }
}

impl ChangeEvidence {
    /// What was kept of its text.
    pub(super) fn reading<'a>(&self, readings: &'a [CommitReading]) -> ChangeReading<'a> {
        readings[self.commit].changes.at(self.place)
    }
}

impl TaskEvidence {
    pub(super) fn lists(&self, path: usize) -> bool {
        self.list.binary_search(&path).is_ok()
    }

    pub(super) fn owns(&self, path: usize) -> bool {
        self.certain.binary_search(&path).is_ok()
    }

    /// Other tasks of its batch.
    pub(super) fn mates(&self) -> impl Iterator<Item = usize> {
        self.group.iter().copied().filter(|task| *task != self.number)
    }

    pub(super) fn is_mate(&self, task: usize) -> bool {
        task != self.number && self.group.binary_search(&task).is_ok()
    }
}
