//! Carries out a repair: under the plan's lock, on the very bytes it was made from, and recorded.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::authority::{self, AuthorityError};
use super::disk::Disk;
use super::journal::{JournalError, Kind, Replacement, Runs, Transaction};
use super::lock::{LockError, PlanLock, StateLock};
use super::propose::ProposeError;
use super::state::{STATE, carry_over};
use crate::digest::sha256_hex;
use crate::model::{Edit, FieldChange, Repair, Rung};

/// What a run records about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunContext {
    /// The time, as RFC 3339.
    pub now: String,
    /// Its id, which starts with a sortable UTC time; `-2`, `-3`, ... is appended if it is taken.
    pub run_id: String,
    /// The version of taskproof.
    pub tool_version: String,
}

/// Why nothing, or not everything, was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The lock was not taken.
    #[error(transparent)]
    Locked(#[from] LockError),
    /// The harness is at work on the plan.
    #[error("refused: {reason}; wait until it ends, or pass `--assume-stopped` if it is certainly over")]
    Live {
        /// Why it counts as live.
        reason: String,
    },
    /// An artifact is no longer what the repair was made from.
    #[error("{artifact} has changed since it was read, so nothing was written; run again")]
    Changed {
        /// File name.
        artifact: String,
    },
    /// The harness wrote an artifact at the very moment when the repair was put in place.
    #[error(
        "the harness wrote {artifact} at the same moment as run {run}, which is not whole any more; run again"
    )]
    Overwritten {
        /// File name.
        artifact: String,
        /// The run.
        run: String,
    },
    /// The plan cannot be read any more.
    #[error("the plan cannot be read again, so nothing was written")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The change would break the later harness's protocol.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// What is there cannot be edited.
    #[error(transparent)]
    Propose(#[from] ProposeError),
    /// The run could not be kept or carried out.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl WriteError {
    /// Whether this is a refusal that may pass, rather than a failure.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Locked(LockError::Held { .. })
                | Self::Live { .. }
                | Self::Changed { .. }
                | Self::Overwritten { .. }
                | Self::Journal(JournalError::Conflicted { .. } | JournalError::Overtaken { .. })
        )
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The id of the run.
    pub run: String,
    /// The repair as it was carried out: on the state as it was then.
    pub repair: Repair,
}

/// Writes a repair; `None` if it changes nothing, or nothing any more.
///
/// Takes the plan's lock, finishes runs that stopped halfway, and compares every artifact with the
/// text that the repair was made from. `recheck` is called under the lock, before anything is written, and
/// can refuse because the harness is at work or because something else that was read has changed.
///
/// The harness's own commands write `state.json` without taking the lock. So the changes of that file are carried
/// out on what is there under the lock, and afterwards it is looked at once more.
pub fn write(
    plan_dir: &Path,
    repair: &Repair,
    context: &RunContext,
    recheck: &dyn Fn() -> Result<(), WriteError>,
) -> Result<Option<Written>, WriteError> {
    write_to(Runs::new(plan_dir, Disk::REAL), plan_dir, repair, context, recheck)
}

pub(super) fn write_to(
    runs: Runs<'_>,
    plan_dir: &Path,
    repair: &Repair,
    context: &RunContext,
    recheck: &dyn Fn() -> Result<(), WriteError>,
) -> Result<Option<Written>, WriteError> {
    if !changes_anything(repair) && runs.unfinished()?.is_empty() {
        return Ok(None);
    }
    let _lock = PlanLock::take_on(runs.disk(), plan_dir)?;
    let _state = StateLock::take_on(runs.disk(), plan_dir, repair.is_guarded)?;
    recheck()?;
    runs.recover()?;
    let repair = as_of_now(runs, repair)?;
    if !changes_anything(&repair) {
        return Ok(None);
    }
    let artifacts = replacements(runs, &repair)?;
    let guarded = artifacts.iter().find(|artifact| repair.is_guarded && artifact.name == authority::FINALIZE);
    let additions = guarded
        .map(|finalize| {
            authority::publication(runs.disk(), plan_dir, &finalize.before, &finalize.after, context)
        })
        .transpose()?
        .unwrap_or_default();
    let transaction = Transaction {
        run: context.run_id.clone(),
        kind: Kind::Repair,
        undoes: None,
        created: &context.now,
        tool_version: &context.tool_version,
        artifacts,
        additions,
    };
    let run = runs.carry_out(transaction, &|run| audit(&repair, run, context))?;
    match still_open(runs, &repair)? {
        Some(artifact) => Err(WriteError::Overwritten { artifact, run }),
        None => Ok(Some(Written { run, repair })),
    }
}

fn changes_anything(repair: &Repair) -> bool {
    repair.artifacts.iter().any(|(_, before, after)| before != after)
}

/// The repair of the artifacts as they are now. Others may have added to the state since it was read; no other
/// artifact moves on.
fn as_of_now(runs: Runs<'_>, repair: &Repair) -> Result<Repair, WriteError> {
    let mut repair = repair.clone();
    for (name, before, after) in &mut repair.artifacts {
        let current = runs.read_artifact(name)?;
        if current == before.as_bytes() {
            continue;
        }
        let changed = || WriteError::Changed { artifact: name.clone() };
        let current = String::from_utf8(current).ok().filter(|_| name == STATE).ok_or_else(changed)?;
        let (text, edits) = carry_over(&repair.state, before, &current).map_err(|_| changed())?;
        (*before, *after) = (current, text);
        repair.edits.retain(|edit| edit.artifact != STATE);
        repair.edits.extend(edits);
    }
    Ok(repair)
}

/// The state, if not every change is in it any more.
fn still_open(runs: Runs<'_>, repair: &Repair) -> Result<Option<String>, WriteError> {
    let Some((name, before, _)) = repair.artifacts.iter().find(|(name, ..)| name == STATE) else {
        return Ok(None);
    };
    let current = String::from_utf8(runs.read_artifact(name)?).unwrap_or_default();
    let is_whole = carry_over(&repair.state, before, &current).is_ok_and(|(_, edits)| edits.is_empty());
    Ok((!is_whole).then(|| name.clone()))
}

fn replacements(runs: Runs<'_>, repair: &Repair) -> Result<Vec<Replacement>, WriteError> {
    let mut replacements = Vec::with_capacity(repair.artifacts.len());
    for (name, before, after) in &repair.artifacts {
        replacements.push(Replacement {
            name: name.clone(),
            before: before.as_bytes().to_vec(),
            after: after.as_bytes().to_vec(),
            mode: runs.mode(name)?,
        });
    }
    Ok(replacements)
}

/// One line of JSON per edit: what changed, from what to what, and why.
fn audit(repair: &Repair, run: &str, context: &RunContext) -> String {
    let hashes: BTreeMap<&str, (String, String)> = repair
        .artifacts
        .iter()
        .map(|(name, before, after)| {
            (name.as_str(), (sha256_hex(before.as_bytes()), sha256_hex(after.as_bytes())))
        })
        .collect();
    let line = |edit: &Edit| {
        let hashes = hashes.get(edit.artifact.as_str());
        let signals: Vec<Value> = edit
            .signals
            .iter()
            .map(|signal| json!({"name": signal.name, "weight": signal.weight, "detail": signal.detail}))
            .collect();
        let line = json!({
            "run": run,
            "time": context.now,
            "tool": {"name": "taskproof", "version": context.tool_version},
            "artifact": edit.artifact,
            "pointer": edit.pointer,
            "task": edit.task.as_ref().map(|task| &task.0),
            "old": edit.old.as_deref().map(old_value),
            "new": new_value(&edit.new),
            "source": edit.rung.map_or("taskproof", Rung::marker),
            "confidence": edit.confidence,
            "signals": signals,
            "sha256_before": hashes.map(|(before, _)| before),
            "sha256_after": hashes.map(|(_, after)| after),
        });
        format!("{line}\n")
    };
    repair.edits.iter().map(line).collect()
}

/// The old value as JSON, or its text where it is none.
fn old_value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

fn new_value(change: &FieldChange) -> Value {
    match change {
        FieldChange::List(items) => Value::from(items.clone()),
        FieldChange::Text(text) => Value::from(text.as_str()),
        FieldChange::Bool(value) => Value::from(*value),
        FieldChange::Json(node) => old_value(&crate::json::write::document(node)),
    }
}
