//! Claims and verdicts in the JSON report.

use schemars::JsonSchema;
use serde::Serialize;

use super::{ClaimClass, ClaimKind, Verdict};
use crate::model;
use crate::report::{order, redact};

/// A statement of a review, a gate or a claims file, and whether it still holds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Claim {
    /// The id that was given, the harness's blocker id, or `claim:` and a stable hash.
    pub id: String,
    /// What it says, obvious secrets masked as `***`.
    pub text: String,
    /// Where it stands.
    pub origin: ClaimOrigin,
    /// Tasks that it names.
    pub task_ids: Vec<String>,
    /// What it is about.
    pub kind: ClaimKind,
    /// What it would have the harness wait for.
    pub class: ClaimClass,
    /// Whether it is true of the files as they are now.
    pub verdict: Verdict,
    /// Probability that the verdict is right.
    #[schemars(range(min = 0, max = 1))]
    pub confidence: f64,
    /// Why, in a sentence.
    pub reason: String,
    /// What shows it. A stale claim always has one.
    pub witness: Option<ClaimWitness>,
    /// The earlier claim, or the resolved blocker, that says the same.
    pub duplicate_of: Option<String>,
    /// The answer that the harness has recorded for it.
    pub resolution: Option<Resolution>,
}

/// Where a claim stands.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ClaimOrigin {
    /// File name within the plan directory, or the claims file as it was named.
    pub artifact: String,
    /// JSON pointer within it; in a claims file, the position of the claim.
    pub pointer: String,
}

/// What shows that a verdict is right.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ClaimWitness {
    /// Repository path, or the file name of an artifact.
    pub path: String,
    /// The blob that was read. Null for the work tree and for artifacts.
    pub blob: Option<String>,
    /// First and last line. Null where the proof is that something is absent.
    pub lines: Option<[u32; 2]>,
    /// The commit that made it so.
    pub commit: Option<String>,
    /// The lines themselves, or what took their place.
    pub excerpt: String,
}

/// An answer that the harness has recorded for a blocker.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Resolution {
    /// The blocker it was given for.
    pub blocker_id: String,
    /// The harness's word for it.
    pub resolution: String,
    /// Whether it was given for an earlier blocker that says the same, and still counts.
    pub carried_over: bool,
}

impl Claim {
    /// A claim as it may be shown.
    pub(in crate::report) fn masked(assessed: &model::Assessment) -> Self {
        Self::from(&redact::claim(assessed))
    }
}

impl From<&model::Assessment> for Claim {
    fn from(assessed: &model::Assessment) -> Self {
        let (claim, ruling) = (&assessed.claim, &assessed.ruling);
        Self {
            id: claim.id.clone(),
            text: claim.text.clone(),
            origin: ClaimOrigin {
                artifact: claim.origin.artifact.clone(),
                pointer: claim.origin.pointer.clone(),
            },
            task_ids: claim.task_ids.iter().map(ToString::to_string).collect(),
            kind: ruling.kind.into(),
            class: assessed.class.into(),
            verdict: ruling.verdict.into(),
            confidence: order::confidence(ruling.confidence),
            reason: ruling.reason.clone(),
            witness: ruling.witness.as_ref().map(ClaimWitness::from),
            duplicate_of: assessed.duplicate_of.clone(),
            resolution: assessed.resolution.as_ref().map(Resolution::from),
        }
    }
}

impl From<&model::ClaimWitness> for ClaimWitness {
    fn from(witness: &model::ClaimWitness) -> Self {
        Self {
            path: witness.path.clone(),
            blob: witness.blob.as_ref().map(ToString::to_string),
            lines: witness.lines.map(|(first, last)| [first, last]),
            commit: witness.commit.as_ref().map(ToString::to_string),
            excerpt: witness.excerpt.clone(),
        }
    }
}

impl From<&model::Resolution> for Resolution {
    fn from(resolution: &model::Resolution) -> Self {
        Self {
            blocker_id: resolution.blocker_id.clone(),
            resolution: resolution.resolution.clone(),
            carried_over: resolution.carried_over,
        }
    }
}
