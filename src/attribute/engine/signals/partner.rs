//! Tests and what they test: who changes the one usually changes the other.

use super::super::evidence::{Named, TaskEvidence};
use super::super::mentions::Exactness;
use super::Pair;

/// 1 when the task's texts name the path's partner exactly.
pub(super) fn named(pair: &Pair<'_>) -> f64 {
    f64::from(pair.path().partners.iter().any(|partner| names(pair.task(), *partner)))
}

/// 1 when another task's texts do.
pub(super) fn named_by_another(pair: &Pair<'_>) -> f64 {
    let is_named = |partner: &usize| {
        let path = &pair.evidence.paths[*partner];
        let mut naming = path.described.iter().chain(&path.noted).filter(|task| pair.is_other(**task));
        naming.any(|task| names(&pair.evidence.tasks[*task], *partner))
    };
    f64::from(pair.path().partners.iter().any(is_named))
}

fn names(task: &TaskEvidence, path: usize) -> bool {
    let is_exact = |named: Option<&Named>| named.is_some_and(|named| named.exactness >= Exactness::Name);
    is_exact(task.described.get(&path)) || is_exact(task.noted.get(&path))
}

pub(super) fn tell_named(pair: &Pair<'_>) -> String {
    let partner = pair.path().partners.iter().find(|partner| names(pair.task(), **partner));
    let partner = partner.map_or("its partner", |partner| pair.evidence.paths[*partner].place.path.as_str());
    format!("tests, or is tested by, `{partner}`, which its texts name")
}

pub(super) fn tell_another(_: &Pair<'_>) -> String {
    "another task names what it tests, or is tested by".to_owned()
}
