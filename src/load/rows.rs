//! Rows of execution artifacts: batches, checkpoint and aggregate (spec section 4).
//!
//! Workers write them, so every alias and shape that was ever seen is accepted: `id`, `taskId` or `task`
//! for `task_id`, lists or maps keyed by id, `tasks` beside `task_updates`.

use std::collections::{BTreeSet, HashSet};

use super::fields::{Reader, rows};
use crate::json::{Node, Value};
use crate::model::{Artifact, Batch, Code, Field, Finding, Origin, Row, Rung, Status, TaskId};

const ID_ALIASES: [&str; 3] = ["id", "taskId", "task"];
const NOTE_ALIASES: [&str; 3] = ["notes", "executor_note", "note"];

/// All rows of one execution artifact, in its order. `known` are the plan's tasks.
pub(super) fn read_rows(
    artifact: &Artifact,
    origin: Origin,
    known: &BTreeSet<TaskId>,
    findings: &mut Vec<Finding>,
) -> Vec<Row> {
    let Some(document) = &artifact.document else { return Vec::new() };
    if !document.root.is_object() {
        let message = format!("expected an object, found {}; read as empty", document.root.type_name());
        findings.push(Finding::new(Code::MalformedField, &artifact.name, message));
        return Vec::new();
    }
    let mut found: Vec<Row> = Vec::new();
    for key in ["task_updates", "tasks"] {
        for (pointer, name, node) in rows(&artifact.name, &document.root, key, findings) {
            let reader = Reader::new(&artifact.name, node, pointer, findings);
            found.extend(read_row(reader, origin, name));
        }
    }
    report_oddities(&artifact.name, &found, origin, known, findings);
    found
}

/// A batch artifact's own lists and the tasks of its rows.
pub(super) fn read_batch(
    artifact: &Artifact,
    number: u32,
    rows: &[Row],
    findings: &mut Vec<Finding>,
) -> Batch {
    let mut seen = HashSet::new();
    let ids = rows.iter().map(|row| &row.task_id).filter(|id| seen.insert(*id));
    let task_ids: Vec<TaskId> = ids.cloned().collect();
    let mut batch =
        Batch { number, artifact: artifact.name.clone(), task_ids, scope: None, files: None, commands: None };
    if let Some(document) = &artifact.document {
        let mut reader = Reader::new(&artifact.name, &document.root, "", findings);
        batch.files = reader.strings("files_changed");
        batch.commands = reader.strings("commands_run");
    }
    batch
}

/// Whether the harness guessed the files of a row without naming a source (spec edge 42).
pub(super) fn is_guess(node: &Node) -> bool {
    let source = node.get("auto_attributed_metadata_source").and_then(Node::as_str);
    node.get("auto_attributed_files").and_then(Node::as_bool) == Some(true)
        && source.is_none_or(|source| source.trim().is_empty())
}

/// Whether a field of a row was filled by the engine (the marker of [`Rung::Engine`]).
pub(super) fn is_inferred(node: &Node, field: Field) -> bool {
    let source = node.get("auto_attributed_metadata_source").and_then(Node::as_str).unwrap_or_default();
    Rung::Engine.is_marked_in(source, field)
}

fn read_row(mut reader: Reader<'_>, origin: Origin, name: Option<&str>) -> Option<Row> {
    if !reader.node.is_object() {
        reader.reject(&format!("expected an object, found {}", reader.node.type_name()));
        return None;
    }
    let task_id = match read_id(&mut reader).or_else(|| name.map(str::to_owned)) {
        Some(id) if !id.trim().is_empty() => TaskId(id.trim().to_owned()),
        _ => {
            reader.reject("the row names no task");
            return None;
        }
    };
    let status = reader.text("status");
    let notes = NOTE_ALIASES.iter().fold(reader.optional_text("executor_notes"), |notes, alias| {
        notes.or_else(|| reader.optional_text(alias))
    });
    Some(Row {
        artifact: reader.artifact.to_owned(),
        origin,
        task_id,
        status: Status::parse(&status),
        notes: notes.unwrap_or_default(),
        files: reader.strings("files_changed").unwrap_or_default(),
        commands: reader.strings("commands_run").unwrap_or_default(),
        guessed_files: is_guess(reader.node),
        inferred_files: is_inferred(reader.node, Field::Files),
        inferred_commands: is_inferred(reader.node, Field::Commands),
        pointer: reader.pointer,
    })
}

/// The canonical key wins over its aliases, as in the harness; a disagreement is reported (spec edge 7).
fn read_id(reader: &mut Reader<'_>) -> Option<String> {
    let spelled: Vec<(&str, String)> = ["task_id"]
        .into_iter()
        .chain(ID_ALIASES)
        .filter_map(|key| match &reader.node.get(key)?.value {
            Value::String(text) => Some((key, text.clone())),
            _ => None,
        })
        .collect();
    let (key, id) = spelled.first()?.clone();
    if let Some((alias, other)) = spelled.iter().find(|(_, other)| *other != id) {
        let message = format!("`{key}` says `{id}` and `{alias}` says `{other}`; `{key}` was taken");
        reader
            .findings
            .push(Finding::new(Code::AliasConflict, reader.artifact, message).at(reader.pointer.clone()));
    }
    Some(id)
}

fn report_oddities(
    artifact: &str,
    rows: &[Row],
    origin: Origin,
    known: &BTreeSet<TaskId>,
    findings: &mut Vec<Finding>,
) {
    let mut seen = BTreeSet::new();
    for row in rows {
        if !known.contains(&row.task_id) {
            let message = format!("row about `{}`, which the plan does not have", row.task_id);
            findings.push(Finding::new(Code::UnknownTask, artifact, message).at(row.pointer.clone()));
        }
        // The aggregate repeats every batch's rows by design.
        if !seen.insert(&row.task_id) && origin != Origin::Aggregate {
            let message = format!("another row about `{}`; all are read", row.task_id);
            findings.push(Finding::new(Code::DuplicateRow, artifact, message).at(row.pointer.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    fn read(text: &str) -> (Vec<Row>, Vec<Finding>) {
        let artifact = Artifact {
            name: "execution_batch_1.json".into(),
            text: text.into(),
            document: Some(parse(text, Limits::default()).unwrap()),
        };
        let mut findings = Vec::new();
        let known = BTreeSet::from(["T1".into(), "T2".into()]);
        let rows = read_rows(&artifact, Origin::Batch(1), &known, &mut findings);
        (rows, findings)
    }

    #[test]
    fn aliases_maps_and_both_lists_are_read() {
        let (rows, findings) = read(
            r#"{"task_updates": {"T1": {"status": "complete", "files_changed": ["a"], "note": "n"}},
                "tasks": [{"taskId": "T2", "status": "skip"}]}"#,
        );
        assert_eq!(findings, []);
        assert_eq!(
            (rows[0].task_id.0.as_str(), rows[0].status.as_str(), rows[0].notes.as_str()),
            ("T1", "done", "n")
        );
        assert_eq!(rows[0].pointer, "/task_updates/T1");
        assert_eq!((rows[1].task_id.0.as_str(), rows[1].status.as_str()), ("T2", "skipped"));
    }

    #[test]
    fn malformed_rows_leave_their_neighbours_alone() {
        let (rows, findings) = read(
            r#"{"task_updates": ["x", {"status": "done"}, {"task_id": "T1", "status": "done",
                "files_changed": "a.py", "commands_run": [1, " ", "make"]}]}"#,
        );
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].files.len(), rows[0].commands.as_slice()), (0, &["make".to_owned()][..]));
        let places: Vec<_> =
            findings.iter().map(|f| (f.code, f.location.pointer.as_deref().unwrap())).collect();
        assert_eq!(
            places,
            [
                (Code::MalformedRow, "/task_updates/0"),
                (Code::MalformedRow, "/task_updates/1"),
                (Code::MalformedField, "/task_updates/2/files_changed"),
                (Code::MalformedField, "/task_updates/2/commands_run/0"),
            ]
        );
    }

    #[test]
    fn conflicts_duplicates_and_strangers_are_reported() {
        let (rows, findings) = read(
            r#"{"task_updates": [{"id": "T2", "task_id": "T1"}, {"task_id": "T1"}, {"task_id": "T7"}]}"#,
        );
        assert_eq!(rows.len(), 3);
        let codes: Vec<_> = findings.iter().map(|f| f.code).collect();
        assert_eq!(codes, [Code::AliasConflict, Code::DuplicateRow, Code::UnknownTask]);
    }

    #[test]
    fn a_guess_without_a_source_is_marked() {
        let (rows, _) = read(
            r#"{"task_updates": [{"task_id": "T1", "auto_attributed_files": true},
                {"task_id": "T2", "auto_attributed_files": true, "auto_attributed_metadata_source": "batch_payload"}]}"#,
        );
        assert!(rows[0].guessed_files && !rows[1].guessed_files);
    }
}
