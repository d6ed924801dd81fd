//! Who changed what, how sure that is, and why.

use super::oid::Oid;
use super::plan::{Kind, Status as TaskStatus, TaskId};

/// What the plan as a whole waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// No gap.
    Complete,
    /// Only bookkeeping is missing.
    BlockedMetadata,
    /// Work is missing: a task is pending or blocked, or a claim about the work holds.
    BlockedImplementation,
}

/// What the harness's rules say of a task's evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// It has what its kind asks for.
    Complete,
    /// It has something weaker, which does not block.
    Advisory,
    /// It has nothing, and blocks.
    Hollow,
    /// The rules do not ask: the task is not done.
    NotApplicable,
}

/// An evidence field of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// `files_changed`
    Files,
    /// `commands_run`
    Commands,
    /// `executor_notes`, for audits and research: nobody else can write them.
    Notes,
}

impl Field {
    /// The key in `finalize.json`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Files => "files_changed",
            Self::Commands => "commands_run",
            Self::Notes => "executor_notes",
        }
    }
}

/// What is to be done about a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing: no field is empty that could be filled, or nothing should be.
    None,
    /// Every gap is filled by what was found.
    Backfill,
    /// Candidates exist, but it takes an answer to choose.
    Ambiguous,
    /// No trace anywhere.
    NoEvidence,
}

/// What is to be done about one file or command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// Certain enough to be written.
    Backfill,
    /// Stands in `finalize.json` already.
    Recorded,
    /// Possible, to be asked about.
    Candidate,
    /// Claimed, but git contradicts it.
    Rejected,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// `finalize.json` itself.
    Recorded,
    /// A row or list of an execution artifact.
    Batch,
    /// A reviewer.
    Review,
    /// Commits or uncommitted changes.
    Git,
    /// Several weaker signals together.
    Inferred,
    /// An operator's answer.
    Operator,
}

/// The step of the ladder that decided, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// An operator said so.
    Operator,
    /// The task's own done rows.
    TaskRow,
    /// Lists of a faithful batch, less what its other tasks claim.
    BatchList,
    /// A commit that names the task.
    CommitId,
    /// Files a reviewer cited that changed in the range.
    Review,
    /// Changes nobody claims, linked by text.
    Unclaimed,
    /// No rung of the ladder: signals weighed together.
    Engine,
}

impl Rung {
    /// The value of `auto_attributed_metadata_source` that tells our fills from the harness's.
    pub fn marker(self) -> &'static str {
        match self {
            Self::Operator => "taskproof:operator",
            Self::TaskRow => "taskproof:task_row",
            Self::BatchList => "taskproof:batch_list",
            Self::CommitId => "taskproof:commit_id",
            Self::Review => "taskproof:review",
            Self::Unclaimed => "taskproof:unclaimed_change",
            Self::Engine => "taskproof:engine",
        }
    }

    /// The marker for a fill of that field. Commands that the engine chose are told from files.
    pub fn marker_of(self, field: Field) -> &'static str {
        match (self, field) {
            (Self::Engine, Field::Commands) => "taskproof:engine_commands",
            (rung, _) => rung.marker(),
        }
    }

    /// Whether a recorded source such as `taskproof:task_row+batch_list` says that this rung filled the field.
    pub fn is_marked_in(self, source: &str, field: Field) -> bool {
        let Some((prefix, name)) = self.marker_of(field).split_once(':') else { return false };
        let ours = source.rsplit_once(prefix).and_then(|(_, rest)| rest.strip_prefix(':'));
        ours.is_some_and(|ours| ours.split('+').any(|known| known == name))
    }

    /// Where a value of this rung comes from.
    pub fn source(self) -> Source {
        match self {
            Self::Operator => Source::Operator,
            Self::TaskRow | Self::BatchList => Source::Batch,
            Self::CommitId => Source::Git,
            Self::Review => Source::Review,
            Self::Unclaimed | Self::Engine => Source::Inferred,
        }
    }
}

/// One piece of evidence for or against a candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Its stable name, such as `batch_row`.
    pub name: &'static str,
    /// Log-odds it adds; negative speaks against.
    pub weight: f64,
    /// Where it was seen.
    pub detail: String,
}

/// What in git shows that a path changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The commit; `None` for an uncommitted change.
    pub commit: Option<Oid>,
    /// The blob it left.
    pub blob: Option<Oid>,
    /// First line and number of lines of each hunk, on the new side.
    pub hunks: Vec<(u32, u32)>,
}

/// A file that may be a task's.
#[derive(Debug, Clone)]
pub struct FileCandidate {
    /// Repository-relative path.
    pub path: String,
    /// The path as it is written into `finalize.json`: relative to the project.
    pub written: String,
    /// What is to be done about it.
    pub decision: Decision,
    /// Probability that this task changed this file, 0 to 1.
    pub confidence: f64,
    /// The step of the ladder; `None` for what is recorded.
    pub rung: Option<Rung>,
    /// Where it comes from.
    pub source: Source,
    /// Why.
    pub signals: Vec<Signal>,
    /// What git shows.
    pub witnesses: Vec<Witness>,
}

/// A command that may be a task's.
#[derive(Debug, Clone)]
pub struct CommandCandidate {
    /// The command as recorded.
    pub command: String,
    /// What is to be done about it.
    pub decision: Decision,
    /// Probability that it ran for this task, 0 to 1.
    pub confidence: f64,
    /// The step of the ladder; `None` for what is recorded.
    pub rung: Option<Rung>,
    /// Where it comes from.
    pub source: Source,
    /// Why.
    pub signals: Vec<Signal>,
}

/// What the harness's rules say of one task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Its evidence by the rules of its kind.
    pub evidence: Evidence,
    /// Fields that are empty and would count; of a hollow task these are its gap.
    pub missing: Vec<Field>,
}

/// The answer about one task.
#[derive(Debug, Clone)]
pub struct Attribution {
    /// The task.
    pub task: TaskId,
    /// Its normalised status.
    pub status: TaskStatus,
    /// Its kind.
    pub kind: Kind,
    /// Its batch, counted from 1.
    pub batch: Option<u32>,
    /// What the rules say.
    pub gap: Gap,
    /// What is to be done.
    pub outcome: Outcome,
    /// Why, in one sentence.
    pub reason: String,
    /// Files, best first.
    pub files: Vec<FileCandidate>,
    /// Commands, best first.
    pub commands: Vec<CommandCandidate>,
}

/// The one precise question about what could not be decided.
#[derive(Debug, Clone)]
pub struct RepairRequest {
    /// A question per task, in plan order.
    pub tasks: Vec<TaskQuestion>,
}

/// What to ask about one task.
#[derive(Debug, Clone)]
pub struct TaskQuestion {
    /// The task.
    pub task: TaskId,
    /// What it lacks.
    pub missing: Vec<Field>,
    /// Possible files, best first, spelled as the harness spells them.
    pub candidate_files: Vec<String>,
    /// Possible commands, best first.
    pub candidate_commands: Vec<String>,
    /// The question.
    pub question: String,
    /// A JSON line for `--answers`, ready to edit; empty where no answer can help.
    pub answer: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_tell_which_field_was_inferred() {
        let marked = |source: &str| {
            [Field::Files, Field::Commands].map(|field| Rung::Engine.is_marked_in(source, field))
        };
        assert_eq!(marked("taskproof:engine"), [true, false]);
        assert_eq!(marked("batch_payload+taskproof:batch_list+engine_commands"), [false, true]);
        assert_eq!(marked("taskproof:engine+engine_commands"), [true, true]);
        assert_eq!(marked("taskproof:task_row"), [false, false]);
        assert_eq!(marked("engine"), [false, false]);
        assert_eq!(marked(""), [false, false]);
    }
}
