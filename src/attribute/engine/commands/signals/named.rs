//! Whose files the command names.

use super::{Pair, flag};
use crate::attribute::engine::commands::command_line::Sort;

pub(super) fn owned(pair: &Pair<'_>) -> f64 {
    pair.link().owned
}

pub(super) fn described(pair: &Pair<'_>) -> f64 {
    pair.link().described
}

pub(super) fn noted(pair: &Pair<'_>) -> f64 {
    pair.link().noted
}

pub(super) fn paired(pair: &Pair<'_>) -> f64 {
    pair.link().paired
}

pub(super) fn best(pair: &Pair<'_>) -> f64 {
    pair.link().best
}

pub(super) fn only(pair: &Pair<'_>) -> f64 {
    pair.link().only
}

pub(super) fn others(pair: &Pair<'_>) -> f64 {
    (pair.command.strongest - pair.link().fits).max(0.0)
}

pub(super) fn foreign(pair: &Pair<'_>) -> f64 {
    flag(pair.command.named > 0.0) * (1.0 - pair.command.strongest)
}

pub(super) fn near(pair: &Pair<'_>) -> f64 {
    pair.link().near
}

pub(super) fn covers(pair: &Pair<'_>) -> f64 {
    pair.link().covers
}

pub(super) fn many(pair: &Pair<'_>) -> f64 {
    (1.0 + pair.command.named).ln()
}

pub(super) fn wide(pair: &Pair<'_>) -> f64 {
    pair.share_of_mates(|mate, _| pair.command.link(mate).best > 0.4)
}

pub(super) fn best_checked(pair: &Pair<'_>) -> f64 {
    flag(pair.command.line.sort.is_check()) * pair.link().best
}

pub(super) fn only_shown(pair: &Pair<'_>) -> f64 {
    flag(matches!(pair.command.line.sort, Sort::Read | Sort::Search | Sort::Version)) * pair.link().only
}

pub(super) fn only_checked(pair: &Pair<'_>) -> f64 {
    flag(pair.command.line.sort.is_check()) * pair.link().only
}
