//! Tasks that lack their evidence, by the gate's rules for each kind.

use super::{Records, Standing, conclude, witness};
use crate::gate;
use crate::json::child;
use crate::model::{ClaimKind, ClaimWitness, Evidence, Kind, Ruling, Status, Task, TaskId};

const KIND: ClaimKind = ClaimKind::MissingEvidence;

/// Done tasks that miss what their kind asks for.
pub(super) fn hollow(ids: &[String], records: &Records<'_>) -> Ruling {
    let member = |id: &String| match task(id, records) {
        None => unknown(id),
        Some(task) => match gate::assess(task, &records.plan.mode).evidence {
            Evidence::Hollow => {
                Standing::Holds(format!("`{id}` still lacks {}", wanted(task)), row(task, records))
            }
            Evidence::Complete | Evidence::Advisory => {
                Standing::Gone(format!("`{id}` has its evidence by now"), proof(task, records))
            }
            Evidence::NotApplicable => not_checked(task, records),
        },
    };
    conclude(KIND, ids.iter().map(member).collect())
}

/// Done tasks that rest on weaker evidence.
pub(super) fn advisory(ids: &[String], records: &Records<'_>) -> Ruling {
    let member = |id: &String| match task(id, records) {
        None => unknown(id),
        Some(task) => match gate::assess(task, &records.plan.mode).evidence {
            Evidence::Advisory => Standing::Holds(
                format!("`{id}` still rests on less than its kind asks for"),
                row(task, records),
            ),
            Evidence::Complete => {
                Standing::Gone(format!("`{id}` has full evidence by now"), proof(task, records))
            }
            Evidence::Hollow => Standing::Open(format!("`{id}` lacks even that by now")),
            Evidence::NotApplicable => not_checked(task, records),
        },
    };
    conclude(KIND, ids.iter().map(member).collect())
}

/// Done tasks of a prose mode without sections.
pub(super) fn prose(ids: &[String], records: &Records<'_>) -> Ruling {
    let member = |id: &String| match task(id, records) {
        None => unknown(id),
        Some(task) if task.status_word != "done" => not_checked(task, records),
        Some(task) if task.truthy.sections => {
            let pointer = child(&task.pointer, "sections_written");
            let proof = witness::at(records.plan, "finalize.json", &pointer);
            Standing::Gone(format!("`{id}` lists its sections by now"), proof)
        }
        Some(task) => Standing::Holds(format!("`{id}` still lists no sections"), row(task, records)),
    };
    conclude(KIND, ids.iter().map(member).collect())
}

fn task<'a>(id: &str, records: &Records<'a>) -> Option<&'a Task> {
    records.plan.task(&TaskId::from(id))
}

fn unknown(id: &str) -> Standing {
    Standing::Open(format!("the plan has no task `{id}`"))
}

fn wanted(task: &Task) -> &'static str {
    match task.kind {
        Kind::Audit | Kind::Research => "substantial executor notes",
        Kind::Test => "files and a test command",
        Kind::Docs => "files",
        Kind::Code | Kind::Other(_) => "both files and commands",
    }
}

/// The harness checks literal `done` rows only. One that was skipped owes nothing; one that is open may.
fn not_checked(task: &Task, records: &Records<'_>) -> Standing {
    let id = &task.id;
    match task.status {
        Status::Skipped => {
            let pointer = child(&task.pointer, "status");
            let proof = witness::at(records.plan, "finalize.json", &pointer);
            Standing::Gone(format!("`{id}` was skipped, and owes no evidence"), proof)
        }
        _ => {
            Standing::Open(format!("`{id}` is `{}`, and nobody checks it until it is done", task.status_word))
        }
    }
}

/// The field that is wanting; the whole row where it lacks the field.
fn row(task: &Task, records: &Records<'_>) -> Option<ClaimWitness> {
    let key = if task.kind.is_shown_by_notes() { "executor_notes" } else { "files_changed" };
    let field = witness::at(records.plan, "finalize.json", &child(&task.pointer, key));
    field.or_else(|| witness::at(records.plan, "finalize.json", &task.pointer))
}

/// The field that the rules are content with.
fn proof(task: &Task, records: &Records<'_>) -> Option<ClaimWitness> {
    let has = task.truthy;
    let key = match task.kind {
        Kind::Audit | Kind::Research => "executor_notes",
        _ if has.files => "files_changed",
        _ if has.commands => "commands_run",
        _ => "executor_notes",
    };
    witness::at(records.plan, "finalize.json", &child(&task.pointer, key))
}
