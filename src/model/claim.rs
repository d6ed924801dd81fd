//! What a review or a gate says, and whether it still holds.

use super::oid::Oid;
use super::plan::TaskId;

/// A statement of a review, a gate, an audit or a claims file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The id that was given, the harness's blocker id, or `claim:` and a stable hash of what it says.
    pub id: String,
    /// What it says, verbatim.
    pub text: String,
    /// Where it stands.
    pub origin: ClaimOrigin,
    /// Tasks that its record or its text names, in order, without repetition.
    pub task_ids: Vec<TaskId>,
    /// The file that its record points at, as spelled.
    pub evidence_file: Option<String>,
    /// The commit at which it was made, where that is known; the work tree may have been dirty then.
    pub made_at: Option<Oid>,
    /// How to read it, where the artifact tells; otherwise the wording does.
    pub stance: Option<Stance>,
    /// Whether it stops the harness: a deviation or blocked task of `phase_result.json`.
    pub is_blocker: bool,
}

/// Where a claim stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClaimOrigin {
    /// File name within the plan directory, or the claims file.
    pub artifact: String,
    /// JSON pointer within it; in a claims file, of the line (`/0` is the first).
    pub pointer: String,
}

/// When, seen from the work, a claim was made. It decides how unchanged content is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    /// Before the work, about committed content: a plan's critique.
    Critique,
    /// After the work, often about an uncommitted work tree: executor and reviewer confirmations.
    PostWork,
    /// Neither is said.
    Neutral,
}

/// What a claim is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimKind {
    /// A done task lacks its evidence in the record.
    MissingEvidence,
    /// A change that no task claims.
    UnclaimedChange,
    /// A claimed change that git does not show.
    PhantomClaim,
    /// Something is there, or still there.
    ContentPresent,
    /// Something is missing, or gone.
    ContentAbsent,
    /// Certain lines say something.
    Location,
    /// A test or a check passed or failed.
    TestResult,
    /// Progress or acknowledgment is not recorded.
    Tracking,
    /// Said for the record: observations, skipped checks, attributions that were made.
    Observation,
    /// Needs judgement.
    Semantic,
}

/// What a claim would have the harness wait for (spec section 7, "Classifier").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimClass {
    /// Evidence of finished work is missing from the record.
    Metadata,
    /// Work is missing or wrong, or nobody can tell from the wording.
    Implementation,
    /// Said for the record.
    Informational,
}

/// Whether a claim is true of the files as they are now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Still true.
    Holds,
    /// True once, contradicted now; never without a witness.
    Stale,
    /// Reading files and records does not decide it.
    CannotTell,
}

/// What shows that a verdict is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimWitness {
    /// Repository path, or the file name of an artifact.
    pub path: String,
    /// The blob that was read; `None` for the work tree and for artifacts.
    pub blob: Option<Oid>,
    /// First and last line, one-based; `None` where the proof is that something is absent.
    pub lines: Option<(u32, u32)>,
    /// The commit that made it so, where one did.
    pub commit: Option<Oid>,
    /// The lines themselves, or what took their place.
    pub excerpt: String,
}

/// A verdict and its grounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruling {
    /// What the claim is about.
    pub kind: ClaimKind,
    /// Whether it holds.
    pub verdict: Verdict,
    /// Probability that the verdict is right, 0 to 1, from counted answers.
    pub confidence: f64,
    /// Why, in a sentence a person can act on.
    pub reason: String,
    /// What shows it.
    pub witness: Option<ClaimWitness>,
}

/// An answer the harness has recorded for a blocker (spec section 5, `quality_gate_resolutions`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The blocker it was given for.
    pub blocker_id: String,
    /// `accepted_with_debt`, `fixed`, `manual_required` or `rejected`.
    pub resolution: String,
    /// Whether it was given for an earlier, semantically equal blocker and still counts.
    pub carried_over: bool,
}

/// A claim with everything that was found out about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The claim.
    pub claim: Claim,
    /// What it would have the harness wait for.
    pub class: ClaimClass,
    /// Whether it still holds.
    pub ruling: Ruling,
    /// The earlier claim or blocker that says the same.
    pub duplicate_of: Option<String>,
    /// The recorded answer that covers it.
    pub resolution: Option<Resolution>,
}
