//! Rungs A and B: the task's own done rows in any batch, checkpoint or aggregate.
//!
//! Their union counts, because re-runs thin evidence out and newer is not richer (spec fact 7). Rows that
//! are not done prove nothing about a done task, and files the harness guessed are a claim to check
//! (spec edges 13 and 42): both only name candidates.

use std::collections::HashMap;

use super::{Claim, Found};
use crate::attribute::context::Context;
use crate::model::{Place, Row, Task};

pub(super) fn files(task: &Task, context: &Context<'_>) -> Found<Place> {
    let places = |row: &Row| context.places(&row.files).collect::<Vec<_>>();
    let path = |place: &Place| place.path.clone();
    split(task, context, &|row| row.is_done() && !row.guessed_files && !row.inferred_files, &places, &path)
}

pub(super) fn commands(task: &Task, context: &Context<'_>) -> Found<String> {
    split(
        task,
        context,
        &|row| row.is_done() && !row.inferred_commands,
        &|row| row.commands.clone(),
        &Clone::clone,
    )
}

/// What the rows that prove something hold; only without any of it, what the others hold.
fn split<T>(
    task: &Task,
    context: &Context<'_>,
    proves: &dyn Fn(&Row) -> bool,
    values: &dyn Fn(&Row) -> Vec<T>,
    key: &dyn Fn(&T) -> String,
) -> Found<T> {
    let (proofs, doubts): (Vec<&Row>, Vec<&Row>) = context.rows_of(task).iter().partition(|row| proves(row));
    let decided = collect(&proofs, values, key, "task_row");
    if decided.is_empty() {
        Found::open(collect(&doubts, values, key, "doubtful_row"))
    } else {
        Found::decided(decided)
    }
}

/// The values of the rows, in the order of the files, each with the rows that have it.
fn collect<T>(
    rows: &[&Row],
    values: &dyn Fn(&Row) -> Vec<T>,
    key: &dyn Fn(&T) -> String,
    signal: &'static str,
) -> Vec<Claim<T>> {
    /// So many rows are named; a plan that repeats itself more often makes no better case.
    const NAMED: usize = 4;
    let mut claims: Vec<(Claim<T>, usize)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let seen = format!("{} {}", row.artifact, row.pointer);
        for value in values(row) {
            let at = *places.entry(key(&value)).or_insert(claims.len());
            match claims.get_mut(at) {
                None => claims.push((Claim { value, signal, detail: seen.clone() }, 1)),
                Some((claim, named)) if *named < NAMED && !claim.detail.ends_with(&seen) => {
                    claim.detail = format!("{}, {seen}", claim.detail);
                    *named += 1;
                }
                Some(_) => {}
            }
        }
    }
    claims.into_iter().map(|(claim, _)| claim).collect()
}
