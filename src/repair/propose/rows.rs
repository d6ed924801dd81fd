//! Which fields of a task's rows change.

use super::{FINALIZE, Planned, ProposeError, TaskFills, is_blank};
use crate::json::{Node, resolve};
use crate::model::{Artifact, FieldChange, Fill, Plan, Row};
use crate::repair::json_edit::Change;

const GUESSED: &str = "auto_attributed_files";
const SOURCE: &str = "auto_attributed_metadata_source";
const PREFIX: &str = "taskproof:";

/// The changes of `finalize.json`: every fill, or an error if one would touch more than a hole.
///
/// `is_marked` says whether rows tell where their new values come from.
pub(super) fn finalize<'a>(
    artifact: &Artifact,
    groups: &[TaskFills<'a>],
    is_marked: bool,
) -> Result<Vec<Planned<'a>>, ProposeError> {
    let document = artifact.document.as_ref();
    let document = document.ok_or_else(|| ProposeError::Missing { artifact: FINALIZE.to_owned() })?;
    let mut planned = Vec::new();
    for group in groups {
        let task = group.task;
        let row = resolve(&document.root, &task.pointer)
            .filter(|row| row.get("id").and_then(Node::as_str) == Some(&task.id.0));
        let row =
            row.ok_or_else(|| ProposeError::NoRow { task: task.id.clone(), pointer: task.pointer.clone() })?;
        let status = row.get("status").and_then(Node::as_str).unwrap_or_default();
        if status != "done" || task.status_word != "done" {
            let status = if status == "done" { task.status_word.as_str() } else { status };
            return Err(ProposeError::NotDone { task: task.id.clone(), status: status.to_owned() });
        }
        for fill in fills(group) {
            if !is_hole(row.get(fill.field.key())) {
                return Err(ProposeError::NotEmpty { task: task.id.clone(), key: fill.field.key() });
            }
        }
        plan_row(&mut planned, &task.pointer, row, group.files, group.commands);
    }
    planned.retain(|planned| is_marked || planned.change.key != SOURCE);
    Ok(planned)
}

/// The changes of the batch artifact with the highest number, the only one that the harness still
/// merges: the last row of each task, if it is done and the field is a hole there too.
pub(super) fn latest_batch<'a, 'b>(
    plan: &'b Plan,
    groups: &[TaskFills<'a>],
) -> Option<(&'b Artifact, Vec<Planned<'a>>)> {
    let batch = plan.batches.iter().max_by_key(|batch| batch.number)?;
    let artifact = plan.artifacts.get(&batch.artifact)?;
    let root = &artifact.document.as_ref()?.root;
    // The harness passes over rows that are kept as a map.
    root.get("task_updates")?.as_array()?;
    let mut planned = Vec::new();
    for group in groups {
        let last = plan.rows_of(&group.task.id).filter(|row| is_merged(row, &batch.artifact)).last();
        let Some(row) = last.filter(|row| row.is_done()) else { continue };
        let Some(node) = resolve(root, &row.pointer).filter(|node| node.is_object()) else { continue };
        if !is_merged_row(node) {
            continue;
        }
        let hole = |fill: &&Fill| is_merged_hole(node.get(fill.field.key()));
        plan_row(&mut planned, &row.pointer, node, group.files.filter(hole), group.commands.filter(hole));
    }
    Some((artifact, planned))
}

/// Whether the harness merges a row at all: it drops one whose lists are no lists or whose notes are empty, and
/// filling it in would bring it back to life.
fn is_merged_row(node: &Node) -> bool {
    let is_list = |key: &str| node.get(key).is_none_or(|value| value.as_array().is_some());
    let notes = node.get("executor_notes");
    is_list("files_changed")
        && is_list("commands_run")
        && notes.is_none_or(|notes| notes.as_str().is_some_and(|notes| !notes.trim().is_empty()))
}

fn is_merged(row: &Row, artifact: &str) -> bool {
    row.artifact == artifact && row.pointer.starts_with("/task_updates/")
}

fn fills<'a>(group: &TaskFills<'a>) -> impl Iterator<Item = &'a Fill> {
    group.files.into_iter().chain(group.commands)
}

/// Whether a field may be filled in: absent, `null`, empty, or blank strings alone.
fn is_hole(value: Option<&Node>) -> bool {
    value.is_none_or(|value| value.is_null() || is_merged_hole(Some(value)))
}

/// The same for a row that the harness merges: with `null` it drops the whole row, so that filling it
/// in would bring the row back to life.
fn is_merged_hole(value: Option<&Node>) -> bool {
    value.is_none_or(|value| {
        value.as_array().is_some_and(|items| items.iter().all(|item| item.as_str().is_some_and(is_blank)))
    })
}

/// Plans the fields of one row, and the markers that tell where they come from.
fn plan_row<'a>(
    planned: &mut Vec<Planned<'a>>,
    pointer: &str,
    row: &Node,
    files: Option<&'a Fill>,
    commands: Option<&'a Fill>,
) {
    let mut add = |key: &str, value: FieldChange, fill| {
        planned.push(Planned {
            change: Change { object: pointer.to_owned(), key: key.to_owned(), value },
            fill,
        });
    };
    for fill in files.into_iter().chain(commands) {
        add(fill.field.key(), FieldChange::List(fill.values.clone()), fill);
    }
    if let Some(fill) = files.filter(|_| !row.get(GUESSED).is_some_and(Node::is_truthy)) {
        add(GUESSED, FieldChange::Bool(true), fill);
    }
    if let Some(fill) = files.or(commands) {
        let recorded = row.get(SOURCE).and_then(Node::as_str).unwrap_or_default();
        let source = source(recorded, files.into_iter().chain(commands));
        if source != recorded {
            add(SOURCE, FieldChange::Text(source), fill);
        }
    }
}

/// The markers of the fills, such as `taskproof:task_row+batch_list`, after what is recorded.
fn source<'a>(recorded: &str, fills: impl Iterator<Item = &'a Fill>) -> String {
    let mut source = recorded.to_owned();
    for fill in fills {
        let marker = fill.rung.marker_of(fill.field);
        let short = marker.strip_prefix(PREFIX).unwrap_or(marker);
        let ours = source.rsplit_once(PREFIX).map(|(_, ours)| ours);
        match ours {
            Some(ours) if ours.split('+').any(|known| known == short) => {}
            Some(_) => source = format!("{source}+{short}"),
            None if source.is_empty() => marker.clone_into(&mut source),
            None => source = format!("{source}+{marker}"),
        }
    }
    source
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Field, Rung};

    #[test]
    fn markers_join() {
        let fill = |field, rung| Fill {
            task: "T1".into(),
            field,
            values: vec!["a".into()],
            rung,
            confidence: 1.0,
            signals: vec![],
        };
        let files = fill(Field::Files, Rung::TaskRow);
        let commands = fill(Field::Commands, Rung::BatchList);
        assert_eq!(source("", [&files].into_iter()), "taskproof:task_row");
        assert_eq!(source("", [&files, &files].into_iter()), "taskproof:task_row");
        assert_eq!(source("", [&files, &commands].into_iter()), "taskproof:task_row+batch_list");
        assert_eq!(source("taskproof:operator", [&files].into_iter()), "taskproof:operator+task_row");
        assert_eq!(source("batch_payload", [&files].into_iter()), "batch_payload+taskproof:task_row");
    }
}
