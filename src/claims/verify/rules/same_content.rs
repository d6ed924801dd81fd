//! What was said about committed content still holds while that content is the same, byte for byte.

use super::{Answer, Facts, Shelf, Verdict};
use crate::claims::verify::witness;
use crate::model::Stance;

pub(super) fn rule(facts: &Facts, shelf: &Shelf<'_>) -> Option<Answer> {
    if facts.is_same() != Some(true) || facts.denies_existing() {
        return None;
    }
    // What is only said about a plan is not about the files, whatever symbols it mentions.
    if facts.reading.paths.is_empty() && facts.bearing().next().is_none() {
        return None;
    }
    let name = match facts.reading.manner.stance {
        Stance::Critique => "same_content.critique",
        Stance::Neutral if facts.asserted().all(|(_, found)| found.now == Some(true)) => {
            "same_content.neutral"
        }
        Stance::Neutral | Stance::PostWork => return None,
    };
    Some(Answer {
        name,
        verdict: Verdict::Holds,
        reason: "The files it speaks of are the same, byte for byte, as when it was made.".into(),
        pointer: Some(witness::same(facts, shelf)?),
    })
}
