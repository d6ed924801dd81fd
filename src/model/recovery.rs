//! The way out of a block: what holds the harness, what would clear it, and what comes next.

use super::claim::{ClaimClass, Verdict};
use super::plan::TaskId;

/// The two generations of the harness differ in what lets a blocked plan go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// Only debt that was accepted counts, and an empty list of blockers does not.
    Early,
    /// A blocker that is said to be fixed counts, too, and so does an empty list.
    Late,
}

/// How a plan goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// The state is moved to executed: nothing is run again.
    Advance,
    /// Every blocker gets an answer, so that the harness's own recovery succeeds; it then executes again.
    Resolve,
}

/// What settles a blocker, or why nothing does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// Evidence that is filled in.
    Repaired,
    /// It is contradicted by what is there now.
    Stale,
    /// Another blocker says the same, or an earlier answer covers it.
    Duplicate,
    /// It was said for the record.
    Informational,
    /// It has an answer that the harness takes.
    Answered,
    /// Evidence is missing that only a person can name.
    NeedsAnswer,
    /// Work is missing or wrong.
    Work,
    /// It may be about the work, and nobody can tell whether it holds.
    Undecided,
    /// Somebody has recorded that a person must look, or said no.
    Held,
    /// The later harness's own authority does not vouch for a task, whatever its evidence.
    Unvouched,
}

impl Settlement {
    /// Whether nothing of it stands in the way any more, once the repair is written.
    pub fn is_clear(self) -> bool {
        matches!(self, Self::Repaired | Self::Stale | Self::Duplicate | Self::Informational | Self::Answered)
    }

    /// Whether it is about the work, or may be.
    pub fn is_about_work(self) -> bool {
        matches!(self, Self::Work | Self::Undecided | Self::Held | Self::Unvouched)
    }

    /// Its name in reports and notes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Repaired => "repaired",
            Self::Stale => "stale",
            Self::Duplicate => "duplicate",
            Self::Informational => "informational",
            Self::Answered => "answered",
            Self::NeedsAnswer => "needs_answer",
            Self::Work => "work",
            Self::Undecided => "undecided",
            Self::Held => "held",
            Self::Unvouched => "unvouched",
        }
    }
}

/// One thing that holds the harness: a deviation or a blocked task of `phase_result.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockerDiagnosis {
    /// Its id, as that generation of the harness computes it.
    pub id: String,
    /// What it says.
    pub text: String,
    /// JSON pointer in `phase_result.json` of the first that has this id.
    pub pointer: String,
    /// What it is about.
    pub class: ClaimClass,
    /// Whether it holds.
    pub verdict: Verdict,
    /// What settles it.
    pub settlement: Settlement,
    /// The same in a sentence: the debt note of an answer, or what has to be done.
    pub note: String,
}

/// Something that has to be settled before the plan may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// What sort: never one that is clear.
    pub kind: Settlement,
    /// What, in a sentence.
    pub reason: String,
    /// The claim it comes from, if any.
    pub claim: Option<String>,
}

/// What a route costs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cost {
    /// Tasks that the harness may run again.
    pub tasks: Vec<TaskId>,
    /// A batch file that it may overwrite.
    pub overwrites: Option<String>,
}

/// One step of the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub what: String,
    /// Whether `recover --write` does it.
    pub is_ours: bool,
}

/// An answer to be recorded for a blocker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The blocker.
    pub id: String,
    /// The harness's word: `accepted_with_debt` or `fixed`.
    pub resolution: &'static str,
    /// Why.
    pub note: String,
    /// What the rows it is about say once the repair is written: it covers them as long as they say so.
    pub rows: Vec<String>,
}

/// The whole way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// Which generation of the harness decides.
    pub generation: Generation,
    /// `state.json`: `current_state`.
    pub state: String,
    /// The phase that is blocked.
    pub phase: String,
    /// Everything that holds the harness, in the order of its record, each id once.
    pub blockers: Vec<BlockerDiagnosis>,
    /// What stops the recovery; empty when the plan can go on.
    pub obstacles: Vec<Obstacle>,
    /// How it goes on; `None` when it does not, or is not blocked.
    pub route: Option<Route>,
    /// Why this route, or why none.
    pub reason: String,
    /// What the route costs.
    pub cost: Cost,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// Commands of the harness to run afterwards, in order.
    pub commands: Vec<String>,
    /// Answers that are recorded on the way.
    pub answers: Vec<Answered>,
}
