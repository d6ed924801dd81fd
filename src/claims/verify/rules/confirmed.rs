//! Everything that a review confirms is there, quoted code among it.

use super::{Answer, Facts, Shelf, Verdict};
use crate::claims::parse::Form;
use crate::claims::verify::witness;
use crate::model::Stance;

pub(super) fn rule(facts: &Facts, shelf: &Shelf<'_>) -> Option<Answer> {
    if facts.reading.manner.stance == Stance::Critique
        || facts.negated().any(|(_, found)| found.now != Some(false))
    {
        return None;
    }
    if facts.asserted().any(|(_, found)| found.now != Some(true)) {
        return None;
    }
    let (atom, found) =
        facts.asserted().max_by_key(|(atom, _)| (atom.form == Form::Code, atom.text.len()))?;
    let is_dated = facts.made_at.is_some();
    let name = match (facts.reading.manner.stance, is_dated) {
        (Stance::PostWork, _) if atom.form == Form::Code => "confirmed.code",
        (Stance::PostWork, _) => "confirmed.names",
        (_, false) => "confirmed.undated",
        _ => return None,
    };
    Some(Answer {
        name,
        verdict: Verdict::Holds,
        reason: format!("`{}` and whatever else it names is there.", atom.text),
        pointer: Some(witness::present(facts, found, shelf)?),
    })
}
