//! `explain TASK`: for a person who asks why, and as JSON; what it promises comes true.

use std::fs;

use rayon::prelude::*;
use serde_json::{Value, json};
use taskproof::report::schema::explanation_schema;
use taskproof::situation::Situation;

use crate::support::project::{Stage as Project, assert_visible, task};
use crate::support::stage::{Stage, situation, situations};

/// Where each of the words first stands; they have to follow each other.
fn in_this_order(text: &str, words: &[&str]) {
    let mut rest = text;
    for word in words {
        rest =
            rest.split_once(word).unwrap_or_else(|| panic!("`{word}` is not where it should be in {text}")).1;
    }
}

#[test]
fn the_decision_comes_first_and_the_command_last() {
    let stage = Project::with_git();
    let before = stage.snapshot();
    let text = stage.run(["explain", "T2"]).ends(0).out;
    in_this_order(
        &text,
        &[
            "T2 lacks `files_changed` and `commands_run`; found 1 file and 1 command\n",
            "its own rows in the execution artifacts still hold them",
            "description: Work on T2.",
            "1 file\n",
            "src/b.py\n",
            "certain enough to fill in, from the batch records",
            "task row  execution_batch_2.json /task_updates/0",
            "execute\n",
            "@@ -1 +1 @@\n      -b = 1\n      +b = 2\n",
            "1 command\n",
            "pytest b\n",
            "What would change this",
            "With `--min-confidence 0.",
            "Next: fill it\n  taskproof backfill --plan ",
        ],
    );
    assert!(text.starts_with("T2 "), "{text}");
    assert_eq!(stage.snapshot(), before);
}

#[test]
fn a_whole_task_shows_what_is_recorded_and_what_git_says() {
    let stage = Project::with_git();
    let text = stage.run(["explain", "T1"]).ends(0).out;
    let words =
        ["T1 is complete", "src/a.py", "recorded", "git shows the change", "+a = 2", "Nothing has to"];
    in_this_order(&text, &words);
    assert!(!text.contains("What would change"), "{text}");
}

#[test]
fn a_task_that_is_open_shows_its_question_and_the_way_to_answer() {
    let stage = Project::with_git();
    fs::remove_file(stage.path("execution_batch_2.json")).unwrap();
    let text = stage.run(["explain", "T2"]).ends(0).out;
    in_this_order(
        &text,
        &[
            "T2 lacks",
            "needs an answer",
            "src/b.py",
            "possible",
            "What would change this",
            "- If a backup of a batch artifact",
            "Question: Did `T2` change this file?",
            "{\"task_id\":\"T2\"",
            "Next: put the line into `answers.jsonl`, edited",
            "--answers answers.jsonl --write",
        ],
    );
}

#[test]
fn a_task_that_does_not_exist_is_a_usage_error() {
    let stage = Project::with_git();
    stage.run(["explain", "t2"]).fails(2, &["no task `t2`", "did you mean `T2`?"]);
    stage.run(["explain", "T3"]).fails(2, &["no task `T3`", "did you mean `T1` or `T2`?"]);
    stage.run(["explain", "nonsense"]).fails(2, &["its tasks are `T1`, `T2`"]);
    stage.run(["explain", "\u{1b}[31m"]).fails(2, &["no task `\\u{1b}[31m`"]);
    stage.run(["explain", "TP999", "--plan", "nowhere"]).fails(2, &["no finding has the code `TP999`"]);
    stage.run(["explain", "T2", "--plan", "nowhere"]).fails(3, &["nowhere"]);
    // Some plan may call a task like a finding that does not exist.
    stage.edit("finalize.json", |finalize| {
        finalize["tasks"].as_array_mut().expect("a list").push(task("TP7", &["src/a.py"], &["make"]));
    });
    assert!(stage.run(["explain", "TP7"]).ends(0).out.starts_with("TP7 is complete"));
    assert!(stage.run(["explain", "TP301"]).ends(0).out.starts_with("TP301: "));
}

#[test]
fn other_formats_are_the_report_on_the_task_and_files_are_written() {
    let stage = Project::with_git();
    for (format, shown) in [
        ("jsonl", r#"{"type":"task","id":"T2""#),
        ("sarif", r#""ruleId": "TP301""#),
        ("github", "title=taskproof TP301::"),
        ("gitlab", r#""check_name": "TP301""#),
        ("junit", r#"<testcase name="T2""#),
        ("markdown", "TP301"),
        ("html", "T2"),
    ] {
        let text = stage.run(["explain", "T2", "--format", format]).ends(0).out;
        assert!(text.contains(shown), "{format}: {text}");
        assert!(!text.contains("\"T1\"") && !text.contains("`T1`"), "{format} tells of another task: {text}");
    }
    let human = stage.run(["explain", "T2", "--output", "json=out"]).ends(0).out;
    let json = stage.run(["explain", "T2", "--format", "json", "--output", "human=out2"]).ends(0).out;
    assert_eq!(fs::read_to_string(stage.project.join("out")).unwrap(), json);
    assert_eq!(fs::read_to_string(stage.project.join("out2")).unwrap(), human);
}

#[test]
fn what_a_code_means_is_said_in_formats_that_can() {
    let stage = Project::new();
    fs::write(stage.project.join("taskproof.toml"), "broken").unwrap();
    let json = stage.run(["explain", "tp301", "--format", "json", "--output", "markdown=out"]).ends(0).json();
    assert_eq!((&json["code"], &json["severity"]), (&"TP301".into(), &"error".into()));
    assert!(fs::read_to_string(stage.project.join("out")).unwrap().starts_with("**TP301**: A done task"));
    assert!(stage.run(["explain", "TP301", "--format", "html"]).ends(0).out.contains("A done task"));
    stage.run(["explain", "TP301", "--format", "junit"]).fails(2, &["`explain CODE` finds nothing in files"]);
}

#[test]
fn nothing_from_a_repository_reaches_the_terminal_raw() {
    let stage = Project::with_git();
    stage.git.write("src/b.py", "\u{1b}[2Jb = 3\r\nDB_PASSWORD=hunter2\n\t::error::x\n");
    stage.git.commit("T2: \u{1b}]0;owned\u{7} --password hunter2");
    for format in ["human", "json"] {
        let text = stage.run(["explain", "T2", "--format", format]).ends(0).out;
        assert_visible(&text);
        assert!(!text.contains("hunter2") && text.contains("DB_PASSWORD=***"), "{text}");
        assert!(text.lines().all(|line| !line.trim_start().starts_with("::")), "{text}");
    }
}

#[test]
fn what_cannot_be_shown_is_named() {
    let stage = Project::with_git();
    fs::write(stage.project.join("src/b.py"), b"\0\x01binary").unwrap();
    stage.git.commit("Binary");
    let text = stage.run(["explain", "T2"]).ends(0).out;
    in_this_order(&text, &["Binary\n", "not text\n"]);
    fs::write(stage.project.join("src/b.py"), "b = 4\n".repeat(900)).unwrap();
    let text = stage.run(["explain", "T2", "--head", "HEAD", "--worktree", "include"]).ends(0).out;
    assert!(text.contains("and 1 more commit\n") || text.contains("not committed"), "{text}");
}

fn explained(stage: &Stage<'_>, id: &str, more: &[&str]) -> Value {
    let run = stage.run(&[&["explain", id][..], more].concat());
    assert_eq!(run.code, Some(0), "{id}: {}", run.stderr);
    run.report().unwrap_or_else(|| panic!("{}", run.stdout))
}

fn change<'a>(explanation: &'a Value, probe: &str) -> &'a Value {
    let mut changes = explanation["changes"].as_array().expect("changes").iter();
    changes.find(|change| change["probe"] == probe).unwrap_or_else(|| panic!("{explanation:#}"))
}

#[test]
fn an_answer_about_another_task_does_what_was_said() {
    let situation = situation("two-hollow-in-one-batch");
    let stage = Stage::build(&situation);
    let explanation = explained(&stage, "T2", &[]);
    let other = &explained(&stage, "T3", &[])["task"]["files"][0]["path"];
    let promise = change(&explanation, "answer_first");
    let advice = promise["advice"].as_str().expect("a sentence");
    assert!(advice.starts_with(&format!("Answer `T3` first: if it changed `{}`", other.as_str().unwrap())));
    let answers = stage.root.join("answers.jsonl");
    fs::write(&answers, json!({ "task_id": "T3", "files_changed": [other] }).to_string()).unwrap();
    let report = stage.run(&["backfill", "--answers", answers.to_str().unwrap()]).report().expect("a report");
    let task = report["tasks"].as_array().unwrap().iter().find(|task| task["id"] == "T2").unwrap();
    assert_eq!(task["decision"], promise["decision"]);
    let filled = task["files"].as_array().unwrap().iter().filter(|file| file["decision"] == "backfill");
    let filled: Vec<&Value> = filled.map(|file| &file["path"]).collect();
    assert_eq!(json!(filled), promise["files"]);
}

#[test]
fn work_that_the_range_does_not_show_says_so() {
    let situation = situation("contradicted-claim");
    let stage = Stage::build(&situation);
    let explanation = explained(&stage, "T3", &[]);
    assert_eq!(explanation["task"]["decision"], "no_evidence");
    let advice = change(&explanation, "shown_by_git")["advice"].as_str().unwrap();
    assert!(advice.contains("changed outside the range") && advice.contains("--base"), "{advice}");
}

/// The ids of a situation's tasks, by the report on the whole plan.
fn tasks(report: &Value) -> Vec<Value> {
    report["tasks"].as_array().expect("tasks").clone()
}

fn without_lists(task: &Value) -> Value {
    let mut task = task.clone();
    let members = task.as_object_mut().expect("an object");
    // The reason counts candidates, and a report may have room for fewer.
    for list in ["files", "commands", "reason"] {
        members.shift_remove(list);
    }
    task
}

fn problems(situation: &Situation, validator: &jsonschema::Validator) -> Vec<String> {
    let stage = Stage::build(situation);
    let mut problems = Vec::new();
    // Some situations show a refusal.
    let Some(report) = stage.run(&["attribute"]).report() else { return problems };
    for task in tasks(&report) {
        let id = task["id"].as_str().expect("an id");
        let explanation = explained(&stage, id, &["--threads", "1"]);
        problems.extend(validator.iter_errors(&explanation).map(|error| format!("{id}: {error}")));
        if without_lists(&explanation["task"]) != without_lists(&task) {
            problems.push(format!("{id}: the report says something else"));
        }
        if explanation != explained(&stage, id, &["--threads", "3"]) {
            problems.push(format!("{id}: depends on the number of threads"));
        }
        problems.extend(broken_thresholds(&stage, id, &explanation));
    }
    problems
}

/// Thresholds can be tried with an option: what was promised has to come true.
fn broken_thresholds(stage: &Stage<'_>, id: &str, explanation: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for change in explanation["changes"].as_array().expect("changes") {
        let advice = change["advice"].as_str().expect("a sentence");
        if !advice.starts_with("With `--min-confidence ") {
            continue;
        }
        let level = advice.split('`').nth(1).and_then(|option| option.split(' ').nth(1)).expect("a number");
        let report = stage.run(&["attribute", "--min-confidence", level]).report().expect("a report");
        let task = tasks(&report).into_iter().find(|task| task["id"] == id).expect("the task");
        if task["decision"] != change["decision"] {
            problems.push(format!("{id}: {advice}, but it is {}", task["decision"]));
        }
    }
    problems
}

#[test]
fn every_task_of_every_situation_is_explained() {
    let validator = jsonschema::draft202012::new(&explanation_schema()).expect("a valid schema");
    let problems: Vec<String> = situations()
        .par_iter()
        .flat_map_iter(|situation| {
            let name = situation.name.clone();
            problems(situation, &validator).into_iter().map(move |problem| format!("{name}: {problem}"))
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
