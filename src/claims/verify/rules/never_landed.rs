//! A confirmation of work whose code is not there: the work never came into what is checked.
//!
//! A review is made on a work tree that is often not committed. Where its files are the same as at the commit it
//! names, and the code that it saw is not in them, it speaks of content that is not here.

use super::{Answer, Facts, Shelf, Verdict};
use crate::claims::verify::witness::Pointer;
use crate::model::Stance;

pub(super) fn rule(facts: &Facts, _shelf: &Shelf<'_>) -> Option<Answer> {
    if facts.reading.manner.stance != Stance::PostWork || facts.is_same() != Some(true) {
        return None;
    }
    let missing: Vec<_> = facts.asserted().filter(|(_, found)| found.is_never()).collect();
    let (atom, found) = missing.first()?;
    let all = facts.asserted().count();
    let path = facts.path_of(found);
    Some(Answer {
        name: if missing.len() * 2 >= all { "never_landed.most" } else { "never_landed.some" },
        verdict: Verdict::Stale,
        reason: format!("It confirms `{}`, which is not in the files it names.", atom.text),
        pointer: path.map(|path| Pointer::absence(&path)),
    })
}
