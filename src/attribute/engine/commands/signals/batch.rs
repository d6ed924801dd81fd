//! What the batch and the task are like.

use super::{Pair, flag};
use crate::attribute::engine::count;

pub(super) fn mates(pair: &Pair<'_>) -> f64 {
    count(pair.list.members.len().max(1)).ln()
}

pub(super) fn open(pair: &Pair<'_>) -> f64 {
    count(pair.list.open.len().max(1)).ln()
}

pub(super) fn unfaithful(pair: &Pair<'_>) -> f64 {
    flag(!pair.list.is_faithful)
}

pub(super) fn verifier(pair: &Pair<'_>) -> f64 {
    flag(pair.task().is_verifier && pair.command.line.sort.is_check())
}

pub(super) fn mate_verifies(pair: &Pair<'_>) -> f64 {
    flag(pair.command.line.sort.is_check() && pair.mates().any(|(_, mate)| mate.is_verifier))
}
