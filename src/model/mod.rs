//! Plain data of the field. Nothing here reads, writes, or knows git, JSON schemas or terminals.
//!
//! # Glossary
//!
//! * **plan**: what the harness carries out; a directory of artifacts with `finalize.json` at its heart.
//! * **artifact**: one file of the plan directory.
//! * **task**: one row of `finalize.json`, the canonical record.
//! * **batch**: tasks the harness dispatched together; its artifact has *rows* and *lists*.
//! * **row**: what an execution artifact says about one task. **List**: what it says of a whole batch.
//! * **claim**: a path or command that a record gives to a task; also a statement of a review or gate.
//! * **evidence**: the files and commands of a done task; **hollow** where the harness misses it.
//! * **gap**: evidence that the harness's rules miss.
//! * **candidate**: a file or command that may belong to a task, with **signals** (pieces of evidence),
//!   **witnesses** (commits, blobs, hunks) and a **confidence** (calibrated probability).
//! * **decision**: about an attribution. **Verdict**: about a claim.
//! * **repair**: what we would change, made of **edits**. **Report**: what we print.
//! * **blocker**: a claim that stops the harness, with a **settlement**: what clears it, or why nothing does.
//! * **route**: how a blocked plan goes on; the **diagnosis** names it, its cost, and what stands in the way.
//! * **explanation**: why one task was decided so; a **probe** asks what would change that.
//! * **finding**: something a person should know, with a code and a place.

mod answer;
mod artifact;
mod attribution;
mod claim;
mod explanation;
mod finding;
mod history;
mod hunks;
mod label;
mod lines;
mod listing;
mod noise;
mod oid;
mod path;
mod plan;
mod record;
mod recovery;
mod repair;
mod standing;
mod tasks;
#[cfg(test)]
pub(crate) mod testing;

pub use answer::{Answer, AnswerContent};
pub use artifact::{Artifact, Artifacts, LineIndex};
pub use attribution::{
    Attribution, CommandCandidate, Decision, Evidence, Field, FileCandidate, Gap, Outcome, RepairRequest,
    Rung, Signal, Source, Status as PlanStatus, TaskQuestion, Witness,
};
pub use claim::{
    Assessment, Claim, ClaimClass, ClaimKind, ClaimOrigin, ClaimWitness, Resolution, Ruling, Stance, Verdict,
};
pub use explanation::{Explanation, WhatIf, WitnessDiff, WitnessLines};
pub use finding::{Code, Finding, Location, Severity};
pub use history::{
    BaseSource, Change, ChangeKind, ChangePlaces, Commit, Content, Edits, History, Patch, PatchHunk, Reach,
    Trailer,
};
pub use hunks::{Hunk, Hunks};
pub use label::Label;
pub use lines::Lines;
pub use listing::{Listing, NameFilter};
pub use noise::is_left_behind;
pub use oid::Oid;
pub use path::{Place, ProjectPaths, leading_directory, place};
pub use plan::{ActiveStep, Kind, Layout, Mode, Plan, PlanStep, SenseCheck, Status, Task, TaskId, Truthy};
pub use record::{Batch, BatchWindow, Blocker, Event, Origin, PhaseResult, Review, Row, Told};
pub use recovery::{
    Answered, BlockerDiagnosis, Cost, Diagnosis, Generation, Obstacle, Route, Settlement, Step,
};
pub use repair::{Edit, FieldChange, Fill, Repair, StateChange};
pub use standing::{Failure, RecordedResolution, Standing};
pub use tasks::Tasks;
