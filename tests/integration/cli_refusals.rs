//! When a run that writes must not: somebody else is at work, or the plan is not ours to write.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use serde_json::{Value, json};

use crate::support::project::{Run, Stage, task};

const WRITE: [&str; 2] = ["backfill", "--write"];
/// Longer than any process id lasts.
const NO_PROCESS: i32 = i32::MAX;

fn ago(seconds: u64) -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a clock").as_secs();
    let time = jiff::Timestamp::from_second(i64::try_from(now - seconds).expect("a time")).expect("a time");
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn assert_untouched(stage: &Stage, before: &[(PathBuf, Vec<u8>)]) {
    assert_eq!(stage.snapshot(), before);
}

#[test]
fn a_locked_plan_is_left_alone() {
    let stage = Stage::new();
    let before = stage.snapshot();
    let lock = File::create(stage.path(".plan.lock")).unwrap();
    lock.lock().unwrap();
    stage.run(WRITE).fails(4, &[".plan.lock is held", "wait until it ends"]);
    stage.run(["backfill", "--write", "--assume-stopped"]).fails(4, &[".plan.lock is held"]);
    stage.run(["undo"]).fails(4, &[".plan.lock is held"]);
    assert_untouched(&stage, &before);
    // Reading needs no lock.
    for command in ["attribute", "check", "backfill"] {
        stage.run([command]).ends(10);
    }
    drop(lock);
    stage.run(WRITE).ends(0);
}

/// As the harness does it: another process, and `flock`.
#[test]
fn a_lock_of_another_process_counts() {
    let stage = Stage::new();
    fs::write(stage.path(".plan.lock"), "").unwrap();
    let mut holder = Command::new("flock");
    holder.arg("-n").arg(stage.path(".plan.lock")).args(["sh", "-c", "echo held; read _"]);
    let Ok(mut holder) = holder.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else { return };
    let mut held = [0; 5];
    std::io::Read::read_exact(holder.stdout.as_mut().unwrap(), &mut held).unwrap();
    stage.run(WRITE).fails(4, &[".plan.lock is held"]);
    drop(holder.stdin.take());
    holder.wait().unwrap();
    stage.run(WRITE).ends(0);
}

#[test]
fn a_live_step_is_waited_for() {
    let alive = std::process::id();
    let live = [
        json!({ "step": "execute", "worker_pid": alive, "last_activity_at": ago(90_000) }),
        json!({ "step": "execute", "worker_pid": NO_PROCESS, "last_activity_at": ago(60) }),
        json!({ "step": "execute", "worker_pid": NO_PROCESS, "started_at": ago(60) }),
        json!({ "step": "execute", "worker_pid": NO_PROCESS }),
        json!({ "step": "execute", "worker_pid": NO_PROCESS, "last_activity_at": "soon" }),
        json!({ "step": "execute", "last_activity_at": ago(90_000) }),
        json!({ "worker_pid": "4711", "started_at": ago(90_000) }),
        json!({ "worker_pid": -1, "started_at": ago(90_000) }),
        json!({ "worker_pid": 0, "started_at": ago(90_000) }),
        json!({ "worker_pid": 1e300, "started_at": ago(90_000) }),
        json!({}),
        json!([]),
        json!("execute"),
        json!(7),
        json!(true),
    ];
    for step in live {
        let stage = Stage::new();
        stage.edit("state.json", |state| state["active_step"] = step.clone());
        let before = stage.snapshot();
        for command in [&WRITE[..], &["undo"]] {
            stage.run(command).fails(4, &["refused", "running", "wait until it ends", "--assume-stopped"]);
        }
        assert_untouched(&stage, &before);
        stage.run(["attribute"]).ends(10);
        stage.run(["backfill", "--write", "--assume-stopped"]).ends(0);
        stage.run(["undo", "--assume-stopped"]).ends(0);
    }
}

#[test]
fn a_step_that_is_certainly_over_is_no_obstacle() {
    for step in [
        json!(null),
        json!({ "step": "execute", "worker_pid": NO_PROCESS, "last_activity_at": ago(3600) }),
        json!({ "step": "execute", "worker_pid": NO_PROCESS, "started_at": ago(3600) }),
    ] {
        let stage = Stage::new();
        stage.edit("state.json", |state| state["active_step"] = step.clone());
        stage.run(WRITE).ends(0);
    }
}

#[test]
fn the_name_of_a_step_cannot_drive_the_terminal() {
    let stage = Stage::new();
    stage.edit("state.json", |state| state["active_step"] = json!({ "step": "\u{1b}[2J\n::error::x" }));
    stage.run(WRITE).fails(4, &["\\u{1b}[2J\\n::error::x"]);
}

/// Runs as somebody without rights, for whom the plan is there to read alone. Whoever runs the tests as
/// root has every right.
fn unprivileged(stage: &Stage, arguments: &[&str]) -> Run {
    let scratch = stage.git.scratch.path();
    let program = scratch.join("taskproof");
    // By another process: a child that some other test starts meanwhile would hold our copy open, and keep it from running.
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_taskproof")).arg(&program).status();
    assert!(copied.expect("the system obeys").success());
    for path in [scratch, &program] {
        fs::set_permissions(path, Permissions::from_mode(0o755)).expect("the system obeys");
    }
    let mut command = Command::new(program);
    command.current_dir(&stage.project).env_clear().env("HOME", &stage.home).args(arguments);
    if rustix::process::geteuid().is_root() {
        command.uid(65_534).gid(65_534);
    }
    let output = command.output().expect("the system obeys");
    Run {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

#[test]
fn a_read_only_plan_is_read_and_not_written() {
    let stage = Stage::new();
    let before = stage.snapshot();
    fs::set_permissions(&stage.plan, Permissions::from_mode(0o555)).unwrap();
    unprivileged(&stage, &["attribute"]).ends(10);
    unprivileged(&stage, &WRITE).fails(1, &["cannot open", ".plan.lock", "permissions"]);
    fs::set_permissions(&stage.plan, Permissions::from_mode(0o755)).unwrap();
    assert_untouched(&stage, &before);
    fs::set_permissions(stage.path("execution_batch_1.json"), Permissions::from_mode(0o000)).unwrap();
    unprivileged(&stage, &["attribute"]).fails(1, &["execution_batch_1.json", "Permission denied"]);
}

#[test]
fn links_in_the_way_are_not_followed() {
    let stage = Stage::new();
    let elsewhere = stage.git.scratch.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let lock = stage.path(".plan.lock");
    std::os::unix::fs::symlink(elsewhere.join("lock"), &lock).unwrap();
    stage.run(WRITE).fails(1, &[".plan.lock", "not a regular file"]);
    fs::remove_file(&lock).unwrap();
    std::os::unix::fs::symlink(&elsewhere, stage.path(".taskproof")).unwrap();
    stage.run(WRITE).fails(1, &[".taskproof", "not a directory"]);
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}

#[test]
fn the_newer_layout_is_read_only() {
    for marker in ["execute_batches", "finalize_history"] {
        let stage = Stage::new();
        fs::create_dir(stage.path(marker)).unwrap();
        let before = stage.snapshot();
        let run = stage.run(["attribute", "--format", "json"]).ends(10);
        assert_eq!(run.json()["plan"]["layout"], "batch_directories");
        assert_eq!(run.finding("TP109")["location"]["path"], marker);
        let run = stage.run(["backfill", "--format", "json"]).ends(10);
        assert_eq!(run.json()["edits"], json!([]));
        stage.run(WRITE).fails(4, &["batch directories", "--allow-authority"]);
        assert_untouched(&stage, &before);
        assert!(!stage.path(".plan.lock").exists());
    }
}

#[test]
fn a_task_that_is_not_done_is_never_touched() {
    for status in ["pending", "blocked", "skipped", "completed", "", "DONE"] {
        let stage = Stage::new();
        stage.edit("finalize.json", |finalize| finalize["tasks"][1]["status"] = json!(status));
        let before = stage.snapshot();
        let run = stage.run(["backfill", "--write", "--format", "json"]);
        assert_eq!((&run.json()["run_id"], run.err.as_str()), (&Value::Null, ""), "{status}: {run:#?}");
        assert_untouched(&stage, &before);
    }
}

#[test]
fn evidence_that_is_there_is_never_replaced() {
    let stage = Stage::new();
    stage.edit("finalize.json", |finalize| finalize["tasks"][1] = task("T2", &["other.py"], &[]));
    let run = stage.run(["backfill", "--write", "--format", "json"]);
    assert!([0, 10].contains(&run.code), "{run:#?}");
    assert_eq!(stage.filled("files_changed"), json!(["other.py"]));
}

#[test]
fn an_input_that_changes_after_it_was_read_is_noticed() {
    let stage = Stage::new();
    let config = taskproof::config::Config::default();
    let (plan, _) = taskproof::load::plan(&stage.plan, &config).unwrap();
    let changed = || taskproof::load::changed_artifact(&plan, &config).unwrap();
    assert_eq!(changed(), None);
    stage.edit("state.json", |state| state["active_step"] = json!({ "step": "execute" }));
    assert_eq!(changed(), None, "the heartbeat rewrites the state at any time");
    stage.write_json("execution_batch_3.json", &json!({}));
    assert_eq!(changed().as_deref(), Some("execution_batch_3.json"), "a new artifact counts, too");
    std::fs::remove_file(stage.path("execution_batch_3.json")).unwrap();
    stage.edit("execution_batch_1.json", |batch| batch["output"] = json!("later"));
    assert_eq!(changed().as_deref(), Some("execution_batch_1.json"));
}

#[test]
fn a_repository_that_cannot_be_asked_keeps_us_from_writing() {
    let stage = Stage::with_git();
    let before = stage.snapshot();
    fs::write(stage.project.join(".git/config"), "[[[").unwrap();
    stage.run(["attribute", "--format", "json"]).ends(10).finding("TP201");
    stage.run(WRITE).fails(4, &["refused", "nothing is written unverified", "damaged"]);
    assert_untouched(&stage, &before);
}
