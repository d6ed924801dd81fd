//! Rung E: changes that nobody claims.
//!
//! They are candidates. With exactly one hollow task in the plan, those that its description names by
//! path or by a base name that nothing else has are filled.

use hashbrown::HashSet;

use super::{Claim, Found};
use crate::attribute::context::Context;
use crate::attribute::noise::base_name;
use crate::model::{Place, Task};

pub(super) fn files(task: &Task, context: &Context<'_>) -> Found<Place> {
    let words = path_words(&task.description);
    let names: HashSet<&str> = words.iter().map(|word| base_name(word)).collect();
    let linked: Vec<Claim<Place>> = context
        .unclaimed
        .iter()
        // Most are named by no word, and their last part shows it.
        .filter(|path| names.contains(base_name(path)))
        .map(|path| context.changed_place(path))
        .filter(|place| is_named(place, &words, context))
        .map(|place| claim(place, "named_in_description"))
        .collect();
    if !linked.is_empty() {
        let is_sure = context.is_only_hollow(&task.id) && context.is_bounded();
        return if is_sure { Found::decided(linked) } else { Found::open(linked) };
    }
    let first = context.unclaimed.iter().take(context.input.config.max_candidates);
    Found::open(first.map(|path| claim(context.changed_place(path), "unclaimed_change")).collect())
}

fn claim(place: Place, signal: &'static str) -> Claim<Place> {
    let detail = match signal {
        "unclaimed_change" => "changed in the range and claimed by no task",
        _ => "changed in the range, claimed by no task, and named in the task's description",
    };
    Claim { value: place, signal, detail: detail.to_owned() }
}

/// Words of a description that may be paths, without those of clauses that say the file is left alone or
/// only looked at. The executor's notes do not count: they name what was read as readily as what was changed.
fn path_words(description: &str) -> HashSet<&str> {
    const HANDS_OFF: [&str; 13] = [
        "not",
        "don't",
        "never",
        "without",
        "except",
        "unchanged",
        "untouched",
        "leave",
        "read",
        "review",
        "verify",
        "audit",
        "inspect",
    ];
    let clauses = description.split([';', ',', '\n', '(', ')']).flat_map(|part| part.split(". "));
    clauses
        .map(|clause| words(clause).collect::<Vec<&str>>())
        .filter(|clause| !clause.iter().any(|word| HANDS_OFF.contains(&word.to_lowercase().as_str())))
        .flatten()
        .collect()
}

fn words(clause: &str) -> impl Iterator<Item = &str> {
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '\'');
    clause.split(move |c| !is_path(c)).map(|word| word.trim_end_matches(['.', '/']).trim_start_matches("./"))
}

fn is_named(place: &Place, words: &HashSet<&str>, context: &Context<'_>) -> bool {
    let name = base_name(&place.path);
    let is_unique = name.contains('.') && context.input.paths.base_names.get(name) == Some(&1);
    words.contains(place.path.as_str())
        || words.contains(place.written.as_str())
        || (is_unique && words.contains(name))
}
