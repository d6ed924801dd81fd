//! What the harness only noted: checks that did not run, values that it copied, time that ran out.

use super::{Records, cannot_tell, holds, stale, witness};
use crate::json::child;
use crate::model::{ClaimKind, Ruling, Status, TaskId};

/// A statement of what the harness did. It is a record, and records of the past stay true.
pub(super) fn recorded(reason: &str) -> Ruling {
    holds(ClaimKind::Observation, reason.to_owned(), None)
}

/// Lists of a batch that were copied to a task.
pub(super) fn backfilled(id: &str, records: &Records<'_>) -> Ruling {
    match records.plan.task(&TaskId::from(id)) {
        Some(task) => {
            let proof = witness::at(records.plan, "finalize.json", &child(&task.pointer, "files_changed"));
            holds(ClaimKind::Observation, format!("The harness filled `{id}` from its batch."), proof)
        }
        None => cannot_tell(ClaimKind::Observation, &format!("The plan has no task `{id}`.")),
    }
}

/// A check that could not run, or another remark.
pub(super) fn noted(text: &str, records: &Records<'_>) -> Ruling {
    const NO_REPOSITORY: &str = "project directory is not a git repository";
    if text.to_lowercase().contains(NO_REPOSITORY)
        && records.history.is_present()
        && let Some(head) = &records.history.head
    {
        let excerpt = "the project lies in a git repository".to_owned();
        let proof = witness::absence(".git", &excerpt);
        let proof = crate::model::ClaimWitness { commit: Some(*head), ..proof };
        return stale(
            ClaimKind::Observation,
            "The project lies in a git repository by now.".to_owned(),
            proof,
        );
    }
    recorded("A remark for the record; nothing waits for it.")
}

/// An execution that ran out of time: over when nothing is open any more.
pub(super) fn timed_out(records: &Records<'_>) -> Ruling {
    let open: Vec<String> = records
        .plan
        .tasks
        .iter()
        .filter(|task| !matches!(task.status, Status::Done | Status::Skipped))
        .map(|task| format!("`{}`", task.id))
        .collect();
    let kind = ClaimKind::Tracking;
    match witness::at(records.plan, "finalize.json", "/tasks") {
        Some(proof) if open.is_empty() && records.plan.unreadable_tasks == 0 => {
            stale(kind, "Every task is done or skipped by now.".to_owned(), proof)
        }
        _ if open.is_empty() => cannot_tell(kind, "Some rows cannot be read."),
        proof => holds(kind, format!("Still open: {}.", open.join(", ")), proof),
    }
}
