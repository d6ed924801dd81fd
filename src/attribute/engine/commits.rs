//! Which commit is whose work: tasks compete for each commit, and so does nobody.
//!
//! A softmax over tasks and "no task of this plan" per commit, in two passes: the second knows the first's
//! winners, and with them the order of batches and the owners of lines.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::evidence::{CommitKind, Evidence};
use super::model::Model;
use super::signals::{Bid, COMMIT, NOBODY};

/// From this share on a commit counts as decided for what depends on order.
const DECIDED: f64 = 0.7;
/// Smaller shares are dropped.
const NEGLIGIBLE: f64 = 1e-4;

/// Who won each commit, by how much.
#[derive(Debug, Default)]
pub(super) struct Winners {
    /// Per commit, its tasks and their probabilities; what is missing to 1 is nobody's.
    shares: Vec<Vec<(usize, f64)>>,
    /// Per commit, the score of each task before it is compared with the others, and nobody's.
    scores: Vec<Vec<(usize, f64)>>,
    nobody: Vec<f64>,
    /// Per task its largest share with the commit, and the second largest.
    best: HashMap<usize, ((f64, usize), f64)>,
    /// Where each batch's first decided commit stands.
    pub(super) first_of_batch: BTreeMap<u32, usize>,
    /// The first decided commit of each task.
    pub(super) first_of_task: BTreeMap<usize, usize>,
    /// Per batch, the stretch of commits (exclusive) in which its tasks begin.
    windows: HashMap<u32, Window>,
    /// Batches of decided commits, by their place.
    pub(super) anchors: BTreeMap<usize, u32>,
}

/// Where the tasks of a batch begin: after every earlier batch's have, and before any later one's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) after: Option<usize>,
    pub(super) before: Option<usize>,
    /// Log-odds that a commit within is an open task's of the batch.
    pub(super) odds: f64,
}

impl Winners {
    pub(super) fn window(&self, batch: u32) -> Option<&Window> {
        self.windows.get(&batch)
    }

    fn find_windows(&mut self, evidence: &Evidence) {
        let batches: BTreeSet<u32> = evidence.tasks.iter().filter_map(|task| task.batch).collect();
        for batch in batches {
            let begun = |is_wanted: &dyn Fn(u32) -> bool| -> Vec<usize> {
                let firsts = self.first_of_task.iter();
                firsts
                    .filter(|(task, _)| evidence.tasks[**task].batch.is_some_and(is_wanted))
                    .map(|(_, commit)| *commit)
                    .collect()
            };
            let mut earlier = begun(&|other| other < batch);
            let mut later = begun(&|other| other > batch);
            earlier.sort_unstable();
            later.sort_unstable();
            let after = earlier.last().copied();
            let before = later.first().copied();
            let within = |commit: usize| after.is_none_or(|after| commit > after) && before.is_none_or(|before| commit < before);
            let unexplained = (0..evidence.commits.len())
                .filter(|commit| within(*commit) && evidence.commits[*commit].kind == CommitKind::Single)
                .filter(|commit| self.decided(*commit) < DECIDED)
                .count();
            let open = evidence.tasks.iter().filter(|task| task.batch == Some(batch) && task.is_open).count();
            let odds = ((super::count(open) + 0.5) / (super::count(unexplained) + 0.5)).ln();
            self.windows.insert(batch, Window { after, before, odds });
        }
    }

    /// Probability that the commit is the task's.
    pub(super) fn share(&self, commit: usize, task: usize) -> f64 {
        let shares = self.shares.get(commit).map_or(&[][..], Vec::as_slice);
        shares.iter().find(|(whose, _)| *whose == task).map_or(0.0, |(_, share)| *share)
    }

    /// Probability that the commit is any task's.
    pub(super) fn decided(&self, commit: usize) -> f64 {
        self.shares.get(commit).map_or(0.0, |shares| shares.iter().map(|(_, share)| share).sum())
    }

    /// The largest share that a task has of any commit but this.
    pub(super) fn best_other(&self, task: usize, commit: usize) -> f64 {
        self.best.get(&task).map_or(0.0, |best| if best.0.1 == commit { best.1 } else { best.0.0 })
    }

    /// By how much a task's score exceeds the best of those `is_rival` names, as far as the commit was contested.
    pub(super) fn lead(&self, commit: usize, task: usize, is_rival: impl Fn(usize) -> bool) -> Option<f64> {
        let scores = self.scores.get(commit).filter(|scores| !scores.is_empty())?;
        let own = scores.iter().find(|(whose, _)| *whose == task)?.1;
        let rivals = scores.iter().filter(|(whose, _)| *whose != task && is_rival(*whose));
        let best = rivals.map(|(_, score)| *score).fold(f64::NEG_INFINITY, f64::max);
        Some((own - best).clamp(-5.0, 5.0))
    }

    /// By how much a task's score exceeds nobody's.
    pub(super) fn lead_over_nobody(&self, commit: usize, task: usize) -> Option<f64> {
        let scores = self.scores.get(commit).filter(|scores| !scores.is_empty())?;
        let own = scores.iter().find(|(whose, _)| *whose == task)?.1;
        Some((own - self.nobody[commit]).clamp(-8.0, 8.0))
    }

    fn new(shares: Vec<Vec<(usize, f64)>>, evidence: &Evidence) -> Self {
        let mut winners = Self { shares, ..Self::default() };
        for (commit, shares) in winners.shares.iter().enumerate() {
            for (task, share) in shares {
                let known = winners.best.entry(*task).or_insert(((0.0, usize::MAX), 0.0));
                if *share > known.0.0 {
                    *known = ((*share, commit), known.0.0);
                } else {
                    known.1 = known.1.max(*share);
                }
            }
            let best = shares.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
            if let Some((task, _)) = best.filter(|(_, share)| *share >= DECIDED)
                && let Some(batch) = evidence.tasks[*task].batch
            {
                winners.first_of_task.entry(*task).or_insert(commit);
                winners.first_of_batch.entry(batch).or_insert(commit);
                winners.anchors.insert(commit, batch);
            }
        }
        winners.find_windows(evidence);
        winners
    }
}

/// What the tasks that compete for a commit have to show for it, and what speaks for nobody.
#[derive(Debug, Clone)]
pub(super) struct Contest {
    pub(super) commit: usize,
    pub(super) bids: Vec<(usize, Vec<f64>)>,
    pub(super) nobody: Vec<f64>,
}

/// Runs both passes.
pub(super) fn compete(evidence: &Evidence, model: &Model) -> Winners {
    let first = settle(evidence, &contests(evidence, None), &model.first_pass);
    settle(evidence, &contests(evidence, Some(&first)), &model.second_pass)
}

/// The first pass alone.
pub(super) fn first_pass(evidence: &Evidence, model: &Model) -> Winners {
    settle(evidence, &contests(evidence, None), &model.first_pass)
}

/// The signals of every commit that is one task's or nobody's.
pub(super) fn contests(evidence: &Evidence, winners: Option<&Winners>) -> Vec<Contest> {
    let is_contested =
        |at: &usize| evidence.commits[*at].kind == CommitKind::Single && !evidence.commits[*at].paths.is_empty();
    let commits: Vec<usize> = (0..evidence.commits.len()).filter(is_contested).collect();
    commits
        .into_par_iter()
        .map(|commit| {
            let tasks = (0..evidence.tasks.len()).filter(|task| evidence.tasks[*task].is_active);
            let bids = tasks.map(|task| {
                let bid = Bid { evidence, task, commit, winners };
                (task, COMMIT.iter().map(|signal| (signal.value)(&bid)).collect())
            });
            let nobody = NOBODY.iter().map(|signal| (signal.value)(evidence, commit)).collect();
            Contest { commit, bids: bids.collect(), nobody }
        })
        .collect()
}

fn settle(evidence: &Evidence, contests: &[Contest], weights: &super::model::Competition) -> Winners {
    let mut shares = vec![Vec::new(); evidence.commits.len()];
    let mut scores = vec![Vec::new(); evidence.commits.len()];
    let mut nobody = vec![0.0; evidence.commits.len()];
    for contest in contests {
        scores[contest.commit] = weights.scores(contest);
        nobody[contest.commit] = weights.nobody_score(contest);
        shares[contest.commit] = weights.shares(contest);
        shares[contest.commit].retain(|(_, share)| *share >= NEGLIGIBLE);
    }
    Winners { scores, nobody, ..Winners::new(shares, evidence) }
}
