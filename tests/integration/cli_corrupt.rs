//! Damaged plans: every message names the file, the place and the way out, and comes quickly.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::support::project::{Stage, batch, task};

const REPORT: [&str; 3] = ["attribute", "--format", "json"];
const WAY_OUT: &str = "restore it from a backup";
const ASIDE: &str = "move it aside to go on without it";

#[test]
fn damaged_json_names_file_place_and_way_out() {
    let nested = "[".repeat(100_000);
    let cases: [(&str, &[u8], &[&str]); 9] = [
        ("truncated", b"{\n  \"tasks\": [\n    {\"id\": \"T1\"", &["line 3"]),
        ("byte order mark", b"\xef\xbb\xbf{}", &["byte order mark", "line 1"]),
        ("nesting", nested.as_bytes(), &["nested deeper than 200 levels", "line 1, column 201"]),
        ("NUL bytes", b"{\"a\":\x00\x00}", &["line 1"]),
        ("NUL in a string", b"{\"a\": \"\x00\"}", &["control character", "line 1"]),
        ("not UTF-8", b"{\"a\": \"\xff\"}", &["not UTF-8", "byte 7"]),
        ("empty", b"", &["ends too early", "line 1"]),
        ("null", b"null", &["expected an object, found null"]),
        ("list", b"[]", &["expected an object, found "]),
    ];
    for (what, content, words) in cases {
        for name in ["finalize.json", "state.json"] {
            let stage = Stage::new();
            stage.write(name, content);
            let words: Vec<&str> = words.iter().copied().chain([name, WAY_OUT]).collect();
            let error = stage.run(REPORT).fails(1, &words).err;
            assert!(!error.contains(ASIDE), "{what}: {error}");
            stage.run(["backfill", "--write"]).fails(1, &words);
            assert_eq!(stage.read(name), content);
            assert!(!stage.path(".taskproof").exists());
        }
    }
}

#[test]
fn a_damaged_batch_stops_everything_and_can_be_moved_aside() {
    let stage = Stage::new();
    stage.write("execution_batch_2.json", "{\"task_updates\": [\n");
    for command in ["attribute", "check", "backfill"] {
        stage.run([command]).fails(1, &["execution_batch_2.json", "line 2", WAY_OUT, ASIDE]);
    }
    fs::rename(stage.path("execution_batch_2.json"), stage.path("aside.json")).unwrap();
    stage.run(REPORT).ends(11);
}

#[test]
fn every_other_artifact_is_named_when_it_is_damaged() {
    for name in ["review.json", "phase_result.json", "execution.json", "finalize_snapshot.json"] {
        let stage = Stage::new();
        stage.write(name, "{]");
        stage.run(REPORT).fails(1, &[name, "line 1, column 2", ASIDE]);
        stage.write(name, "[1]");
        stage.run(REPORT).ends(10);
    }
    let stage = Stage::new();
    stage.write("final.md", b"\xff");
    stage.run(REPORT).ends(10).finding("TP104");
}

#[test]
fn a_damaged_checkpoint_is_a_finding() {
    let target = Path::new("finalize.json");
    for content in [&b"{\"task_upd"[..], b"\xff\xfe", b"", &b"[".repeat(100_000)] {
        let stage = Stage::new();
        stage.write("execution_checkpoint.json", content);
        let run = stage.run(REPORT).ends(10);
        let finding = run.finding("TP104");
        assert_eq!(finding["location"]["path"], "execution_checkpoint.json");
        assert!(finding["message"].as_str().unwrap().contains("execution_checkpoint.json"), "{finding}");
    }
    let stage = Stage::new();
    std::os::unix::fs::symlink(target, stage.path("execution_checkpoint.json")).unwrap();
    stage.run(REPORT).ends(10).finding("TP104");
    // What is no object is read as empty.
    let stage = Stage::new();
    stage.write("execution_checkpoint.json", "[]");
    stage.run(REPORT).ends(10).finding("TP102");
}

#[test]
fn a_file_larger_than_any_artifact_is_not_read() {
    for name in ["finalize.json", "execution_batch_1.json"] {
        let stage = Stage::new();
        File::create(stage.path(name)).unwrap().set_len(65 << 20).unwrap();
        stage.run(REPORT).fails(1, &[name, "68157440 bytes", "limit of 67108864", WAY_OUT]);
    }
}

#[test]
fn only_regular_files_are_read() {
    let secret = tempfile::tempdir().unwrap();
    fs::write(secret.path().join("secret.json"), "{\"tasks\": []}").unwrap();
    for name in ["finalize.json", "state.json", "execution_batch_1.json"] {
        let stage = Stage::new();
        fs::remove_file(stage.path(name)).unwrap();
        std::os::unix::fs::symlink(secret.path().join("secret.json"), stage.path(name)).unwrap();
        stage.run(REPORT).fails(1, &[name, "not a regular file", WAY_OUT]);
    }
    for name in ["finalize.json", "execution_batch_3.json", "review.json"] {
        let stage = Stage::new();
        let _ = fs::remove_file(stage.path(name));
        fs::create_dir(stage.path(name)).unwrap();
        stage.run(REPORT).fails(1, &[name, "not a regular file"]);
    }
}

#[test]
fn a_pipe_does_not_hang() {
    for name in ["execution_batch_1.json", "finalize.json"] {
        let stage = Stage::new();
        let _ = fs::remove_file(stage.path(name));
        assert!(Command::new("mkfifo").arg(stage.path(name)).status().unwrap().success());
        stage.run(REPORT).fails(1, &[name, "not a regular file"]);
    }
    for name in ["execution_checkpoint.json", "final.md", "events.ndjson"] {
        let stage = Stage::new();
        let _ = fs::remove_file(stage.path(name));
        assert!(Command::new("mkfifo").arg(stage.path(name)).status().unwrap().success());
        stage.run(REPORT).ends(10).finding("TP104");
    }
}

#[test]
fn rows_of_a_wrong_shape_leave_their_neighbours_alone() {
    let stage = Stage::new();
    stage.edit("finalize.json", |finalize| {
        let tasks = finalize["tasks"].as_array_mut().unwrap();
        tasks.extend([json!(7), json!(null), json!({}), json!({"id": 3}), task("T1", &[], &[])]);
        finalize["sense_checks"] = json!([1]);
    });
    let run = stage.run(REPORT).ends(10);
    assert_eq!(run.json()["tasks"].as_array().unwrap().len(), 2);
    assert_eq!(run.codes().iter().filter(|code| *code == "TP101").count(), 6);
    stage.run(["backfill", "--write"]).ends(0);
    assert_eq!(stage.filled("files_changed"), json!(["src/b.py"]));
}

#[test]
fn a_plan_that_lost_its_tasks_is_not_complete() {
    for tasks in [json!("T1"), json!(1), json!(null), json!({"T1": {"status": "done"}})] {
        let stage = Stage::new();
        stage.edit("finalize.json", |finalize| finalize["tasks"] = tasks);
        stage.run(["check"]).fails(1, &["finalize.json", "`/tasks`", "expected a list", WAY_OUT]);
    }
    let stage = Stage::new();
    stage.write("finalize.json", "{}");
    stage.run(["check"]).fails(1, &["expected a list of tasks, found nothing"]);
    stage.write("finalize.json", "{\"tasks\": []}");
    stage.run(["check"]).fails(1, &["expected a list of tasks, found an empty one"]);
}

#[test]
fn a_row_that_is_left_out_cannot_hide_what_is_open() {
    for row in [json!({ "status": "blocked" }), json!({ "id": "T1", "status": "pending" })] {
        let stage = Stage::new();
        stage.edit("finalize.json", |finalize| finalize["tasks"].as_array_mut().unwrap().push(row));
        stage.run(["backfill", "--write"]).ends(12);
    }
}

#[test]
fn what_only_python_reads_is_read_and_never_edited() {
    let odd = ["\"x\": NaN", "\"x\": -Infinity", "\"x\": \"\\ud800\"", "\"x\": 1, \"x\": 2"];
    for (odd, name) in odd.iter().flat_map(|odd| [(odd, "finalize.json"), (odd, "execution_batch_2.json")]) {
        let stage = Stage::new();
        let text = String::from_utf8(stage.read(name)).unwrap();
        stage.write(name, text.replacen('{', &format!("{{{odd},"), 1));
        let run = stage.run(REPORT).ends(10);
        assert_eq!(run.finding("TP103")["location"]["path"], name, "{odd}");
        assert_eq!(run.json()["tasks"][1]["decision"], "backfill", "{odd}");
        let before = stage.snapshot();
        if name == "finalize.json" {
            stage.run(["backfill", "--write"]).fails(1, &[name, "line 1", "correct that line by hand"]);
            assert_eq!(stage.snapshot(), before);
        }
    }
}

#[test]
fn line_ends_of_another_system_stay() {
    let stage = Stage::new();
    for name in ["finalize.json", "execution_batch_2.json", "state.json"] {
        let text = String::from_utf8(stage.read(name)).unwrap();
        stage.write(name, text.replace('\n', "\r\n"));
    }
    stage.run(["backfill", "--write"]).ends(0);
    let text = String::from_utf8(stage.read("finalize.json")).unwrap();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert_eq!(stage.filled("files_changed"), json!(["src/b.py"]));
    stage.run(["check"]).ends(0);
}

#[test]
fn only_exact_names_are_batches() {
    let stage = Stage::new();
    for name in
        ["execution_batch_2.bak.json", "execution_batch_x.json", "execution_batch_99999999999999.json"]
    {
        stage.write(name, "{]");
    }
    stage.write_json("execution_batch_10.json", &batch("T9", &[], &[]));
    assert_eq!(stage.run(REPORT).ends(10).codes().iter().filter(|code| *code == "TP105").count(), 1);
}
