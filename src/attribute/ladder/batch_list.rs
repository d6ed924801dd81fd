//! Rung C: the lists of a faithful batch, less what its other tasks claim.
//!
//! With exactly one hollow task left in the batch, the rest of the file list is that task's. Commands are
//! a task's only in a batch of one: a mate's claim does not exclude a command.

use std::collections::BTreeSet;

use super::{Claim, Found};
use crate::attribute::context::Context;
use crate::attribute::noise::is_shared;
use crate::attribute::standing::{Standing, standing};
use crate::gate::Mapping;
use crate::model::{Batch, Commit, Oid, Place, Status, Task, TaskId};

pub(super) fn files(task: &Task, context: &Context<'_>) -> Found<Place> {
    let mut found = Found::nothing();
    for batch in batches_of(task, context) {
        let mates: Vec<&TaskId> = batch.task_ids.iter().filter(|id| **id != task.id).collect();
        let is_decided =
            is_own(batch, task, context) && !mates.iter().any(|mate| may_be_hollow(mate, context));
        let claimed = |place: &Place| {
            context
                .claims
                .get(&place.path)
                .is_some_and(|owners| mates.iter().any(|mate| owners.contains(*mate)))
        };
        let files = batch.files.as_deref().unwrap_or_default();
        let rest: Vec<Place> = context.places(files).filter(|place| !claimed(place)).collect();
        let is_decided = is_decided && hang_together(&rest, context);
        for place in rest {
            let is_doubtful = is_doubtful(&place, task, !mates.is_empty(), context);
            let list = if is_decided && !is_doubtful { &mut found.decided } else { &mut found.open };
            push(list, place, batch, "files_changed");
        }
    }
    found
}

pub(super) fn commands(task: &Task, context: &Context<'_>) -> Found<String> {
    let mut found = Found::nothing();
    for batch in batches_of(task, context) {
        let is_decided = is_own(batch, task, context) && batch.task_ids.len() == 1;
        let list = if is_decided { &mut found.decided } else { &mut found.open };
        for command in batch.commands.iter().flatten() {
            push(list, command.clone(), batch, "commands_run");
        }
    }
    found
}

fn push<T: PartialEq>(list: &mut Vec<Claim<T>>, value: T, batch: &Batch, key: &str) {
    if list.iter().all(|claim| claim.value != value) {
        list.push(Claim { value, signal: "batch_list", detail: format!("{} /{key}", batch.artifact) });
    }
}

/// Batches whose artifact reports on the task; faithful ones alone if there are any.
fn batches_of<'a>(task: &Task, context: &Context<'a>) -> Vec<&'a Batch> {
    let batches = context.input.plan.batches.iter();
    let (own, other): (Vec<&Batch>, Vec<&Batch>) = batches
        .filter(|batch| batch.task_ids.contains(&task.id) && !context.scopes.is_left_over(batch.number))
        .partition(|batch| context.scopes.mappings.get(&batch.number) == Some(&Mapping::Faithful));
    if own.is_empty() { other } else { own }
}

/// Whether the artifact is the batch's own, and reports the task as done there.
fn is_own(batch: &Batch, task: &Task, context: &Context<'_>) -> bool {
    context.scopes.mappings.get(&batch.number) == Some(&Mapping::Faithful)
        && context.rows_of(task).iter().filter(|row| row.artifact == batch.artifact).all(|row| row.is_done())
        && !is_swollen(batch, context)
}

/// Whether a first batch's list holds most of what the tasks of later batches claim: then a re-run over
/// the whole plan wrote it, although it reports on this batch alone (spec fact 6).
fn is_swollen(batch: &Batch, context: &Context<'_>) -> bool {
    let is_later = |id: &&TaskId| context.scopes.batch_of.get(*id).is_some_and(|number| *number > 1);
    let later = context.claims.iter().filter(|(_, owners)| owners.iter().all(is_later));
    let later: BTreeSet<&str> = later.map(|(path, _)| path.as_str()).collect();
    let files = batch.files.as_deref().unwrap_or_default();
    let listed = context.places(files).filter(|place| later.contains(place.path.as_str())).count();
    batch.number == 1 && listed > 1 && listed * 2 > later.len()
}

/// Whether a mate could be the owner, too: done, of a kind that changes files, and claiming none anywhere.
fn may_be_hollow(mate: &TaskId, context: &Context<'_>) -> bool {
    let task = context.input.plan.task(mate);
    task.is_none_or(|task| task.status == Status::Done && !task.kind.is_shown_by_notes())
        && !context.claims_files(mate)
}

/// Left over from before, everybody's, or not in the commits that name the task: being in the list is no
/// reason to give it to this task.
fn is_doubtful(place: &Place, task: &Task, has_mates: bool, context: &Context<'_>) -> bool {
    let mut named = context.namings.iter().filter(|naming| *naming.task == task.id).peekable();
    let is_named_elsewhere = named.peek().is_some()
        && !named.any(|naming| naming.commit.changes.iter().any(|change| change.path == place.path));
    context.carried.contains(&place.path)
        || standing(place, context) == Standing::Unchanged
        || (has_mates && is_shared(&place.path))
        || is_named_elsewhere
}

/// Whether the changed files are connected by the commits that changed them.
///
/// Where the rest of a list falls apart into commits that have no file in common, some of them may be
/// nobody's work of this plan. The harness's own phase commits hold everything at once and connect all.
fn hang_together(rest: &[Place], context: &Context<'_>) -> bool {
    let commits_of = |place: &Place| -> BTreeSet<Option<&Oid>> {
        let changes = context.changed.get(place.path.as_str()).into_iter().flatten();
        changes
            .map(|(commit, _)| commit.filter(|commit| !is_phase_commit(commit)).map(|commit| &commit.id))
            .collect()
    };
    let mut groups: Vec<BTreeSet<Option<&Oid>>> = Vec::new();
    for commits in rest.iter().map(commits_of).filter(|commits| !commits.is_empty()) {
        let (touching, mut others): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| !group.is_disjoint(&commits));
        others.push(touching.into_iter().fold(commits, |all, group| &all | &group));
        groups = others;
    }
    groups.len() <= 1
}

fn is_phase_commit(commit: &Commit) -> bool {
    commit.subject.starts_with("megaplan: ")
}
