//! Rows of execution artifacts that the harness left out.

use super::{Records, Standing, cannot_tell, conclude, stale, witness};
use crate::gate::Family;
use crate::json::{Node, Value};
use crate::model::{Artifact, ClaimKind, ClaimWitness, Ruling, TaskId};

const KIND: ClaimKind = ClaimKind::Tracking;
/// Words for a finished task that the harness merges.
const STATUSES: [&str; 6] = ["done", "completed", "complete", "skipped", "skip", "blocked"];

/// A row at a position of some execution artifact. Which one is not said: right as long as any has such a row.
pub(super) fn skipped(family: Family, list: &str, at: usize, records: &Records<'_>) -> Ruling {
    let pointer = format!("/{list}/{at}");
    let mut proof = None;
    for (artifact, rows) in lists(records, list) {
        let Some(row) = rows.get(at) else { continue };
        let is_bad = match family {
            Family::EmptyField => notes_are_empty(row),
            _ => is_malformed(row, list),
        };
        if is_bad {
            let reason = format!("`{pointer}` of {} is still left out by the harness", artifact.name);
            let proof = witness::at(records.plan, &artifact.name, &pointer);
            return conclude(KIND, vec![Standing::Holds(reason, proof)]);
        }
        proof = witness::at(records.plan, &artifact.name, &pointer);
    }
    match proof {
        Some(proof) => {
            stale(KIND, format!("`{pointer}` is well-formed in every artifact that has it."), proof)
        }
        None => cannot_tell(KIND, &format!("No artifact has a row `{pointer}` any more.")),
    }
}

/// A row about a task, or check, that the plan does not have.
pub(super) fn unknown(id: &str, records: &Records<'_>) -> Ruling {
    let plan = records.plan;
    let known = plan.task(&TaskId::from(id)).map(|task| task.pointer.clone());
    if let Some(pointer) = known {
        let proof = witness::at(plan, "finalize.json", &pointer);
        return conclude(KIND, vec![Standing::Gone(format!("the plan has `{id}` by now"), proof)]);
    }
    if plan.sense_checks.iter().any(|check| check.id == id) {
        let proof = witness::at(plan, "finalize.json", "/sense_checks");
        return conclude(KIND, vec![Standing::Gone(format!("the plan has `{id}` by now"), proof)]);
    }
    let named = ["task_updates", "sense_check_acknowledgments"]
        .into_iter()
        .flat_map(|list| lists(records, list))
        .find(|(_, rows)| rows.iter().any(|row| names(row, id)));
    conclude(
        KIND,
        vec![match named {
            Some((artifact, _)) => Standing::Holds(
                format!("{} still has a row about `{id}`, which the plan lacks", artifact.name),
                row_about(artifact, id, records),
            ),
            None => {
                let proof = witness::absence("finalize.json", &format!("no row about `{id}`"));
                Standing::Gone(format!("no artifact has a row about `{id}` any more"), Some(proof))
            }
        }],
    )
}

/// Several rows of one artifact about one task or check.
pub(super) fn duplicate(id: &str, records: &Records<'_>) -> Ruling {
    let mut last = None;
    for (artifact, rows) in ["task_updates", "sense_check_acknowledgments"].into_iter().flat_map(|list| {
        lists(records, list).into_iter().filter(|(artifact, _)| artifact.name != "execution.json")
    }) {
        match rows.iter().filter(|row| names(row, id)).count() {
            0 => {}
            1 => last = Some(artifact.name.clone()),
            _ => {
                let reason = format!("{} still has several rows about `{id}`", artifact.name);
                return conclude(KIND, vec![Standing::Holds(reason, row_about(artifact, id, records))]);
            }
        }
    }
    let is_known = records.plan.task(&TaskId::from(id)).is_some();
    match last {
        Some(artifact) => {
            let proof = witness::absence(&artifact, &format!("one row about `{id}`"));
            stale(KIND, format!("No artifact has several rows about `{id}` any more."), proof)
        }
        None if is_known => cannot_tell(KIND, &format!("No artifact has a row about `{id}` any more.")),
        None => cannot_tell(KIND, &format!("Nothing speaks of `{id}` any more.")),
    }
}

fn lists<'a>(records: &Records<'a>, list: &str) -> Vec<(&'a Artifact, &'a [Node])> {
    let is_execution = |artifact: &&Artifact| artifact.name.starts_with("execution");
    let artifacts = records.plan.artifacts.iter().filter(is_execution);
    artifacts
        .filter_map(|artifact| Some((artifact, artifact.document.as_ref()?.root.get(list)?.as_array()?)))
        .collect()
}

/// The last row about a task or check.
fn row_about(artifact: &Artifact, id: &str, records: &Records<'_>) -> Option<ClaimWitness> {
    let root = &artifact.document.as_ref()?.root;
    let found = ["task_updates", "sense_check_acknowledgments"].into_iter().find_map(|list| {
        let at = root.get(list)?.as_array()?.iter().rposition(|row| names(row, id))?;
        Some(format!("/{list}/{at}"))
    });
    witness::at(records.plan, &artifact.name, &found?)
}

fn names(row: &Node, id: &str) -> bool {
    let keys = ["task_id", "id", "taskId", "task", "sense_check_id", "senseCheckId", "check_id"];
    // The first key that is there counts, as when the harness fills in aliases.
    keys.iter().find_map(|key| row.get(key)).and_then(Node::as_str) == Some(id)
}

fn is_malformed(row: &Node, list: &str) -> bool {
    if !row.is_object() {
        return true;
    }
    let text =
        |keys: &[&str]| keys.iter().find_map(|key| row.get(key)).is_some_and(|node| node.as_str().is_some());
    if list != "task_updates" {
        return !text(&["sense_check_id", "id", "senseCheckId", "check_id"])
            || !text(&["executor_note", "notes", "executor_notes", "note"]);
    }
    let is_list = |key: &str| row.get(key).is_none_or(|node| matches!(node.value, Value::Array(_)));
    let is_status = row.get("status").and_then(Node::as_str).is_some_and(|word| STATUSES.contains(&word));
    !text(&["task_id", "id", "taskId", "task"])
        || !text(&["executor_notes", "notes", "executor_note", "note"])
        || !is_status
        || !is_list("files_changed")
        || !is_list("commands_run")
}

fn notes_are_empty(row: &Node) -> bool {
    let keys = ["executor_notes", "executor_note", "notes", "note"];
    let text = keys.iter().find_map(|key| row.get(key)).and_then(Node::as_str);
    text.is_some_and(|text| text.trim().is_empty())
}
