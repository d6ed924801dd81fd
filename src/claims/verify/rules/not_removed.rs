//! A review says that code was removed, and all of it is there, as it was.

use super::{Answer, Facts, Shelf, Verdict};
use crate::claims::verify::witness;
use crate::model::Stance;

pub(super) fn rule(facts: &Facts, shelf: &Shelf<'_>) -> Option<Answer> {
    let manner = &facts.reading.manner;
    if manner.stance == Stance::Critique {
        return None;
    }
    let is_there = |found: &crate::claims::verify::AtomFacts| {
        found.now == Some(true) && found.then == Some(true) && (found.is_own || found.is_everywhere)
    };
    let negated: Vec<_> = facts.negated().collect();
    let (atom, found) = negated.first()?;
    if !negated.iter().all(|(_, found)| is_there(found)) || !manner.says_removed() {
        return None;
    }
    let pointer = witness::present(facts, found, shelf)?;
    Some(Answer {
        name: "not_removed",
        verdict: Verdict::Stale,
        reason: format!("It says that `{}` is no more, and it is in {}.", atom.text, pointer.path),
        pointer: Some(pointer),
    })
}
