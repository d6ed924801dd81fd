//! What sort of command it is.

use super::{Pair, flag};
use crate::attribute::engine::commands::command_line::Sort;

fn is(pair: &Pair<'_>, sort: Sort) -> f64 {
    flag(pair.command.line.sort == sort)
}

pub(super) fn test(pair: &Pair<'_>) -> f64 {
    is(pair, Sort::Test)
}

pub(super) fn types(pair: &Pair<'_>) -> f64 {
    is(pair, Sort::Types)
}

pub(super) fn lint(pair: &Pair<'_>) -> f64 {
    is(pair, Sort::Lint).max(is(pair, Sort::Format))
}

pub(super) fn syntax(pair: &Pair<'_>) -> f64 {
    is(pair, Sort::Syntax)
}

pub(super) fn build(pair: &Pair<'_>) -> f64 {
    is(pair, Sort::Build)
}

pub(super) fn search(pair: &Pair<'_>) -> f64 {
    is(pair, Sort::Search)
}

pub(super) fn read(pair: &Pair<'_>) -> f64 {
    is(pair, Sort::Read)
}

pub(super) fn version(pair: &Pair<'_>) -> f64 {
    is(pair, Sort::Version)
}

pub(super) fn script(pair: &Pair<'_>) -> f64 {
    is(pair, Sort::Script)
}

pub(super) fn whole(pair: &Pair<'_>) -> f64 {
    flag(pair.command.is_whole())
}

pub(super) fn bookkeeping(pair: &Pair<'_>) -> f64 {
    flag(pair.command.is_bookkeeping)
}
