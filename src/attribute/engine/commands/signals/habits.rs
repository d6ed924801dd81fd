//! What the tasks of the plan repeat of such commands, where all of a batch is known.

use super::{Pair, flag};

pub(super) fn repeats(pair: &Pair<'_>) -> f64 {
    pair.evidence.habits.repeats(pair.command.line.sort)
}

pub(super) fn repeats_own(pair: &Pair<'_>) -> f64 {
    repeats(pair) * pair.link().only
}

pub(super) fn repeats_wide(pair: &Pair<'_>) -> f64 {
    flag(pair.command.paths > 1) * pair.evidence.habits.repeats_wide()
}

pub(super) fn shared(pair: &Pair<'_>) -> f64 {
    pair.evidence.habits.shared(pair.command.line.sort)
}

pub(super) fn shared_whole(pair: &Pair<'_>) -> f64 {
    shared(pair) * flag(pair.command.is_whole())
}

pub(super) fn related(pair: &Pair<'_>) -> f64 {
    pair.evidence.habits.related(pair.command, pair.task, pair.task())
}

pub(super) fn respelled(pair: &Pair<'_>) -> f64 {
    pair.evidence.habits.respelled(pair.command.line.sort)
}

pub(super) fn respelled_wide(pair: &Pair<'_>) -> f64 {
    flag(pair.command.paths > 1) * respelled(pair)
}
