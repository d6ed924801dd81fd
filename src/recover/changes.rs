//! What changes in `state.json`.

use std::collections::HashMap;

use crate::json::Node;
use crate::model::{Answered, Diagnosis, Plan, Route, StateChange};

/// The run that makes the changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run<'a> {
    /// Its id.
    pub id: &'a str,
    /// The time, as the harness writes it.
    pub now: &'a str,
}

/// Keys that the harness's own rescue takes away when it marks an execute as done.
const LEFT_BEHIND: [&str; 3] = ["active_step", "latest_failure", "resume_cursor"];

/// The changes that carry out a diagnosis; none if its route asks for none.
///
/// Resolving adds one answer per blocker, advancing moves the state as the chain's rescue does; either leaves one entry
/// among the overrides. Its reason names the run, so that it stays one entry when the harness joins lists.
pub fn state_changes(diagnosis: &Diagnosis, plan: &Plan, run: &Run<'_>) -> Vec<StateChange> {
    match diagnosis.route {
        Some(Route::Resolve) if diagnosis.answers.is_empty() => Vec::new(),
        Some(Route::Resolve) => {
            let mut recorded: HashMap<&str, &str> = HashMap::new();
            for event in &plan.standing.resolutions {
                let latest = recorded.entry(&event.blocker_id).or_default();
                *latest = event.timestamp.as_str().max(latest);
            }
            // The harness takes the answer with the latest time, and of several the last.
            let time = |id: &str| recorded.get(id).copied().unwrap_or_default().max(run.now).to_owned();
            let answers = diagnosis.answers.iter();
            let mut changes: Vec<StateChange> =
                answers.map(|answer| resolution(diagnosis, answer, &time(&answer.id), run)).collect();
            changes.push(entry(diagnosis, "resolve", "blocked", run));
            changes
        }
        Some(Route::Advance) => {
            let mut changes = vec![entry(diagnosis, "advance", "executed", run)];
            changes.push(StateChange::Set { key: "current_state".into(), value: Node::text("executed") });
            changes.extend(LEFT_BEHIND.map(|key| StateChange::Remove { key: key.into() }));
            changes
        }
        None => Vec::new(),
    }
}

/// One answer, with the members of the harness's own in their order.
fn resolution(diagnosis: &Diagnosis, answer: &Answered, time: &str, run: &Run<'_>) -> StateChange {
    let phase = if diagnosis.phase.is_empty() { "execute" } else { &diagnosis.phase };
    let audit = format!(".taskproof/runs/{}/audit.jsonl", run.id);
    let evidence = answer.rows.iter().cloned().chain([audit]);
    let record = Node::object([
        ("blocker_id", Node::text(&answer.id)),
        ("resolution", Node::text(answer.resolution)),
        ("timestamp", Node::text(time)),
        ("created_at", Node::text(time)),
        ("created_by", Node::text("taskproof")),
        ("phase", Node::text(phase)),
        ("evidence", Node::texts(evidence)),
        ("debt_note", Node::text(format!("{} (taskproof run {})", answer.note, run.id))),
    ]);
    StateChange::append("quality_gate_resolutions", record)
}

fn entry(diagnosis: &Diagnosis, route: &str, to: &str, run: &Run<'_>) -> StateChange {
    let ids = diagnosis.blockers.iter().map(|blocker| blocker.id.as_str());
    let record = Node::object([
        ("action", Node::text("taskproof-recover")),
        ("timestamp", Node::text(run.now)),
        ("reason", Node::text(format!("taskproof run {}: route {route}", run.id))),
        ("from_state", Node::text(&diagnosis.state)),
        ("to_state", Node::text(to)),
        ("blocker_ids", Node::texts(ids)),
    ]);
    StateChange::append("overrides", record)
}
