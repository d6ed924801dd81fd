//! The JSON report, version 1: the names other programs rely on.
//!
//! These types are apart from the model so that the model can move. A field may be added within
//! version 1.x; none is renamed or removed. Their doc comments are the descriptions in the schema.

mod claims;
mod convert;
mod explain;
mod recovery;
mod words;

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

pub use claims::{Claim, ClaimOrigin, ClaimWitness, Resolution};
pub(super) use convert::each;
pub use explain::{Change, Explanation, Hunk};
pub use recovery::{Blocker, Cost, Obstacle, Recovery, Step};
pub use words::{
    BaseSource, ClaimClass, ClaimKind, Decision, Evidence, Field, Layout, PlanStatus, Severity, Source,
    TaskDecision, Verdict,
};

/// Version of the names and meanings below.
pub const SCHEMA_VERSION: &str = "1.0";

/// What taskproof found out about one plan.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Report<'a> {
    /// Version of this format. Fields may be added within 1.x; none is renamed or removed.
    pub schema_version: String,
    /// The program that wrote the report.
    pub tool: Tool,
    /// The command that ran, such as `attribute`.
    pub command: String,
    /// The plan.
    pub plan: Plan,
    /// The history that was read.
    pub history: History,
    /// What the plan as a whole waits for.
    pub status: PlanStatus,
    /// Every task, in plan order.
    pub tasks: Vec<Task>,
    /// The question about what could not be decided, or null when there is none.
    pub repair_request: Option<RepairRequest>,
    /// Verdicts on claims of reviews and gates, in the order of their records.
    pub claims: Vec<Claim<'a>>,
    /// What holds the plan and how it goes on. Null for every command but `recover`.
    pub recovery: Option<Recovery>,
    /// What would be changed, or was.
    pub edits: Vec<Edit>,
    /// Names the run that wrote the edits, for `taskproof undo`. Null when nothing was written.
    pub run_id: Option<String>,
    /// What a person should know, worst first.
    pub findings: Vec<Finding<'a>>,
}

/// The program that wrote the report.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Tool {
    /// Always `taskproof`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The plan a report is about.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Plan {
    /// Its name.
    pub name: String,
    /// Its directory.
    pub directory: String,
    /// How its artifacts are laid out.
    pub layout: Layout,
    /// What it produces: `code`, or a prose mode such as `doc`.
    pub mode: String,
}

/// The range of commits that was read.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct History {
    /// Commit at which the range starts, itself excluded.
    pub base: Option<String>,
    /// How `base` was found.
    pub base_source: BaseSource,
    /// Commit at which the range ends. Null when there is no history.
    pub head: Option<String>,
    /// Number of commits in the range.
    pub commits: usize,
    /// Whether uncommitted changes counted.
    pub worktree: bool,
    /// Why there is no history, or what is wrong with it.
    pub reason: Option<String>,
}

/// One task and the answer about it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Task {
    /// Its name in the plan.
    pub id: String,
    /// Its recorded status, aliases resolved. Words the harness does not know stand as they are.
    pub status: String,
    /// What sort of work it is.
    pub kind: String,
    /// Its batch, counted from 1.
    pub batch: Option<u32>,
    /// What the harness's rules say of its evidence.
    pub evidence: Evidence,
    /// Fields that are empty and would count.
    pub missing: Vec<Field>,
    /// What is to be done.
    pub decision: TaskDecision,
    /// Why, in one sentence.
    pub reason: String,
    /// Files that may be the task's, by falling confidence, then by path.
    pub files: Vec<File>,
    /// Commands that may be the task's, by falling confidence, then by text.
    pub commands: Vec<Command>,
}

/// A file that may be a task's.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct File {
    /// Path relative to the repository, separated by `/`.
    pub path: String,
    /// What is to be done about it.
    pub decision: Decision,
    /// Calibrated probability that this task changed this file.
    #[schemars(range(min = 0, max = 1))]
    pub confidence: f64,
    /// Where it comes from.
    pub source: Source,
    /// Why, what speaks for it first.
    pub signals: Vec<Signal>,
    /// What git shows.
    pub witnesses: Vec<Witness>,
}

/// A command that may be a task's.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Command {
    /// The command as recorded, obvious secrets masked as `***`.
    pub command: String,
    /// What is to be done about it.
    pub decision: Decision,
    /// Calibrated probability that it ran for this task.
    #[schemars(range(min = 0, max = 1))]
    pub confidence: f64,
    /// Where it comes from.
    pub source: Source,
    /// Why, what speaks for it first.
    pub signals: Vec<Signal>,
}

/// One piece of evidence for or against a file or command.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Signal {
    /// Its stable name, such as `batch_row`.
    pub name: String,
    /// Log-odds it adds; negative speaks against.
    pub weight: f64,
    /// Where it was seen.
    pub detail: String,
}

/// A change in git that shows that a file changed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Witness {
    /// The commit. Null for an uncommitted change.
    pub commit: Option<String>,
    /// The blob it left. Null for a deletion or an unstaged change.
    pub blob: Option<String>,
    /// First line and number of lines of each hunk, on the new side.
    pub hunks: Vec<[u32; 2]>,
}

/// The one precise question about what could not be decided.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RepairRequest {
    /// A question per task, in plan order.
    pub tasks: Vec<Question>,
}

/// What to ask about one task.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Question {
    /// The task.
    pub id: String,
    /// What it lacks.
    pub missing: Vec<Field>,
    /// Possible files, best first, spelled as the harness spells them.
    pub candidate_files: Vec<String>,
    /// Possible commands, best first, obvious secrets masked as `***`.
    pub candidate_commands: Vec<String>,
    /// The question.
    pub question: String,
    /// A JSON line for `--answers`, ready to edit; empty where no answer can help, because only the executor
    /// can write notes. Obvious secrets are masked as `***`.
    pub answer: String,
}

/// One change of one artifact.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Edit {
    /// File name within the plan directory.
    pub artifact: String,
    /// JSON pointer of the field. Null in a text artifact.
    pub pointer: Option<String>,
    /// The value before. Null when the key was absent; in a text artifact, the text that was replaced.
    pub old: Value,
    /// The value after; in a text artifact, the text that goes in.
    pub new: Value,
}

/// Something a person should know.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Finding<'a> {
    /// Its stable code, such as `TP301`; `docs/findings.md` has a section for each.
    pub code: Cow<'a, str>,
    /// How bad it is.
    pub severity: Severity,
    /// What it is and what to do.
    pub message: Cow<'a, str>,
    /// Where it is.
    pub location: Location<'a>,
}

/// Where a finding is.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Location<'a> {
    /// File name within the plan directory, or a repository path.
    pub path: Cow<'a, str>,
    /// JSON pointer within it.
    pub pointer: Option<Cow<'a, str>>,
    /// Line within it, counted from 1.
    pub line: Option<usize>,
}
