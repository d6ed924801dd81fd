//! Tests and what they test: who changes the one usually changes the other.

use super::super::evidence::{Named, TaskEvidence};
use super::super::mentions::Exactness;
use super::Pair;

/// 1 when the path's partner is named in the task's description or notes.
pub(super) fn named(pair: &Pair<'_>) -> f64 {
    f64::from(names_partner(pair, pair.task()))
}

/// 1 when another task's description or notes name the partner.
pub(super) fn named_by_another(pair: &Pair<'_>) -> f64 {
    f64::from(pair.rivals().any(|rival| names_partner(pair, &pair.evidence.tasks[rival])))
}

fn names_partner(pair: &Pair<'_>, task: &TaskEvidence) -> bool {
    let is_exact = |named: Option<&Named>| named.is_some_and(|named| named.exactness >= Exactness::Name);
    let mut partners = pair.path().partners.iter();
    partners.any(|partner| {
        is_exact(task.named_in_description.get(partner)) || is_exact(task.named_in_notes.get(partner))
    })
}
