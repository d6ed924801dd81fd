//! Rung C: the lists of a faithful batch, less what its other tasks claim.
//!
//! With exactly one hollow task left in the batch, the rest of the file list is that task's. Commands are
//! a task's only in a batch of one: a mate's claim does not exclude a command.

use std::collections::{BTreeSet, HashSet};

use super::{Claim, Found};
use crate::attribute::batches::BatchView;
use crate::attribute::commit_kind::CommitKind;
use crate::attribute::context::Context;
use crate::attribute::noise::{is_noise, is_shared};
use crate::attribute::standing::{Standing, standing};
use crate::model::{Commit, Oid, Place, Task};

pub(super) fn files(task: &Task, context: &Context<'_>) -> Found<Place> {
    let mut found = Found::nothing();
    for view in context.batches_of(task) {
        let is_a_mate_s = |place: &&Place| context.is_claimed_within(&place.path, &view.members, &task.id);
        let rest: Vec<&Place> = view.files.iter().filter(|place| !is_a_mate_s(place)).collect();
        let is_decided = is_own(view, task, context)
            && !view.has_other_taker(&task.id)
            && hang_together(&rest, context)
            && rest.iter().all(|place| fits_the_batch(place, view, context));
        let named = named_paths(task, context);
        for place in rest {
            let is_sure = is_decided && !is_doubtful(place, named.as_ref(), view.members.len() > 1, context);
            let list = if is_sure { &mut found.decided } else { &mut found.open };
            list.push(claim(place.clone(), view, "files_changed"));
        }
    }
    found.once(|place| place.path.clone())
}

pub(super) fn commands(task: &Task, context: &Context<'_>) -> Found<String> {
    let mut found = Found::nothing();
    for view in context.batches_of(task) {
        let is_decided = is_own(view, task, context) && view.members.len() == 1;
        let list = if is_decided { &mut found.decided } else { &mut found.open };
        let commands = view.batch.commands.iter().flatten();
        list.extend(commands.map(|command| claim(command.clone(), view, "commands_run")));
    }
    found.once(Clone::clone)
}

fn claim<T>(value: T, view: &BatchView<'_>, key: &str) -> Claim<T> {
    Claim { value, signal: "batch_list", detail: format!("{} /{key}", view.batch.artifact) }
}

/// Whether the artifact is the batch's own, and reports the task as done there.
fn is_own(view: &BatchView<'_>, task: &Task, context: &Context<'_>) -> bool {
    let mut here = context.rows_of(task).iter().filter(|row| row.artifact == view.batch.artifact);
    view.is_faithful && here.all(|row| row.is_done())
}

/// The paths of the commits that name the task; `None` without such commits.
fn named_paths<'a>(task: &Task, context: &'a Context<'_>) -> Option<HashSet<&'a str>> {
    let namings = context.namings_of(task);
    let changes = namings.iter().flat_map(|naming| &naming.commit.changes);
    (!namings.is_empty()).then(|| changes.map(|change| change.path.as_str()).collect())
}

/// Left over from before, everybody's, or not in the commits that name the task: being in the list is no
/// reason to give it to this task.
fn is_doubtful(place: &Place, named: Option<&HashSet<&str>>, has_mates: bool, context: &Context<'_>) -> bool {
    context.carried.contains(&place.path)
        || context.is_directory(place)
        || standing(place, context) == Standing::Unchanged
        || (has_mates && is_shared(&place.path))
        || named.is_some_and(|named| !named.contains(place.path.as_str()))
}

/// Whether the changed files are connected by the commits that changed them.
///
/// Where the rest of a list falls apart into commits that have no file in common, some of them may be
/// nobody's work of this plan. The harness's own phase commits hold everything at once and connect all.
fn hang_together(rest: &[&Place], context: &Context<'_>) -> bool {
    let commits_of = |place: &&Place| -> BTreeSet<Option<&Oid>> {
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

/// Whether a commit that changed the file is wholly within the list, as the batch's own are. Commits that hold
/// everything at once cannot tell.
fn fits_the_batch(place: &Place, view: &BatchView<'_>, context: &Context<'_>) -> bool {
    let listed: HashSet<&str> = view.files.iter().map(|place| place.path.as_str()).collect();
    let changes = context.changed.get(place.path.as_str()).into_iter().flatten();
    let is_single = |commit: &&Commit| {
        context.commit_kind(context.commit_number(Some(commit))) == Some(CommitKind::Single)
    };
    let mut commits = changes.filter_map(|(commit, _)| *commit).filter(is_single).peekable();
    let is_within = |commit: &Commit| {
        commit.changes.iter().all(|change| is_noise(&change.path) || listed.contains(change.path.as_str()))
    };
    commits.peek().is_none() || commits.any(is_within)
}

fn is_phase_commit(commit: &Commit) -> bool {
    commit.subject.starts_with("megaplan: ")
}
