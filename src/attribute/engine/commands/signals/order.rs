//! Where in the list it stands: a list follows the order in which the work was done.

use super::Pair;
use crate::attribute::engine::count;

pub(super) fn own(pair: &Pair<'_>) -> f64 {
    count(pair.command.beside.iter().filter(|owner| **owner == Some(pair.task)).count()) / 2.0
}

pub(super) fn mates(pair: &Pair<'_>) -> f64 {
    count(pair.command.beside.iter().flatten().filter(|owner| **owner != pair.task).count()) / 2.0
}

pub(super) fn late(pair: &Pair<'_>) -> f64 {
    let listed = pair.list.listed();
    if pair.at < listed { count(pair.at) / count(listed.max(2) - 1) } else { 0.0 }
}
