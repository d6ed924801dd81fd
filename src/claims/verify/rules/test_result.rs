//! The result of a test or a check is not decided by reading.

use super::{Answer, Facts, Shelf, Verdict};

pub(super) fn rule(facts: &Facts, _shelf: &Shelf<'_>) -> Option<Answer> {
    facts.reading.manner.tells_test_result.then(|| Answer {
        name: "test_result",
        verdict: Verdict::CannotTell,
        reason: "It tells the result of a test or a check, and reading files does not repeat that.".into(),
        pointer: None,
    })
}
