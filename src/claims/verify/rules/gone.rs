//! Code that a claim rests on was there when it was made, and has left its file without moving to another.

use super::{Answer, Facts, Shelf, Verdict};
use crate::claims::verify::witness::Pointer;
use crate::model::Stance;

pub(super) fn rule(facts: &Facts, _shelf: &Shelf<'_>) -> Option<Answer> {
    let is_post_work = facts.reading.manner.stance == Stance::PostWork;
    // A review speaks of work that came after the commit it names: what left its file with that work is no sign.
    let gone: Vec<_> =
        facts
            .asserted()
            .filter(|(_, found)| {
                if is_post_work { found.now == Some(false) && found.was_between } else { found.is_gone() }
            })
            .collect();
    let (atom, found) = gone.iter().find(|(_, found)| !found.has_moved).or(gone.first())?;
    let path = facts.path_of(found)?;
    if found.has_moved {
        return Some(Answer {
            name: "moved",
            verdict: Verdict::CannotTell,
            reason: format!("`{}` has moved from {path} to another file.", atom.text),
            pointer: None,
        });
    }
    // What else it says is not there is still not there: half of a complaint may be left.
    let is_mixed = facts.negated().any(|(_, found)| found.now == Some(false) && found.is_own);
    let name = if !is_post_work && facts.reading.manner.warns() {
        // It warns of what a change would bring about: that the change came does not show that the warning was idle.
        "gone.warning"
    } else if found.is_everywhere {
        "gone.nowhere"
    } else if is_mixed {
        "gone.mixed"
    } else {
        "gone"
    };
    Some(Answer {
        name,
        verdict: Verdict::Stale,
        reason: format!("`{}` was in {path} and is there no more.", atom.text),
        pointer: Some(Pointer::absence(&path).since(found.flipped_at.as_ref())),
    })
}
