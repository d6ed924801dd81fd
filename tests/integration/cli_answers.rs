//! `backfill --answers`: JSON Lines from a file or standard input, all or nothing.

use std::fs;

use serde_json::{Value, json};

use crate::support::project::{Run, Stage, task};

/// Two tasks that nothing is known about, one that has its evidence and one that is pending.
fn stage() -> Stage {
    let stage = Stage::with_git();
    stage.edit("finalize.json", |finalize| {
        let mut pending = task("T4", &[], &[]);
        pending["status"] = json!("pending");
        finalize["tasks"].as_array_mut().expect("a list").extend([task("T3", &[], &[]), pending]);
    });
    fs::remove_file(stage.path("execution_batch_2.json")).expect("the system obeys");
    stage
}

fn answer(stage: &Stage, text: &str, more: &[&str]) -> Run {
    let arguments = [&["backfill", "--format", "json", "--answers", "-"][..], more].concat();
    stage.run_with(&stage.project, arguments, text)
}

fn refused(text: &str, words: &[&str]) {
    let stage = stage();
    let before = stage.snapshot();
    answer(&stage, text, &["--write"]).fails(2, words);
    answer(&stage, text, &[]).fails(2, words);
    assert_eq!(stage.snapshot(), before, "{text}");
}

fn evidence(id: &str, path: &str) -> String {
    json!({ "task_id": id, "files_changed": [path], "commands_run": [format!("make {id}")] }).to_string()
}

#[test]
fn an_answer_is_shown_and_then_written() {
    let stage = stage();
    let line = evidence("T2", "src/b.py");
    let run = answer(&stage, &line, &[]);
    assert_eq!(run.json()["run_id"], Value::Null);
    assert_eq!(stage.filled("files_changed"), json!([]));
    // A file with blank lines, line ends of another system, and none at the end.
    fs::write(
        stage.project.join("answers.jsonl"),
        format!("\r\n{line}\r\n\r\n{}", evidence("T3", "src/b.py")),
    )
    .unwrap();
    let run = stage.run(["backfill", "--write", "--format", "json", "--answers", "answers.jsonl"]);
    let report = run.ends(12).json();
    assert_eq!(report["tasks"][1]["evidence"], "complete");
    assert_eq!(report["tasks"][2]["evidence"], "complete");
    assert_eq!(report["repair_request"], Value::Null);
    assert_eq!(stage.filled("commands_run"), json!(["make T2"]));
    assert_eq!(stage.filled("auto_attributed_metadata_source"), "taskproof:operator");
    stage.run(["undo"]).ends(0);
    assert_eq!(stage.filled("files_changed"), json!([]));
}

#[test]
fn the_answer_lines_of_a_report_can_be_sent_back() {
    let stage = stage();
    let report = stage.run(["attribute", "--format", "json"]).json();
    let questions = report["repair_request"]["tasks"].as_array().unwrap();
    let lines: Vec<&str> = questions.iter().map(|task| task["answer"].as_str().unwrap()).collect();
    assert_eq!(lines.len(), 2, "{report:#}");
    let run = answer(&stage, &lines.join("\n"), &[]);
    // As they are, or with one clear word about what has to be edited first.
    assert!(run.code != 2 || run.err.contains("answers line 1"), "{run:#?}");
}

#[test]
fn a_task_that_truly_changed_nothing_is_said_to_be_empty() {
    let stage = stage();
    let line =
        json!({ "task_id": "T2", "empty": true, "reason": "It only\nread \u{1b}[31mfiles." }).to_string();
    answer(&stage, &line, &["--write"]).ends(12);
    assert_eq!(stage.filled("files_changed"), json!([]));
    let said = stage.filled("commands_run");
    assert!(said[0].as_str().unwrap().contains("declared by the operator"), "{said}");
}

#[test]
fn a_line_that_is_no_answer_is_named() {
    let good = evidence("T2", "src/b.py");
    refused("{", &["answers line 1", "not an answer"]);
    refused(&format!("{good}\n\n[]\n"), &["answers line 3"]);
    refused(&format!("{good}\n{{\"task_id\": \"T3\", \"files\": [\"x\"]}}"), &["answers line 2", "files"]);
    refused("{\"task_id\": \"T2\", \"files_changed\": \"src/b.py\"}", &["answers line 1"]);
    refused("{\"task_id\": \"T2\", \"files_changed\": [null]}", &["answers line 1"]);
    refused("{\"task_id\": 2, \"files_changed\": [\"a\"]}", &["answers line 1"]);
    refused("{\"task_id\": \"T2\"}", &["answers line 1", "\"empty\": true"]);
    refused("{\"task_id\": \"T2\", \"files_changed\": [\" \"]}", &["answers line 1", "\"empty\": true"]);
    refused("{\"task_id\": \"T2\", \"empty\": true}", &["answers line 1", "needs a `reason`"]);
    refused("{\"task_id\": \"T2\", \"empty\": true, \"reason\": \" \"}", &["needs a `reason`"]);
    refused(&format!("\u{feff}{good}"), &["answers line 1"]);
}

#[test]
fn only_done_tasks_of_the_plan_have_answers_and_one_each() {
    let good = evidence("T2", "src/b.py");
    refused(&evidence("T9", "src/b.py"), &["answers line 1", "no task `T9`"]);
    refused(&evidence("t2", "src/b.py"), &["no task `t2`"]);
    refused(&evidence("\u{1b}[31m", "src/b.py"), &["no task `\\u{1b}[31m`"]);
    refused(&format!("{good}\n{}", evidence("T4", "src/b.py")), &["answers line 2", "`T4` is `pending`"]);
    refused(&format!("{good}\n{good}"), &["answers line 2", "second answer about `T2`"]);
}

#[test]
fn a_path_that_git_has_never_seen_must_be_forced() {
    for path in ["src/bb.py", "SRC/B.PY", "."] {
        refused(&evidence("T2", path), &["answers line 1", path, "\"force\": true"]);
    }
}

#[test]
fn a_forced_path_is_written() {
    let stage = stage();
    let line =
        json!({ "task_id": "T2", "files_changed": ["src/new.py"], "commands_run": ["make"], "force": true });
    answer(&stage, &line.to_string(), &["--write"]).ends(12);
    assert_eq!(stage.filled("files_changed"), json!(["src/new.py"]));
}

#[test]
fn evidence_that_is_there_is_not_replaced() {
    let stage = stage();
    let before = stage.snapshot();
    let line = evidence("T1", "src/b.py");
    for more in [&[][..], &["--write"]] {
        let run = answer(&stage, &line, more);
        let finding = run.finding("TP308");
        assert!(finding["message"].as_str().unwrap().contains("nothing is replaced"), "{finding}");
        assert_eq!(run.codes().iter().filter(|code| *code == "TP308").count(), 1);
        assert_eq!(run.json()["run_id"], Value::Null);
    }
    assert_eq!(stage.snapshot(), before);
    // The other answer of the file is still carried out.
    let both = format!("{line}\n{}", evidence("T2", "src/b.py"));
    let run = answer(&stage, &both, &["--write"]);
    assert!(run.json()["run_id"].is_string());
    run.finding("TP308");
    assert_eq!(stage.filled("files_changed"), json!(["src/b.py"]));
}

#[test]
fn a_file_that_cannot_be_used_is_named() {
    let stage = stage();
    fs::write(stage.project.join("latin1"), b"{\"task_id\": \"\xe4\"}").unwrap();
    fs::File::create(stage.project.join("huge")).unwrap().set_len(1 << 30).unwrap();
    let run = |file: &str| stage.run(["backfill", "--answers", file]);
    run("nope.jsonl").fails(2, &["nope.jsonl", "No such file"]);
    run("latin1").fails(2, &["latin1", "UTF-8"]);
    run("huge").fails(2, &["huge", "too large"]);
    run("src").fails(1, &["src", "directory"]);
    // No answers are no error.
    answer(&stage, "", &["--write"]).ends(12);
}
