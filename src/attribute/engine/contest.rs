//! Whose work each commit is: tasks compete for it, and so does nobody.
//!
//! A softmax over tasks and "no task of this plan" for every commit, in two passes: the second knows the first's
//! winners, and with them the order of the batches and the owners of lines.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::evidence::{Bounds, Evidence};
use super::model::{Competition, Model};
use super::signals::{Bid, COMMIT, NOBODY};
use super::windows::{Window, windows};

/// From this share on a commit counts as decided for what depends on order.
const DECIDED: f64 = 0.7;
/// Smaller shares are dropped.
const NEGLIGIBLE: f64 = 1e-4;
/// Leads beyond this tell nothing more.
const CLEAR: f64 = 5.0;

/// What the tasks that compete for a commit have to show, and what speaks for nobody.
#[derive(Debug, Clone)]
pub(super) struct Contest {
    pub(super) commit: usize,
    pub(super) bids: Vec<(usize, Vec<f64>)>,
    pub(super) nobody: Vec<f64>,
}

/// Whose the commits are, and how sure that is.
#[derive(Debug, Default)]
pub(super) struct Winners {
    /// Per commit, its tasks and their probabilities, by task; what is missing to 1 is nobody's.
    shares: Vec<Vec<(usize, f64)>>,
    /// Per commit, the score of each task before it is compared with the others.
    scores: Vec<Vec<(usize, f64)>>,
    /// Per task, its best commit and share, and its second best share.
    best: HashMap<usize, (usize, f64, f64)>,
    /// The first decided commit of each task.
    first: BTreeMap<usize, usize>,
    windows: HashMap<u32, Window>,
    /// Per task, between which commits it can begin.
    bounds: Vec<Bounds>,
}

/// Runs both passes.
pub(super) fn compete(evidence: &Evidence, model: &Model) -> Winners {
    // Nobody asks by how much it led.
    let first = Winners { scores: Vec::new(), ..first_pass(evidence, model) };
    settle(evidence, Some(&first), &model.second_pass)
}

/// The first pass alone.
pub(super) fn first_pass(evidence: &Evidence, model: &Model) -> Winners {
    settle(evidence, None, &model.first_pass)
}

/// The signals of every commit that can tell tasks apart, in parallel over commits.
pub(super) fn contests(evidence: &Evidence, winners: Option<&Winners>) -> Vec<Contest> {
    contested(evidence).into_par_iter().map(|commit| contest(evidence, commit, winners)).collect()
}

fn contested(evidence: &Evidence) -> Vec<usize> {
    let is_contested = |at: &usize| evidence.is_single(*at) && !evidence.commits[*at].paths.is_empty();
    (0..evidence.commits.len()).filter(is_contested).collect()
}

fn contest(evidence: &Evidence, commit: usize, winners: Option<&Winners>) -> Contest {
    let bid = |task: usize| {
        let bid = Bid { evidence, task, commit, winners };
        (task, COMMIT.iter().map(|signal| (signal.value)(&bid)).collect())
    };
    Contest {
        commit,
        bids: bidders(evidence, commit).into_iter().map(bid).collect(),
        nobody: NOBODY.iter().map(|signal| (signal.value)(evidence, commit)).collect(),
    }
}

/// Tasks that have anything to do with a commit.
fn bidders(evidence: &Evidence, commit: usize) -> BTreeSet<usize> {
    let paths = evidence.commits[commit].paths.iter().map(|path| &evidence.paths[*path]);
    let recorded = paths.flat_map(|path| path.claimants.iter().chain(&path.listed).copied());
    let named = evidence.commits[commit].names.iter().copied();
    let all = evidence.overlaps.tasks_of_commit(commit).chain(recorded).chain(named);
    all.filter(|task| evidence.tasks[*task].is_active).collect()
}

/// Judges every contest where it is made: what was measured is not kept.
fn settle(evidence: &Evidence, earlier: Option<&Winners>, weights: &Competition) -> Winners {
    let mut winners = Winners {
        shares: vec![Vec::new(); evidence.commits.len()],
        scores: vec![Vec::new(); evidence.commits.len()],
        ..Winners::default()
    };
    let judged = contested(evidence).into_par_iter().map(|commit| {
        let (scores, mut shares) = weights.judge(&contest(evidence, commit, earlier));
        shares.retain(|(_, share)| *share >= NEGLIGIBLE);
        shares.shrink_to_fit();
        (commit, scores, shares)
    });
    for (commit, scores, shares) in judged.collect::<Vec<_>>() {
        winners.shares[commit] = shares;
        winners.scores[commit] = scores;
    }
    winners.rank();
    winners.find_windows(evidence);
    winners.bounds = evidence.bounds(|task| winners.first.get(&task).copied());
    winners
}

impl Winners {
    /// Probability that the commit is the task's, 0 to 1.
    pub(super) fn share(&self, commit: usize, task: usize) -> f64 {
        find(&self.shares[commit], task).unwrap_or(0.0)
    }

    /// Probability that the commit is any task's, 0 to 1.
    pub(super) fn decided(&self, commit: usize) -> f64 {
        self.shares[commit].iter().map(|(_, share)| share).sum::<f64>().min(1.0)
    }

    /// Tasks with a share of a commit.
    pub(super) fn tasks_of(&self, commit: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.shares[commit].iter().copied()
    }

    /// The largest share that a task has of any commit but this.
    pub(super) fn best_other(&self, task: usize, commit: usize) -> f64 {
        match self.best.get(&task) {
            Some((best, _, second)) if *best == commit => *second,
            Some((_, share, _)) => *share,
            None => 0.0,
        }
    }

    /// By how much a task's score exceeds the best of its rivals', −5 to 5; `None` where there was no contest.
    pub(super) fn lead(&self, commit: usize, task: usize, is_rival: impl Fn(usize) -> bool) -> Option<f64> {
        let scores = self.scores.get(commit)?;
        let own = find(scores, task)?;
        let rivals = scores.iter().filter(|(whose, _)| *whose != task && is_rival(*whose));
        let best = rivals.map(|(_, score)| *score).fold(f64::NEG_INFINITY, f64::max);
        Some((own - best).clamp(-CLEAR, CLEAR))
    }

    /// Between which commits a task can begin, by what it depends on and what depends on it.
    pub(super) fn bounds(&self, task: usize) -> Bounds {
        self.bounds.get(task).copied().unwrap_or_default()
    }

    /// Where the tasks of a batch begin.
    pub(super) fn window(&self, batch: u32) -> Option<&Window> {
        self.windows.get(&batch)
    }

    fn rank(&mut self) {
        for (commit, shares) in self.shares.iter().enumerate() {
            for (task, share) in shares {
                let known = self.best.entry(*task).or_insert((commit, 0.0, 0.0));
                *known = match *known {
                    (_, best, _) if *share > best => (commit, *share, best),
                    (first, best, second) => (first, best, second.max(*share)),
                };
            }
            let best = shares.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
            if let Some((task, _)) = best.filter(|(_, share)| *share >= DECIDED) {
                self.first.entry(*task).or_insert(commit);
            }
        }
    }

    fn find_windows(&mut self, evidence: &Evidence) {
        let mut open: BTreeMap<u32, usize> = BTreeMap::new();
        for (batch, task) in evidence.tasks.iter().filter_map(|task| Some((task.batch?, task))) {
            *open.entry(batch).or_default() += usize::from(task.is_open);
        }
        let begun =
            self.first.iter().filter_map(|(task, commit)| Some((evidence.tasks[*task].batch?, *commit)));
        let is_unexplained = |commit| evidence.is_single(commit) && self.decided(commit) < DECIDED;
        let unexplained: Vec<bool> = (0..evidence.commits.len()).map(is_unexplained).collect();
        self.windows = windows(&open, begun.collect(), &unexplained);
    }
}

fn find(by_task: &[(usize, f64)], task: usize) -> Option<f64> {
    by_task.binary_search_by_key(&task, |(whose, _)| *whose).ok().map(|at| by_task[at].1)
}
