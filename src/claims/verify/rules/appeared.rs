//! Code that was said to be missing is there now, in the place that the claim speaks of.

use super::{Answer, Facts, Shelf, Verdict};
use crate::claims::verify::witness;
use crate::model::Stance;

pub(super) fn rule(facts: &Facts, shelf: &Shelf<'_>) -> Option<Answer> {
    let (atom, found) = facts.negated().find(|(_, found)| found.is_new() && found.is_own)?;
    let pointer = witness::present(facts, found, shelf)?;
    Some(Answer {
        name: if facts.reading.manner.stance == Stance::PostWork { "appeared.post_work" } else { "appeared" },
        verdict: Verdict::Stale,
        reason: format!("`{}` was missing from {} and is there now.", atom.text, pointer.path),
        pointer: Some(pointer.since(found.flipped_at.as_ref())),
    })
}
