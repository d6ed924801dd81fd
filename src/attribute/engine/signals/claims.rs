//! What other tasks claim, and what this one owns already.

use super::super::count;
use super::{Bid, Pair};

/// How many of the commit's files records give to this task, as a logarithm.
pub(super) fn claimed(bid: &Bid<'_>) -> f64 {
    count(bid.commit().paths.iter().filter(|path| bid.task().owns(**path)).count()).ln_1p()
}

/// How many of the commit's files a task with known files does not claim, as a logarithm.
pub(super) fn not_claimed(bid: &Bid<'_>) -> f64 {
    if bid.task().certain.is_empty() {
        return 0.0;
    }
    count(bid.commit().paths.iter().filter(|path| !bid.task().owns(**path)).count()).ln_1p()
}

/// The largest share of the commit's files, rare ones first, that records give to one other task, 0 to 1.
pub(super) fn claimed_by_another(bid: &Bid<'_>) -> f64 {
    let others = bid.commit().claims.iter().filter(|(task, _)| *task != bid.task);
    others.map(|(_, share)| *share).fold(0.0, f64::max)
}

/// 1 for a task whose files are not known.
pub(super) fn is_open(bid: &Bid<'_>) -> f64 {
    f64::from(bid.task().is_open)
}

/// 1 when another task of the batch claims the path.
pub(super) fn by_mate(pair: &Pair<'_>) -> f64 {
    f64::from(pair.path().claimants.iter().any(|task| pair.task().is_mate(*task)))
}

/// How many tasks outside the batch claim the path, as a logarithm.
pub(super) fn by_others(pair: &Pair<'_>) -> f64 {
    count(others(pair).count()).ln_1p()
}

fn others<'a>(pair: &Pair<'a>) -> impl Iterator<Item = usize> + use<'a> {
    let (own, task) = (pair.task, pair.task());
    pair.path().claimants.iter().copied().filter(move |other| *other != own && !task.is_mate(*other))
}

pub(super) fn tell_mate(pair: &Pair<'_>) -> String {
    let mates = pair.path().claimants.iter().copied().filter(|task| pair.task().is_mate(*task));
    format!("{} of the same batch claims it", names(pair, mates))
}

pub(super) fn tell_others(pair: &Pair<'_>) -> String {
    format!("claimed by {}, of other batches", names(pair, others(pair)))
}

/// The first few of some tasks by their ids.
pub(super) fn names(pair: &Pair<'_>, tasks: impl Iterator<Item = usize>) -> String {
    const MOST: usize = 3;
    let ids: Vec<&str> = tasks.map(|task| pair.evidence.tasks[task].id.as_str()).collect();
    let shown: Vec<String> = ids.iter().take(MOST).map(|id| format!("`{id}`")).collect();
    let rest = if ids.len() > MOST { format!(" and {} more", ids.len() - MOST) } else { String::new() };
    format!("{}{rest}", shown.join(", "))
}
