//! Lists of tasks by status.

use super::{Records, Standing, conclude, witness};
use crate::gate::Family;
use crate::json::child;
use crate::model::{Claim, ClaimKind, Ruling, Status, Task, TaskId};

const KIND: ClaimKind = ClaimKind::Tracking;
/// Where `phase_result.json` lists blocked tasks.
const BLOCKED: &str = "/blocked_tasks/";

/// Whether a claim is a blocked task of `phase_result.json`.
pub(super) fn is_blocked_task(claim: &Claim) -> bool {
    claim.origin.artifact == "phase_result.json" && claim.origin.pointer.starts_with(BLOCKED)
}

/// A task that a phase reported as blocked.
pub(super) fn blocked_task(claim: &Claim, records: &Records<'_>) -> Ruling {
    let ids: Vec<String> = claim.task_ids.iter().map(|id| id.0.clone()).collect();
    listed(Family::ReportedBlocked, &ids, records)
}

/// Tasks that a message lists for their status.
pub(super) fn listed(family: Family, ids: &[String], records: &Records<'_>) -> Ruling {
    let member = |id: &String| match records.plan.task(&TaskId::from(id.as_str())) {
        None => Standing::Open(format!("the plan has no task `{id}`")),
        Some(task) => standing(family, task, records),
    };
    conclude(KIND, ids.iter().map(member).collect())
}

fn standing(family: Family, task: &Task, records: &Records<'_>) -> Standing {
    let (id, word) = (&task.id, &task.status_word);
    let is_explained = !task.executor_notes.trim().is_empty();
    let show = |key: &str| witness::at(records.plan, "finalize.json", &child(&task.pointer, key));
    let concerned = match family {
        Family::Pending => Status::Pending,
        Family::SkippedUnexplained => Status::Skipped,
        _ => Status::Blocked,
    };
    let is_about_reason = matches!(family, Family::SkippedUnexplained | Family::BlockedUnexplained);
    match &task.status {
        status if *status == concerned && is_about_reason && is_explained => {
            Standing::Gone(format!("`{id}` is `{word}` and says why by now"), show("executor_notes"))
        }
        status if *status == concerned => {
            let without = if is_about_reason { " without a reason" } else { "" };
            Standing::Holds(format!("`{id}` is still `{word}`{without}"), show("status"))
        }
        Status::Done | Status::Skipped => {
            Standing::Gone(format!("`{id}` is `{word}` by now"), show("status"))
        }
        Status::Pending | Status::Blocked | Status::Other(_) => {
            Standing::Open(format!("`{id}` is `{word}` by now, which is open all the same"))
        }
    }
}
