//! Small literals for the tests of every stage.

use std::path::PathBuf;

use super::{
    Artifacts, BaseSource, Batch, Change, ChangeKind, Commit, Content, History, Kind, Layout, Mode, Oid,
    Origin, Plan, Reach, Row, Standing, Status, Task, TaskId, Truthy,
};
use crate::digest::sha256_hex;
use crate::words::{Reader, Wording};

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
        inferred_files: false,
        inferred_commands: false,
        line: None,
        is_exempt: false,
        truthy: Truthy::default(),
    }
}

/// A batch with those rows and no lists.
pub(crate) fn batch(number: u32, rows: &[&str]) -> Batch {
    Batch {
        number,
        artifact: format!("execution_batch_{number}.json"),
        task_ids: ids(rows),
        scope: None,
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
        tasks: tasks.into(),
        unreadable_tasks: 0,
        sense_checks: Vec::new(),
        batches: Vec::new(),
        rows: Vec::new(),
        predictions: Vec::new(),
        review: None,
        phase_result: None,
        steps: Vec::new(),
        told: Vec::new(),
        batch_windows: Vec::new(),
        events: Vec::new(),
        current_state: String::new(),
        standing: Standing::default(),
        active_step: None,
        recorded_project_dir: None,
        recorded_base: None,
        max_tasks_per_batch: None,
        carried_forward: Vec::new(),
        artifacts: Artifacts::default(),
    }
}

/// A row of batch `number` about `task`.
pub(crate) fn row(number: u32, task: &str, status: &str, files: &[&str], commands: &[&str]) -> Row {
    let strings = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
    Row {
        artifact: format!("execution_batch_{number}.json"),
        origin: Origin::Batch(number),
        pointer: "/task_updates/0".into(),
        task_id: task.into(),
        status: Status::parse(status),
        notes: String::new(),
        files: strings(files),
        commands: strings(commands),
        guessed_files: false,
        inferred_files: false,
        inferred_commands: false,
    }
}

/// An id that goes by a name.
pub(crate) fn oid(name: &str) -> Oid {
    Oid::from_hex(&sha256_hex(name.as_bytes())[..40]).expect("forty digits")
}

/// A commit with that subject that modified those paths.
pub(crate) fn commit(id: &str, subject: &str, paths: &[&str]) -> Commit {
    Commit {
        id: oid(id),
        parents: vec![oid("parent")],
        subject: subject.to_owned(),
        body: String::new(),
        trailers: Vec::new(),
        wording: Wording::of(&[subject], &mut Reader::default(), None),
        author_time: 0,
        commit_time: 0,
        changes: paths.iter().map(|path| modified(path)).collect(),
    }
}

fn modified(path: &str) -> Change {
    Change {
        path: path.to_owned(),
        old_path: None,
        kind: ChangeKind::Modified,
        blob: None,
        content: Content::None,
    }
}

/// A history of those commits in which their paths and `others` exist.
pub(crate) fn history(commits: Vec<Commit>, others: &[&str]) -> History {
    let changed = commits.iter().flat_map(|commit| &commit.changes).map(|change| change.path.clone());
    let existing = changed.chain(others.iter().map(|path| (*path).to_owned())).collect();
    History {
        base: Some(oid("base")),
        base_source: BaseSource::Flag,
        head: Some(oid("head")),
        reach: Reach { existing, ..Reach::default() },
        commits,
        reason: None,
        ..History::absent("")
    }
}
