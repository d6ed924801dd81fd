//! The commits of a path: whose they are, and what else they hold.

use super::Pair;
use super::batch_list;

/// Log-odds beyond which commits tell nothing more.
const MOST: f64 = 6.0;

/// Log-odds that one of the path's commits is this task's, −6 to 6; 0 where commits cannot tell.
pub(super) fn commit(pair: &Pair<'_>) -> f64 {
    let missed = pair.bids().map(|bid| 1.0 - pair.winners.share(bid.commit, pair.task));
    let Some(none) = missed.reduce(|all, missed| all * missed) else { return 0.0 };
    let any = (1.0 - none).clamp(1e-6, 1.0 - 1e-6);
    (any / (1.0 - any)).ln().clamp(-MOST, MOST)
}

/// By how much this task leads the other open ones in the commit of the path where it leads most, −5 to 5.
pub(super) fn lead_over_open(pair: &Pair<'_>) -> f64 {
    let is_rival = |task: usize| pair.evidence.tasks[task].is_open;
    let leads = pair.bids().filter_map(|bid| pair.winners.lead(bid.commit, pair.task, is_rival));
    leads.reduce(f64::max).unwrap_or(0.0)
}

/// The largest share that other tasks have of a commit of the path, 0 to 1.
pub(super) fn commit_of_another(pair: &Pair<'_>) -> f64 {
    let others = |commit: usize| pair.winners.decided(commit) - pair.winners.share(commit, pair.task);
    pair.bids().map(|bid| others(bid.commit)).fold(0.0, f64::max)
}

/// The smallest share that nobody has of a commit of the path, 0 to 1.
pub(super) fn commit_of_nobody(pair: &Pair<'_>) -> f64 {
    pair.bids().map(|bid| 1.0 - pair.winners.decided(bid.commit)).reduce(f64::min).unwrap_or(0.0)
}

/// The fewest files outside the list of the task's batch in a commit of the path, as a logarithm.
pub(super) fn outside_list(pair: &Pair<'_>) -> f64 {
    pair.bids().map(|bid| batch_list::outside(&bid)).reduce(f64::min).unwrap_or(0.0)
}

/// The most files left over in the list of the task's batch in a commit of the path, as a logarithm.
pub(super) fn left_over(pair: &Pair<'_>) -> f64 {
    pair.bids().map(|bid| batch_list::left_over_in_commit(&bid)).fold(0.0, f64::max)
}

pub(super) fn tell_commit(pair: &Pair<'_>) -> String {
    let share = pair.bids().map(|bid| pair.winners.share(bid.commit, pair.task)).fold(0.0, f64::max);
    format!("its likeliest commit is this task's with {:.0} %", share * 100.0)
}

pub(super) fn tell_lead(pair: &Pair<'_>) -> String {
    if lead_over_open(pair) > 0.0 {
        "of the open tasks, this one fits a commit of it best".to_owned()
    } else {
        "other open tasks fit its commits better".to_owned()
    }
}

pub(super) fn tell_another(_: &Pair<'_>) -> String {
    "a commit of it fits other tasks".to_owned()
}

pub(super) fn tell_nobody(_: &Pair<'_>) -> String {
    "its commits may be no task's of this plan".to_owned()
}

pub(super) fn tell_outside(_: &Pair<'_>) -> String {
    "its commits also change files that the batch does not list".to_owned()
}

pub(super) fn tell_left_over(_: &Pair<'_>) -> String {
    "its commit changes files that the batch lists and no other task of it claims".to_owned()
}
