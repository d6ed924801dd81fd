//! What goes where: reports on standard output, everything else on standard error.

use std::fs;

use serde_json::Value;
use taskproof::model::Code;
use taskproof::repair::{self, RunContext};

use crate::support::project::Stage;

#[test]
fn every_report_is_one_valid_document() {
    let schema: Value = Stage::new().run(["generate", "schema"]).ends(0).json();
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    for stage in [Stage::new(), Stage::with_git()] {
        for arguments in
            [&["attribute"][..], &["check"], &["backfill"], &["backfill", "--write"], &["attribute"]]
        {
            let run = stage.run([arguments, &["--format", "json"]].concat());
            assert_eq!(run.err, "");
            let report = run.json();
            let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
            assert_eq!(errors, Vec::<String>::new(), "{arguments:?}");
            assert!(run.out.ends_with("}\n") && report["command"] == arguments[0]);
        }
    }
}

#[test]
fn json_lines_are_one_value_a_line() {
    let stage = Stage::with_git();
    let run = stage.run(["check", "--format", "jsonl"]).ends(10);
    let types: Vec<Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["type"].clone())
        .collect();
    assert_eq!(types[..3], ["report", "task", "task"]);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let stage = Stage::with_git();
    for format in ["human", "json", "jsonl", "html"] {
        let run =
            |threads: &str| stage.run(["attribute", "--format", format, "--threads", threads]).ends(10).out;
        assert_eq!(run("1"), run("7"));
    }
}

#[test]
fn schemas_are_valid_and_fit_the_answers() {
    let stage = Stage::new();
    let schema: Value = stage.run(["generate", "schema", "answers"]).ends(0).json();
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    assert!(validator.is_valid(&serde_json::json!({ "task_id": "T1", "files_changed": ["a"] })));
    assert!(!validator.is_valid(&serde_json::json!({ "task_id": "T1", "file": ["a"] })));
    assert_eq!(stage.run(["generate", "schema", "report"]).out, stage.run(["generate", "schema"]).out);
    stage.run(["generate", "schema", "nope"]).fails(2, &["answers"]);
}

#[test]
fn every_code_is_explained() {
    let stage = Stage::new();
    for code in Code::ALL {
        let upper = stage.run(["explain", code.as_str()]).ends(0).out;
        assert!(upper.starts_with(code.as_str()) && upper.ends_with(".\n"), "{upper}");
        assert!(!upper.contains("  ") && upper.lines().count() == 1, "{upper}");
        assert_eq!(stage.run(["explain", &code.as_str().to_lowercase()]).ends(0).out, upper);
    }
    stage.run(["explain", "TP999"]).fails(2, &["TP999", "TP301"]);
    stage.run(["explain", "TP31"]).fails(2, &["TP31", "did you mean `TP301`"]);
    stage.run(["explain"]).fails(2, &["TASK or FINDING-CODE"]);
}

#[test]
fn demonstrations_are_listed_and_replayed() {
    let stage = Stage::new();
    let list = stage.run(["demo", "list"]).ends(0).out;
    let names: Vec<&str> =
        list.lines().filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect();
    assert!(names.contains(&"t9-stale-finalize"), "{list}");
    for name in &names {
        // Some incidents show a refusal, which goes where errors go.
        let run = stage.run(["demo", name]);
        assert_eq!(run.code, 0, "{run:#?}");
        assert!(run.out.contains("$ taskproof ") && run.out.contains("(exit code "), "{}", run.out);
    }
    stage.run(["demo"]).ends(0);
    let error = stage.run(["demo", "nope"]).fails(2, &["`nope`"]).err;
    assert!(names.iter().all(|name| error.contains(name)), "{error}");
    stage.run(["demo", "t9-stale-finalise"]).fails(2, &["did you mean `t9-stale-finalize`?"]);
    for name in ["../src", "", "t9-stale-finalize/plan"] {
        stage.run(["demo", name]).fails(2, &["no situation is called"]);
    }
}

#[test]
fn a_kept_demonstration_is_as_it_was_before() {
    let stage = Stage::new();
    // Beside the project: below it, there would be two plans.
    let kept = stage.home.join("kept");
    let run = stage.run(["demo", "t9-stale-finalize", "--keep", "../home/kept"]).ends(0);
    assert!(run.out.contains("home/kept, as it was before"), "{}", run.out);
    stage.run_in(&kept, ["attribute"]).ends(10);
    stage.run_in(&kept, ["backfill", "--write"]).ends(0);
    stage.run_in(&kept, ["undo"]).ends(0);
    stage.run_in(&kept, ["check"]).ends(10);
    // Said at once, before anything is replayed, and nothing is touched.
    let file = stage.project.join("full/file");
    fs::create_dir(stage.project.join("full")).unwrap();
    fs::write(&file, "mine").unwrap();
    stage.run(["demo", "--keep", "full"]).fails(2, &["full", "not empty"]);
    assert_eq!(fs::read_dir(stage.project.join("full")).unwrap().count(), 1);
    stage.run(["demo", "--keep", "full/file"]).fails(1, &["full/file"]);
    stage.run(["demo", "--keep", "../home/kept"]).fails(2, &["kept", "not empty"]);
}

/// Output captured by the test harness is not what this is about: the types of the library return
/// everything there is to say.
#[test]
fn the_library_returns_what_it_has_to_say() {
    let stage = Stage::new();
    let config = taskproof::config::Config::default();
    let (plan, findings) = taskproof::load::plan(&stage.plan, &config).unwrap();
    assert_eq!((plan.tasks.len(), findings), (2, Vec::new()));
    let (repair, findings) = repair::propose(&plan, &[]).unwrap();
    assert!(repair.edits.is_empty() && findings.is_empty());
    let context =
        RunContext { now: "2026-06-01T09:00:00Z".into(), run_id: "r".into(), tool_version: "0".into() };
    assert_eq!(repair::write(&stage.plan, &repair, &context, &|| Ok(())).unwrap(), None);
}
