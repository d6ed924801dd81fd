//! `finalize.json`, the canonical record, and `finalize_snapshot.json`, the planner's view (spec section 3).

use std::collections::BTreeSet;

use super::fields::{Reader, rows};
use super::rows::{is_guess, is_inferred};
use crate::json::Node;
use crate::model::{Artifact, Code, Field, Finding, Kind, SenseCheck, Status, Task, TaskId, Truthy};

/// The tasks in file order. Rows without an id, and all but the first of several with one id, are left out
/// with a finding: nothing may be written into a row that is not unique.
pub(super) fn read_tasks(artifact: &Artifact, findings: &mut Vec<Finding>) -> Vec<Task> {
    let Some(document) = &artifact.document else { return Vec::new() };
    let mut seen = BTreeSet::new();
    let mut tasks = Vec::new();
    for (pointer, _, node) in rows(&artifact.name, &document.root, "tasks", findings) {
        let mut reader = Reader::new(&artifact.name, node, pointer, findings);
        let Some(task) = read_task(&mut reader) else { continue };
        if seen.insert(task.id.clone()) {
            tasks.push(task);
        } else {
            reader.reject(&format!("another task is called `{}`", task.id));
        }
    }
    tasks
}

/// The sense checks in file order.
pub(super) fn read_sense_checks(artifact: &Artifact, findings: &mut Vec<Finding>) -> Vec<SenseCheck> {
    let Some(document) = &artifact.document else { return Vec::new() };
    let mut checks = Vec::new();
    for (pointer, _, node) in rows(&artifact.name, &document.root, "sense_checks", findings) {
        let mut reader = Reader::new(&artifact.name, node, pointer, findings);
        if !node.is_object() {
            reader.reject(&format!("expected an object, found {}", node.type_name()));
            continue;
        }
        checks.push(SenseCheck {
            id: reader.text("id"),
            task_id: TaskId(reader.text("task_id")),
            question: reader.text("question"),
            executor_note: reader.text("executor_note"),
        });
    }
    checks
}

/// What the planner expected each task to change. A prediction can rank candidates; it proves nothing
/// (spec edge 41).
pub(super) fn read_predictions(snapshot: &Artifact) -> Vec<(TaskId, Vec<String>)> {
    // The snapshot is the canonical file's older twin: what is wrong with a row is said once.
    let mut ignored = Vec::new();
    read_tasks(snapshot, &mut ignored)
        .into_iter()
        .filter(|task| !task.files_changed.is_empty())
        .map(|task| (task.id, task.files_changed))
        .collect()
}

fn read_task(reader: &mut Reader<'_>) -> Option<Task> {
    if !reader.node.is_object() {
        reader.reject(&format!("expected an object, found {}", reader.node.type_name()));
        return None;
    }
    let id = reader.text("id");
    if id.trim().is_empty() {
        reader.reject("the task has no `id`");
        return None;
    }
    let status_word = reader.text("status");
    let status = Status::parse(&status_word);
    if status == Status::Done && status_word != "done" {
        let message =
            format!("`{id}` is `{status_word}`, which the harness counts as tracked but never checks");
        reader
            .findings
            .push(Finding::new(Code::UncheckedStatus, reader.artifact, message).at(reader.pointer.clone()));
    }
    Some(Task {
        id: TaskId(id),
        description: reader.text("description"),
        depends_on: read_dependencies(reader),
        status,
        status_word,
        kind: Kind::parse(reader.optional_text("kind").as_deref()),
        executor_notes: reader.text("executor_notes"),
        files_changed: reader.strings("files_changed").unwrap_or_default(),
        commands_run: reader.strings("commands_run").unwrap_or_default(),
        sections_written: reader.strings("sections_written").unwrap_or_default(),
        evidence_files: reader.strings("evidence_files").unwrap_or_default(),
        reviewer_verdict: reader.text("reviewer_verdict"),
        guessed_files: is_guess(reader.node),
        inferred_files: is_inferred(reader.node, Field::Files),
        inferred_commands: is_inferred(reader.node, Field::Commands),
        line: None,
        is_exempt: false,
        truthy: read_truthy(reader.node),
        pointer: reader.pointer.clone(),
    })
}

/// Not a list means no dependencies, as in the harness.
fn read_dependencies(reader: &mut Reader<'_>) -> Vec<TaskId> {
    reader.strings("depends_on").unwrap_or_default().into_iter().map(TaskId).collect()
}

fn read_truthy(node: &Node) -> Truthy {
    let truthy = |key: &str| node.get(key).is_some_and(Node::is_truthy);
    let commands = node.get("commands_run").and_then(Node::as_array).unwrap_or_default();
    let is_test = |command: &Node| command.as_str().is_some_and(|text| text.to_lowercase().contains("test"));
    Truthy {
        files: truthy("files_changed"),
        commands: truthy("commands_run"),
        sections: truthy("sections_written"),
        test_command: commands.iter().any(is_test),
    }
}
