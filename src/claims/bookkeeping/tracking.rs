//! Updates and acknowledgments that the executor owes.

use super::{Records, Standing, cannot_tell, conclude, stale, witness};
use crate::gate::{self, Family};
use crate::json::{Node, child};
use crate::model::{ClaimKind, ClaimWitness, Ruling, SenseCheck, Status, TaskId};

const KIND: ClaimKind = ClaimKind::Tracking;

/// `open` of `all` tasks of some batch, or of the plan, have no update. Which batch is not said: every one of
/// that size is looked at.
pub(super) fn tasks(open: usize, all: usize, records: &Records<'_>) -> Ruling {
    let is_open = |id: &TaskId| {
        let task = records.plan.task(id);
        task.is_some_and(|task| matches!(task.status, Status::Pending | Status::Other(_)))
    };
    let every: Vec<TaskId> = records.plan.tasks.iter().map(|task| task.id.clone()).collect();
    let name = |id: &TaskId| (format!("`{id}`"), is_open(id));
    let members = |ids: &[TaskId]| ids.iter().map(name).collect::<Vec<_>>();
    let mut groups: Vec<Vec<(String, bool)>> = batches(records).iter().map(|ids| members(ids)).collect();
    groups.push(members(&every));
    counted("an update", open, all, &groups, records)
}

/// The same for sense checks.
pub(super) fn checks(open: usize, all: usize, records: &Records<'_>) -> Ruling {
    let checks = &records.plan.sense_checks;
    let name = |check: &SenseCheck| (format!("`{}`", check.id), check.executor_note.trim().is_empty());
    let mut groups: Vec<Vec<(String, bool)>> = batches(records)
        .iter()
        .map(|ids| checks.iter().filter(|check| ids.contains(&check.task_id)).map(name).collect())
        .collect();
    groups.push(checks.iter().map(name).collect());
    counted("an acknowledgment", open, all, &groups, records)
}

fn counted(
    what: &str,
    open: usize,
    all: usize,
    groups: &[Vec<(String, bool)>],
    records: &Records<'_>,
) -> Ruling {
    let mut fitting: Vec<_> = groups.iter().filter(|members| members.len() == all).collect();
    if fitting.is_empty() {
        // The plan was batched otherwise then: what counts is whether anything is open now.
        fitting = groups.iter().collect();
    }
    let missing = |members: &[(String, bool)]| -> Vec<String> {
        members.iter().filter(|(_, is_open)| *is_open).map(|(name, _)| name.clone()).collect()
    };
    let still: Vec<Vec<String>> = fitting.iter().map(|members| missing(members)).collect();
    let most = still.iter().max_by_key(|names| names.len()).cloned().unwrap_or_default();
    if most.is_empty() {
        let reason = format!("Each of the {all} has {what} by now.");
        let list = if what == "an update" { "/tasks" } else { "/sense_checks" };
        return match witness::at(records.plan, "finalize.json", list) {
            Some(proof) => stale(KIND, reason, proof),
            None => cannot_tell(KIND, &reason),
        };
    }
    let more = if most.len() < open { format!(" ({open} then)") } else { String::new() };
    let list = if what == "an update" { "/tasks" } else { "/sense_checks" };
    let proof = witness::at(records.plan, "finalize.json", list);
    conclude(KIND, vec![Standing::Holds(format!("{} still without {what}{more}", most.join(", ")), proof)])
}

/// The tasks of each batch, as the rules and as the artifacts have them.
fn batches(records: &Records<'_>) -> Vec<Vec<TaskId>> {
    let plan = records.plan;
    let mut batches = gate::layers(&plan.tasks).unwrap_or_default();
    let split = gate::split(&batches, plan.max_tasks_per_batch);
    batches.extend(split);
    batches.extend(plan.batches.iter().map(|batch| {
        batch.task_ids.iter().filter(|id| plan.task(id).is_some()).cloned().collect::<Vec<_>>()
    }));
    batches
}

/// One sense check: missing or perfunctory.
pub(super) fn check(family: Family, id: &str, records: &Records<'_>) -> Ruling {
    let found = records.plan.sense_checks.iter().position(|check| check.id == id);
    let Some(at) = found else {
        return cannot_tell(KIND, &format!("The plan has no sense check `{id}`."));
    };
    let note = records.plan.sense_checks[at].executor_note.trim();
    let standing = match (family, note.is_empty()) {
        (Family::Unacknowledged, true) => {
            Standing::Holds(format!("`{id}` still has no executor acknowledgment"), shown(id, records))
        }
        (_, true) => Standing::Open(format!("`{id}` has no acknowledgment at all by now")),
        (Family::PerfunctoryCheck, false) if is_perfunctory(note, false) => {
            Standing::Holds(format!("the acknowledgment of `{id}` still says nothing"), shown(id, records))
        }
        (_, false) => Standing::Gone(format!("`{id}` is acknowledged by now"), shown(id, records)),
    };
    conclude(KIND, vec![standing])
}

/// Where the acknowledgment stands. Rows that were left out in reading do not count, so it is searched by id.
fn shown(id: &str, records: &Records<'_>) -> Option<ClaimWitness> {
    let document = records.plan.artifacts.get("finalize.json")?.document.as_ref()?;
    let rows = document.root.get("sense_checks")?.as_array()?;
    let at = rows.iter().position(|row| row.get("id").and_then(Node::as_str) == Some(id))?;
    let pointer = format!("/sense_checks/{at}");
    let note = witness::at(records.plan, "finalize.json", &format!("{pointer}/executor_note"));
    note.or_else(|| witness::at(records.plan, "finalize.json", &pointer))
}

/// Notes of a task that say nothing.
pub(super) fn notes(id: &str, records: &Records<'_>) -> Ruling {
    let standing = match records.plan.task(&TaskId::from(id)) {
        None => Standing::Open(format!("the plan has no task `{id}`")),
        Some(task) if task.status_word != "done" => {
            Standing::Open(format!("`{id}` is `{}` by now", task.status_word))
        }
        Some(task) if is_perfunctory(&task.executor_notes, true) => {
            let pointer = child(&task.pointer, "executor_notes");
            let proof = witness::at(records.plan, "finalize.json", &pointer);
            Standing::Holds(format!("the notes of `{id}` still say next to nothing"), proof)
        }
        Some(task) => {
            let pointer = child(&task.pointer, "executor_notes");
            let proof = witness::at(records.plan, "finalize.json", &pointer);
            Standing::Gone(format!("the notes of `{id}` say something by now"), proof)
        }
    };
    conclude(KIND, vec![standing])
}

/// What the harness takes for a rubber stamp; the strict rule is for notes.
fn is_perfunctory(text: &str, is_strict: bool) -> bool {
    const GENERIC: [&str; 11] =
        ["ack", "checked", "confirmed", "done", "good", "looks good", "n/a", "na", "ok", "verified", "yes"];
    let normal = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let normal = normal.trim_matches([' ', '.', '!', '?', ',', ';', ':']);
    if GENERIC.contains(&normal) {
        return true;
    }
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let different: std::collections::BTreeSet<&String> = words.iter().collect();
    is_strict && (text.trim().chars().count() <= 20 || words.len() < 4 || different.len() < 3)
}
