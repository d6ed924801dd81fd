//! What a review saw has come into the files since, and everything it names is there.

use super::{Answer, Facts, Shelf, Verdict};
use crate::claims::verify::witness;
use crate::model::Stance;

pub(super) fn rule(facts: &Facts, shelf: &Shelf<'_>) -> Option<Answer> {
    if facts.reading.manner.stance == Stance::Critique
        || facts.negated().any(|(_, found)| found.now != Some(false))
    {
        return None;
    }
    let all: Vec<_> = facts.asserted().collect();
    if all.iter().any(|(_, found)| found.now != Some(true)) {
        return None;
    }
    let new =
        all.iter().filter(|(_, found)| found.is_new()).max_by_key(|(atom, _)| (atom.form, atom.text.len()));
    let (atom, found) = new?;
    Some(Answer {
        name: match (facts.reading.manner.stance, facts.reading.manner.complains()) {
            (Stance::PostWork, _) => "landed.post_work",
            (_, true) => "landed.complaint",
            (_, false) => "landed.neutral",
        },
        verdict: Verdict::Holds,
        reason: format!("`{}` has come into the files it names, and what else it names is there.", atom.text),
        pointer: Some(witness::present(facts, found, shelf)?.since(found.flipped_at.as_ref())),
    })
}
