//! The engine: where the ladder is silent, tasks are matched with changes by what they share.
//!
//! First tasks compete for commits (`contest`), then each file is weighed for each open task: signals
//! (`signals`), a linear model over them, and a calibration that makes the result a probability (`model`).

pub mod commands;
mod contest;
mod evidence;
mod mentions;
mod model;
mod overlap;
mod ownership;
mod reading;
mod signals;
mod study;
mod vocabulary;
mod windows;
mod witness;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::model::{Place, Signal, TaskId, Witness};

use super::calibration::log_odds;
use super::context::Context;
use contest::{Winners, compete};
pub(super) use evidence::Evidence;
use signals::{FILE, Pair};

pub use model::{Calibration, Competition, Linear, Model, Regime};
pub use study::{CommitChoice, FileChoice, Study, commit_signals, file_signals, nobody_signals};

/// From this probability on a file is always told.
const LIKELY: f64 = 0.5;

/// Counts as numbers to reckon with.
#[expect(clippy::cast_precision_loss, reason = "things of one plan are far fewer than 2^52")]
fn count(number: usize) -> f64 {
    number as f64
}

/// The evidence of a plan, read once.
#[derive(Debug)]
pub(super) struct Engine {
    evidence: Evidence,
}

/// What an open task may have changed, best first.
pub(super) type Estimates = HashMap<TaskId, Vec<Estimate>>;

/// A file that a task may have changed.
#[derive(Debug, Clone)]
pub(super) struct Estimate {
    pub(super) place: Place,
    /// Calibrated probability, 0 to 1.
    pub(super) confidence: f64,
    /// The largest probability that another open task has.
    pub(super) rival: f64,
    /// Whether the task's notes say that it was changed.
    pub(super) is_said_changed: bool,
    /// The weightiest signals.
    pub(super) signals: Vec<Signal>,
    /// The hunks that speak for this task.
    pub(super) witnesses: Vec<Witness>,
}

impl Engine {
    /// With what was read.
    pub(super) fn new(evidence: Evidence) -> Self {
        Self { evidence }
    }

    /// What the tasks for which `is_open` may have changed, given what is claimed by now: all that is likely, and up
    /// to `most` files each.
    pub(super) fn estimate(
        &mut self,
        context: &Context<'_>,
        is_open: impl Fn(&TaskId) -> bool,
        most: usize,
    ) -> Estimates {
        let model = Model::shipped();
        self.evidence.settle(context, is_open);
        let evidence = &self.evidence;
        let winners = compete(evidence, model);
        let weighed: Vec<(usize, Vec<(usize, f64)>)> = candidates(evidence, &winners)
            .into_par_iter()
            .map(|(task, paths)| {
                let confidence = |path: usize| {
                    let values = measure(evidence, &winners, task, path);
                    model.confidence(regime(evidence, task, path), &values)
                };
                (task, paths.into_iter().map(|path| (path, confidence(path))).collect())
            })
            .collect();
        let rivals = Rivals::new(&weighed);
        let estimate = |(task, mut paths): (usize, Vec<(usize, f64)>)| {
            paths.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let likely = paths.partition_point(|(_, confidence)| *confidence >= LIKELY);
            paths.truncate(most.max(likely));
            let estimates = paths.into_iter().map(|(path, confidence)| {
                let pair = Pair { evidence, task, path, winners: &winners };
                Estimate {
                    place: evidence.paths[path].place.clone(),
                    confidence,
                    rival: rivals.of(path, task),
                    is_said_changed: signals::says_changed(&pair),
                    signals: explain(&pair, model, confidence),
                    witnesses: witness::witnesses(&pair, context),
                }
            });
            (context.input.plan.tasks[task].id.clone(), estimates.collect())
        };
        weighed.into_par_iter().map(estimate).collect()
    }
}

/// Per path, the two surest tasks.
struct Rivals(HashMap<usize, [(usize, f64); 2]>);

impl Rivals {
    fn new(weighed: &[(usize, Vec<(usize, f64)>)]) -> Self {
        let mut best: HashMap<usize, [(usize, f64); 2]> = HashMap::new();
        for (task, paths) in weighed {
            for (path, confidence) in paths {
                let known = best.entry(*path).or_insert([(usize::MAX, 0.0); 2]);
                if *confidence > known[0].1 {
                    *known = [(*task, *confidence), known[0]];
                } else if *confidence > known[1].1 {
                    known[1] = (*task, *confidence);
                }
            }
        }
        Self(best)
    }

    /// The surest of the others.
    fn of(&self, path: usize, task: usize) -> f64 {
        let others = self.0.get(&path).into_iter().flatten().filter(|(other, _)| *other != task);
        others.map(|(_, confidence)| *confidence).fold(0.0, f64::max)
    }
}

/// The values of all signals.
fn measure(evidence: &Evidence, winners: &Winners, task: usize, path: usize) -> Vec<f64> {
    let pair = Pair { evidence, task, path, winners };
    FILE.iter().map(|signal| (signal.value)(&pair)).collect()
}

/// What a candidate rests on.
fn regime(evidence: &Evidence, task: usize, path: usize) -> Regime {
    let tells = evidence.single_commits(path).next().is_some();
    match (evidence.tasks[task].list.is_empty(), tells) {
        (false, true) => Regime::ListedCommits,
        (false, false) => Regime::Listed,
        (true, true) => Regime::Commits,
        (true, false) => Regime::Bundle,
    }
}

/// What makes up a candidate's log-odds: the weightiest signals with what each adds, where they start from, and
/// what remains. The weights add up to the log-odds of `confidence`.
fn explain(pair: &Pair<'_>, model: &Model, confidence: f64) -> Vec<Signal> {
    /// More hide the point.
    const MOST: usize = 8;
    /// Less does not change anything.
    const LEAST: f64 = 0.05;
    let unknown = Linear::default();
    let linear = model.files.get(&regime(pair.evidence, pair.task, pair.path)).unwrap_or(&unknown);
    let weighed =
        FILE.iter().zip(&linear.weights).map(|(signal, weight)| (signal, weight * (signal.value)(pair)));
    let mut weighed: Vec<_> = weighed.filter(|(_, weight)| weight.abs() >= LEAST).collect();
    weighed.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    weighed.truncate(MOST);
    let told = |(signal, weight): &(&signals::FileSignal, f64)| Signal {
        name: signal.name,
        weight: *weight,
        detail: (signal.tell)(pair),
    };
    let mut signals: Vec<Signal> = weighed.iter().map(told).collect();
    let rest = log_odds(confidence) - linear.bias - weighed.iter().map(|(_, weight)| weight).sum::<f64>();
    let detail = "before anything is known of a file and a task".to_owned();
    signals.push(Signal { name: "base_rate", weight: linear.bias, detail });
    let detail = "smaller signals, and how often such sums were right".to_owned();
    signals.push(Signal { name: "calibration", weight: rest, detail });
    signals
}

/// Paths that anything links to each open task.
fn candidates(evidence: &Evidence, winners: &Winners) -> BTreeMap<usize, Vec<usize>> {
    /// Less in common than this is chance.
    const LEAST_OVERLAP: f64 = 3.0;
    /// Less of a commit than this is nothing.
    const LEAST_SHARE: f64 = 0.01;
    let open = |task: &usize| evidence.tasks[*task].is_open;
    let linked = |(at, path): (usize, &evidence::PathEvidence)| {
        let mut tasks: BTreeSet<usize> = path.listed.iter().chain(&path.cited).copied().collect();
        if path.is_changed() {
            tasks
                .extend(path.predicted.iter().chain(&path.described).chain(&path.noted).chain(&path.planned));
            let alike = evidence.overlaps.of_path_by_task(at);
            let is_alike =
                |overlap: &overlap::PathOverlap| overlap.identifiers + overlap.path_words > LEAST_OVERLAP;
            tasks.extend(alike.filter(|(_, overlap)| is_alike(overlap)).map(|(task, _)| task));
        }
        for commit in evidence.single_commits(at) {
            tasks.extend(
                winners.tasks_of(commit).filter(|(_, share)| *share > LEAST_SHARE).map(|(task, _)| task),
            );
        }
        tasks.into_iter().filter(open).collect()
    };
    let linked: Vec<Vec<usize>> = evidence.paths.par_iter().enumerate().map(linked).collect();
    let mut found: BTreeMap<usize, Vec<usize>> =
        (0..evidence.tasks.len()).filter(open).map(|task| (task, Vec::new())).collect();
    for (at, tasks) in linked.into_iter().enumerate() {
        for task in tasks {
            found.entry(task).or_default().push(at);
        }
    }
    found
}

#[cfg(feature = "fuzzing")]
pub(crate) use ownership::fuzzed_overwrites;
