//! The plan and its tasks, as `finalize.json` and `state.json` record them (spec sections 3 and 5).

use std::fmt;
use std::path::PathBuf;

use super::artifact::Artifacts;
use super::record::{Batch, BatchWindow, Event, PhaseResult, Review, Row, Told};
use super::standing::Standing;
use super::tasks::Tasks;

/// The name of a task, such as `T9`. Compared as a whole: `T1` is not part of `T10`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskId(pub String);

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for TaskId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// What a record says of a task's progress, aliases resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Not started.
    Pending,
    /// Carried out.
    Done,
    /// Left out on purpose.
    Skipped,
    /// Stopped by something.
    Blocked,
    /// A word the harness does not know, kept as it stands.
    Other(String),
}

impl Status {
    /// The status that a recorded word means (spec section 4: `completed`, `complete` and `skip` are aliases).
    pub fn parse(word: &str) -> Self {
        match word {
            "pending" => Self::Pending,
            "done" | "completed" | "complete" => Self::Done,
            "skipped" | "skip" => Self::Skipped,
            "blocked" => Self::Blocked,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The harness's word for it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::Blocked => "blocked",
            Self::Other(word) => word,
        }
    }
}

/// What sort of work a task is; the harness asks for different evidence of each (spec section 7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The default.
    Code,
    /// Reads and reports; its evidence is its notes.
    Audit,
    /// Runs or writes tests.
    Test,
    /// Writes documents.
    Docs,
    /// Finds out; its evidence is its notes.
    Research,
    /// A word the harness does not know: judged as code, in a group of its own.
    Other(String),
}

impl Kind {
    /// The kind a recorded word means; missing or empty means code.
    pub fn parse(word: Option<&str>) -> Self {
        match word {
            None | Some("" | "code") => Self::Code,
            Some("audit") => Self::Audit,
            Some("test") => Self::Test,
            Some("docs") => Self::Docs,
            Some("research") => Self::Research,
            Some(other) => Self::Other(other.to_owned()),
        }
    }

    /// The harness's word for it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Code => "code",
            Self::Audit => "audit",
            Self::Test => "test",
            Self::Docs => "docs",
            Self::Research => "research",
            Self::Other(word) => word,
        }
    }

    /// Whether notes, not files, are what the harness wants to see.
    pub fn is_shown_by_notes(&self) -> bool {
        matches!(self, Self::Audit | Self::Research)
    }
}

/// One row of `finalize.json`.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a yes or no of the row, read in different places")]
pub struct Task {
    /// Its name.
    pub id: TaskId,
    /// JSON pointer of the row; empty in a record that is no JSON.
    pub pointer: String,
    /// One-based line of the row, in a record that is no JSON.
    pub line: Option<usize>,
    /// What is to be done.
    pub description: String,
    /// Tasks that come before.
    pub depends_on: Vec<TaskId>,
    /// Normalised status.
    pub status: Status,
    /// The recorded word: the harness checks evidence of a literal `done` only.
    pub status_word: String,
    /// What sort of work it is.
    pub kind: Kind,
    /// What the executor wrote about it.
    pub executor_notes: String,
    /// Recorded paths that are strings and not blank, as spelled.
    pub files_changed: Vec<String>,
    /// Recorded commands that are strings and not blank, as spelled.
    pub commands_run: Vec<String>,
    /// Sections of a document, in prose modes.
    pub sections_written: Vec<String>,
    /// Files a reviewer looked at.
    pub evidence_files: Vec<String>,
    /// What a reviewer said.
    pub reviewer_verdict: String,
    /// Whether the harness guessed the files without naming a source: a claim to check, not evidence.
    pub guessed_files: bool,
    /// Whether an earlier run of ours inferred the files from several signals: they stand, and prove nothing
    /// about other tasks.
    pub inferred_files: bool,
    /// The same for commands.
    pub inferred_commands: bool,
    /// Whether the plan's contract says that it was done before: nothing is asked of it.
    pub is_exempt: bool,
    /// Fields that hold something by Python's truthiness, which is all the harness asks.
    pub truthy: Truthy,
}

/// Which evidence fields of a row are non-empty in the harness's eyes (`[""]` is).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one answer per field of a row, and each is yes or no")]
pub struct Truthy {
    /// `files_changed`
    pub files: bool,
    /// `commands_run`
    pub commands: bool,
    /// `sections_written`
    pub sections: bool,
    /// Some command contains `test`, in any case.
    pub test_command: bool,
}

/// A question the executor had to acknowledge.
#[derive(Debug, Clone)]
pub struct SenseCheck {
    /// Its name, such as `SC1`.
    pub id: String,
    /// The task it is about.
    pub task_id: TaskId,
    /// What is asked.
    pub question: String,
    /// What the executor answered.
    pub executor_note: String,
}

/// A step of the plan's text, and the tasks that carry it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanStep {
    /// What `finalize.json` calls it, and its section of the plan's text where there is one.
    pub text: String,
    /// The tasks that it became, as recorded.
    pub tasks: Vec<TaskId>,
}

/// How a plan's execution artifacts are laid out on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// `execution_batch_N.json` beside `finalize.json`.
    Flat,
    /// `execute_batches/batch_N/…`, with recorded scopes and an authority over `finalize.json`.
    BatchDirectories,
    /// A Taskmaster list, `.taskmaster/tasks/tasks.json`.
    Taskmaster,
    /// A spec-kit list, `specs/NAME/tasks.md`.
    SpecKit,
}

impl Layout {
    /// The file that holds the tasks.
    pub fn record(self) -> &'static str {
        match self {
            Self::Flat | Self::BatchDirectories => "finalize.json",
            Self::Taskmaster => "tasks.json",
            Self::SpecKit => "tasks.md",
        }
    }

    /// Whether it is a plain task list: no harness asks for evidence there, and there is no place for any.
    pub fn is_task_list(self) -> bool {
        matches!(self, Self::Taskmaster | Self::SpecKit)
    }
}

/// What a plan produces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// Files of a project.
    Code,
    /// Sections of a text: `doc`, `joke`, `creative`.
    Prose(String),
    /// Nothing that is said: a plain task list, of which no evidence is asked.
    List,
}

impl Mode {
    /// The mode that `config.mode` means; missing means code.
    pub fn parse(word: Option<&str>) -> Self {
        match word {
            Some(word @ ("doc" | "joke" | "creative")) => Self::Prose(word.to_owned()),
            _ => Self::Code,
        }
    }

    /// The harness's word for it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Code => "code",
            Self::Prose(word) => word,
            Self::List => "list",
        }
    }
}

/// A step that the harness has recorded as running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveStep {
    /// Its phase, such as `execute`; empty when the record does not say.
    pub step: String,
    /// The worker's process id on the machine that runs it.
    pub worker_pid: Option<i32>,
    /// Latest recorded sign of life, in seconds since 1970.
    pub last_activity: Option<i64>,
}

/// Everything known about a plan before git is asked.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its name.
    pub name: String,
    /// Its directory on this machine.
    pub directory: PathBuf,
    /// How its execution artifacts are laid out.
    pub layout: Layout,
    /// What it produces.
    pub mode: Mode,
    /// Rows of `finalize.json`, in its order.
    pub tasks: Tasks,
    /// How many rows of `finalize.json` are no task, but say that something is open.
    pub unreadable_tasks: usize,
    /// Its sense checks.
    pub sense_checks: Vec<SenseCheck>,
    /// Batch artifacts by rising number.
    pub batches: Vec<Batch>,
    /// Rows of every execution artifact: batches, then checkpoint, then aggregate.
    pub rows: Vec<Row>,
    /// Paths the planner expected a task to change: they rank candidates and prove nothing.
    pub predictions: Vec<(TaskId, Vec<String>)>,
    /// Steps of the plan's text (`plan_vN.md`) with the tasks that cover them: what was planned, and no evidence.
    pub steps: Vec<PlanStep>,
    /// Commands that stand elsewhere than in a list of commands.
    pub told: Vec<Told>,
    /// The last review.
    pub review: Option<Review>,
    /// Outcome of the last phase.
    pub phase_result: Option<PhaseResult>,
    /// When batches were worked on, as far as the state's history tells; a re-run has a window of its own.
    pub batch_windows: Vec<BatchWindow>,
    /// The journal of the run, where one was kept.
    pub events: Vec<Event>,
    /// `state.json`: `current_state`.
    pub current_state: String,
    /// `state.json`: where the harness stopped and how it may go on.
    pub standing: Standing,
    /// `state.json`: a step recorded as running.
    pub active_step: Option<ActiveStep>,
    /// `state.json`: the project's directory on the machine that ran the plan.
    pub recorded_project_dir: Option<String>,
    /// `state.json`: `meta.chain_policy.milestone_base_sha`.
    pub recorded_base: Option<String>,
    /// `state.json`: `config.max_tasks_per_batch`.
    pub max_tasks_per_batch: Option<usize>,
    /// Paths an earlier milestone left behind (`carry_forward_manifest`).
    pub carried_forward: Vec<String>,
    /// The files themselves.
    pub artifacts: Artifacts,
}

impl Plan {
    /// The task of that name.
    pub fn task(&self, id: &TaskId) -> Option<&Task> {
        self.tasks.position(id).map(|at| &self.tasks[at])
    }

    /// Everything that planner, executors and reviewers wrote about tasks.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let tasks = self
            .tasks
            .iter()
            .flat_map(|task| [task.description.as_str(), &task.executor_notes, &task.reviewer_verdict]);
        let checks = self.sense_checks.iter();
        let checks = checks.flat_map(|check| [check.question.as_str(), &check.executor_note]);
        tasks.chain(self.rows.iter().map(|row| row.notes.as_str())).chain(checks)
    }

    /// Rows about a task, in the order of the files.
    pub fn rows_of<'a>(&'a self, id: &'a TaskId) -> impl Iterator<Item = &'a Row> {
        self.rows.iter().filter(move |row| &row.task_id == id)
    }
}
