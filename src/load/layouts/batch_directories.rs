//! The `batch_directories` layout of the later harness (spec sections 6 and 9).
//!
//! `execute_batches/batch_N/tasks_DIGEST.json` is one attempt at batch N; there may be several. An attempt records
//! its scope, rows say what the harness's authority made of them, and long lists are cut short in place and kept
//! whole in a file beside. A flat `execution_batch_N.json` counts only where there is no directory for N.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::{Format, harness};
use crate::config::Config;
use crate::digest::sha256_hex;
use crate::json::{Node, resolve};
use crate::load::artifact::{read_artifact, spend};
use crate::load::error::LoadError;
use crate::model::{Artifact, Artifacts, Batch, Code, Finding, Kind, Plan, Row, Status, Task, TaskId};

/// The layout.
pub(super) struct BatchDirectories;

impl Format for BatchDirectories {
    fn marker(&self) -> &'static str {
        harness::MARKER
    }

    fn candidates(&self, root: &Path, home: Option<&Path>) -> Result<Vec<PathBuf>, LoadError> {
        harness::candidates(root, home)
    }

    fn is_plan(&self, directory: &Path) -> bool {
        harness::is_plan(directory) && MARKERS.iter().any(|marker| directory.join(marker).is_dir())
    }

    fn is_over(&self, directory: &Path, config: &Config) -> bool {
        harness::is_over(directory, config)
    }

    fn load(&self, directory: &Path, config: &Config) -> Result<(Plan, Vec<Finding>), LoadError> {
        harness::load(directory, config)
    }
}

/// Where attempts are kept.
const ROOT: &str = "execute_batches";
/// What shows the layout, even before the first batch.
pub(super) const MARKERS: [&str; 2] = [ROOT, "finalize_history"];
/// Names the tasks that were done before the plan began.
const CONTRACT: &str = "contract.json";
/// Where receipts of accepted debt are kept, and how their names begin.
const RECEIPTS: (&str, &str) = ("verification", "task_budget_acceptance_");
/// More files that lists refer to than this are not read.
const MAX_SIDECARS: usize = 256;

/// Words that this harness takes for a status, beyond those of the earlier one (spec section 9).
const DONE: [&str; 5] = ["passed", "pass", "success", "ok", "verified"];
const BLOCKED: [&str; 4] = ["failed", "failure", "fail", "error"];
/// Outcomes of a row under which the harness merges it, or has merged its equal.
const STANDS: [&str; 2] = ["accepted", "duplicate-idempotent"];

/// Every attempt by rising batch number: the number, and the path within the plan directory. Links are not followed.
pub(super) fn attempts(directory: &Path) -> Result<Vec<(u32, String)>, LoadError> {
    let mut found = Vec::new();
    for batch in names(&directory.join(ROOT), true)? {
        let digits =
            batch.strip_prefix("batch_").filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let Some(number) = digits.and_then(|digits| digits.parse().ok()) else { continue };
        for name in names(&directory.join(ROOT).join(&batch), false)? {
            if name.starts_with("tasks_") && name.ends_with(".json") {
                found.push((number, format!("{ROOT}/{batch}/{name}")));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The batch that an artifact of this layout is an attempt at.
pub(super) fn batch_number(name: &str) -> Option<u32> {
    name.strip_prefix(ROOT)?.strip_prefix("/batch_")?.split('/').next()?.parse().ok()
}

/// How attempts at one batch are ordered, the one that counts last: dispatched ones by their fence, which rises
/// within a run. The harness breaks ties by the time of the file, which does not survive a clone; here it is the name.
pub(super) fn attempt_order(artifact: &Artifact) -> (bool, Option<usize>, String) {
    let root = artifact.document.as_ref().map(|document| &document.root);
    let identity =
        root.and_then(|root| root.get("dispatch_identity")).filter(|identity| identity.is_object());
    let token = identity.and_then(|identity| identity.get("fence")?.get("token")?.as_usize());
    (identity.is_some(), token, artifact.name.clone())
}

/// Reads what lists refer to, the contract, and receipts of accepted debt. Nothing is decided by them alone: one that cannot be read is a finding.
pub(super) fn read_sidecars(
    directory: &Path,
    artifacts: &mut Artifacts,
    left: &mut Config,
    findings: &mut Vec<Finding>,
) {
    let mut names = BTreeSet::from([CONTRACT.to_owned()]);
    for artifact in artifacts.iter() {
        if let Some(document) = &artifact.document {
            collect_references(&document.root, &mut names);
        }
    }
    match receipts(directory) {
        Ok(receipts) => names.extend(receipts),
        Err(error) => findings.push(Finding::new(Code::UnreadableArtifact, RECEIPTS.0, error.to_string())),
    }
    for name in names
        .iter()
        .filter(|name| artifacts.get(name).is_none())
        .take(MAX_SIDECARS)
        .cloned()
        .collect::<Vec<_>>()
    {
        match read_artifact(directory, &name, left) {
            Ok(artifact) => artifact.into_iter().for_each(|artifact| {
                spend(left, &artifact);
                artifacts.insert(artifact);
            }),
            Err(error) => findings.push(Finding::new(Code::UnreadableArtifact, name, error.to_string())),
        }
    }
}

/// Receipts that an exhausted test budget of a task was accepted as debt.
fn receipts(directory: &Path) -> Result<impl Iterator<Item = String>, LoadError> {
    let names = names(&directory.join(RECEIPTS.0), false)?.into_iter();
    let is_receipt = |name: &String| name.starts_with(RECEIPTS.1) && name.ends_with(".json");
    Ok(names.filter(is_receipt).map(|name| format!("{}/{name}", RECEIPTS.0)))
}

/// Names in `full_set_artifact_ref`, wherever they stand. One that is not a plain file name is left out.
fn collect_references(node: &Node, names: &mut BTreeSet<String>) {
    if let Some(name) = reference(node) {
        names.insert(name.to_owned());
    }
    node.members().iter().for_each(|member| collect_references(&member.value, names));
    node.as_array().unwrap_or_default().iter().for_each(|item| collect_references(item, names));
}

fn reference(projection: &Node) -> Option<&str> {
    let name = projection.get("full_set_artifact_ref")?.get("name")?.as_str()?;
    let is_plain =
        !name.starts_with('.') && name.ends_with(".json") && !name.contains(['/', '\\', '\0', ':']);
    is_plain.then_some(name)
}

/// Entries of whole lists that a plan's rows are given, all of them together: any number of rows may name one long list.
pub(super) const MOST_LISTED: usize = 1_000_000;

/// Puts into rows and lists what this layout says beyond the flat one: the whole of long lists, as far as there is `room` for
/// their entries, more words for a status, and that a row the harness turned away proves nothing. Tells whether there was room.
pub(super) fn refine(
    artifact: &Artifact,
    batch: &mut Batch,
    rows: &mut [Row],
    artifacts: &Artifacts,
    room: &mut usize,
) -> bool {
    let Some(document) = &artifact.document else { return true };
    let mut is_whole = true;
    let mut whole = |node: &Node, key: &str| {
        let items = whole_list(node.get(key)?, artifacts)?;
        let left = room.checked_sub(items.len());
        is_whole &= left.is_some();
        *room = left?;
        Some(
            items
                .iter()
                .filter_map(Node::as_str)
                .filter(|item| !item.trim().is_empty())
                .map(str::to_owned)
                .collect(),
        )
    };
    if let Some(files) = whole(&document.root, "files_changed") {
        batch.files = Some(files);
    }
    if let Some(commands) = whole(&document.root, "commands_run") {
        batch.commands = Some(commands);
    }
    for row in rows {
        let Some(node) = resolve(&document.root, &row.pointer) else { continue };
        row.files = whole(node, "files_changed").unwrap_or_else(|| std::mem::take(&mut row.files));
        row.commands = whole(node, "commands_run").unwrap_or_else(|| std::mem::take(&mut row.commands));
        row.status = status(node, &row.status);
    }
    is_whole
}

/// The list that a projection was cut from, if it was read.
fn whole_list<'a>(projection: &Node, artifacts: &'a Artifacts) -> Option<&'a [Node]> {
    artifacts.get(reference(projection)?)?.document.as_ref()?.root.get("items")?.as_array()
}

/// What the harness's authority said of a row.
fn outcome(row: &Node) -> Option<&str> {
    row.get("authority_validation")?.get("outcome")?.as_str()
}

fn status(row: &Node, recorded: &Status) -> Status {
    if let Some(outcome) = outcome(row).filter(|outcome| !STANDS.contains(outcome)) {
        return Status::Other(outcome.to_owned());
    }
    match recorded {
        Status::Other(word) if DONE.contains(&word.as_str()) => Status::Done,
        Status::Other(word) if BLOCKED.contains(&word.as_str()) => Status::Blocked,
        other => other.clone(),
    }
}

/// The recorded scope of an attempt: the tasks it was dispatched for. One that does not agree with its own digest or
/// with the place of the file is a finding and counts for nothing, as in the harness.
pub(super) fn scope(artifact: &Artifact, number: u32, findings: &mut Vec<Finding>) -> Option<Vec<TaskId>> {
    let scope = artifact.document.as_ref()?.root.get("batch_scope").filter(|scope| !scope.is_null())?;
    let read = read_scope(scope, number);
    let is_placed =
        |(_, digest): &(Vec<TaskId>, String)| artifact.name.ends_with(&format!("/tasks_{digest}.json"));
    if let Some((tasks, _)) = read.filter(is_placed) {
        return Some(tasks);
    }
    let message =
        "the recorded scope does not agree with its digest or with the file's place; it was left out";
    findings.push(Finding::new(Code::MalformedField, &artifact.name, message).at("/batch_scope"));
    None
}

fn read_scope(scope: &Node, number: u32) -> Option<(Vec<TaskId>, String)> {
    let is_ours = scope.get("schema_version")?.as_usize() == Some(1)
        && scope.get("batch_number")?.as_usize() == usize::try_from(number).ok();
    let names: Option<Vec<&str>> = scope.get("task_ids")?.as_array()?.iter().map(Node::as_str).collect();
    let names = names.filter(|names| !names.is_empty() && names.is_sorted())?;
    let digest = &sha256_hex(names.join("\n").as_bytes())[..12];
    let agrees = scope.get("task_set_digest")?.as_str() == Some(digest);
    (is_ours && agrees).then(|| (names.into_iter().map(TaskId::from).collect(), digest.to_owned()))
}

/// Kinds as this harness takes them: an unknown word is code, and without one a description that begins with
/// `audit` or `read-only audit` is an audit. Tasks that the contract names were done before; nothing is asked of them.
pub(super) fn refine_tasks(tasks: &mut [Task], finalize: &Artifact, artifacts: &Artifacts) {
    let contract = artifacts.get(CONTRACT).and_then(|contract| contract.document.as_ref());
    let named =
        contract.and_then(|document| document.root.get("pre_existing")?.as_array()).unwrap_or_default();
    let exempt: BTreeSet<&str> = named.iter().filter_map(Node::as_str).collect();
    let rows: BTreeMap<&str, Option<&Node>> = tasks_by_pointer(finalize, tasks);
    let kinds: Vec<bool> = tasks
        .iter()
        .map(|task| rows.get(task.pointer.as_str()).copied().flatten().is_some_and(is_audit))
        .collect();
    for (task, is_audit) in tasks.iter_mut().zip(kinds) {
        task.is_exempt = exempt.contains(task.id.0.as_str());
        let has_kind = matches!(task.kind, Kind::Audit | Kind::Test | Kind::Docs | Kind::Research);
        if !has_kind {
            task.kind = if is_audit { Kind::Audit } else { Kind::Code };
        }
    }
}

fn tasks_by_pointer<'a>(finalize: &'a Artifact, tasks: &'a [Task]) -> BTreeMap<&'a str, Option<&'a Node>> {
    let root = finalize.document.as_ref().map(|document| &document.root);
    tasks
        .iter()
        .map(|task| (task.pointer.as_str(), root.and_then(|root| resolve(root, &task.pointer))))
        .collect()
}

/// Whether a row without a kind of its own reads as an audit.
fn is_audit(row: &Node) -> bool {
    let text = |key: &str| row.get(key).and_then(Node::as_str).unwrap_or_default().trim();
    if text("kind") == "code" {
        return false;
    }
    let said = format!("{} {}", text("objective"), text("description")).to_lowercase();
    let ends_word = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
    // The harness matches at the very beginning, where an absent objective leaves a space.
    ["audit", "read-only audit"].iter().any(|start| said.strip_prefix(start).is_some_and(ends_word))
}

/// Names of the entries of a directory that is there and is none of somebody else's: directories or files.
fn names(directory: &Path, directories: bool) -> Result<Vec<String>, LoadError> {
    let is_real = fs::symlink_metadata(directory).is_ok_and(|metadata| metadata.is_dir());
    if !is_real {
        return Ok(Vec::new());
    }
    let read_error = |source| LoadError::Read { path: directory.to_path_buf(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(read_error)? {
        let entry = entry.map_err(read_error)?;
        let kind = entry.file_type().map_err(read_error)?;
        if (directories && kind.is_dir()) || (!directories && kind.is_file()) {
            names.extend(entry.file_name().into_string());
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};
    use crate::model::testing;

    fn artifact(name: &str, text: &str) -> Artifact {
        let document = Some(parse(text, Limits::default()).unwrap());
        Artifact { name: name.into(), text: text.into(), document }
    }

    fn scoped(digest: &str, tasks: &str) -> (Option<Vec<TaskId>>, usize) {
        let text = format!(
            r#"{{"batch_scope": {{"schema_version": 1, "batch_number": 2, "task_ids": {tasks}, "task_set_digest": "{digest}"}}}}"#
        );
        let mut findings = Vec::new();
        let attempt = artifact("execute_batches/batch_2/tasks_2e018219a50b.json", &text);
        (scope(&attempt, 2, &mut findings), findings.len())
    }

    #[test]
    fn a_scope_counts_if_it_agrees_with_its_digest_and_its_place() {
        // The digest is the harness's own of these two ids.
        let digest = &sha256_hex(b"T1\nT2")[..12];
        assert_eq!(digest, "2e018219a50b");
        assert_eq!(scoped(digest, r#"["T1", "T2"]"#), (Some(testing::ids(&["T1", "T2"])), 0));
        assert_eq!(scoped(digest, r#"["T1", "T3"]"#), (None, 1));
        assert_eq!(scoped(digest, r#"["T2", "T1"]"#), (None, 1));
        assert_eq!(scoped("0123456789ab", r#"["T1", "T2"]"#), (None, 1));
    }

    #[test]
    fn dispatched_attempts_count_by_their_fence() {
        let attempt = |name: &str, text: &str| attempt_order(&artifact(name, text));
        let fenced = |token| format!(r#"{{"dispatch_identity": {{"fence": {{"token": {token}}}}}}}"#);
        let plain = attempt("z", "{}");
        assert!(attempt("a", r#"{"dispatch_identity": {}}"#) > plain);
        assert!(attempt("a", &fenced(10)) > attempt("b", &fenced(9)));
        assert!(attempt("b", "{}") < plain);
    }

    #[test]
    fn rows_are_read_as_this_harness_reads_them() {
        let word = |row: &str, recorded: &str| {
            let node = parse(row, Limits::default()).unwrap().root;
            status(&node, &Status::parse(recorded)).as_str().to_owned()
        };
        assert_eq!(word("{}", "verified"), "done");
        assert_eq!(word("{}", "error"), "blocked");
        assert_eq!(word("{}", "someday"), "someday");
        let judged = |outcome: &str| format!(r#"{{"authority_validation": {{"outcome": "{outcome}"}}}}"#);
        assert_eq!(word(&judged("accepted"), "done"), "done");
        assert_eq!(word(&judged("quarantined"), "done"), "quarantined");
    }

    #[test]
    fn long_lists_are_read_whole_and_from_the_plan_alone() {
        let mut artifacts = Artifacts::default();
        artifacts.insert(artifact("full.json", r#"{"items": ["a", " ", "b", "c"]}"#));
        let cut = |name: &str| {
            let text = format!(r#"{{"items": ["a"], "full_set_artifact_ref": {{"name": "{name}"}}}}"#);
            parse(&text, Limits::default()).unwrap().root
        };
        assert_eq!(whole_list(&cut("full.json"), &artifacts).map(<[Node]>::len), Some(4));
        assert_eq!(whole_list(&cut("gone.json"), &artifacts), None);
        let list = r#"{"files_changed": {"items": ["a"], "full_set_artifact_ref": {"name": "full.json"}}}"#;
        let refined = |mut room| {
            let (list, artifact_name) = (artifact("list.json", list), String::new());
            let (task_ids, scope, files, commands) = (Vec::new(), None, None, None);
            let mut batch = Batch { number: 1, artifact: artifact_name, task_ids, scope, files, commands };
            let had_room = refine(&list, &mut batch, &mut [], &artifacts, &mut room);
            (had_room, batch.files.map(|files| files.concat()))
        };
        assert_eq!((refined(4), refined(3)), ((true, Some("abc".to_owned())), (false, None)));
        let mut names = BTreeSet::new();
        for name in ["../full.json", ".hidden.json", "full.txt", "full.json"] {
            collect_references(&cut(name), &mut names);
        }
        assert_eq!(names, BTreeSet::from(["full.json".to_owned()]));
    }

    #[test]
    fn descriptions_that_begin_so_are_audits() {
        let audit = |row: &str| is_audit(&parse(row, Limits::default()).unwrap().root);
        assert!(
            audit(r#"{"objective": "Audit the tree"}"#) && audit(r#"{"objective": "Read-only audit: x"}"#)
        );
        assert!(!audit(r#"{"objective": "Auditor"}"#) && !audit(r#"{"objective": "Audit", "kind": "code"}"#));
        assert!(!audit(r#"{"description": "Audit the tree"}"#));
    }
}
