//! What the page calls things, and the marks by which they are told apart without colour.
//!
//! The script of the page reads the same table, so that both speak alike.

use serde_json::{Value, json};

use crate::model::{Decision, Evidence, Outcome, Severity, Source, Verdict};
use crate::report::wire;

/// A name and a mark of one character.
#[derive(Clone, Copy)]
pub(super) struct Word {
    pub(super) mark: &'static str,
    pub(super) text: &'static str,
    /// What the style sheet knows it by.
    pub(super) class: &'static str,
}

const fn word(mark: &'static str, text: &'static str, class: &'static str) -> Word {
    Word { mark, text, class }
}

pub(super) const SOURCES: [Source; 6] =
    [Source::Recorded, Source::Batch, Source::Git, Source::Review, Source::Inferred, Source::Operator];

pub(super) const DECISIONS: [Decision; 4] =
    [Decision::Recorded, Decision::Backfill, Decision::Candidate, Decision::Rejected];

pub(super) const OUTCOMES: [Outcome; 4] =
    [Outcome::Ambiguous, Outcome::Backfill, Outcome::NoEvidence, Outcome::None];

pub(super) fn source(source: Source) -> Word {
    match source {
        Source::Recorded => word("●", "recorded in finalize.json", "recorded"),
        Source::Batch => word("■", "batch records", "batch"),
        Source::Git => word("▲", "git", "git"),
        Source::Review => word("◆", "review", "review"),
        Source::Inferred => word("○", "several signals together", "inferred"),
        Source::Operator => word("★", "an answer", "operator"),
    }
}

pub(super) fn decision(decision: Decision) -> Word {
    match decision {
        Decision::Recorded => word("", "recorded", "recorded"),
        Decision::Backfill => word("+", "certain enough to fill in", "backfill"),
        Decision::Candidate => word("?", "possible", "candidate"),
        Decision::Rejected => word("×", "rejected, git contradicts it", "rejected"),
    }
}

pub(super) fn outcome(outcome: Outcome) -> Word {
    match outcome {
        Outcome::Ambiguous => word("?", "needs an answer", "ambiguous"),
        Outcome::Backfill => word("+", "can be filled", "backfill"),
        Outcome::NoEvidence => word("–", "no trace found", "no_evidence"),
        Outcome::None => word("·", "nothing to do", "none"),
    }
}

pub(super) fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Complete => "evidence complete",
        Evidence::Advisory => "evidence advisory",
        Evidence::Hollow => "evidence missing",
        Evidence::NotApplicable => "evidence not due",
    }
}

pub(super) fn verdict(verdict: Verdict) -> Word {
    match verdict {
        Verdict::Holds => word("!", "holds", "bad"),
        Verdict::CannotTell => word("?", "cannot be told", "warn"),
        Verdict::Stale => word("✓", "stale", "good"),
    }
}

pub(super) fn severity(severity: Severity) -> Word {
    match severity {
        Severity::Error => word("!", "error", "bad"),
        Severity::Warning => word("?", "warning", "warn"),
        Severity::Note => word("·", "note", "quiet"),
    }
}

/// The table for the script: by the names of the JSON report.
pub(super) fn table() -> Value {
    json!({
        "source": SOURCES.map(|it| entry(&wire::Source::from(it), source(it))),
        "decision": DECISIONS.map(|it| entry(&wire::Decision::from(it), decision(it))),
        "outcome": OUTCOMES.map(|it| entry(&wire::TaskDecision::from(it), outcome(it))),
    })
}

fn entry(name: &impl serde::Serialize, word: Word) -> Value {
    json!({ "name": name, "mark": word.mark, "text": word.text })
}
