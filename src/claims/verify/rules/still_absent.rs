//! Code that was said not to be there is still not there.

use super::{Answer, Facts, Shelf, Verdict};
use crate::claims::verify::witness::Pointer;

pub(super) fn rule(facts: &Facts, _shelf: &Shelf<'_>) -> Option<Answer> {
    let negated: Vec<_> = facts.negated().collect();
    let (atom, found) = negated.first()?;
    // That a file is gone does not show that something is still missing from it.
    let has_home = |home: &[usize]| home.iter().any(|&at| facts.places[at].now.is_some());
    let is_absent = negated.iter().all(|(_, found)| {
        found.now == Some(false) && ((found.is_own && has_home(&found.home)) || found.is_everywhere)
    });
    let is_whole = facts.asserted().all(|(_, found)| found.now == Some(true));
    (is_absent && is_whole).then(|| Answer {
        name: "still_absent",
        verdict: Verdict::Holds,
        reason: format!("`{}` is not in the files it speaks of.", atom.text),
        pointer: facts.path_of(found).map(|path| Pointer::absence(&path)),
    })
}
