//! Rung I: commits whose subject, or else trailer, or else body, names this task, and at most two others.

use std::collections::{BTreeSet, HashSet};

use super::{Claim, Found};
use crate::attribute::context::Context;
use crate::attribute::ids::{NamedIn, Naming};
use crate::attribute::noise::is_noise;
use crate::model::{Place, Task, TaskId};

/// From so many other owners on, a commit that names the task in its body only is a bundle.
const BUNDLE: usize = 2;

pub(super) fn files(task: &Task, context: &Context<'_>) -> Found<Place> {
    let mut found = Found::nothing();
    let is_elsewhere = is_elsewhere(task, context);
    for naming in context.namings_of(task) {
        let is_open = is_elsewhere || !context.is_bounded() || is_bundle(naming, context);
        let changes = || naming.commit.changes.iter().filter(|change| !is_noise(&change.path));
        let is_theirs = |path: &String| is_claimed_beside(naming, path, context);
        // Records of the others may tell their part of the work from this task's.
        let is_told_apart = !changes().all(|change| is_theirs(&change.path));
        for change in changes() {
            let is_open = is_open || (is_told_apart && is_theirs(&change.path));
            let list = if is_open { &mut found.open } else { &mut found.decided };
            list.push(claim(naming, context.changed_place(&change.path)));
        }
    }
    found.once(|place| place.path.clone())
}

fn claim(naming: &Naming<'_>, place: Place) -> Claim<Place> {
    let short = naming.commit.id.short();
    let named: Vec<&str> = [naming.task].iter().chain(&naming.beside).map(|id| id.0.as_str()).collect();
    let detail = format!("{} of {short} names {}", naming.place.describe(), named.join(" and "));
    let signal = if naming.beside.is_empty() { "commit_id" } else { "commit_id_shared" };
    Claim { value: place, signal, detail }
}

/// Whether records give a path to another task that the commit names as well.
fn is_claimed_beside(naming: &Naming<'_>, path: &str, context: &Context<'_>) -> bool {
    let owners = context.claims.get(path);
    owners.is_some_and(|owners| owners.iter().any(|owner| naming.beside.contains(owner)))
}

fn is_bundle(naming: &Naming<'_>, context: &Context<'_>) -> bool {
    let owners: BTreeSet<&TaskId> = naming
        .commit
        .changes
        .iter()
        .filter_map(|change| context.claims.get(&change.path))
        .flat_map(|owners| owners.iter().copied())
        .filter(|owner| *owner != naming.task)
        .collect();
    naming.place == NamedIn::Body && owners.len() >= BUNDLE
}

/// Whether the task's own batch lists files and the commits that name it touch none of them: two witnesses
/// that contradict each other.
fn is_elsewhere(task: &Task, context: &Context<'_>) -> bool {
    let lists = context.batches_of(task).filter(|view| view.is_faithful);
    let listed: HashSet<&str> = lists.flat_map(|view| &view.files).map(|place| place.path.as_str()).collect();
    let mut changes = context.namings_of(task).iter().flat_map(|naming| &naming.commit.changes);
    !listed.is_empty() && !changes.any(|change| listed.contains(change.path.as_str()))
}
