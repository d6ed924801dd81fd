//! `verify-claims`: where claims come from, what is recorded, and what is refused.

use serde_json::{Value, json};

use crate::support::project::{Run, Stage};

const HOLLOW: &str = "Done tasks missing both files_changed and commands_run: T1";

/// A plan whose T1 has its evidence, and whose gate says that it has none.
fn stage() -> Stage {
    let stage = Stage::with_git();
    stage.run(["backfill", "--write"]);
    stage.write_json(
        "phase_result.json",
        &json!({
            "phase": "execute", "invocation_id": "0123456789abcdef", "exit_kind": "blocked_by_quality",
            "blocked_tasks": [], "deviations": [{"kind": "quality_gate", "message": HOLLOW}],
            "artifacts_written": [], "cli_provenance": {}, "external_error": null
        }),
    );
    stage.edit("state.json", |state| state["meta"] = json!({ "quality_gate_resolutions": [] }));
    stage
}

fn claims(stage: &Stage, text: &str, more: &[&str]) -> Run {
    let arguments = [&["verify-claims", "--format", "json", "--claims", "-"][..], more].concat();
    stage.run_with(&stage.project, arguments, text)
}

#[test]
fn claims_that_are_handed_over_need_no_plan() {
    let stage = stage();
    let line = json!({ "id": "c1", "text": HOLLOW }).to_string();
    let report = claims(&stage, &line, &[]).ends(0).json();
    assert_eq!((&report["plan"]["name"], &report["plan"]["directory"]), (&json!(""), &json!("")));
    assert_eq!(
        (&report["claims"][0]["id"], &report["claims"][0]["verdict"]),
        (&json!("c1"), &json!("cannot_tell"))
    );
    // With the plan its records decide.
    let plan = stage.plan.display().to_string();
    let report = claims(&stage, &line, &["--plan", &plan]).json();
    let verdict = |id: &str| {
        let claims = report["claims"].as_array().expect("claims");
        claims.iter().find(|claim| claim["id"] == id).map(|claim| claim["verdict"].clone())
    };
    assert_eq!(verdict("c1"), Some(json!("stale")));
}

#[test]
fn unusable_claims_are_named_by_their_line() {
    let stage = stage();
    for (text, words) in [
        ("\n{\"id\": 1}", &["line 2", "not a claim"][..]),
        ("{\"text\": \"\"}", &["line 1", "`text` is empty"]),
        ("{\"id\": \"a\", \"text\": \"x\"}\n{\"id\": \"a\", \"text\": \"y\"}", &["line 2", "`a`"]),
    ] {
        claims(&stage, text, &[]).fails(2, words);
    }
    claims(&stage, "{\"text\": \"x\"}", &["--write"]).fails(2, &["--plan"]);
    claims(&stage, "{\"text\": \"x\"}", &["--head", "nowhere"]).fails(2, &["nowhere"]);
}

#[test]
fn a_gigantic_claim_is_a_claim() {
    let stage = stage();
    let quote = "(a+)+$`[".repeat(200_000);
    let line = json!({ "id": "big", "text": format!("`src/a.py` still contains `{quote}`.") }).to_string();
    let report = claims(&stage, &line, &[]).ends(0).json();
    assert_eq!(report["claims"][0]["verdict"], "cannot_tell");
}

#[test]
fn a_stale_blocker_is_answered_and_the_answer_taken_back() {
    let stage = stage();
    let before = stage.read("state.json");
    let shown = stage.run(["verify-claims", "--format", "json"]).ends(0).json();
    assert_eq!(stage.read("state.json"), before, "nothing is written without being asked");
    assert_eq!(shown["edits"][0]["pointer"], "/meta/quality_gate_resolutions/0");
    let written = stage.run(["verify-claims", "--write", "--format", "json"]).ends(0).json();
    assert!(written["run_id"].is_string());
    let document: Value = serde_json::from_slice(&stage.read("state.json")).expect("JSON");
    let event = &document["meta"]["quality_gate_resolutions"][0];
    assert_eq!(event["resolution"], "accepted_with_debt");
    assert_eq!(event["blocker_id"], written["claims"][0]["id"]);
    // The harness goes on writing; the answer alone is taken out.
    stage.edit("state.json", |state| state["current_state"] = json!("paused"));
    let undone = stage.run(["undo"]).ends(0);
    assert!(undone.out.contains("had moved on"), "{}", undone.out);
    let document: Value = serde_json::from_slice(&stage.read("state.json")).expect("JSON");
    assert_eq!(document["meta"]["quality_gate_resolutions"], json!([]));
    assert_eq!(document["current_state"], "paused");
}

#[test]
fn a_higher_threshold_answers_nothing() {
    let stage = stage();
    let before = stage.read("state.json");
    let run = stage.run(["verify-claims", "--write", "--min-confidence", "1", "--format", "json"]).ends(0);
    assert_eq!((&run.json()["run_id"], &run.json()["edits"]), (&Value::Null, &json!([])));
    assert_eq!(stage.read("state.json"), before);
}

#[test]
fn a_state_without_a_place_for_answers_is_not_written() {
    let stage = stage();
    stage.edit("state.json", |state| state["meta"] = json!({ "quality_gate_resolutions": {} }));
    let before = stage.read("state.json");
    stage.run(["verify-claims", "--write"]).fails(1, &["no list", "quality_gate_resolutions"]);
    assert_eq!(stage.read("state.json"), before);
    let report = stage.run(["verify-claims", "--format", "json"]).json();
    assert!(report["findings"].as_array().is_some_and(|all| all.iter().any(|one| one["code"] == "TP402")));
}
