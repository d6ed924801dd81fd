//! Small literals for the tests of every stage.

use std::path::PathBuf;

use super::{Artifacts, Batch, Kind, Layout, Mode, Plan, Status, Task, TaskId, Truthy};

/// Ids from literals.
pub(crate) fn ids(names: &[&str]) -> Vec<TaskId> {
    names.iter().map(|name| TaskId::from(*name)).collect()
}

/// A done code task with nothing recorded.
pub(crate) fn task(id: &str) -> Task {
    Task {
        id: id.into(),
        pointer: String::new(),
        description: String::new(),
        depends_on: Vec::new(),
        status: Status::Done,
        status_word: "done".into(),
        kind: Kind::Code,
        executor_notes: String::new(),
        files_changed: Vec::new(),
        commands_run: Vec::new(),
        sections_written: Vec::new(),
        evidence_files: Vec::new(),
        reviewer_verdict: String::new(),
        guessed_files: false,
        truthy: Truthy::default(),
    }
}

/// A batch with those rows and no lists.
pub(crate) fn batch(number: u32, rows: &[&str]) -> Batch {
    Batch {
        number,
        artifact: format!("execution_batch_{number}.json"),
        task_ids: ids(rows),
        files: None,
        commands: None,
    }
}

/// A plan of those tasks and nothing else.
pub(crate) fn plan(tasks: Vec<Task>) -> Plan {
    Plan {
        name: "plan".into(),
        directory: PathBuf::from("plan"),
        layout: Layout::Flat,
        mode: Mode::Code,
        tasks,
        sense_checks: Vec::new(),
        batches: Vec::new(),
        rows: Vec::new(),
        predictions: Vec::new(),
        review: None,
        phase_result: None,
        events: Vec::new(),
        current_state: String::new(),
        active_step: None,
        recorded_project_dir: None,
        recorded_base: None,
        max_tasks_per_batch: None,
        carried_forward: Vec::new(),
        artifacts: Artifacts::default(),
    }
}
