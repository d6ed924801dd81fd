//! Code that was said to be missing is there now, in the place that the claim speaks of.

use std::collections::BTreeSet;

use super::{Answer, Facts, Shelf, Verdict};
use crate::claims::verify::AtomFacts;
use crate::claims::verify::witness;

pub(super) fn rule(facts: &Facts, shelf: &Shelf<'_>) -> Option<Answer> {
    let clauses: BTreeSet<usize> = facts.negated().map(|(atom, _)| atom.clause).collect();
    if clauses.is_empty() || !clauses.iter().all(|&clause| is_contradicted(facts, clause)) {
        return None;
    }
    let (atom, found) = facts.negated().find(|(_, found)| has_appeared(found))?;
    let pointer = witness::present(facts, found, shelf)?;
    Some(Answer {
        name: "appeared",
        verdict: Verdict::Stale,
        reason: format!("`{}` was missing from {} and is there now.", atom.text, pointer.path),
        pointer: Some(pointer.since(found.flipped_at.as_ref())),
    })
}

/// "No A or B" is refuted by either, "A and B are missing" only by both.
fn is_contradicted(facts: &Facts, clause: usize) -> bool {
    let mut negated = facts.negated().filter(|(atom, _)| atom.clause == clause);
    match facts.reading.needs_all(clause) {
        true => negated.all(|(_, found)| has_appeared(found)),
        false => negated.any(|(_, found)| has_appeared(found)),
    }
}

fn has_appeared(found: &AtomFacts) -> bool {
    found.is_new() && found.is_own
}
