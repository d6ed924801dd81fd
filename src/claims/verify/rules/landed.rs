//! What a review saw has come into the files since, and everything it names is there.

use super::{Answer, Facts, Shelf, Verdict};
use crate::claims::verify::witness;
use crate::model::Stance;

pub(super) fn rule(facts: &Facts, shelf: &Shelf<'_>) -> Option<Answer> {
    if facts.reading.manner.stance == Stance::Critique || facts.negated().any(|(_, found)| found.now != Some(false)) {
        return None;
    }
    let all: Vec<_> = facts.asserted().collect();
    let missing = all.iter().filter(|(_, found)| found.now != Some(true)).count();
    let new = all.iter().filter(|(_, found)| found.is_new()).max_by_key(|(atom, _)| (atom.form, atom.text.len()));
    let (atom, found) = new?;
    if missing * 2 > all.len() {
        return None;
    }
    Some(Answer {
        name: if missing == 0 { "landed.all" } else { "landed.most" },
        verdict: Verdict::Holds,
        reason: format!("`{}` has come into the files it names, and what else it names is there.", atom.text),
        pointer: Some(witness::present(facts, found, shelf)?.since(found.flipped_at.as_ref())),
    })
}
