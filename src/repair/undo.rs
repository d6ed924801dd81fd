//! Takes a run back: every artifact gets the bytes it had before. Out of a state that has moved on since, exactly what the
//! run changed is taken.

use std::collections::HashSet;
use std::path::Path;

use serde_json::json;

use super::authority::{self, AuthorityError};
use super::disk::Disk;
use super::journal::{Journal, JournalError, Kind, Replaced, Replacement, Runs, State, Transaction};
use super::lock::{LockError, PlanLock, StateLock};
use super::run_id;
use super::state::{STATE, STEERING, StateError, read, rebase};
use super::write::RunContext;
use crate::digest::sha256_hex;

/// Why nothing was taken back.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// The lock was not taken.
    #[error(transparent)]
    Locked(#[from] LockError),
    /// There is nothing to take back.
    #[error("this plan has no run that could be undone; only a run that wrote something can")]
    NoRun,
    /// The plan has no such run.
    #[error("this plan has no run `{run}`; leave the id out to undo the newest")]
    UnknownRun {
        /// What was asked for.
        run: String,
    },
    /// The run is taken back already.
    #[error("run {run} is undone already; name its undo run to get the changes back")]
    AlreadyUndone {
        /// The run.
        run: String,
    },
    /// An artifact is no longer what the run left.
    #[error(
        "{artifact} has changed since run {run}, and not by a run of taskproof, so nothing was undone; what it was before \
         is kept in .taskproof/runs/{run}"
    )]
    Changed {
        /// The artifact.
        artifact: String,
        /// The run.
        run: String,
    },
    /// A later run of ours has changed the same artifact.
    #[error("run {later} changed {artifact} after run {run}, so nothing was undone; undo {later} first")]
    Later {
        /// The artifact.
        artifact: String,
        /// The run.
        run: String,
        /// The newest run that stands upon it.
        later: String,
    },
    /// The harness has gone on from where the run left the plan.
    #[error(
        "the plan has gone on from `{left}` to `{now}` since run {run}: the harness has built on what the run wrote, so \
         nothing was undone. From here its own commands lead on; every file as it was before is kept in \
         .taskproof/runs/{run}"
    )]
    GoneOn {
        /// The run.
        run: String,
        /// Where the run left the plan.
        left: String,
        /// Where it is now.
        now: String,
    },
    /// The harness wrote the state at the very moment when the run was taken back.
    #[error(
        "the harness wrote state.json at the same moment as run {by}, so run {run} is not undone in it; undo {by} and try again"
    )]
    Overwritten {
        /// The run that was to be taken back.
        run: String,
        /// The run that did it.
        by: String,
    },
    /// The change would break the later harness's protocol.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The run could not be read, kept or carried out.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl UndoError {
    /// Whether this is a refusal that may pass, rather than a failure.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Locked(LockError::Held { .. })
                | Self::Changed { .. }
                | Self::Later { .. }
                | Self::GoneOn { .. }
                | Self::Overwritten { .. }
                | Self::Journal(JournalError::Conflicted { .. } | JournalError::Overtaken { .. })
        )
    }

    /// Whether the run that was asked for cannot be taken back at all.
    pub fn is_unusable_request(&self) -> bool {
        let bad_id = matches!(self, Self::Journal(JournalError::BadId { .. }));
        bad_id || matches!(self, Self::NoRun | Self::UnknownRun { .. } | Self::AlreadyUndone { .. })
    }
}

/// What was taken back, and by which run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// The run that was taken back.
    pub run: String,
    /// The run that did it, which can be taken back in turn.
    pub by: String,
    /// Artifacts that had moved on: only what the run changed was taken back in them.
    pub moved_on: Vec<String>,
}

/// Takes back the run `run_id`, or the newest repair that is not undone. Naming an undo run brings back what it
/// took.
pub fn undo(plan_dir: &Path, run_id: Option<&str>, context: &RunContext) -> Result<Undone, UndoError> {
    undo_in(Runs::new(plan_dir, Disk::REAL), plan_dir, run_id, context)
}

pub(super) fn undo_in(
    runs: Runs<'_>,
    plan_dir: &Path,
    run_id: Option<&str>,
    context: &RunContext,
) -> Result<Undone, UndoError> {
    let asked = run_id.map(validated).transpose()?;
    let _lock = PlanLock::take_on(runs.disk(), plan_dir)?;
    let is_kept = runs.all()?.iter().any(|(_, journal)| journal.as_ref().is_some_and(is_guarded));
    let _state = StateLock::take_on(runs.disk(), plan_dir, is_kept)?;
    runs.recover()?;
    let journal = choose(runs, asked)?;
    let (artifacts, moved_on) = replacements(runs, &journal)?;
    // What was swapped by the harness's protocol is swapped back by it: a trail only grows.
    let guarded =
        artifacts.iter().find(|artifact| is_guarded(&journal) && artifact.name == authority::FINALIZE);
    let additions = guarded
        .map(|finalize| {
            authority::publication(runs.disk(), plan_dir, &finalize.before, &finalize.after, context)
        })
        .transpose()?
        .unwrap_or_default();
    let texts = state_texts(&artifacts);
    let transaction = Transaction {
        run: context.run_id.clone(),
        kind: Kind::Undo,
        undoes: Some(journal.run.clone()),
        created: &context.now,
        tool_version: &context.tool_version,
        artifacts,
        additions,
    };
    let hashes = transaction.artifacts.iter().map(hashes).collect::<Vec<_>>();
    let by = runs.carry_out(transaction, &|run| audit(&hashes, &journal.run, run, context))?;
    if is_overwritten(runs, texts.as_ref())? {
        return Err(UndoError::Overwritten { run: journal.run, by });
    }
    Ok(Undone { run: journal.run, by, moved_on })
}

/// Whether the state can be taken back once more: then somebody has written over it since.
fn is_overwritten(runs: Runs<'_>, texts: Option<&(String, String)>) -> Result<bool, UndoError> {
    let Some((before, after)) = texts else { return Ok(false) };
    let current = String::from_utf8(runs.read_artifact(STATE)?).unwrap_or_default();
    Ok(rebase(before, after, &current).is_ok_and(|again| again != current))
}

/// The state before and after.
fn state_texts(artifacts: &[Replacement]) -> Option<(String, String)> {
    let state = artifacts.iter().find(|artifact| artifact.name == STATE)?;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
    Some((text(&state.before)?, text(&state.after)?))
}

/// Whether a run swapped `finalize.json` by the later harness's protocol.
fn is_guarded(journal: &Journal) -> bool {
    !journal.additions.is_empty()
}

fn validated(run: &str) -> Result<&str, UndoError> {
    if run_id::is_valid(run) { Ok(run) } else { Err(JournalError::BadId { id: run.to_owned() }.into()) }
}

/// The run to take back.
fn choose(runs: Runs<'_>, asked: Option<&str>) -> Result<Journal, UndoError> {
    let journals = applied(runs)?;
    let undone = undone(&journals);
    let Some(run) = asked else {
        let open = |journal: &Journal| journal.kind == Kind::Repair && !undone.contains(&journal.run);
        return journals.into_iter().rev().find(open).ok_or(UndoError::NoRun);
    };
    if undone.contains(run) {
        return Err(UndoError::AlreadyUndone { run: run.to_owned() });
    }
    let found = journals.into_iter().find(|journal| journal.run == run);
    found.ok_or_else(|| UndoError::UnknownRun { run: run.to_owned() })
}

/// Every run that is in place, in the order in which they ran.
fn applied(runs: Runs<'_>) -> Result<Vec<Journal>, JournalError> {
    let mut journals: Vec<Journal> = runs.all()?.into_iter().filter_map(|(_, journal)| journal).collect();
    journals.retain(|journal| journal.state == State::Applied);
    Ok(journals)
}

/// Runs that are undone. An undo that was itself undone does not count, so the newest come first.
fn undone(journals: &[Journal]) -> HashSet<String> {
    let mut undone: HashSet<String> = HashSet::new();
    for journal in journals.iter().rev().filter(|journal| journal.kind == Kind::Undo) {
        if !undone.contains(&journal.run) {
            undone.extend(journal.undoes.clone());
        }
    }
    undone
}

fn replacements(runs: Runs<'_>, journal: &Journal) -> Result<(Vec<Replacement>, Vec<String>), UndoError> {
    let mut replacements = Vec::with_capacity(journal.artifacts.len());
    let mut moved_on = Vec::new();
    for artifact in &journal.artifacts {
        let current = runs.read_artifact(&artifact.name)?;
        let after = if sha256_hex(&current) == artifact.after {
            runs.original(&journal.run, artifact)?
        } else {
            moved_on.push(artifact.name.clone());
            taken_back(runs, journal, artifact, &current)?
        };
        replacements.push(Replacement {
            name: artifact.name.clone(),
            before: current,
            after,
            mode: artifact.mode,
        });
    }
    Ok((replacements, moved_on))
}

/// The state without what the run changed. The harness rewrites that file all the time, so it is not expected to be
/// what the run left, as long as everything that the run changed is. Every other artifact must not have changed.
fn taken_back(
    runs: Runs<'_>,
    journal: &Journal,
    artifact: &Replaced,
    current: &[u8],
) -> Result<Vec<u8>, UndoError> {
    let refusal = match artifact.name == STATE {
        true => match without(runs, journal, artifact, current)? {
            Ok(text) => return Ok(text.into_bytes()),
            Err(refusal) => refusal,
        },
        false => changed(journal, artifact),
    };
    // What we wrote ourselves since is no reason to leave anybody alone with it.
    Err(match later(runs, journal, &artifact.name)? {
        Some(later) => UndoError::Later { artifact: artifact.name.clone(), run: journal.run.clone(), later },
        None => refusal,
    })
}

fn changed(journal: &Journal, artifact: &Replaced) -> UndoError {
    UndoError::Changed { artifact: artifact.name.clone(), run: journal.run.clone() }
}

/// The state without what the run changed, or why that cannot be taken out of it.
fn without(
    runs: Runs<'_>,
    journal: &Journal,
    artifact: &Replaced,
    current: &[u8],
) -> Result<Result<String, UndoError>, UndoError> {
    let (before, after) = (runs.original(&journal.run, artifact)?, runs.outcome(&journal.run, artifact)?);
    let texts = [&after[..], &before[..], current].map(std::str::from_utf8);
    let [Ok(after), Ok(before), Ok(current)] = texts else { return Ok(Err(changed(journal, artifact))) };
    Ok(rebase(after, before, current).map_err(|error| match error {
        StateError::Moved { key } if key == STEERING => {
            UndoError::GoneOn { run: journal.run.clone(), left: steering(after), now: steering(current) }
        }
        _ => changed(journal, artifact),
    }))
}

/// Where a state says that the plan is.
fn steering(text: &str) -> String {
    let state = read(text).ok().and_then(|state| Some(state.root.get(STEERING)?.as_str()?.to_owned()));
    state.unwrap_or_default()
}

/// The newest run after this one that changed the same artifact and is not undone.
fn later(runs: Runs<'_>, journal: &Journal, artifact: &str) -> Result<Option<String>, UndoError> {
    let applied = applied(runs)?;
    let undone = undone(&applied);
    let after = applied.into_iter().rev().take_while(|it| it.run != journal.run);
    let is_upon = |it: &Journal| {
        it.kind == Kind::Repair
            && !undone.contains(&it.run)
            && it.artifacts.iter().any(|replaced| replaced.name == artifact)
    };
    Ok(after.into_iter().find(is_upon).map(|it| it.run))
}

/// Name of an artifact, hash of its text before, hash of its text after.
fn hashes(artifact: &Replacement) -> (String, String, String) {
    (artifact.name.clone(), sha256_hex(&artifact.before), sha256_hex(&artifact.after))
}

/// One line of JSON per artifact.
fn audit(artifacts: &[(String, String, String)], undoes: &str, run: &str, context: &RunContext) -> String {
    let lines = artifacts.iter().map(|(artifact, before, after)| {
        let line = json!({
            "run": run,
            "time": context.now,
            "tool": {"name": "taskproof", "version": context.tool_version},
            "undoes": undoes,
            "artifact": artifact,
            "sha256_before": before,
            "sha256_after": after,
        });
        format!("{line}\n")
    });
    lines.collect()
}
