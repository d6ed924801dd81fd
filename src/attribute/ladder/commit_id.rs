//! Rung I: commits whose subject, or else trailer, or else body, names this task and no other.

use std::collections::BTreeSet;

use super::{Claim, Found};
use crate::attribute::context::Context;
use crate::attribute::ids::{NamedIn, Naming};
use crate::attribute::noise::is_noise;
use crate::model::{Place, Task, TaskId, place};

/// From so many other owners on, a commit that names the task in its body only is a bundle.
const BUNDLE: usize = 2;

pub(super) fn files(task: &Task, context: &Context<'_>) -> Found<Place> {
    let mut found = Found::nothing();
    for naming in context.namings_of(task) {
        let list = if is_bundle(naming, context) { &mut found.open } else { &mut found.decided };
        let short = naming.commit.id.0.get(..10).unwrap_or_default();
        let detail = format!("{} of {short} names {}", naming.place.describe(), task.id);
        for change in naming.commit.changes.iter().filter(|change| !is_noise(&change.path)) {
            let place =
                Place { path: change.path.clone(), written: written(&change.path, context), inside: true };
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

/// A changed path as the harness spells it: from the project, climbing out of it where it must.
pub(super) fn written(path: &str, context: &Context<'_>) -> String {
    let paths = context.input.paths;
    if paths.prefix.is_empty() {
        return path.to_owned();
    }
    match path.strip_prefix(&paths.prefix).and_then(|rest| rest.strip_prefix('/')) {
        Some(rest) => rest.to_owned(),
        None => {
            let climb = "../".repeat(paths.prefix.split('/').count());
            let spelled = format!("{climb}{path}");
            place(&spelled, paths).map_or(spelled, |place| place.written)
        }
    }
}
