//! Records answers to blockers in `state.json`.
//!
//! The harness's own commands append to that file without taking the lock. So it is read again under the lock,
//! the answers are spliced into what is there then, and afterwards it is looked at once more.

use std::path::Path;

use super::append::append;
use super::disk::Disk;
use super::events::NewEvent;
use super::journal::{Kind, Replacement, Runs, Transaction};
use super::lock::PlanLock;
use super::write::{RunContext, WriteError, audit};
use crate::config::Config;
use crate::json::{Limits, Node, parse, resolve};
use crate::model::{Artifact, Repair};

const STATE: &str = "state.json";
const POINTER: &str = "/meta/quality_gate_resolutions";

/// Appends the answers and returns what was changed and the id of the run; no id if there was nothing left to
/// answer. `recheck` is called under the lock, before anything is written, and can refuse.
pub fn record(
    plan_dir: &Path,
    events: &[NewEvent],
    config: &Config,
    context: &RunContext,
    recheck: &dyn Fn() -> Result<(), WriteError>,
) -> Result<(Repair, Option<String>), WriteError> {
    let runs = Runs::new(plan_dir, Disk::REAL);
    let _lock = PlanLock::take(plan_dir)?;
    recheck()?;
    runs.recover()?;
    let bytes = runs.read_artifact(STATE)?;
    let state = read(&bytes, config)?;
    let events = unanswered(events, &state);
    if events.is_empty() {
        return Ok((Repair::default(), None));
    }
    let repair = append(&state, &events)?;
    let [(name, _, after)] = repair.artifacts.as_slice() else { return Ok((repair, None)) };
    let transaction = Transaction {
        run: context.run_id.clone(),
        kind: Kind::Repair,
        undoes: None,
        created: &context.now,
        tool_version: &context.tool_version,
        artifacts: vec![Replacement {
            name: name.clone(),
            before: bytes,
            after: after.as_bytes().to_vec(),
            mode: runs.mode(name)?,
        }],
        additions: Vec::new(),
    };
    let run = runs.carry_out(transaction, &|run| audit(&repair, run, context))?;
    let now = read(&runs.read_artifact(STATE)?, config)?;
    match unanswered(&events, &now).is_empty() {
        true => Ok((repair, Some(run))),
        false => Err(WriteError::Changed { artifact: STATE.to_owned() }),
    }
}

/// Answers whose very event is not there yet. One that somebody else gave meanwhile is kept: the harness takes
/// the latest, and ours would be it.
fn unanswered(events: &[NewEvent], state: &Artifact) -> Vec<NewEvent> {
    let document = state.document.as_ref();
    let list = document.and_then(|document| resolve(&document.root, POINTER)).and_then(Node::as_array);
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let is_there = |event: &NewEvent| {
        let value = |key: &str| event.members.iter().find(|(name, _)| name == key).map(|(_, value)| value);
        let stamp = match value("timestamp") {
            Some(crate::model::FieldChange::Text(stamp)) => stamp.as_str(),
            _ => "",
        };
        list.unwrap_or_default().iter().any(|node| {
            text(node, "blocker_id").as_deref() == Some(event.blocker_id.as_str())
                && text(node, "timestamp").is_some_and(|time| time.as_str() >= stamp)
        })
    };
    events.iter().filter(|event| !is_there(event)).cloned().collect()
}

fn read(bytes: &[u8], config: &Config) -> Result<Artifact, WriteError> {
    let unreadable = |error: Box<dyn std::error::Error + Send + Sync>| WriteError::Unreadable(error);
    let text = std::str::from_utf8(bytes).map_err(|error| unreadable(error.into()))?;
    let document = parse(text, Limits { depth: config.max_json_depth });
    let document = document.map_err(|error| unreadable(error.into()))?;
    Ok(Artifact { name: STATE.to_owned(), text: text.to_owned(), document: Some(document) })
}
