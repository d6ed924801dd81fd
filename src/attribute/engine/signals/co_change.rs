//! What a path changed together with.

use super::super::count;
use super::super::evidence::{CommitKind, Named};
use super::super::mentions::Exactness;
use super::Pair;

/// Log-odds beyond which commits tell nothing more.
const MOST: f64 = 6.0;

/// Log-odds that one of the commits of the path is this task's; 0 where commits cannot tell.
pub(super) fn commit(pair: &Pair<'_>) -> f64 {
    let mut none = 1.0;
    let mut any = false;
    for change in &pair.path().changes {
        if can_tell(pair, change.commit) {
            any = true;
            none *= 1.0 - pair.winners.share(change.commit, pair.task);
        }
    }
    if any { log_odds(1.0 - none) } else { 0.0 }
}

/// The largest share that another task has of a commit of the path.
pub(super) fn commit_of_another(pair: &Pair<'_>) -> f64 {
    let commits = pair.path().changes.iter().filter(|change| can_tell(pair, change.commit));
    let shares = commits.map(|change| pair.winners.decided(change.commit) - pair.winners.share(change.commit, pair.task));
    shares.fold(0.0, f64::max)
}

/// The smallest share that nobody has of a commit of the path.
pub(super) fn commit_of_nobody(pair: &Pair<'_>) -> f64 {
    let commits = pair.path().changes.iter().filter(|change| can_tell(pair, change.commit));
    let shares = commits.map(|change| 1.0 - pair.winners.decided(change.commit));
    shares.reduce(f64::min).unwrap_or(0.0)
}

/// 1 when the path changed in bundles or without a commit, where commits cannot tell tasks apart.
pub(super) fn in_bundle(pair: &Pair<'_>) -> f64 {
    let mut changes = pair.path().changes.iter();
    f64::from(!pair.path().changes.is_empty() && changes.all(|change| !can_tell(pair, change.commit)))
}

/// Share of the path's neighbours, by directory, that the task's description names.
pub(super) fn beside_named(pair: &Pair<'_>) -> f64 {
    let directory = |path: usize| {
        let place = pair.evidence.paths[path].place.as_ref();
        place.and_then(|place| place.path.rsplit_once('/')).map(|(directory, _)| directory.to_owned())
    };
    let own = directory(pair.path);
    let is_exact = |(_, named): &(&usize, &Named)| named.exactness >= Exactness::Name;
    let named: Vec<usize> =
        pair.task().named_in_description.iter().filter(is_exact).map(|(path, _)| *path).collect();
    let near = named.iter().filter(|path| **path != pair.path && directory(**path) == own).count();
    count(near) / count(named.len().max(1))
}

pub(super) fn zero(_: &Pair<'_>) -> f64 {
    0.0
}

fn can_tell(pair: &Pair<'_>, commit: usize) -> bool {
    pair.evidence.commits[commit].kind == CommitKind::Single
}

fn log_odds(probability: f64) -> f64 {
    let p = probability.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln().clamp(-MOST, MOST)
}

fn best_lead(pair: &Pair<'_>, lead: impl Fn(usize) -> Option<f64>) -> f64 {
    let commits = pair.path().changes.iter().filter(|change| can_tell(pair, change.commit));
    commits.filter_map(|change| lead(change.commit)).reduce(f64::max).unwrap_or(0.0)
}

/// Lead over the other open tasks of the batch, in the commit of the path where it is largest.
pub(super) fn lead_over_mates(pair: &Pair<'_>) -> f64 {
    let is_rival = |task: usize| pair.task().mates.contains(&task) && pair.evidence.tasks[task].is_open;
    best_lead(pair, |commit| pair.winners.lead(commit, pair.task, is_rival))
}

/// Lead over all other open tasks.
pub(super) fn lead_over_open(pair: &Pair<'_>) -> f64 {
    best_lead(pair, |commit| pair.winners.lead(commit, pair.task, |task| pair.evidence.tasks[task].is_open))
}

/// Lead over tasks whose files are known.
pub(super) fn lead_over_known(pair: &Pair<'_>) -> f64 {
    best_lead(pair, |commit| pair.winners.lead(commit, pair.task, |task| !pair.evidence.tasks[task].is_open))
}

/// Lead over nobody.
pub(super) fn lead_over_nobody(pair: &Pair<'_>) -> f64 {
    best_lead(pair, |commit| pair.winners.lead_over_nobody(commit, pair.task))
}

/// The largest share of a commit of the path that is left over in the list of the task's batch.
pub(super) fn commit_left_over(pair: &Pair<'_>) -> f64 {
    let commits = pair.path().changes.iter().filter(|change| can_tell(pair, change.commit));
    let share = |commit: usize| {
        let bid = super::Bid { evidence: pair.evidence, task: pair.task, commit, winners: None };
        super::batch_list::left_over_of_commit(&bid)
    };
    commits.map(|change| share(change.commit)).fold(0.0, f64::max)
}

/// The largest share of a commit of the path that is in the list of the task's batch.
pub(super) fn commit_listed(pair: &Pair<'_>) -> f64 {
    let commits = pair.path().changes.iter().filter(|change| can_tell(pair, change.commit));
    let share = |commit: usize| {
        let bid = super::Bid { evidence: pair.evidence, task: pair.task, commit, winners: None };
        super::batch_list::of_commit(&bid)
    };
    commits.map(|change| share(change.commit)).fold(0.0, f64::max)
}

/// The fewest files outside the batch's list in a commit of the path, as a logarithm.
pub(super) fn commit_outside(pair: &Pair<'_>) -> f64 {
    let commits = pair.path().changes.iter().filter(|change| can_tell(pair, change.commit));
    let outside = commits.map(|change| {
        let bid = super::Bid { evidence: pair.evidence, task: pair.task, commit: change.commit, winners: None };
        super::batch_list::outside_count(&bid)
    });
    outside.reduce(f64::min).unwrap_or(0.0)
}

/// The most files left over in the batch's list in a commit of the path, as a logarithm.
pub(super) fn commit_left_over_count(pair: &Pair<'_>) -> f64 {
    let commits = pair.path().changes.iter().filter(|change| can_tell(pair, change.commit));
    let left = commits.map(|change| {
        let bid = super::Bid { evidence: pair.evidence, task: pair.task, commit: change.commit, winners: None };
        super::batch_list::left_over_count(&bid)
    });
    left.fold(0.0, f64::max)
}
