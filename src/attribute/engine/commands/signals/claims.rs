//! Which other tasks of the batch say that they ran it: evidence, but no exclusion, for a check may serve several.

use super::{Pair, flag};
use crate::attribute::engine::commands::command_line::Sort;
use crate::attribute::engine::commands::task::TaskEvidence;
use crate::attribute::engine::count;

fn known_mates(pair: &Pair<'_>) -> usize {
    pair.mates().filter(|(_, mate)| mate.is_known).count()
}

pub(super) fn share(pair: &Pair<'_>) -> f64 {
    count(pair.command.claimants.len()) / count(known_mates(pair).max(1))
}

pub(super) fn by_one(pair: &Pair<'_>) -> f64 {
    flag(pair.command.claimants.len() == 1)
}

pub(super) fn by_several(pair: &Pair<'_>) -> f64 {
    flag(pair.command.claimants.len() > 1)
}

pub(super) fn left_over(pair: &Pair<'_>) -> f64 {
    flag(pair.command.claimants.is_empty() && known_mates(pair) > 0)
}

pub(super) fn left_to_it(pair: &Pair<'_>) -> f64 {
    left_over(pair) * flag(pair.mates().all(|(_, mate)| mate.is_known))
}

pub(super) fn left_over_shown(pair: &Pair<'_>) -> f64 {
    left_over(pair) * flag(matches!(pair.command.line.sort, Sort::Read | Sort::Search | Sort::Version))
}

/// Of the known mates that the command has as much to do with, how many ran it and how many did not.
fn like_mates(pair: &Pair<'_>) -> (usize, usize) {
    let sort = pair.command.line.sort as usize;
    let is_like = |mate: usize, evidence: &TaskEvidence| match pair.is_specific() {
        true => pair.command.link(mate).best > 0.5,
        false => evidence.noted[sort],
    };
    let like = pair.mates().filter(|(mate, evidence)| evidence.is_known && is_like(*mate, evidence));
    like.fold((0, 0), |(ran, did_not), (mate, _)| match pair.command.claimants.contains(&mate) {
        true => (ran + 1, did_not),
        false => (ran, did_not + 1),
    })
}

pub(super) fn like_mates_ran(pair: &Pair<'_>) -> f64 {
    let (ran, did_not) = like_mates(pair);
    count(ran) / count((ran + did_not).max(1))
}

pub(super) fn like_mates_did_not(pair: &Pair<'_>) -> f64 {
    let (ran, did_not) = like_mates(pair);
    count(did_not) / count((ran + did_not).max(1))
}
