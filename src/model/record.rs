//! What the harness and its workers wrote down besides `finalize.json` (spec sections 4 and 5).

use super::plan::{Status, TaskId};

/// Which kind of artifact a row stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// `execution_batch_N.json`, or an attempt in the directory of batch N
    Batch(u32),
    /// `execution_checkpoint.json`
    Checkpoint,
    /// `execution.json`
    Aggregate,
}

/// What an execution artifact says about one task. Lists hold strings only, blanks left out.
#[derive(Debug, Clone)]
pub struct Row {
    /// File name of the artifact.
    pub artifact: String,
    /// Its kind.
    pub origin: Origin,
    /// JSON pointer of the row.
    pub pointer: String,
    /// The task it is about (canonical key first, then the aliases).
    pub task_id: TaskId,
    /// Normalised status; a row without one counts as [`Status::Other`].
    pub status: Status,
    /// The executor's notes.
    pub notes: String,
    /// Claimed paths, as spelled.
    pub files: Vec<String>,
    /// Claimed commands, as spelled.
    pub commands: Vec<String>,
    /// Whether the harness guessed the files without naming a source: a claim to check, not evidence.
    pub guessed_files: bool,
    /// Whether an earlier run of ours inferred the files: no evidence either.
    pub inferred_files: bool,
    /// The same for commands.
    pub inferred_commands: bool,
}

impl Row {
    /// Whether the row proves work: only a done row does (spec edge 13).
    pub fn is_done(&self) -> bool {
        self.status == Status::Done
    }
}

/// One `execution_batch_N.json`, or one attempt at a batch that has a directory of its own.
#[derive(Debug, Clone)]
pub struct Batch {
    /// N, counted from 1.
    pub number: u32,
    /// Path of the artifact within the plan directory.
    pub artifact: String,
    /// Ids of its rows without repetition, in order, unknown ids included.
    pub task_ids: Vec<TaskId>,
    /// The tasks it was dispatched for, where that is recorded, sorted.
    pub scope: Option<Vec<TaskId>>,
    /// Batch-level `files_changed`; `None` when the key is missing, which is not an empty list.
    pub files: Option<Vec<String>>,
    /// Batch-level `commands_run`; `None` when the key is missing.
    pub commands: Option<Vec<String>>,
}

/// A text of an execution artifact or transcript, outside the lists of commands, that may tell of commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// File name of the artifact.
    pub artifact: String,
    /// JSON pointer of the text; of a transcript, its line.
    pub place: String,
    /// The batch whose artifact it is; `None` for a transcript of the whole run.
    pub batch: Option<u32>,
    /// The text.
    pub text: String,
    /// Whether the text is a command as it was run, and no prose that may tell of some.
    pub is_command: bool,
}

/// The part of `review.json` that attributes files to tasks.
#[derive(Debug, Clone, Default)]
pub struct Review {
    /// `task_verdicts[]`: task and the files the reviewer looked at, with the JSON pointer of the list.
    pub evidence: Vec<(TaskId, Vec<String>, String)>,
    /// Ids in `rework_items[]`, synthetic ones included.
    pub rework: Vec<TaskId>,
    /// `review_verdict`.
    pub verdict: String,
}

/// `phase_result.json`: how the last phase ended.
#[derive(Debug, Clone, Default)]
pub struct PhaseResult {
    /// The phase.
    pub phase: String,
    /// `success`, `blocked_by_quality`, …
    pub exit_kind: String,
    /// Which invocation wrote it.
    pub invocation_id: String,
    /// Whether it names its schema, which only the later harness does.
    pub names_schema: bool,
    /// Deviations, each of which becomes a blocker (spec fact 3).
    pub deviations: Vec<Blocker>,
    /// `blocked_tasks[]`: task and reason.
    pub blocked_tasks: Vec<(TaskId, String)>,
}

/// A deviation that stops the harness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// JSON pointer in `phase_result.json`.
    pub pointer: String,
    /// Usually `quality_gate`.
    pub kind: String,
    /// What it says.
    pub message: String,
    /// The task it names, if the harness recorded one.
    pub task_id: Option<String>,
    /// An id that overrides the computed one.
    pub explicit_id: Option<String>,
}

/// When a batch was worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchWindow {
    /// Its number, counted from 1.
    pub batch: u32,
    /// When the step began, in seconds since 1970.
    pub start: i64,
    /// When it ended.
    pub end: i64,
}

/// One line of `events.ndjson`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When, in seconds since 1970.
    pub time: i64,
    /// What, such as `artifact_written`.
    pub kind: String,
    /// During which phase.
    pub phase: Option<String>,
}
