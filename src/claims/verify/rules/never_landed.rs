//! A confirmation of work whose code is not there: the work never came into what is checked.
//!
//! A review is made on a work tree that is often not committed. Where its files are the same as at the commit it
//! names, and the code that it saw is not in them, it speaks of content that is not here.

use super::{Answer, Facts, Shelf, Verdict};
use crate::claims::parse::Form;
use crate::claims::verify::witness::Pointer;
use crate::model::Stance;

pub(super) fn rule(facts: &Facts, _shelf: &Shelf<'_>) -> Option<Answer> {
    if facts.reading.manner.stance != Stance::PostWork {
        return None;
    }
    let is_nowhere = facts.places.is_empty() && facts.unresolved == 0;
    if facts.is_same() != Some(true) && !is_nowhere {
        return None;
    }
    // Code is often told in other words; that a name is nowhere is no matter of words.
    let is_literal = |form: Form| !is_nowhere || form == Form::Identifier;
    let missing: Vec<_> =
        facts.asserted().filter(|(atom, found)| found.is_never() && is_literal(atom.form)).collect();
    let (atom, found) = missing.first()?;
    let place = if is_nowhere { "anywhere" } else { "in the files it names" };
    Some(Answer {
        name: if is_nowhere { "never_landed.nowhere" } else { "never_landed.here" },
        verdict: Verdict::Stale,
        reason: format!("It confirms `{}`, which is not {place}.", atom.text),
        pointer: facts.path_of(found).map(|path| Pointer::absence(&path)),
    })
}
