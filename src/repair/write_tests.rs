//! What is written, refused, taken back and recorded; stopping and failing is in `under_fire`.
#![expect(clippy::disallowed_methods, reason = "tests set the stage themselves")]

use std::fs;
use std::io;
use std::path::Path;

use super::disk::Disk;
use super::journal::{JournalError, Runs, list_unfinished};
use super::undo::{UndoError, undo};
use super::write::{RunContext, WriteError, write, write_to};
use crate::model::{Edit, FieldChange, Repair, Rung, Signal};

const NAMES: [&str; 3] = ["finalize.json", "execution_batch_2.json", "final.md"];

fn context(run_id: &str) -> RunContext {
    RunContext { now: "2026-05-22T10:15:00Z".into(), run_id: run_id.into(), tool_version: "0.1.0".into() }
}

fn repair() -> Repair {
    let artifacts = NAMES.map(|name| (name.to_owned(), format!("{name} before"), format!("{name} after")));
    let edit = Edit {
        artifact: "finalize.json".into(),
        pointer: Some("/tasks/0/files_changed".into()),
        old: Some("[ ]".into()),
        new: FieldChange::List(vec!["a\u{e9}".into()]),
        task: Some("T1".into()),
        rung: Some(Rung::TaskRow),
        confidence: 0.5,
        signals: vec![Signal { name: "batch_row", weight: 3.0, detail: "d".into() }],
    };
    Repair { edits: vec![edit], artifacts: artifacts.into(), ..Repair::default() }
}

fn plan() -> tempfile::TempDir {
    let plan = tempfile::tempdir().unwrap();
    for name in NAMES {
        fs::write(plan.path().join(name), format!("{name} before")).unwrap();
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |bits| fs::Permissions::from_mode(bits);
        fs::set_permissions(plan.path().join(NAMES[0]), mode(0o640)).unwrap();
        fs::set_permissions(plan.path().join(NAMES[1]), mode(0o444)).unwrap();
    }
    plan
}

/// Contents and permissions of the artifacts.
fn state(plan: &Path) -> Vec<(String, Option<u32>)> {
    let read = |name| {
        let path = plan.join(name);
        (fs::read_to_string(&path).unwrap(), Disk::REAL.mode(&path).unwrap())
    };
    NAMES.map(read).into()
}

fn entries(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

const GO: fn() -> Result<(), WriteError> = || Ok(());

/// No run is open, nothing but ours was added to the plan, and no staged text is left.
fn assert_tidy(plan: &Path) {
    assert_eq!(list_unfinished(plan).unwrap(), Vec::<String>::new());
    let mut expected: Vec<&str> = NAMES.to_vec();
    expected.extend([".plan.lock", ".taskproof"]);
    expected.sort_unstable();
    let found: Vec<String> = entries(plan);
    assert!(found.iter().all(|name| expected.contains(&name.as_str())), "{found:?}");
    let root = plan.join(".taskproof");
    if !root.exists() {
        return;
    }
    let runs = root.join("runs");
    for run in if runs.exists() { entries(&runs) } else { vec![] } {
        for name in entries(&runs.join(&run)) {
            let known =
                ["journal", "audit.jsonl"].contains(&name.as_str()) || name.strip_suffix(".orig").is_some();
            assert!(known, "{run}/{name}");
        }
    }
}

#[test]
fn an_artifact_that_changed_in_between_stops_the_recovery_and_loses_nothing() {
    let plan = plan();
    let stop = |action: &'static str, path: &Path| match action {
        "exchange" if path.ends_with("final.md") => Err(io::Error::other("crash")),
        _ => Ok(()),
    };
    let runs = Runs::new(plan.path(), Disk::hooked(&stop));
    write_to(runs, plan.path(), &repair(), &context("r1"), &GO).unwrap_err();
    assert_eq!(list_unfinished(plan.path()).unwrap(), ["r1"]);
    fs::write(plan.path().join("final.md"), "rendered anew").unwrap();
    let before = state(plan.path());
    let error = write(plan.path(), &Repair::default(), &context("r2"), &GO).unwrap_err();
    assert!(
        matches!(&error, WriteError::Journal(JournalError::Conflicted { artifact, .. }) if artifact == "final.md")
    );
    assert!(error.to_string().contains("final.md has changed since"), "{error}");
    assert_eq!(state(plan.path()), before);
    let run = plan.path().join(".taskproof/runs/r1");
    fs::copy(run.join("final.md.orig"), plan.path().join("final.md")).unwrap();
    write(plan.path(), &Repair::default(), &context("r2"), &GO).unwrap();
    assert_eq!(fs::read_to_string(plan.path().join("final.md")).unwrap(), "final.md after");
    assert_tidy(plan.path());
}

#[test]
fn runs_share_a_second_and_are_undone_newest_first() {
    let plan = plan();
    let first = write(plan.path(), &repair(), &context("t"), &GO).unwrap().unwrap().run;
    let undone = undo(plan.path(), None, &context("t")).unwrap();
    let second = write(plan.path(), &repair(), &context("t"), &GO).unwrap().unwrap().run;
    assert_eq!([first.as_str(), &undone.by, &second], ["t", "t-2", "t-3"]);
    assert!(matches!(undo(plan.path(), Some("t"), &context("t")), Err(UndoError::AlreadyUndone { .. })));
    assert_eq!(undo(plan.path(), None, &context("t")).unwrap().by, "t-4");
    assert!(matches!(undo(plan.path(), None, &context("t")), Err(UndoError::NoRun)));
    // An undo is undone by its id alone, which brings the repair back.
    assert_eq!(undo(plan.path(), Some("t-4"), &context("t")).unwrap().by, "t-5");
    assert_eq!(state(plan.path())[0].0, "finalize.json after");
    assert_eq!(undo(plan.path(), None, &context("t")).unwrap().by, "t-6");
    assert_eq!(state(plan.path())[0].0, "finalize.json before");
}

#[test]
fn an_undo_refuses_what_it_cannot_take_back() {
    let plan = plan();
    assert!(matches!(undo(plan.path(), None, &context("u")), Err(UndoError::NoRun)));
    write(plan.path(), &repair(), &context("r"), &GO).unwrap();
    assert!(matches!(undo(plan.path(), Some("x"), &context("u")), Err(UndoError::UnknownRun { .. })));
    for id in ["../r", "..", "r/../r", ""] {
        let error = undo(plan.path(), Some(id), &context("u")).unwrap_err();
        assert!(matches!(error, UndoError::Journal(JournalError::BadId { .. })), "{id}");
    }
    fs::write(plan.path().join("final.md"), "moved on").unwrap();
    let error = undo(plan.path(), None, &context("u")).unwrap_err();
    assert!(
        error.is_refusal() && error.to_string().starts_with("final.md has changed since run r"),
        "{error}"
    );
    assert_eq!(state(plan.path())[0].0, "finalize.json after");
}

#[test]
fn a_write_refuses_a_live_plan_a_changed_artifact_and_a_held_lock() {
    let plan = plan();
    let live = write(plan.path(), &repair(), &context("r"), &|| {
        Err(WriteError::Live { reason: "execute runs".into() })
    })
    .unwrap_err();
    assert!(live.is_refusal() && live.to_string().starts_with("refused: execute runs; wait"), "{live}");
    let held = super::lock::PlanLock::take(plan.path()).unwrap();
    assert!(write(plan.path(), &repair(), &context("r"), &GO).unwrap_err().is_refusal());
    drop(held);
    fs::write(plan.path().join("final.md"), "else").unwrap();
    let changed = write(plan.path(), &repair(), &context("r"), &GO).unwrap_err();
    assert!(matches!(changed, WriteError::Changed { artifact } if artifact == "final.md"));
    assert!(!plan.path().join(".taskproof").exists());
}

#[test]
fn an_empty_repair_leaves_no_trace() {
    let plan = plan();
    assert_eq!(write(plan.path(), &Repair::default(), &context("r"), &GO).unwrap(), None);
    assert_eq!(entries(plan.path()).len(), NAMES.len());
}

#[test]
fn the_audit_record_tells_each_edit() {
    let plan = plan();
    write(plan.path(), &repair(), &context("r"), &GO).unwrap();
    let text = fs::read_to_string(plan.path().join(".taskproof/runs/r/audit.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(text.strip_suffix('\n').unwrap()).unwrap();
    assert_eq!(line["run"], "r");
    assert_eq!(line["old"], serde_json::json!([]));
    assert_eq!(line["new"], serde_json::json!(["a\u{e9}"]));
    assert_eq!(line["source"], "taskproof:task_row");
    assert_eq!(line["signals"][0]["name"], "batch_row");
    assert_eq!(line["sha256_before"], crate::digest::sha256_hex(b"finalize.json before"));
    assert_eq!(line["sha256_after"], crate::digest::sha256_hex(b"finalize.json after"));
}

#[cfg(unix)]
#[test]
fn our_directory_is_private_ignored_and_real() {
    use std::os::unix::fs::symlink;
    let plan = plan();
    write(plan.path(), &repair(), &context("r"), &GO).unwrap();
    let root = plan.path().join(".taskproof");
    assert_eq!(fs::read_to_string(root.join(".gitignore")).unwrap(), "*\n");
    let run = root.join("runs/r");
    assert_eq!(Disk::REAL.mode(&root).unwrap(), Some(0o700));
    for name in entries(&run) {
        assert_eq!(Disk::REAL.mode(&run.join(&name)).unwrap(), Some(0o600), "{name}");
        assert!(name.strip_suffix(".json").is_none(), "{name}");
    }
    let other = self::plan();
    let elsewhere = tempfile::tempdir().unwrap();
    symlink(elsewhere.path(), other.path().join(".taskproof")).unwrap();
    let error = write(other.path(), &repair(), &context("r"), &GO).unwrap_err();
    assert!(matches!(error, WriteError::Journal(JournalError::NotADirectory { .. })), "{error}");
    assert!(list_unfinished(other.path()).is_err());
    assert!(entries(elsewhere.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn a_linked_artifact_is_not_replaced() {
    let plan = plan();
    let path = plan.path().join("final.md");
    fs::rename(&path, plan.path().join("real.md")).unwrap();
    std::os::unix::fs::symlink("real.md", &path).unwrap();
    let error = write(plan.path(), &repair(), &context("r"), &GO).unwrap_err();
    assert!(matches!(error, WriteError::Journal(JournalError::NotRegular { .. })), "{error}");
}

#[test]
fn a_journal_of_any_size_is_not_read() {
    let plan = plan();
    write(plan.path(), &repair(), &context("r"), &GO).unwrap();
    let journal = plan.path().join(".taskproof/runs/r/journal");
    assert_eq!(Disk::REAL.read(&journal, 1 << 20).unwrap(), fs::read(&journal).unwrap());
    fs::OpenOptions::new().write(true).open(&journal).unwrap().set_len(1 << 34).unwrap();
    assert_eq!(list_unfinished(plan.path()).unwrap(), ["r"]);
    let error = undo(plan.path(), None, &context("u")).unwrap_err();
    assert!(error.to_string().contains("cannot read"), "{error}");
}

#[test]
fn a_damaged_journal_is_named() {
    let plan = plan();
    write(plan.path(), &repair(), &context("r"), &GO).unwrap();
    fs::write(plan.path().join(".taskproof/runs/r/journal"), "{").unwrap();
    assert_eq!(list_unfinished(plan.path()).unwrap(), ["r"]);
    let error = undo(plan.path(), None, &context("u")).unwrap_err();
    assert!(error.to_string().contains("journal is damaged"), "{error}");
}
