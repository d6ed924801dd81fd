//! Rungs A and B: the task's own done rows in any batch, checkpoint or aggregate.
//!
//! Their union counts, because re-runs thin evidence out and newer is not richer (spec fact 7). Rows that
//! are not done prove nothing about a done task, and files the harness guessed are a claim to check
//! (spec edges 13 and 42): both only name candidates.

use super::{Claim, Found};
use crate::attribute::context::Context;
use crate::model::{Place, Row, Task};

pub(super) fn files(task: &Task, context: &Context<'_>) -> Found<Place> {
    let places = |row: &Row| context.places(&row.files).collect::<Vec<_>>();
    split(task, context, &|row| row.is_done() && !row.guessed_files, &places)
}

pub(super) fn commands(task: &Task, context: &Context<'_>) -> Found<String> {
    split(task, context, &Row::is_done, &|row| row.commands.clone())
}

/// What the rows that prove something hold; only without any of it, what the others hold.
fn split<T: PartialEq>(
    task: &Task,
    context: &Context<'_>,
    proves: &dyn Fn(&Row) -> bool,
    values: &dyn Fn(&Row) -> Vec<T>,
) -> Found<T> {
    let decided = collect(task, context, proves, values, "task_row");
    if decided.is_empty() {
        Found::open(collect(task, context, &|row| !proves(row), values, "doubtful_row"))
    } else {
        Found::decided(decided)
    }
}

/// The values of all rows that pass, in the order of the files, each with every row that has it.
fn collect<T: PartialEq>(
    task: &Task,
    context: &Context<'_>,
    counts: &dyn Fn(&Row) -> bool,
    values: &dyn Fn(&Row) -> Vec<T>,
    signal: &'static str,
) -> Vec<Claim<T>> {
    let mut claims: Vec<Claim<T>> = Vec::new();
    for row in context.rows_of(task).iter().filter(|row| counts(row)) {
        let seen = format!("{} {}", row.artifact, row.pointer);
        for value in values(row) {
            match claims.iter_mut().find(|claim| claim.value == value) {
                Some(claim) => claim.detail = format!("{}, {seen}", claim.detail),
                None => claims.push(Claim { value, signal, detail: seen.clone() }),
            }
        }
    }
    claims
}
