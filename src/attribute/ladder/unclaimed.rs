//! Rung E: changes that nobody claims.
//!
//! They are candidates. With exactly one hollow task in the plan, those that its description names by
//! path or by a base name that nothing else has are filled.

use std::collections::HashSet;

use super::commit_id::written;
use super::{Claim, Found};
use crate::attribute::context::Context;
use crate::attribute::noise::{base_name, is_shared};
use crate::model::{Place, Task};

pub(super) fn files(task: &Task, context: &Context<'_>) -> Found<Place> {
    let unclaimed: Vec<Place> = context
        .changed
        .keys()
        .filter(|path| !context.claims.contains_key(**path) && !is_shared(path))
        .filter(|path| !context.carried.contains(**path))
        .map(|path| Place { path: (*path).to_owned(), written: written(path, context), inside: true })
        .collect();
    let words = path_words(&task.description);
    let linked: Vec<Claim<Place>> = unclaimed
        .iter()
        .filter(|place| is_named(place, &words, context))
        .map(|place| claim(place, "named_in_description"))
        .collect();
    if !linked.is_empty() {
        return if context.is_only_hollow(&task.id) { Found::decided(linked) } else { Found::open(linked) };
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

/// Words of a description that may be paths. The executor's notes do not count: they name what was read and
/// checked as readily as what was changed.
fn path_words(description: &str) -> HashSet<&str> {
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    description
        .split(|c| !is_path(c))
        .map(|word| word.trim_end_matches(['.', '/']).trim_start_matches("./"))
        .collect()
}

fn is_named(place: &Place, words: &HashSet<&str>, context: &Context<'_>) -> bool {
    let name = base_name(&place.path);
    let is_unique = name.contains('.') && context.input.paths.base_names.get(name) == Some(&1);
    words.contains(place.path.as_str())
        || words.contains(place.written.as_str())
        || (is_unique && words.contains(name))
}
