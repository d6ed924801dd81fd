//! Recoveries: the evidence, the state, and the later harness's trail, written, refused and taken back. Stopping, failing
//! and being overtaken is in `under_fire`.
#![expect(clippy::disallowed_methods, reason = "tests set the stage themselves")]

use std::cell::Cell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::authority::AuthorityError;
use super::disk::Disk;
use super::journal::{JournalError, Runs};
use super::state::edit;
use super::undo::{UndoError, undo};
use super::write::{RunContext, WriteError, write, write_to};
use crate::digest::sha256_hex;
use crate::json::Node;
use crate::model::{Repair, StateChange};

const FINALIZE: &str = r#"{"tasks": [{"id": "T1", "status": "done", "files_changed": []}]}"#;
const STATE: &str =
    r#"{"current_state": "blocked", "meta": {"overrides": []}, "latest_failure": {"kind": "x"}}"#;
/// What a command of the harness appends without a lock.
const NOTE: &str = r#"{"action": "add-note", "reason": "meanwhile"}"#;
const GO: fn() -> Result<(), WriteError> = || Ok(());

fn context(run_id: &str) -> RunContext {
    RunContext { now: "2026-05-22T10:15:00Z".into(), run_id: run_id.into(), tool_version: "0.1.0".into() }
}

fn repair(is_guarded: bool) -> Repair {
    let record =
        Node::object([("action", Node::text("taskproof-recover")), ("reason", Node::text("run r1"))]);
    let changes = [
        StateChange::append("overrides", record),
        StateChange::Set { key: "current_state".into(), value: Node::text("executed") },
        StateChange::Remove { key: "latest_failure".into() },
    ];
    let (state, edits) = edit(STATE, &changes).unwrap();
    let finalize = FINALIZE.replace("[]", r#"["a.py"]"#);
    let artifacts = vec![
        ("finalize.json".to_owned(), FINALIZE.to_owned(), finalize),
        ("state.json".to_owned(), STATE.to_owned(), state),
    ];
    Repair { edits, artifacts, state: changes.into(), is_guarded }
}

/// A plan where the harness keeps plans, so that its locks fall into the scratch directory.
fn plan(root: &Path) -> PathBuf {
    let plan = root.join("plans/p");
    fs::create_dir_all(&plan).unwrap();
    fs::write(plan.join("finalize.json"), FINALIZE).unwrap();
    fs::write(plan.join("state.json"), STATE).unwrap();
    plan
}

fn text(plan: &Path, name: &str) -> String {
    fs::read_to_string(plan.join(name)).unwrap()
}

/// As a command of the harness that takes no lock: it reads, appends to a list of `meta`, and replaces.
fn append_note(plan: &Path) {
    let state = text(plan, "state.json");
    let joint = if state.contains("\"overrides\": []") { NOTE.to_owned() } else { format!("{NOTE}, ") };
    fs::write(
        plan.join("state.json"),
        state.replacen("\"overrides\": [", &format!("\"overrides\": [{joint}"), 1),
    )
    .unwrap();
}

fn stopping<T>(stop: usize, run: impl FnOnce(Disk<'_>) -> T) -> T {
    let count = Cell::new(0);
    let checkpoint = |_: &'static str, _: &Path| {
        count.set(count.get() + 1);
        if count.get() > stop { Err(io::Error::other("crash")) } else { Ok(()) }
    };
    run(Disk::hooked(&checkpoint))
}

/// Whether the recovery is in place. Anything between old and new fails.
fn is_recovered(plan: &Path) -> bool {
    let evidence = text(plan, "finalize.json") != FINALIZE;
    let state = text(plan, "state.json");
    let signs = [
        state.contains("\"executed\""),
        state.contains("taskproof-recover"),
        !state.contains("latest_failure"),
    ];
    assert!(signs.iter().all(|sign| *sign == evidence), "{state}");
    evidence
}

/// The trail vouches for the text on the disk, or the text is the one that was there before any.
fn assert_trail(plan: &Path, is_guarded: bool) {
    let history = plan.join("finalize_history");
    let names = |folder: &str| -> Vec<String> {
        let entries = fs::read_dir(history.join(folder)).into_iter().flatten();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    for name in names("snapshots") {
        let digest = sha256_hex(&fs::read(history.join("snapshots").join(&name)).unwrap());
        assert_eq!(name, format!("{digest}.json"));
    }
    let finalize = text(plan, "finalize.json");
    let current = sha256_hex(finalize.as_bytes());
    let vouches =
        |name: &String| fs::read_to_string(history.join("commits").join(name)).unwrap().contains(&current);
    assert!(!is_guarded || finalize == FINALIZE || names("commits").iter().any(vouches));
    assert!(is_guarded || !history.exists());
}

#[test]
fn what_was_appended_while_the_plan_was_read_is_kept() {
    let scratch = tempfile::tempdir().unwrap();
    let plan = plan(scratch.path());
    append_note(&plan);
    write(&plan, &repair(false), &context("r1"), &GO).unwrap();
    assert!(is_recovered(&plan) && text(&plan, "state.json").contains("meanwhile"));
}

#[test]
fn a_state_that_was_written_over_at_the_same_moment_is_told() {
    let scratch = tempfile::tempdir().unwrap();
    let plan = plan(scratch.path());
    // A command of the harness that read the state before, and saves it after.
    let checkpoint = |_: &'static str, _: &Path| match text(&plan, "state.json").contains("executed") {
        true => fs::write(plan.join("state.json"), STATE),
        false => Ok(()),
    };
    let runs = Runs::new(&plan, Disk::hooked(&checkpoint));
    let error = write_to(runs, &plan, &repair(false), &context("r1"), &GO).unwrap_err();
    assert!(
        matches!(&error, WriteError::Overwritten { run, .. } if run == "r1") && error.is_refusal(),
        "{error}"
    );
}

#[test]
fn a_state_that_moved_on_is_left_to_whoever_moved_it() {
    let scratch = tempfile::tempdir().unwrap();
    let plan = plan(scratch.path());
    let moved = STATE.replace("blocked", "finalized");
    fs::write(plan.join("state.json"), &moved).unwrap();
    let error = write(&plan, &repair(false), &context("r1"), &GO).unwrap_err();
    assert!(
        matches!(&error, WriteError::Changed { artifact } if artifact == "state.json") && error.is_refusal()
    );
    // A run that was published before the state moved on, and of which nothing is in place, is given up.
    fs::write(plan.join("state.json"), STATE).unwrap();
    let published = (0..1000)
        .find(|stop| {
            let _ = stopping(*stop, |disk| {
                write_to(Runs::new(&plan, disk), &plan, &repair(false), &context("r1"), &GO)
            });
            let published = plan.join(".taskproof/runs/r1/journal").exists();
            if !published {
                write(&plan, &Repair::default(), &context("r0"), &GO).unwrap();
            }
            published
        })
        .unwrap();
    assert!(published > 0);
    fs::write(plan.join("state.json"), &moved).unwrap();
    write(&plan, &Repair::default(), &context("r2"), &GO).unwrap();
    assert_eq!((text(&plan, "finalize.json").as_str(), text(&plan, "state.json")), (FINALIZE, moved));
    assert!(!plan.join(".taskproof/runs/r1").exists());
}

#[test]
fn a_swap_is_swapped_back_by_the_same_protocol() {
    let scratch = tempfile::tempdir().unwrap();
    let plan = plan(scratch.path());
    write(&plan, &repair(true), &context("r1"), &GO).unwrap();
    undo(&plan, None, &context("r2")).unwrap();
    assert_eq!(
        (text(&plan, "finalize.json").as_str(), text(&plan, "state.json").as_str()),
        (FINALIZE, STATE)
    );
    assert_trail(&plan, true);
    let commits = fs::read_dir(plan.join("finalize_history/commits")).unwrap().count();
    assert_eq!(commits, 2, "a trail only grows");
}

#[test]
fn a_recovery_is_taken_out_of_a_state_that_moved_on_and_brought_back_into_it() {
    let scratch = tempfile::tempdir().unwrap();
    let plan = plan(scratch.path());
    write(&plan, &repair(false), &context("r1"), &GO).unwrap();
    append_note(&plan);
    assert_eq!(undo(&plan, None, &context("r2")).unwrap().moved_on, ["state.json"]);
    let expected = STATE.replace("[]", &format!("[{NOTE}]"));
    assert_eq!((text(&plan, "finalize.json").as_str(), text(&plan, "state.json")), (FINALIZE, expected));
    append_note(&plan);
    undo(&plan, Some("r2"), &context("r3")).unwrap();
    assert!(is_recovered(&plan) && text(&plan, "state.json").matches("meanwhile").count() == 2);
}

#[test]
fn a_recovery_that_the_harness_has_gone_on_from_is_not_taken_back() {
    let scratch = tempfile::tempdir().unwrap();
    for (was, is) in [
        (r#""executed""#, r#""finalized""#),
        (r#""reason": "run r1""#, r#""reason": "run r7""#),
        ("]}", r#"]}, "latest_failure": {"kind": "y"}"#),
    ] {
        let plan = plan(scratch.path());
        write(&plan, &repair(false), &context("r1"), &GO).unwrap();
        let moved = text(&plan, "state.json").replacen(was, is, 1);
        fs::write(plan.join("state.json"), &moved).unwrap();
        let error = undo(&plan, None, &context("r2")).unwrap_err();
        let is_told = match &error {
            UndoError::GoneOn { left, now, .. } => (left.as_str(), now.as_str()) == ("executed", "finalized"),
            UndoError::Changed { artifact, .. } => artifact == "state.json" && !is.contains("finalized"),
            _ => false,
        };
        assert!(is_told, "{error}");
        assert!(error.is_refusal() && text(&plan, "state.json") == moved);
        assert_ne!(text(&plan, "finalize.json"), FINALIZE);
        fs::remove_dir_all(&plan).unwrap();
    }
}

#[test]
fn what_is_not_the_executor_s_is_refused_before_anything_is_written() {
    let scratch = tempfile::tempdir().unwrap();
    let plan = plan(scratch.path());
    let mut repair = repair(true);
    repair.artifacts[0].2 = FINALIZE.replace("\"tasks\"", "\"watch_items\": [], \"tasks\"");
    let error = write(&plan, &repair, &context("r1"), &GO).unwrap_err();
    assert!(matches!(error, WriteError::Authority(AuthorityError::NotOurs { .. })), "{error}");
    assert!(!plan.join(".taskproof").exists() && !plan.join("finalize_history").exists());
}

#[test]
fn a_damaged_history_is_named() {
    let scratch = tempfile::tempdir().unwrap();
    let plan = plan(scratch.path());
    let snapshots = plan.join("finalize_history/snapshots");
    fs::create_dir_all(&snapshots).unwrap();
    fs::write(snapshots.join(format!("{}.json", sha256_hex(FINALIZE.as_bytes()))), "else").unwrap();
    let error = write(&plan, &repair(true), &context("r1"), &GO).unwrap_err();
    assert!(matches!(error, WriteError::Journal(JournalError::Collision { .. })), "{error}");
    assert_eq!(text(&plan, "finalize.json"), FINALIZE);
}
