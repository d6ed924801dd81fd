//! The visible list of the harness's own messages (spec section 7).

use crate::model::{ClaimClass, ClaimKind};

/// What a message of the harness complains about; the wording within a family does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Done code tasks without files and commands; the summary uses it for every kind of task.
    HollowDone,
    /// Done test tasks without files or a test command.
    HollowTest,
    /// Done docs tasks without files.
    HollowDocs,
    /// Done audit or research tasks without substantial notes.
    HollowNotes,
    /// Done tasks of a prose mode without sections: a line of ids and nothing else.
    HollowProse,
    /// Done tasks without files and commands, whatever their kind: what the audit finds.
    HollowAudit,
    /// Done tasks that rest on weaker evidence.
    Advisory,
    /// The same of test tasks.
    AdvisoryTest,
    /// The same of docs tasks.
    AdvisoryDocs,
    /// The same of audit and research tasks.
    AdvisoryNotes,
    /// Tasks that were never started.
    Pending,
    /// Skipped tasks without a reason.
    SkippedUnexplained,
    /// Blocked tasks without a reason.
    BlockedUnexplained,
    /// Tasks that the worker reported as blocked.
    ReportedBlocked,
    /// Blocked tasks whose dependents ran all the same.
    TreatedAsSatisfied,
    /// Tasks without an update of the executor.
    UntrackedTasks,
    /// Sense checks without an acknowledgment, counted.
    UntrackedChecks,
    /// A sense check without an acknowledgment.
    Unacknowledged,
    /// An acknowledgment that says nothing.
    PerfunctoryCheck,
    /// Notes that say nothing.
    PerfunctoryNotes,
    /// Claimed files that git does not show as changed.
    PhantomFiles,
    /// The same, seen from one batch.
    PhantomObserved,
    /// Changed files that no task claims.
    UnclaimedFiles,
    /// The same, seen from one batch.
    UnclaimedObserved,
    /// So many unclaimed changes that the harness stops.
    ScopeDrift,
    /// A row that was left out because of its shape.
    MalformedRow,
    /// A row that was left out because a field is empty.
    EmptyField,
    /// A row about a task that the plan does not have.
    UnknownTask,
    /// Several rows about one task.
    DuplicateRow,
    /// A file that does not parse any more.
    PatchCorruption,
    /// Lists of a batch that were copied to a task.
    Backfilled,
    /// Changed files that were given to a task.
    AutoAttributed,
    /// A check that could not run, or something else that was only noted.
    Noted,
    /// An execution that ran out of time.
    TimedOut,
}

impl Family {
    /// What a message of the family waits for, as far as its wording tells.
    pub fn class(self) -> ClaimClass {
        match self {
            Self::HollowDone
            | Self::HollowTest
            | Self::HollowDocs
            | Self::HollowNotes
            | Self::HollowAudit
            | Self::HollowProse => ClaimClass::Metadata,
            Self::Advisory
            | Self::AdvisoryTest
            | Self::AdvisoryDocs
            | Self::AdvisoryNotes
            | Self::PhantomObserved
            | Self::UnclaimedObserved
            | Self::Backfilled
            | Self::AutoAttributed
            | Self::Noted => ClaimClass::Informational,
            _ => ClaimClass::Implementation,
        }
    }

    /// What a message of the family is about.
    pub fn kind(self) -> ClaimKind {
        match self {
            Self::HollowDone
            | Self::HollowTest
            | Self::HollowDocs
            | Self::HollowNotes
            | Self::HollowAudit
            | Self::HollowProse
            | Self::Advisory
            | Self::AdvisoryTest
            | Self::AdvisoryDocs
            | Self::AdvisoryNotes => ClaimKind::MissingEvidence,
            Self::PhantomFiles | Self::PhantomObserved => ClaimKind::PhantomClaim,
            Self::UnclaimedFiles | Self::UnclaimedObserved | Self::ScopeDrift => ClaimKind::UnclaimedChange,
            Self::PatchCorruption => ClaimKind::TestResult,
            Self::Backfilled | Self::AutoAttributed | Self::Noted => ClaimKind::Observation,
            _ => ClaimKind::Tracking,
        }
    }
}

/// What stands between the opening of a template and its closing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Middle {
    /// Task ids, joined by `, `.
    Tasks,
    /// Task ids as Python prints a list.
    TaskList,
    /// Paths, joined by `, `.
    Paths,
    /// Paths as Python prints a list.
    PathList,
    /// One name: a task, a sense check.
    Name,
    /// The place of a row: `task_updates[3]`.
    Row,
    /// Anything.
    Anything,
    /// Nothing.
    Nothing,
}

/// A template: everything before and after what varies, in lower case.
pub(super) struct Template {
    pub(super) family: Family,
    /// Whether `k/n ` comes first.
    pub(super) is_counted: bool,
    pub(super) opening: &'static str,
    pub(super) middle: Middle,
    /// What follows the middle; whatever comes after it does not matter.
    pub(super) closing: &'static str,
}

const fn template(family: Family, opening: &'static str, middle: Middle, closing: &'static str) -> Template {
    Template { family, is_counted: false, opening, middle, closing }
}

const fn counted(family: Family, opening: &'static str) -> Template {
    Template { family, is_counted: true, opening, middle: Middle::Nothing, closing: "" }
}

use Family as F;
use Middle as M;

/// Which bytes a message begins with, in lower case: of most texts this tells that no template fits.
pub(super) static OPENINGS: [bool; 128] = openings();

const fn openings() -> [bool; 128] {
    let mut openings = [false; 128];
    let mut at = 0;
    while at < TEMPLATES.len() {
        if !TEMPLATES[at].is_counted {
            openings[TEMPLATES[at].opening.as_bytes()[0] as usize] = true;
        }
        at += 1;
    }
    // Those that are counted begin with a number.
    openings[b'+' as usize] = true;
    let mut digit = b'0';
    while digit <= b'9' {
        openings[digit as usize] = true;
        digit += 1;
    }
    openings
}

/// Every template. The first that fits wins, so longer ones stand before shorter ones.
pub(super) const TEMPLATES: &[Template] = &[
    template(F::HollowDone, "done tasks missing both files_changed and commands_run: ", M::Tasks, ""),
    template(
        F::HollowDone,
        "done tasks missing files_changed, commands_run, evidence_files, and executor_notes during timeout recovery: ",
        M::Tasks,
        "",
    ),
    template(
        F::HollowAudit,
        "tasks marked done with neither files_changed nor commands_run (suspicious \u{2014} executor may have skipped without flagging): ",
        M::Tasks,
        "",
    ),
    template(F::HollowTest, "done test tasks missing files_changed or pytest commands_run: ", M::Tasks, ""),
    template(F::HollowDocs, "done docs tasks missing files_changed: ", M::Tasks, ""),
    template(
        F::HollowNotes,
        "done audit/research tasks missing substantial executor_notes (need >=100 chars): ",
        M::Tasks,
        "",
    ),
    template(F::HollowProse, "done tasks missing sections_written: ", M::Tasks, ""),
    template(
        F::Advisory,
        "advisory: done tasks rely on non-file evidence (flag-006 softening): ",
        M::Tasks,
        "",
    ),
    template(
        F::Advisory,
        "advisory: done tasks rely on commands_run without files_changed (flag-006 softening): ",
        M::Tasks,
        "",
    ),
    template(
        F::Advisory,
        "advisory: done tasks rely on non-file evidence during timeout recovery: ",
        M::Tasks,
        "",
    ),
    template(F::AdvisoryTest, "advisory: test task has commands_run but no files_changed: ", M::Tasks, ""),
    template(F::AdvisoryDocs, "advisory: docs task has notes but no files_changed: ", M::Tasks, ""),
    template(F::AdvisoryNotes, "advisory: audit/research task has brief executor_notes: ", M::Tasks, ""),
    template(F::Pending, "tasks left pending after execute (executor never started them): ", M::Tasks, ""),
    template(F::SkippedUnexplained, "tasks marked skipped without an executor_notes reason: ", M::Tasks, ""),
    template(F::BlockedUnexplained, "tasks marked blocked without an executor_notes reason: ", M::Tasks, ""),
    template(
        F::ReportedBlocked,
        "task(s) reported status=blocked by the worker: ",
        M::Tasks,
        ". resolve or replan",
    ),
    template(F::ReportedBlocked, "task(s) reported status=blocked by the worker: ", M::Tasks, ""),
    template(
        F::TreatedAsSatisfied,
        "pre-existing blocked tasks treated as satisfied for scheduling: ",
        M::TaskList,
        ". downstream",
    ),
    counted(F::UntrackedTasks, "batch tasks have no executor update \u{2014} tracking is incomplete."),
    counted(F::UntrackedTasks, "tasks have no executor update"),
    counted(
        F::UntrackedChecks,
        "batch sense checks have no executor acknowledgment \u{2014} tracking is incomplete.",
    ),
    counted(F::UntrackedChecks, "sense checks have no executor acknowledgment"),
    template(F::Unacknowledged, "sense check ", M::Name, " is missing an executor acknowledgment."),
    template(F::PerfunctoryCheck, "sense check ", M::Name, " acknowledgment is perfunctory: "),
    template(F::PerfunctoryNotes, "task ", M::Name, " executor_notes are perfunctory: "),
    template(F::PhantomFiles, "executor claimed changed files not present in git status: ", M::Paths, ""),
    template(
        F::PhantomObserved,
        "advisory observation mismatch: executor claimed files not observed in git status/content hash delta: ",
        M::Paths,
        "",
    ),
    template(F::UnclaimedFiles, "git status shows changed files not claimed by any task: ", M::Paths, ""),
    template(
        F::UnclaimedObserved,
        "advisory observation mismatch: git status/content hash delta found unclaimed files: ",
        M::Paths,
        "",
    ),
    template(F::ScopeDrift, "scope_drift_severity=high: unclaimed files ", M::PathList, " with "),
    template(F::MalformedRow, "skipped malformed ", M::Row, ": expected object."),
    template(F::MalformedRow, "skipped malformed ", M::Row, ": missing required keys."),
    template(F::MalformedRow, "skipped malformed ", M::Row, ": invalid field types or enum values."),
    template(F::UnknownTask, "skipped task_update for unknown task_id '", M::Name, "'."),
    template(
        F::UnknownTask,
        "skipped sense_check_acknowledgment for unknown sense_check_id '",
        M::Name,
        "'.",
    ),
    template(F::EmptyField, "skipped ", M::Row, ": 'executor_notes' must not be empty."),
    template(F::EmptyField, "skipped ", M::Row, ": 'executor_note' must not be empty."),
    template(F::DuplicateRow, "duplicate task_update for '", M::Name, "' \u{2014} last entry wins."),
    template(
        F::DuplicateRow,
        "duplicate sense_check_acknowledgment for '",
        M::Name,
        "' \u{2014} last entry wins.",
    ),
    template(F::PatchCorruption, "patch_corruption: ", M::Anything, ""),
    template(F::Backfilled, "backfilled batch-level metadata to task ", M::Name, ": "),
    template(F::AutoAttributed, "auto-attribution ambiguous: ", M::Anything, ""),
    template(F::AutoAttributed, "auto-attributed ", M::Anything, ""),
    template(F::Noted, "advisory observation ", M::Anything, ""),
    template(F::Noted, "advisory audit skip: ", M::Anything, ""),
    template(F::Noted, "advisory audit skip during timeout recovery: ", M::Anything, ""),
    template(F::Noted, "skipped quality checks because ", M::Anything, ""),
    template(F::Noted, "note:", M::Anything, ""),
    template(
        F::Noted,
        "execute response reconstructed from tool calls \u{2014} model failed to produce json report.",
        M::Anything,
        "",
    ),
    template(F::TimedOut, "execute timed out", M::Anything, ""),
    template(F::TimedOut, "execution timed out after ", M::Anything, ""),
];
