//! What a claim is about, by its atoms and its wording.

use super::facts::Facts;
use crate::claims::parse::Polarity;
use crate::model::ClaimKind;

pub(super) fn kind(facts: &Facts) -> ClaimKind {
    let reading = &facts.reading;
    let has = |polarity| reading.atoms.iter().any(|atom| atom.is_marked && atom.polarity == polarity);
    if reading.manner.tells_test_result {
        ClaimKind::TestResult
    } else if has(Polarity::Negated) || !reading.searches.is_empty() {
        ClaimKind::ContentAbsent
    } else if has(Polarity::Asserted) && reading.paths.iter().any(|path| !path.spelled.lines.is_empty()) {
        ClaimKind::Location
    } else if has(Polarity::Asserted) {
        ClaimKind::ContentPresent
    } else {
        ClaimKind::Semantic
    }
}
