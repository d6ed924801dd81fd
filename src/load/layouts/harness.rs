//! What both layouts of the harness share: `state.json` and `finalize.json`, and the artifacts beside them (spec
//! sections 1 to 5).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{batch_directories as directories, orphans};
use crate::config::Config;
use crate::json::Node;
use crate::load::artifact::{read_artifact, spend};
use crate::load::discover::subdirectories;
use crate::load::error::LoadError;
use crate::load::events::read_events;
use crate::load::finalize::{read_predictions, read_sense_checks, read_tasks};
use crate::load::reports::{read_phase_result, read_review};
use crate::load::rows::{read_batch, read_rows};
use crate::load::standing::read_standing;
use crate::load::state::{State, read_state};
use crate::load::steps::read_steps;
use crate::load::told::{read_told, read_transcript};
use crate::model::{
    ActiveStep, Artifact, Artifacts, Batch, Code, Finding, Layout, Mode, Origin, Plan, Row, Standing, Status,
    Task, TaskId, Told,
};

/// The harness's state.
const STATE: &str = "state.json";
/// Artifacts that may be missing.
const OPTIONAL: [&str; 5] =
    ["finalize_snapshot.json", "execution.json", "execution_audit.json", "review.json", "phase_result.json"];
/// Written by the worker at any moment, so it may be cut short without anything being wrong.
const CHECKPOINT: &str = "execution_checkpoint.json";
/// Artifacts that nothing is decided by, or that may be cut short: one that cannot be read is a finding.
const EXPENDABLE: [&str; 3] = [CHECKPOINT, "final.md", "events.ndjson"];

/// What the worker did, as it was logged: a last resort.
const TRANSCRIPT: &str = "execution_trace.jsonl";

/// States in which the harness considers a plan over.
const TERMINAL_STATES: [&str; 3] = ["done", "aborted", "cancelled"];

/// The directory that shows a project of the harness.
pub(super) const MARKER: &str = ".megaplan";

/// Where plans of the project at `root` may lie: the orphans first.
pub(super) fn candidates(root: &Path, home: Option<&Path>) -> Result<Vec<PathBuf>, LoadError> {
    let orphans = home.map(|home| orphans::of(root, home));
    let places = orphans.into_iter().chain([root.join(MARKER).join("plans")]);
    let found: Result<Vec<Vec<PathBuf>>, LoadError> = places.map(|place| subdirectories(&place)).collect();
    Ok(found?.concat())
}

/// Whether the harness keeps a plan in `directory`.
pub(super) fn is_plan(directory: &Path) -> bool {
    // Taskmaster keeps a file of that name, too.
    directory.join(STATE).is_file() && !directory.ends_with(super::taskmaster::FOLDER)
}

/// Whether its state says that it is over.
pub(super) fn is_over(directory: &Path, config: &Config) -> bool {
    let state = read_artifact(directory, STATE, config).ok().flatten();
    let document = state.and_then(|artifact| artifact.document);
    let current = document.as_ref().and_then(|state| state.root.get("current_state")?.as_str());
    current.is_some_and(|state| TERMINAL_STATES.contains(&state))
}

/// Loads the plan in `directory`. Everything odd about it is in the findings.
///
/// Fails when `state.json`, `finalize.json` or its list of tasks is missing, and when an artifact is not
/// what the harness could have written. A half-written checkpoint is only a finding.
pub(super) fn load(directory: &Path, config: &Config) -> Result<(Plan, Vec<Finding>), LoadError> {
    let mut findings = Vec::new();
    let artifacts = read_artifacts(directory, config, &mut findings)?;
    report_defects(&artifacts, &mut findings);
    let finalize = required(directory, &artifacts, "finalize.json")?;
    require_tasks(directory, finalize)?;
    let state = read_state(required(directory, &artifacts, "state.json")?, &mut findings);
    let mut tasks = read_tasks(finalize, &mut findings);
    let layout = layout(directory);
    if layout == Layout::BatchDirectories {
        findings.push(guarded(directory));
        directories::refine_tasks(&mut tasks, finalize, &artifacts);
    }
    let known: BTreeSet<TaskId> = tasks.iter().map(|task| task.id.clone()).collect();
    let (batches, rows) = read_execution(&artifacts, &known, &mut findings);
    let told = read_all_told(directory, &artifacts, config, &mut findings);
    let optional = |name: &str| artifacts.get(name);
    let text = artifacts.iter().find(|artifact| document_version(&artifact.name).is_some());
    let plan = Plan {
        name: state.name.unwrap_or_else(|| directory_name(directory)),
        directory: directory.to_path_buf(),
        layout,
        mode: state.mode.unwrap_or(Mode::Code),
        unreadable_tasks: unreadable_tasks(finalize, &tasks),
        sense_checks: read_sense_checks(finalize, &mut findings),
        predictions: optional("finalize_snapshot.json").map(read_predictions).unwrap_or_default(),
        steps: read_steps(finalize, text.map(|artifact| artifact.text.as_str())),
        told,
        review: optional("review.json").map(|review| read_review(review, &mut findings)),
        phase_result: optional("phase_result.json").map(|result| read_phase_result(result, &mut findings)),
        events: optional("events.ndjson").map(|log| read_events(log, &mut findings)).unwrap_or_default(),
        standing: optional("state.json").map(read_standing).unwrap_or_default(),
        current_state: state.current,
        active_step: state.active_step,
        recorded_project_dir: state.project_dir,
        recorded_base: state.milestone_base,
        max_tasks_per_batch: state.max_tasks_per_batch,
        carried_forward: state.carried_forward,
        batch_windows: state.batch_windows,
        tasks: tasks.into(),
        batches,
        rows,
        artifacts,
    };
    Ok((plan, findings))
}

/// The step that the harness records as running, from `state.json` alone.
pub fn active_step(directory: &Path, config: &Config) -> Result<Option<ActiveStep>, LoadError> {
    let mut artifacts = Artifacts::default();
    artifacts_of_state(directory, config, &mut artifacts)?;
    let state = required(directory, &artifacts, "state.json")?;
    Ok(read_state(state, &mut Vec::new()).active_step)
}

/// Where the harness stopped, from `state.json` alone.
pub fn standing(directory: &Path, config: &Config) -> Result<Standing, LoadError> {
    let mut artifacts = Artifacts::default();
    artifacts_of_state(directory, config, &mut artifacts)?;
    Ok(read_standing(required(directory, &artifacts, "state.json")?))
}

fn artifacts_of_state(directory: &Path, config: &Config, artifacts: &mut Artifacts) -> Result<(), LoadError> {
    if let Some(state) = read_artifact(directory, "state.json", config)? {
        artifacts.insert(state);
    }
    Ok(())
}

/// The first artifact that is no longer what `plan` was loaded from; `None` if all are.
///
/// The event log is left out, and of `state.json` only what attribution rests on is compared: the harness's
/// heartbeat rewrites them at any time.
pub fn changed_artifact(plan: &Plan, config: &Config) -> Result<Option<String>, LoadError> {
    let now = read_artifacts(&plan.directory, config, &mut Vec::new())?;
    let names = plan.artifacts.iter().chain(now.iter()).map(|artifact| artifact.name.as_str());
    if steering(&plan.artifacts) != steering(&now) {
        return Ok(Some("state.json".to_owned()));
    }
    let mut names: Vec<&str> = names.filter(|name| !["state.json", "events.ndjson"].contains(name)).collect();
    names.sort_unstable();
    let text =
        |artifacts: &'_ Artifacts, name: &str| artifacts.get(name).map(|artifact| artifact.text.clone());
    Ok(names.into_iter().find(|name| text(&plan.artifacts, name) != text(&now, name)).map(str::to_owned))
}

/// What of `state.json` attribution rests on.
fn steering(artifacts: &Artifacts) -> Option<State> {
    let state = read_state(artifacts.get("state.json")?, &mut Vec::new());
    Some(State { name: None, current: String::new(), active_step: None, ..state })
}

fn directory_name(directory: &Path) -> String {
    let resolved = fs::canonicalize(directory).unwrap_or_else(|_| directory.to_path_buf());
    resolved.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A directory that only the later harness makes decides.
fn layout(directory: &Path) -> Layout {
    let is_marked = directories::MARKERS.iter().any(|marker| directory.join(marker).is_dir());
    if is_marked { Layout::BatchDirectories } else { Layout::Flat }
}

/// Said of every plan of the later harness: it answers for `finalize.json` itself.
fn guarded(directory: &Path) -> Finding {
    let marker =
        directories::MARKERS.into_iter().find(|marker| directory.join(marker).is_dir()).unwrap_or_default();
    let message = format!(
        "`{marker}/` belongs to the newer harness, which guards finalize.json itself: only `taskproof recover \
         --write --allow-authority` writes to this plan"
    );
    Finding::new(Code::ReadOnlyLayout, marker, message)
}

fn required<'a>(
    directory: &Path,
    artifacts: &'a Artifacts,
    name: &'static str,
) -> Result<&'a Artifact, LoadError> {
    let missing = || LoadError::NotAPlan { directory: directory.to_path_buf(), missing: name };
    let artifact = artifacts.get(name).ok_or_else(missing)?;
    match &artifact.document {
        Some(document) if !document.root.is_object() => Err(LoadError::Shape {
            path: directory.join(name),
            pointer: String::new(),
            expected: "an object",
            found: document.root.type_name(),
        }),
        _ => Ok(artifact),
    }
}

/// Rows that were left out although they say that something is open.
fn unreadable_tasks(finalize: &Artifact, tasks: &[Task]) -> usize {
    let rows = finalize.document.as_ref().and_then(|document| document.root.get("tasks")?.as_array());
    let read: BTreeSet<&str> = tasks.iter().map(|task| task.pointer.as_str()).collect();
    let is_read = |at: usize| read.contains(format!("/tasks/{at}").as_str());
    let is_open = |row: &Node| {
        let status = row.get("status").and_then(Node::as_str).map(Status::parse);
        status.is_some_and(|status| !matches!(status, Status::Done | Status::Skipped))
    };
    let rows = rows.unwrap_or_default().iter().enumerate();
    rows.filter(|(at, row)| is_open(row) && !is_read(*at)).count()
}

/// Without its list of tasks, a damaged plan would pass for one that is complete.
fn require_tasks(directory: &Path, finalize: &Artifact) -> Result<(), LoadError> {
    let tasks = finalize.document.as_ref().and_then(|document| document.root.get("tasks"));
    match tasks {
        Some(tasks) if tasks.as_array().is_some_and(|tasks| !tasks.is_empty()) => Ok(()),
        other => Err(LoadError::Shape {
            path: directory.join(&finalize.name),
            pointer: "/tasks".to_owned(),
            expected: "a list of tasks",
            found: other.map_or("nothing", |tasks| {
                if tasks.as_array().is_some() { "an empty one" } else { tasks.type_name() }
            }),
        }),
    }
}

fn read_artifacts(
    directory: &Path,
    config: &Config,
    findings: &mut Vec<Finding>,
) -> Result<Artifacts, LoadError> {
    let mut artifacts = Artifacts::default();
    let left = &mut config.clone();
    let attempts = directories::attempts(directory)?;
    let mut batches = batch_names(directory)?;
    // Where there are attempts, a flat file of that number is a leftover of the earlier harness.
    batches.retain(|(number, _)| attempts.iter().all(|(other, _)| other != number));
    batches.extend(attempts);
    let names = ["finalize.json", "state.json"].into_iter().chain(OPTIONAL).map(str::to_owned);
    for name in names.chain(batches.into_iter().map(|(_, name)| name)) {
        if let Some(artifact) = read_artifact(directory, &name, left)? {
            spend(left, &artifact);
            artifacts.insert(artifact);
        }
    }
    if layout(directory) == Layout::BatchDirectories {
        directories::read_sidecars(directory, &mut artifacts, left, findings);
    }
    let document = names_in(directory, document_version)?.pop();
    let document = document.map(|(_, name)| name);
    for name in EXPENDABLE.into_iter().chain(document.as_deref()) {
        if let Some(artifact) = read_expendable(directory, name, left, findings) {
            spend(left, &artifact);
            artifacts.insert(artifact);
        }
    }
    Ok(artifacts)
}

/// An artifact that nothing is decided by alone: that it cannot be read is a finding.
fn read_expendable(
    directory: &Path,
    name: &str,
    config: &Config,
    findings: &mut Vec<Finding>,
) -> Option<Artifact> {
    read_artifact(directory, name, config).unwrap_or_else(|error| {
        let cause = std::error::Error::source(&error);
        let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
        findings.push(Finding::new(Code::UnreadableArtifact, name, format!("{error}{cause}")));
        None
    })
}

/// What execution artifacts and transcripts tell besides rows and lists. Transcripts are not kept.
fn read_all_told(
    directory: &Path,
    artifacts: &Artifacts,
    config: &Config,
    findings: &mut Vec<Finding>,
) -> Vec<Told> {
    let of_batch = |artifact: &Artifact| Some((batch_number(&artifact.name)?, artifact.name.clone()));
    let mut batches: Vec<(u32, String)> = artifacts.iter().filter_map(of_batch).collect();
    batches.sort();
    let batches = batches.iter().map(|(number, name)| (Some(*number), name.as_str()));
    let named =
        batches.chain([(None, CHECKPOINT)]).filter_map(|(batch, name)| Some((artifacts.get(name)?, batch)));
    let mut told: Vec<Told> = named.flat_map(|(artifact, batch)| read_told(artifact, batch)).collect();
    let limit = Config {
        max_artifact_bytes: config.max_artifact_bytes.min(config.max_transcript_bytes),
        ..config.clone()
    };
    let raw = names_in(directory, raw_version).unwrap_or_default().pop();
    for name in [TRANSCRIPT].into_iter().chain(raw.as_ref().map(|(_, name)| name.as_str())) {
        let transcript = read_expendable(directory, name, &limit, findings);
        told.extend(transcript.iter().flat_map(read_transcript));
    }
    told
}

/// `execution_batch_N.json` by rising N: as numbers, so that 10 comes after 9 (spec edge 32).
fn batch_names(directory: &Path) -> Result<Vec<(u32, String)>, LoadError> {
    names_in(directory, flat_number)
}

/// The files of a directory whose names have a number, by rising number.
fn names_in<T: Ord>(
    directory: &Path,
    number: impl Fn(&str) -> Option<T>,
) -> Result<Vec<(T, String)>, LoadError> {
    let read_error = |source| LoadError::Read { path: directory.to_path_buf(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(read_error)? {
        let name = entry.map_err(read_error)?.file_name();
        let Some(name) = name.to_str() else { continue };
        if let Some(number) = number(name) {
            names.push((number, name.to_owned()));
        }
    }
    names.sort();
    Ok(names)
}

/// Number and letter of the plan's text: `plan_v2.md`, `plan_v2b.md`.
fn document_version(name: &str) -> Option<(u32, String)> {
    let version = name.strip_prefix("plan_v")?.strip_suffix(".md")?;
    let letters = version.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_known = letters.len() <= 2 && letters.bytes().all(|byte| byte.is_ascii_lowercase());
    let number = version[..version.len() - letters.len()].parse().ok()?;
    is_known.then(|| (number, letters.to_owned()))
}

/// The number of the worker's raw output.
fn raw_version(name: &str) -> Option<u32> {
    name.strip_prefix("execute_v")?.strip_suffix("_raw.txt")?.parse().ok()
}

fn batch_number(name: &str) -> Option<u32> {
    flat_number(name).or_else(|| directories::batch_number(name))
}

fn flat_number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix("execution_batch_")?.strip_suffix(".json")?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

fn read_execution(
    artifacts: &Artifacts,
    known: &BTreeSet<TaskId>,
    findings: &mut Vec<Finding>,
) -> (Vec<Batch>, Vec<Row>) {
    let mut numbered: Vec<(u32, &Artifact)> = artifacts
        .iter()
        .filter_map(|artifact| batch_number(&artifact.name).map(|number| (number, artifact)))
        .collect();
    numbered.sort_by_cached_key(|(number, artifact)| (*number, directories::attempt_order(artifact)));
    let mut batches = Vec::new();
    let mut rows = Vec::new();
    let mut room = directories::MOST_LISTED;
    for (number, artifact) in numbered {
        let mut found = read_rows(artifact, Origin::Batch(number), known, findings);
        let mut batch = read_batch(artifact, number, &found, findings);
        if flat_number(&artifact.name).is_none() {
            if !directories::refine(artifact, &mut batch, &mut found, artifacts, &mut room) {
                let message =
                    "its lists in full are more than is read: some stay as its rows hold them, cut short";
                findings.push(Finding::new(Code::UnreadableArtifact, &artifact.name, message));
            }
            batch.scope = directories::scope(artifact, number, findings);
        }
        batches.push(batch);
        rows.extend(found);
    }
    for (name, origin) in [(CHECKPOINT, Origin::Checkpoint), ("execution.json", Origin::Aggregate)] {
        if let Some(artifact) = artifacts.get(name) {
            rows.extend(read_rows(artifact, origin, known, findings));
        }
    }
    (batches, rows)
}

fn report_defects(artifacts: &Artifacts, findings: &mut Vec<Finding>) {
    for artifact in artifacts.iter() {
        let Some(document) = &artifact.document else { continue };
        for defect in &document.defects {
            let message = format!("{}: readable, but this file will not be edited", defect.kind.describe());
            findings.push(
                Finding::new(Code::TolerantJson, &artifact.name, message)
                    .at(defect.pointer.clone())
                    .on_line(defect.line),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_batch_names_count() {
        assert_eq!(batch_number("execution_batch_12.json"), Some(12));
        for other in ["execution_batch_.json", "execution_batch_3.bak.json", "execution_batch_+3.json"] {
            assert_eq!(batch_number(other), None, "{other}");
        }
        assert_eq!(batch_number("execute_batches/batch_3/tasks_0123456789ab.json"), Some(3));
    }

    #[test]
    fn versions_of_the_plan_s_text_are_ordered() {
        let mut versions: Vec<_> = ["plan_v10.md", "plan_v2b.md", "plan_v2.md"].map(document_version).into();
        versions.sort();
        assert_eq!(
            versions,
            [Some((2, String::new())), Some((2, "b".to_owned())), Some((10, String::new()))]
        );
        for other in ["plan_v.md", "plan_v1.meta.json", "plan_v1_draft.md", "plan_v-1.md"] {
            assert_eq!(document_version(other), None, "{other}");
        }
        assert_eq!(raw_version("execute_v3_raw.txt"), Some(3));
    }
}
