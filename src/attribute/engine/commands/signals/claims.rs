//! Which other tasks of the batch say that they ran it: evidence, but no exclusion, for a check may serve several.

use super::{Pair, flag};
use crate::attribute::engine::commands::command_line::Sort;
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
