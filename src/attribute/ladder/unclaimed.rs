//! Rung E: changes that nobody claims.
//!
//! They are candidates. With exactly one hollow task in the plan, those that its description names by
//! path or by a base name that nothing else has are filled.

use super::commit_id::written;
use super::{Claim, Found};
use crate::attribute::context::Context;
use crate::attribute::noise::{base_name, is_shared};
use crate::gate;
use crate::model::{Place, Task};

pub(super) fn files(task: &Task, context: &Context<'_>) -> Found<Place> {
    let unclaimed: Vec<Place> = context
        .changed
        .keys()
        .filter(|path| !context.claims.contains_key(**path) && !is_shared(path))
        .filter(|path| !context.carried.contains(**path))
        .map(|path| Place { path: (*path).to_owned(), written: written(path, context), inside: true })
        .collect();
    let linked: Vec<Claim<Place>> = unclaimed
        .iter()
        .filter(|place| is_named(place, task, context))
        .map(|place| claim(place, "named_in_description"))
        .collect();
    if !linked.is_empty() {
        return if is_only_hollow(task, context) { Found::decided(linked) } else { Found::open(linked) };
    }
    Found::open(unclaimed.iter().map(|place| claim(place, "unclaimed_change")).collect())
}

fn claim(place: &Place, signal: &'static str) -> Claim<Place> {
    let detail = match signal {
        "unclaimed_change" => "changed in the range and claimed by no task",
        _ => "changed in the range, claimed by no task, and named in the task's description",
    };
    Claim { value: place.clone(), signal, detail: detail.to_owned() }
}

fn is_only_hollow(task: &Task, context: &Context<'_>) -> bool {
    let plan = context.input.plan;
    let is_hollow = |other: &&Task| {
        gate::is_gap(&gate::assess(other, &plan.mode)) && !context.settled.contains(&other.id)
    };
    let mut hollow = plan.tasks.iter().filter(is_hollow);
    hollow.next().is_some_and(|first| first.id == task.id) && hollow.next().is_none()
}

/// The executor's notes do not count: they name what was read and checked as readily as what was changed.
fn is_named(place: &Place, task: &Task, context: &Context<'_>) -> bool {
    let name = base_name(&place.path);
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let mut words = task
        .description
        .split(|c| !is_path(c))
        .map(|word| word.trim_end_matches(['.', '/']).trim_start_matches("./"));
    let is_unique = context.input.paths.base_names.get(name) == Some(&1);
    words.any(|word| {
        word == place.path || word == place.written || (is_unique && name.contains('.') && word == name)
    })
}
