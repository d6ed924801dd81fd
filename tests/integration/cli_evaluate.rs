//! How well hidden evidence comes back, and what is written of that.

use std::fs;

use serde_json::{Value, json};

use crate::support::project::{Stage, batch, task, write_plan};

/// A plan whose tasks follow each other, each with a batch of its own and its evidence on record.
fn long(stage: &Stage, tasks: usize) {
    let mut rows: Vec<Value> = Vec::new();
    for at in 1..=tasks {
        let (id, file, command) = (format!("T{at}"), format!("src/{at}.py"), format!("pytest {at}"));
        let mut row = task(&id, &[&file], &[&command]);
        if at > 1 {
            row["depends_on"] = json!([format!("T{}", at - 1)]);
        }
        rows.push(row);
        stage.write_json(&format!("execution_batch_{at}.json"), &batch(&id, &[&file], &[&command]));
    }
    stage.write_json("finalize.json", &json!({ "tasks": rows }));
}

fn scheme<'a>(document: &'a Value, name: &str) -> &'a Value {
    let schemes = document["schemes"].as_array().expect("schemes");
    schemes.iter().find(|scheme| scheme["name"] == name).unwrap_or_else(|| panic!("{document:#}"))
}

#[test]
fn the_plan_at_hand_is_measured() {
    let stage = Stage::with_git();
    let document = stage.run(["evaluate", "--format", "json"]).ends(0).json();
    let schema = stage.run(["generate", "schema", "evaluation"]).ends(0).json();
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!((&document["command"], &document["plans"]), (&json!("evaluate"), &json!(1)));
    let files = &scheme(&document, "one-per-batch")["files"];
    for (key, expected) in [("tasks", 2), ("pairs", 2), ("filled", 2), ("right", 2), ("exact", 2)] {
        assert_eq!(files[key], expected, "{key}: {files:#}");
    }
    let absent = &scheme(&document, "absent")["absent"];
    assert_eq!((&absent["tasks"], &absent["filled_tasks"]), (&json!(1), &json!(0)));
    assert_eq!(document["threshold"][0]["files"]["verdict"], "too_few");
}

#[test]
fn people_get_tables_and_an_honest_remark() {
    let run = Stage::with_git().run(["evaluate", "--precision", "0.9", "--precision", "0.5"]).ends(0);
    for part in
        ["of what is filled is right", "one-per-batch, git only", "Nothing to find", "too little to rely on"]
    {
        assert!(run.out.contains(part), "`{part}` is not in\n{}", run.out);
    }
    assert!(run.out.contains("For a precision of 0.9\n") && run.out.contains("For a precision of 0.5\n"));
}

#[test]
fn the_plan_is_only_read() {
    let stage = Stage::with_git();
    let before = stage.snapshot();
    let file = stage.home.join("a.json");
    stage.run(["evaluate", "--output", &format!("json={}", file.display())]).ends(0);
    assert_eq!(stage.snapshot(), before);
    let file = fs::read_to_string(file).unwrap();
    assert_eq!(file, stage.run(["evaluate", "--format", "json"]).out);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let stage = Stage::with_git();
    for name in ["b", "a", "c"] {
        write_plan(&stage.project.join("other").join(name));
    }
    let run =
        |threads: &str| stage.run(["evaluate", ".", "--format", "json", "--threads", threads]).ends(0).out;
    assert_eq!(run("1"), run("7"));
}

#[test]
fn every_plan_below_a_directory_counts_and_a_broken_one_is_left_out() {
    let stage = Stage::new();
    write_plan(&stage.project.join("deep/er/second"));
    let broken = stage.project.join("broken");
    write_plan(&broken);
    fs::write(broken.join("finalize.json"), "{").unwrap();
    let run = stage.run(["evaluate", ".", "deep", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert!(run.err.starts_with("left out ") && run.err.contains("is not JSON"), "{}", run.err);
    let document = run.json();
    assert_eq!((&document["plans"], document["left_out"].as_array().map(Vec::len)), (&json!(2), Some(1)));
    stage.run(["evaluate", ".", "-q"]).ends(0);
    stage.run(["evaluate", "broken"]).fails(1, &["is not JSON"]);
}

#[test]
fn nothing_to_measure_is_said() {
    let stage = Stage::new();
    fs::create_dir(stage.project.join("empty")).unwrap();
    stage.run(["evaluate", "empty"]).fails(3, &["no plan found below `empty`"]);
    stage.run(["evaluate", "missing"]).fails(1, &["cannot read `missing`"]);
    stage.run_in(&stage.home, ["evaluate"]).fails(3, &["no plan found"]);
    stage.edit("finalize.json", |finalize| finalize["tasks"][0]["status"] = json!("pending"));
    stage.edit("execution_batch_2.json", |batch| batch["task_updates"] = json!([]));
    stage.run(["evaluate"]).fails(1, &["nothing to measure"]);
}

#[test]
fn labelled_plans_are_scored_as_they_are() {
    let stage = Stage::with_git();
    let plan = stage.plan.display();
    let lines = [
        json!({ "plan": plan.to_string(), "group": "g", "scenario": "ours", "hidden": {
            "T2": { "files": ["src/b.py", "src/never.py"], "commands": ["pytest b"] } } }),
        json!({ "plan": plan.to_string(), "scenario": "control", "hidden": { "T2": { "absent": true } } }),
        json!({ "plan": plan.to_string(), "repo": "../elsewhere", "head": null, "hidden": null }),
    ];
    let text: Vec<String> = lines.iter().map(Value::to_string).collect();
    fs::create_dir(stage.project.join("data")).unwrap();
    fs::write(stage.project.join("data/cases.jsonl"), text.join("\n\n")).unwrap();
    let document = stage.run(["evaluate", "--cases", "data/cases.jsonl", "--format", "json"]).ends(0).json();
    let ours = scheme(&document, "ours");
    assert_eq!((&ours["files"]["pairs"], &ours["files"]["right"]), (&json!(2), &json!(1)));
    assert_eq!((&ours["files"]["partly"], &ours["commands"]["exact"]), (&json!(1), &json!(1)));
    let control = &scheme(&document, "control")["absent"];
    assert_eq!(
        (&control["filled_tasks"], &control["files"], &control["share"]),
        (&json!(1), &json!(1), &json!(1.0))
    );
    assert_eq!(scheme(&document, "one-per-batch")["plans"], 1);
    assert_eq!(document["plans"], 3);
}

#[test]
fn cases_that_cannot_be_used_say_why() {
    let stage = Stage::new();
    let cases = |text: &str| {
        fs::write(stage.project.join("cases.jsonl"), text).unwrap();
        stage.run(["evaluate", "--cases", "cases.jsonl"])
    };
    cases("{\"plan\": \"x\"}\n{\"plam\": 1}").fails(2, &["cases line 2"]);
    cases("\n").fails(2, &["empty"]);
    cases("{\"plan\": \"nowhere\"}").fails(1, &["cannot read `nowhere`"]);
    let head = json!({ "plan": stage.plan.display().to_string(), "repo": ".", "head": "nope" });
    assert_eq!(cases(&head.to_string()).code, 0, "without a repository no revision is looked for");
    stage.run(["evaluate", "--cases", "nope.jsonl"]).fails(2, &["nope.jsonl"]);
    let from_stdin = json!({ "plan": stage.plan.display().to_string() }).to_string();
    assert_eq!(stage.run_with(&stage.project, ["evaluate", "--cases", "-"], &from_stdin).code, 0);
}

#[test]
fn what_makes_no_sense_is_a_usage_error() {
    let stage = Stage::new();
    let cases: &[(&[&str], &[&str])] = &[
        (&["--format", "junit"], &["`junit`", "`markdown` or `html`"]),
        (&["--format", "sarif"], &["`sarif`", "`markdown` or `html`"]),
        (&["--output", "sarif=x"], &["`jsonl`"]),
        (&["--output", "yaml=x"], &["FORMAT=PATH"]),
        (&["--precision", "2"], &["from 0 to 1", "2"]),
        (&["--precision", "0.9", "--precision", "0.8", "--write-config"], &["one `--precision`"]),
        (&["--write-config", "--no-config"], &["--no-config"]),
        (&["--cases", "x", "--plan", "y"], &["--plan"]),
        (&["x", "--plan", "y"], &["--plan"]),
        (&["x", "--cases", "y"], &["--cases"]),
        (&["--min-confidence", "7"], &["from 0 to 1"]),
    ];
    for (arguments, words) in cases {
        stage.run([&["evaluate"][..], arguments].concat()).fails(2, words);
    }
}

#[test]
fn a_threshold_that_a_small_sample_suggests_is_not_written() {
    let stage = Stage::new();
    let run = stage.run(["evaluate", "--write-config"]);
    assert_eq!(run.code, 4, "{run:#?}");
    assert!(run.err.contains("too few to show a precision of 0.97"), "{}", run.err);
    assert!(run.out.contains("one-per-batch"), "the figures show why: {}", run.out);
    assert!(!stage.project.join("taskproof.toml").exists());
}

#[test]
fn a_threshold_that_nothing_meets_is_not_written() {
    let stage = Stage::new();
    long(&stage, 30);
    let hidden: serde_json::Map<String, Value> =
        (1..=30).map(|at| (format!("T{at}"), json!({ "files": ["src/other.py"] }))).collect();
    stage.edit("finalize.json", |finalize| {
        for task in finalize["tasks"].as_array_mut().expect("tasks") {
            task["files_changed"] = json!([]);
        }
    });
    let line = json!({ "plan": stage.plan.display().to_string(), "hidden": hidden });
    fs::write(stage.project.join("cases.jsonl"), line.to_string()).unwrap();
    let run = stage.run(["evaluate", "--cases", "cases.jsonl", "--write-config"]);
    assert_eq!(run.code, 4, "{run:#?}");
    assert!(run.err.contains("no threshold gives files a precision of 0.97"), "{}", run.err);
}

#[test]
fn a_threshold_that_holds_is_written_and_comments_stay() {
    let stage = Stage::new();
    long(&stage, 60);
    let config = stage.project.join("ours.toml");
    fs::write(&config, "# ours\nmax-candidates = 5 # few\nmin-confidence = 0.99 # to be measured\n").unwrap();
    let arguments =
        ["evaluate", "--precision", "0.9", "--write-config", "--config", "ours.toml", "--format", "json"];
    let document = stage.run(arguments).ends(0).json();
    let threshold = document["threshold"][0]["files"]["confidence"].as_f64().expect("a threshold");
    let written = &document["written"];
    let value = written["min_confidence"].as_f64().expect("what was written");
    assert!((value - threshold).abs() < 1e-9, "{document:#}");
    assert_eq!((&written["before"], &written["precision"]), (&json!(0.99), &json!(1.0)));
    let text = fs::read_to_string(&config).unwrap();
    assert_eq!(
        text,
        format!("# ours\nmax-candidates = 5 # few\nmin-confidence = {value} # to be measured\n")
    );
    let again = stage.run(["evaluate", "--config", "ours.toml", "--format", "json"]).ends(0).json();
    assert_eq!(again["min_confidence"].as_f64(), Some(value));
    assert_eq!(again["pooled"]["files"]["coverage"], written["coverage"]);
    // Without a file there is one afterwards.
    let run = stage.run(["evaluate", "--precision", "0.9", "--write-config"]).ends(0);
    let text = fs::read_to_string(stage.project.join("taskproof.toml")).unwrap();
    assert!(text.starts_with("min-confidence = 0."), "{text}");
    assert!(run.out.contains(&format!("Wrote `{}` into `taskproof.toml`", text.trim_end())), "{}", run.out);
}

#[test]
fn a_configuration_that_is_no_toml_is_left_alone() {
    let stage = Stage::new();
    fs::write(stage.project.join("ours.toml"), "min-confidence = = 1\n").unwrap();
    stage.run(["evaluate", "--write-config", "--config", "ours.toml"]).fails(2, &["ours.toml"]);
}

#[test]
fn a_cases_file_without_an_end_is_not_read() {
    let stage = Stage::with_git();
    let cases = stage.git.scratch.path().join("cases.jsonl");
    let file = std::fs::File::create(&cases).expect("a file");
    file.set_len(10 << 30).expect("ten gibibytes of nothing");
    let arguments = ["evaluate", "--cases", cases.to_str().expect("a path")];
    stage.run(arguments).fails(2, &["too large for a cases file", "67108864"]);
}
