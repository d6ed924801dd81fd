//! `recover` from end to end, on the two incidents and on what the harness does next.

use serde_json::{Value, json};

use crate::support::stage::{Run, Stage, situation};

/// The incidents as recorded, and the tasks that were repaired in them.
const INCIDENTS: [(&str, &str); 2] = [("t2-batch-list-without-git", "T2"), ("t9-stale-finalize", "T9")];

fn json_of(stage: &Stage<'_>, name: &str) -> Value {
    serde_json::from_slice(&stage.artifacts()[name]).expect("JSON")
}

fn recover(stage: &Stage<'_>, more: &[&str]) -> Run {
    let arguments: Vec<&str> = ["recover"].iter().chain(more).copied().collect();
    stage.run(&arguments)
}

#[test]
fn both_incidents_advance_with_nothing_else_changed() {
    for (name, task) in INCIDENTS {
        let case = situation(name);
        let stage = Stage::build(&case);
        let before = json_of(&stage, "state.json");
        let run = recover(&stage, &["--write", "--route", "advance"]);
        assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
        let mut after = json_of(&stage, "state.json");
        assert_eq!(after["current_state"], "executed");
        let overrides = after["meta"]["overrides"].as_array().expect("a list").clone();
        assert_eq!(overrides.last().expect("an entry")["action"], "taskproof-recover");
        // As the chain's own rescue, and an entry that says who did it.
        let mut expected = before.clone();
        for key in ["active_step", "latest_failure", "resume_cursor"] {
            expected.as_object_mut().expect("an object").remove(key);
        }
        expected["current_state"] = json!("executed");
        after["meta"]["overrides"] = before["meta"]["overrides"].clone();
        assert_eq!(after, expected, "{name}");
        let tasks = json_of(&stage, "finalize.json")["tasks"].as_array().expect("tasks").clone();
        let repaired = tasks.iter().find(|row| row["id"] == task).expect("the task");
        assert!(!repaired["files_changed"].as_array().expect("files").is_empty(), "{name}");
        let idle = recover(&stage, &["--write"]);
        assert_eq!((idle.code, idle.run_id()), (Some(0), None), "{name}");
    }
}

#[test]
fn both_incidents_resolve_with_one_answer_per_blocker() {
    for (name, _) in INCIDENTS {
        let case = situation(name);
        let stage = Stage::build(&case);
        let run = recover(&stage, &["--write", "--route", "resolve"]);
        assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
        let report = run.report().expect("a report");
        let recorded = json_of(&stage, "state.json");
        let answers = recorded["meta"]["quality_gate_resolutions"].as_array().expect("answers");
        let ids = |list: &[Value], key: &str| -> Vec<String> {
            list.iter().map(|item| item[key].as_str().expect("an id").to_owned()).collect()
        };
        let blockers = report["recovery"]["blockers"].as_array().expect("blockers");
        assert_eq!(ids(answers, "blocker_id"), ids(blockers, "id"), "{name}");
        for answer in answers {
            assert_eq!(answer["resolution"], "accepted_with_debt");
            let note = answer["debt_note"].as_str().expect("a note");
            let kinds = ["repaired: ", "stale: ", "duplicate: ", "informational: "];
            assert!(kinds.iter().any(|kind| note.starts_with(kind)), "{note}");
            let run = run.run_id().expect("a run");
            let evidence = answer["evidence"].as_array().expect("evidence");
            let audit = format!(".taskproof/runs/{run}/audit.jsonl");
            assert!(evidence.iter().any(|item| item == &json!(audit)));
            assert!(case.plan_directory(&stage.root).join(audit).is_file());
        }
        assert_eq!(recorded["current_state"], "blocked", "the harness's own command moves it");
        let command = report["recovery"]["commands"][0].as_str().expect("a command");
        assert!(command.starts_with("megaplan override recover-blocked --plan "), "{command}");
    }
}

/// What the early harness merges when it runs again: of the latest batch file alone, row by row, whatever it says.
fn merge_latest_batch(finalize: &mut Value, batch: &Value) {
    for row in batch["task_updates"].as_array().expect("rows") {
        let tasks = finalize["tasks"].as_array_mut().expect("tasks");
        let Some(task) = tasks.iter_mut().find(|task| task["id"] == row["task_id"]) else { continue };
        for key in ["status", "executor_notes", "files_changed", "commands_run"] {
            task[key] = row[key].clone();
        }
    }
}

#[test]
fn the_next_execute_and_merge_turn_nothing_hollow_again() {
    for name in
        ["recover-rework-is-not-held-up", "t2-batch-list-without-git", "recover-row-has-what-finalize-lacks"]
    {
        let case = situation(name);
        let stage = Stage::build(&case);
        assert_eq!(recover(&stage, &["--write"]).code, Some(0), "{name}");
        let latest = stage
            .artifacts()
            .keys()
            .filter_map(|name| {
                name.strip_prefix("execution_batch_")?.strip_suffix(".json")?.parse::<u32>().ok()
            })
            .max()
            .expect("a batch");
        let mut finalize = json_of(&stage, "finalize.json");
        merge_latest_batch(&mut finalize, &json_of(&stage, &format!("execution_batch_{latest}.json")));
        let text = serde_json::to_string_pretty(&finalize).expect("JSON") + "\n";
        let path = case.plan_directory(&stage.root).join("finalize.json");
        std::fs::write(path, text).expect("the harness writes");
        let check = stage.run(&["attribute"]);
        assert_eq!(check.code, Some(0), "{name}: {}", check.stdout);
    }
}

#[test]
fn what_the_harness_appends_in_between_is_kept_and_its_going_on_is_not_taken_back() {
    let case = situation("t9-stale-finalize");
    let stage = Stage::build(&case);
    assert_eq!(recover(&stage, &["--write", "--route", "resolve"]).code, Some(0));
    let path = case.plan_directory(&stage.root).join("state.json");
    let mut moved = json_of(&stage, "state.json");
    moved["current_state"] = json!("finalized");
    std::fs::write(&path, serde_json::to_string_pretty(&moved).expect("JSON")).expect("the harness writes");
    let undo = stage.run(&["undo"]);
    assert_eq!(undo.code, Some(4), "{}", undo.stderr);
    assert!(
        undo.stderr.contains("the plan has gone on from `blocked` to `finalized` since run"),
        "{}",
        undo.stderr
    );
    assert_eq!(json_of(&stage, "state.json"), moved);
}

#[test]
fn what_recover_itself_moved_is_taken_back_run_by_run() {
    let case = situation("t9-stale-finalize");
    let stage = Stage::build(&case);
    let before = stage.artifacts();
    let ran = |route: &str| {
        let run = recover(&stage, &["--write", "--route", route]);
        assert_eq!(run.code, Some(0), "{route}: {}", run.stderr);
        run.run_id().expect("a run")
    };
    let (first, second) = (ran("resolve"), ran("advance"));
    assert_eq!(json_of(&stage, "state.json")["current_state"], "executed");
    // The first stands under the second, and the refusal names it.
    let undo = stage.run(&["undo", &first]);
    assert_eq!(undo.code, Some(4), "{}", undo.stderr);
    assert!(undo.stderr.contains(&format!("undo {second} first")), "{}", undo.stderr);
    assert_eq!(stage.run(&["undo"]).code, Some(0));
    assert_eq!(json_of(&stage, "state.json")["current_state"], "blocked");
    assert_eq!(stage.run(&["undo"]).code, Some(0));
    assert!(stage.artifacts() == before);
}

#[test]
fn answers_of_a_later_run_do_not_keep_an_earlier_one_from_being_taken_back() {
    let case = situation("t9-stale-finalize");
    let stage = Stage::build(&case);
    let backfill = stage.run(&["backfill", "--write"]).run_id().expect("a run");
    let before = json_of(&stage, "state.json");
    let resolved = recover(&stage, &["--write", "--route", "resolve"]).run_id().expect("a run");
    assert_eq!(stage.run(&["undo", &backfill]).code, Some(0), "they share no file");
    assert_eq!(stage.run(&["undo", &resolved]).code, Some(0));
    assert_eq!(json_of(&stage, "state.json"), before);
}

#[test]
fn a_recovery_is_taken_out_of_a_state_that_others_have_added_to() {
    for (name, _) in INCIDENTS {
        for route in ["advance", "resolve"] {
            let case = situation(name);
            let stage = Stage::build(&case);
            let note =
                json!({"action": "add-note", "timestamp": "2026-06-01T00:00:00Z", "note": "meanwhile"});
            let noted = |mut document: Value| {
                let list = document["meta"].as_object_mut().expect("an object").entry("overrides");
                list.or_insert(json!([])).as_array_mut().expect("a list").push(note.clone());
                document
            };
            let before = stage.artifacts();
            let expected = noted(json_of(&stage, "state.json"));
            assert_eq!(recover(&stage, &["--write", "--route", route]).code, Some(0));
            let moved = noted(json_of(&stage, "state.json"));
            let path = case.plan_directory(&stage.root).join("state.json");
            let text = serde_json::to_string_pretty(&moved).expect("JSON") + "\n";
            std::fs::write(&path, text).expect("the harness writes");
            let undo = stage.run(&["undo"]);
            assert_eq!(undo.code, Some(0), "{name}, {route}: {}", undo.stderr);
            assert!(undo.stdout.contains("state.json, which had moved on"), "{}", undo.stdout);
            let mut left = json_of(&stage, "state.json");
            // A list that was made for an answer stays, without it.
            if expected["meta"].get("quality_gate_resolutions").is_none() && route == "resolve" {
                let made =
                    left["meta"].as_object_mut().expect("an object").remove("quality_gate_resolutions");
                assert_eq!(made, Some(json!([])));
            }
            assert_eq!(left, expected, "{name}, {route}");
            std::fs::write(&path, &before["state.json"]).expect("as it was");
            assert!(stage.artifacts() == before, "{name}, {route}: the evidence is as it was");
        }
    }
}

#[test]
fn a_recovery_is_taken_back_in_one_piece() {
    for (name, _) in INCIDENTS {
        for route in ["advance", "resolve"] {
            let case = situation(name);
            let stage = Stage::build(&case);
            let before = stage.artifacts();
            assert_eq!(recover(&stage, &["--write", "--route", route]).code, Some(0));
            assert_ne!(stage.artifacts(), before);
            assert_eq!(stage.run(&["undo"]).code, Some(0));
            assert!(stage.artifacts() == before, "{name}, {route}");
        }
    }
}

#[test]
fn the_trail_of_a_swap_leads_from_one_text_to_the_other() {
    let case = situation("directories-attempts-and-authority");
    let stage = Stage::build(&case);
    let plan = case.plan_directory(&stage.root);
    let before = std::fs::read(plan.join("finalize.json")).expect("a file");
    let run = recover(&stage, &["--write", "--allow-authority"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let read = |folder: &str| -> Vec<Value> {
        let entries = std::fs::read_dir(plan.join("finalize_history").join(folder)).expect("a directory");
        let texts = entries.map(|entry| std::fs::read(entry.expect("an entry").path()).expect("a file"));
        texts.map(|text| serde_json::from_slice(&text).expect("JSON")).collect()
    };
    let after = std::fs::read(plan.join("finalize.json")).expect("a file");
    let [receipt] = read("mutations").try_into().expect("one receipt");
    let snapshot = |key: &str| {
        let name = format!("finalize_history/snapshots/{}.json", receipt[key].as_str().expect("a hash"));
        std::fs::read(plan.join(name)).expect("a snapshot")
    };
    assert!(snapshot("parent_sha256") == before && snapshot("result_sha256") == after);
    assert_eq!(receipt["changed_paths"][0], "tasks[T2].auto_attributed_files");
    let [commit] = read("commits").try_into().expect("one commit");
    assert_eq!(commit["result_sha256"], receipt["result_sha256"]);
    assert_eq!(stage.run(&["undo"]).code, Some(0));
    assert!(std::fs::read(plan.join("finalize.json")).expect("a file") == before);
    assert_eq!(read("commits").len(), 2, "a trail only grows");
    assert!(stage.root.join(".megaplan/.state-locks").is_dir(), "the harness's second lock was taken");
}
