//! Plans that are large, or made to deceive: they cost little time, and nothing of them reaches the
//! terminal as it is.

use serde_json::{Value, json};

use crate::support::project::{Stage, assert_visible, batch, task};

const REPORT: [&str; 3] = ["attribute", "--format", "json"];
fn strings(count: usize, text: impl Fn(usize) -> String) -> Value {
    (0..count).map(text).collect()
}

#[test]
fn twenty_thousand_tasks_are_no_problem() {
    let stage = Stage::new();
    let tasks = (0..20_000).map(|number| {
        let mut task = task(&format!("T{number}"), &["src/a.py"], &["pytest a"]);
        if number > 0 {
            task["depends_on"] = json!([format!("T{}", number - 1)]);
        }
        task
    });
    stage.write_json("finalize.json", &json!({ "tasks": tasks.collect::<Value>() }));
    let run = stage.run(REPORT).ends(0);
    assert_eq!(run.json()["tasks"][19_999]["batch"], 20_000);
    stage.run(["check"]).ends(0);
}

fn hollow(count: usize) {
    let stage = Stage::with_git();
    let tasks = (0..count).map(|number| task(&format!("T{number}"), &[], &[]));
    stage.write_json("finalize.json", &json!({ "tasks": tasks.collect::<Value>() }));
    let run = stage.run(REPORT).ends(11);
    assert_eq!(run.json()["tasks"].as_array().expect("a list").len(), count);
}

#[test]
fn a_thousand_hollow_tasks_are_no_problem() {
    hollow(1_000);
}

#[test]
fn many_thousand_hollow_tasks_are_no_problem() {
    hollow(4_000);
}

fn long_lists(length: usize) {
    let stage = Stage::new();
    let commands = strings(length, |number| format!("pytest tests/test_{number}.py --token=abc{number}"));
    stage.edit("execution_batch_2.json", |batch| batch["task_updates"][0]["commands_run"] = commands.clone());
    stage.run(["attribute"]).ends(10);
    stage.run(["backfill", "--write"]).ends(0);
    assert_eq!(stage.filled("commands_run"), commands);
}

#[test]
fn long_lists_are_no_problem() {
    long_lists(2_000);
}

#[test]
fn very_long_lists_are_no_problem() {
    long_lists(20_000);
}

#[test]
fn long_texts_are_no_problem() {
    let stage = Stage::new();
    let long = "x/".repeat(1 << 22);
    stage.edit("finalize.json", |finalize| finalize["tasks"][1]["description"] = json!(long));
    stage.edit("execution_batch_2.json", |batch| {
        batch["task_updates"][0]["executor_notes"] = json!(long);
        batch["deviations"] = json!([long]);
    });
    stage.run(REPORT);
    stage.run(["attribute"]);
}

fn long_path(steps: usize) {
    let stage = Stage::new();
    let path = "x/".repeat(steps);
    stage.edit("execution_batch_2.json", |batch| batch["task_updates"][0]["files_changed"] = json!([path]));
    stage.run(REPORT);
}

#[test]
fn long_paths_are_no_problem() {
    long_path(1_000);
}

#[test]
fn very_long_paths_are_no_problem() {
    long_path(1 << 20);
}

#[test]
fn long_keys_and_long_lists_do_not_multiply() {
    let stage = Stage::new();
    let (key, list) = ("k".repeat(4 << 20), vec!["7"; 1 << 18].join(","));
    let text = format!("{{\"task_updates\": {{\"{key}\": {{\"files_changed\": [{list}]}}}}}}");
    stage.write("execution_batch_3.json", text);
    stage.run(REPORT).ends(10);
}

/// Text that moves cursors, colours, hides, opens links, ends lines and speaks to build servers.
const EVIL: &str = "\u{1b}[2J\u{1b}]8;;http://x\u{7}T\r\n::error::x\u{9b}31m\u{202e}\u{0}\u{7f}\t<b>";

fn deceive(stage: &Stage) {
    stage.edit("finalize.json", |finalize| {
        let mut other = task(&format!("{EVIL}2"), &[], &[]);
        other["status"] = json!(EVIL);
        other["kind"] = json!(EVIL);
        finalize["tasks"][1]["id"] = json!(EVIL);
        finalize["tasks"][1]["description"] = json!(EVIL);
        finalize["tasks"][1]["depends_on"] = json!([EVIL, "T1"]);
        finalize["tasks"].as_array_mut().expect("a list").push(other);
        finalize["sense_checks"] =
            json!([{ "id": EVIL, "task_id": EVIL, "question": EVIL, "executor_note": "" }]);
    });
    stage.edit("execution_batch_2.json", |rows| {
        *rows = batch(EVIL, &[EVIL, "src/b.py"], &[EVIL, "pytest b"]);
        rows["task_updates"][0]["id"] = json!(format!("{EVIL}!"));
        rows["deviations"] = json!([EVIL]);
        rows["task_updates"]
            .as_array_mut()
            .expect("a list")
            .push(json!({ "task_id": format!("{EVIL}3"), EVIL: 1 }));
        rows["files_changed"] = json!({ EVIL: EVIL });
    });
    stage.edit("state.json", |state| {
        state["name"] = json!(EVIL);
        state["current_state"] = json!(EVIL);
        state["config"] = json!({ "project_dir": EVIL, "mode": EVIL });
        state["meta"] = json!({ "chain_policy": { "milestone_base_sha": EVIL } });
    });
    stage.write_json(
        "phase_result.json",
        &json!({ "deviations": [EVIL, { "message": EVIL, "kind": EVIL, "task_id": EVIL, "blocker_id": EVIL }],
                 "blocked_tasks": [{ "task_id": EVIL, "reason": EVIL }] }),
    );
    stage.write_json("review.json", &json!({ "review_verdict": EVIL, "task_verdicts": { EVIL: 1 } }));
    stage.write("events.ndjson", format!("{}\n", json!({ "kind": EVIL, "ts_utc": EVIL })));
    stage.write("final.md", EVIL);
}

#[test]
fn nothing_in_a_plan_reaches_the_terminal_as_it_is() {
    for stage in [Stage::new(), Stage::with_git()] {
        deceive(&stage);
        for command in ["attribute", "check", "backfill", "recover"] {
            for format in ["human", "json", "jsonl", "html"] {
                let run = stage.run([command, "--format", format, "-v"]);
                assert!([10, 11, 12].contains(&run.code), "{run:#?}");
                for text in [&run.out, &run.err] {
                    assert_visible(text);
                    assert!(!text.contains(['\u{202e}', '\u{feff}']), "{text}");
                    assert!(text.lines().all(|line| !line.trim_start().starts_with("::")), "{text}");
                }
            }
        }
        assert_eq!(stage.run(REPORT).json()["tasks"][1]["id"], EVIL, "the JSON means what the plan says");
        let run = stage.run(["backfill", "--write"]);
        assert_visible(&run.out);
        assert_visible(&run.err);
    }
}

#[test]
fn git_vouches_for_nothing_outside_the_repository() {
    let outside = ["../../etc/passwd", "/etc/passwd", "src/../../../x", ".."];
    let inside = ["src/b.py\n../x", "/", ".git/config", "."];
    for path in outside.into_iter().chain(inside) {
        let stage = Stage::with_git();
        stage.edit("execution_batch_2.json", |rows| *rows = batch("T2", &[path], &["pytest b"]));
        let report = stage.run(REPORT).json();
        for file in report["tasks"][1]["files"].as_array().unwrap() {
            let is_claim = file["path"] == path;
            assert!(!is_claim || file["witnesses"] == json!([]), "{path:?}: {file:#}");
            assert!(outside.contains(&path) || file["decision"] != "backfill", "{path:?}: {file:#}");
        }
    }
}

#[test]
fn names_with_slashes_and_dots_lead_nowhere() {
    let stage = Stage::new();
    for (at, id) in ["../../x", "/etc/passwd", "..", &"T".repeat(100_000)].into_iter().enumerate() {
        stage.edit("finalize.json", |finalize| {
            finalize["tasks"].as_array_mut().unwrap().push(task(id, &[], &[]));
        });
        stage.write_json(&format!("execution_batch_{}.json", at + 3), &batch(id, &["src/c.py"], &["make"]));
    }
    stage.run(["backfill", "--write"]);
    let mut names: Vec<_> =
        std::fs::read_dir(&stage.project).unwrap().map(|it| it.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".megaplan"]);
}

#[test]
fn an_error_about_a_deceptive_plan_is_visible_too() {
    let stage = Stage::new();
    stage.write("execution_batch_2.json", format!("{{\"{EVIL}"));
    stage.run(REPORT).fails(1, &["execution_batch_2.json"]);
    let name = "a\u{1b}[31m\nb";
    stage.run(["attribute", "--plan", name]).fails(3, &["a\\u{1b}[31m\\nb"]);
    stage.run(["attribute", "--config", name]).fails(2, &["a\\u{1b}[31m\\nb"]);
}
