//! Where the command stands, if not in the list of commands.

use super::{Pair, flag};
use crate::attribute::engine::commands::evidence::Place;

pub(super) fn elsewhere(pair: &Pair<'_>) -> f64 {
    flag(matches!(pair.command.place, Place::Told(_)))
}

pub(super) fn transcript(pair: &Pair<'_>) -> f64 {
    flag(matches!(pair.command.place, Place::Transcript(_)))
}
