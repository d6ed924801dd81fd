//! What plain task lists share: tasks, and nothing else that was recorded.

use std::collections::HashSet;
use std::path::Path;

use crate::load::error::LoadError;
use crate::model::{
    Artifact, Artifacts, Code, Finding, Kind, Layout, Mode, Plan, Standing, Status, Task, TaskId, Truthy,
};

/// One entry of a list.
pub(super) struct Entry {
    pub(super) id: String,
    /// JSON pointer of the entry, where there is one.
    pub(super) pointer: String,
    /// One-based line of the entry, where it has no pointer.
    pub(super) line: Option<usize>,
    pub(super) description: String,
    /// What was written down while it was carried out.
    pub(super) notes: String,
    pub(super) depends_on: Vec<String>,
    pub(super) status: Status,
}

/// The plan that a list stands for. `artifact` is the list, `root` the project that it belongs to, and `unreadable` the
/// number of entries that were left out although they are open.
pub(super) fn plan(
    directory: &Path,
    layout: Layout,
    artifact: Artifact,
    root: &Path,
    name: String,
    entries: Vec<Entry>,
    unreadable: usize,
) -> Plan {
    let mut artifacts = Artifacts::default();
    artifacts.insert(artifact);
    Plan {
        name,
        directory: directory.to_path_buf(),
        layout,
        mode: Mode::List,
        tasks: entries.into_iter().map(task).collect(),
        unreadable_tasks: unreadable,
        sense_checks: Vec::new(),
        batches: Vec::new(),
        rows: Vec::new(),
        predictions: Vec::new(),
        steps: Vec::new(),
        told: Vec::new(),
        review: None,
        phase_result: None,
        batch_windows: Vec::new(),
        events: Vec::new(),
        current_state: String::new(),
        standing: Standing::default(),
        active_step: None,
        recorded_project_dir: Some(root.to_string_lossy().into_owned()),
        recorded_base: None,
        max_tasks_per_batch: None,
        carried_forward: Vec::new(),
        artifacts,
    }
}

fn task(entry: Entry) -> Task {
    Task {
        id: TaskId(entry.id),
        pointer: entry.pointer,
        line: entry.line,
        description: entry.description,
        depends_on: entry.depends_on.into_iter().map(TaskId).collect(),
        status_word: entry.status.as_str().to_owned(),
        status: entry.status,
        kind: Kind::Code,
        executor_notes: entry.notes,
        files_changed: Vec::new(),
        commands_run: Vec::new(),
        sections_written: Vec::new(),
        evidence_files: Vec::new(),
        reviewer_verdict: String::new(),
        guessed_files: false,
        inferred_files: false,
        inferred_commands: false,
        is_exempt: false,
        truthy: Truthy::default(),
    }
}

/// Says of the list as a whole that nothing is ever written to it.
pub(super) fn read_only(artifact: &str, what: &str) -> Finding {
    let message =
        format!("{what} has no place for evidence: it is attributed and checked, and never written to");
    Finding::new(Code::NoPlaceForEvidence, artifact, message)
}

/// Leaves out all but the first entry of each name. Returns how many of these are open: work that nobody can vouch for.
pub(super) fn without_twins(entries: &mut Vec<Entry>, mut complain: impl FnMut(&Entry)) -> usize {
    let mut seen: HashSet<String> = HashSet::new();
    let mut open = 0;
    entries.retain(|entry| {
        let is_first = seen.insert(entry.id.clone());
        if !is_first {
            complain(entry);
            open += usize::from(!matches!(entry.status, Status::Done | Status::Skipped));
        }
        is_first
    });
    open
}

/// A list without a single task is damaged, or none.
pub(super) fn require_some(entries: &[Entry], path: &Path, pointer: &str) -> Result<(), LoadError> {
    if !entries.is_empty() {
        return Ok(());
    }
    let (expected, found) = ("a list of tasks", "none");
    Err(LoadError::Shape { path: path.to_path_buf(), pointer: pointer.to_owned(), expected, found })
}

/// Whether every task of a plan that could be read is over.
pub(super) fn is_over(read: Result<(Plan, Vec<Finding>), LoadError>) -> bool {
    let is_over = |task: &Task| matches!(task.status, Status::Done | Status::Skipped);
    read.is_ok_and(|(plan, _)| plan.unreadable_tasks == 0 && plan.tasks.iter().all(is_over))
}
