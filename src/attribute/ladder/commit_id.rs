//! Rung I: commits whose subject, or else trailer, or else body, names this task and no other.

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
        let list = if is_open { &mut found.open } else { &mut found.decided };
        let short = naming.commit.id.0.get(..10).unwrap_or_default();
        let detail = format!("{} of {short} names {}", naming.place.describe(), task.id);
        for change in naming.commit.changes.iter().filter(|change| !is_noise(&change.path)) {
            let place = context.changed_place(&change.path);
            list.push(Claim { value: place, signal: "commit_id", detail: detail.clone() });
        }
    }
    found.once(|place| place.path.clone())
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
