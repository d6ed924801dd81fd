//! Claims and verdicts in the JSON report.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::{ClaimClass, ClaimKind, Verdict};
use crate::model;
use crate::report::{order, redact};

/// A statement of a review, a gate or a claims file, and whether it still holds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Claim<'a> {
    /// The id that was given, the harness's blocker id, or `claim:` and a stable hash.
    pub id: Cow<'a, str>,
    /// What it says, obvious secrets masked as `***`.
    pub text: Cow<'a, str>,
    /// Where it stands.
    pub origin: ClaimOrigin<'a>,
    /// Tasks that it names.
    pub task_ids: Vec<Cow<'a, str>>,
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
    pub reason: Cow<'a, str>,
    /// What shows it. A stale claim always has one.
    pub witness: Option<ClaimWitness<'a>>,
    /// The earlier claim, or the resolved blocker, that says the same.
    pub duplicate_of: Option<Cow<'a, str>>,
    /// The answer that the harness has recorded for it.
    pub resolution: Option<Resolution<'a>>,
}

/// Where a claim stands.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ClaimOrigin<'a> {
    /// File name within the plan directory, or the claims file as it was named.
    pub artifact: Cow<'a, str>,
    /// JSON pointer within it; in a claims file, the position of the claim.
    pub pointer: Cow<'a, str>,
}

/// What shows that a verdict is right.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ClaimWitness<'a> {
    /// Repository path, or the file name of an artifact.
    pub path: Cow<'a, str>,
    /// The blob that was read. Null for the work tree and for artifacts.
    pub blob: Option<String>,
    /// First and last line. Null where the proof is that something is absent.
    pub lines: Option<[u32; 2]>,
    /// The commit that made it so.
    pub commit: Option<String>,
    /// The lines themselves, or what took their place.
    pub excerpt: Cow<'a, str>,
}

/// An answer that the harness has recorded for a blocker.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Resolution<'a> {
    /// The blocker it was given for.
    pub blocker_id: Cow<'a, str>,
    /// The harness's word for it.
    pub resolution: Cow<'a, str>,
    /// Whether it was given for an earlier blocker that says the same, and still counts.
    pub carried_over: bool,
}

impl<'a> Claim<'a> {
    /// A claim as it may be shown: it quotes commands and lines of files, and both may hold secrets.
    pub(in crate::report) fn masked(assessed: &'a model::Assessment) -> Self {
        let (claim, ruling) = (&assessed.claim, &assessed.ruling);
        Self {
            id: Cow::from(&claim.id),
            text: redact::text(&claim.text),
            origin: ClaimOrigin {
                artifact: Cow::from(&claim.origin.artifact),
                pointer: Cow::from(&claim.origin.pointer),
            },
            task_ids: claim.task_ids.iter().map(|id| Cow::from(&id.0)).collect(),
            kind: ruling.kind.into(),
            class: assessed.class.into(),
            verdict: ruling.verdict.into(),
            confidence: order::confidence(ruling.confidence),
            reason: redact::text(&ruling.reason),
            witness: ruling.witness.as_ref().map(ClaimWitness::masked),
            duplicate_of: assessed.duplicate_of.as_ref().map(Cow::from),
            resolution: assessed.resolution.as_ref().map(Resolution::from),
        }
    }
}

impl<'a> ClaimWitness<'a> {
    fn masked(witness: &'a model::ClaimWitness) -> Self {
        Self {
            path: Cow::from(&witness.path),
            blob: witness.blob.as_ref().map(ToString::to_string),
            lines: witness.lines.map(|(first, last)| [first, last]),
            commit: witness.commit.as_ref().map(ToString::to_string),
            excerpt: redact::text(&witness.excerpt),
        }
    }
}

impl<'a> From<&'a model::Resolution> for Resolution<'a> {
    fn from(resolution: &'a model::Resolution) -> Self {
        Self {
            blocker_id: Cow::from(&resolution.blocker_id),
            resolution: Cow::from(&resolution.resolution),
            carried_over: resolution.carried_over,
        }
    }
}
