//! What the task's texts say of such a command, and the command of the task.

use super::{Pair, flag};

/// Notes of fewer words say nothing of commands.
const SHORTEST_NOTES: usize = 5;

pub(super) fn quoted(pair: &Pair<'_>) -> f64 {
    flag(pair.link().is_quoted)
}

pub(super) fn quoted_by_mate(pair: &Pair<'_>) -> f64 {
    pair.share_of_mates(|mate, _| pair.command.link(mate).is_quoted)
}

pub(super) fn program(pair: &Pair<'_>) -> f64 {
    flag(pair.task().programs.contains(&pair.command.line.program))
}

pub(super) fn sort(pair: &Pair<'_>) -> f64 {
    flag(pair.task().noted[pair.command.line.sort as usize])
}

pub(super) fn sort_of_mates(pair: &Pair<'_>) -> f64 {
    pair.share_of_mates(|_, mate| mate.noted[pair.command.line.sort as usize])
}

pub(super) fn sort_described(pair: &Pair<'_>) -> f64 {
    flag(pair.task().described[pair.command.line.sort as usize])
}

pub(super) fn best_and_sort(pair: &Pair<'_>) -> f64 {
    sort(pair) * pair.link().best
}

pub(super) fn whole_and_sort(pair: &Pair<'_>) -> f64 {
    sort(pair) * flag(pair.command.is_whole())
}

pub(super) fn no_notes(pair: &Pair<'_>) -> f64 {
    flag(pair.task().notes_length < SHORTEST_NOTES)
}

pub(super) fn names_task(pair: &Pair<'_>) -> f64 {
    flag(pair.command.names.contains(&pair.task))
}

pub(super) fn names_mate(pair: &Pair<'_>) -> f64 {
    flag(pair.command.names.iter().any(|task| *task != pair.task))
}
