//! Runs that stop before every single operation on a file, and what the next run makes of it.
#![expect(clippy::disallowed_methods, reason = "tests set the stage themselves")]

use std::cell::Cell;
use std::fs;
use std::io;
use std::path::Path;

use super::disk::Disk;
use super::journal::{JournalError, Runs, list_unfinished};
use super::undo::{UndoError, undo, undo_in};
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
        (fs::read_to_string(&path).unwrap(), super::disk::mode(&path).unwrap())
    };
    NAMES.map(read).into()
}

fn with(state: &[(String, Option<u32>)], word: &str) -> Vec<(String, Option<u32>)> {
    state.iter().map(|(text, mode)| (text.replace("before", word), *mode)).collect()
}

fn entries(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

const GO: fn() -> Result<(), WriteError> = || Ok(());

/// Stops before operation number `stop`; tells how many there were.
fn stopping<T>(stop: usize, run: impl FnOnce(Disk<'_>) -> T) -> (T, usize) {
    let count = Cell::new(0);
    let checkpoint = |_: &str| {
        count.set(count.get() + 1);
        if count.get() > stop { Err(io::Error::other("crash")) } else { Ok(()) }
    };
    let result = run(Disk::stopping(&checkpoint));
    (result, count.get())
}

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
fn a_write_that_stops_anywhere_is_finished_or_swept_away() {
    let mut seen = [0, 0];
    for stop in 0.. {
        let plan = plan();
        let old = state(plan.path());
        let (result, _) = stopping(stop, |disk| {
            let runs = Runs::new(plan.path(), disk);
            write_to(runs, plan.path(), &repair(), &context("r1"), &GO)
        });
        let stopped = result.is_err();
        // An empty repair finishes what is open, and the same repair then changes nothing more.
        write(plan.path(), &Repair::default(), &context("r2"), &GO).unwrap();
        let after = state(plan.path());
        assert!(after == old || after == with(&old, "after"), "stopped before {stop}: {after:?}");
        seen[usize::from(after != old)] += 1;
        assert_tidy(plan.path());
        if after == old {
            write(plan.path(), &repair(), &context("r3"), &GO).unwrap();
        } else {
            let again = write(plan.path(), &repair(), &context("r3"), &GO);
            assert!(matches!(again, Err(WriteError::Changed { .. })));
        }
        assert_eq!(state(plan.path()), with(&old, "after"));
        undo(plan.path(), None, &context("r4")).unwrap();
        assert_eq!(state(plan.path()), old);
        assert_tidy(plan.path());
        if !stopped {
            break;
        }
    }
    assert!(seen.iter().all(|count| *count > 5), "{seen:?}");
}

#[test]
fn an_undo_that_stops_anywhere_is_finished_or_swept_away() {
    for stop in 0.. {
        let plan = plan();
        let old = state(plan.path());
        write(plan.path(), &repair(), &context("r1"), &GO).unwrap();
        let (result, _) =
            stopping(stop, |disk| undo_in(Runs::new(plan.path(), disk), plan.path(), None, &context("r2")));
        write(plan.path(), &Repair::default(), &context("r3"), &GO).unwrap();
        let after = state(plan.path());
        assert!(after == old || after == with(&old, "after"), "stopped before {stop}");
        assert_tidy(plan.path());
        match undo(plan.path(), None, &context("r4")) {
            Ok(_) => assert_eq!(after, with(&old, "after")),
            Err(error) => assert!(matches!(error, UndoError::NoRun) && after == old, "{error}"),
        }
        assert_eq!(state(plan.path()), old);
        if result.is_ok() {
            break;
        }
    }
}

#[test]
fn a_recovery_that_stops_is_recovered() {
    // The last operations of a run are its renames: stop within them, then within the recovery.
    let ((), total) = stopping(usize::MAX, |disk| {
        let plan = plan();
        write_to(Runs::new(plan.path(), disk), plan.path(), &repair(), &context("r1"), &GO).unwrap();
    });
    for stop in total - 16..total {
        for second in (0..16).step_by(3) {
            let plan = plan();
            let old = state(plan.path());
            for stop in [stop, second] {
                let _ = stopping(stop, |disk| {
                    write_to(Runs::new(plan.path(), disk), plan.path(), &repair(), &context("r1"), &GO)
                });
            }
            write(plan.path(), &Repair::default(), &context("r3"), &GO).unwrap();
            let after = state(plan.path());
            assert!(after == old || after == with(&old, "after"));
            assert_tidy(plan.path());
        }
    }
}

#[test]
fn an_artifact_that_changed_in_between_stops_the_recovery_and_loses_nothing() {
    let ((), total) = stopping(usize::MAX, |disk| {
        let plan = plan();
        write_to(Runs::new(plan.path(), disk), plan.path(), &repair(), &context("r1"), &GO).unwrap();
    });
    let plan = plan();
    let _ = stopping(total - 10, |disk| {
        write_to(Runs::new(plan.path(), disk), plan.path(), &repair(), &context("r1"), &GO)
    });
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
    assert_eq!(super::disk::mode(&root).unwrap(), Some(0o700));
    for name in entries(&run) {
        assert_eq!(super::disk::mode(&run.join(&name)).unwrap(), Some(0o600), "{name}");
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
fn a_damaged_journal_is_named() {
    let plan = plan();
    write(plan.path(), &repair(), &context("r"), &GO).unwrap();
    fs::write(plan.path().join(".taskproof/runs/r/journal"), "{").unwrap();
    assert_eq!(list_unfinished(plan.path()).unwrap(), ["r"]);
    let error = undo(plan.path(), None, &context("u")).unwrap_err();
    assert!(error.to_string().contains("journal is damaged"), "{error}");
}
