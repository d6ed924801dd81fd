use std::path::PathBuf;

use super::*;
use crate::json::{Limits, parse};
use crate::model::testing::{commit, history, plan, task};
use crate::model::{Artifact, ClaimOrigin, SenseCheck, Status, Task};

fn claim(text: &str) -> Claim {
    Claim {
        id: String::new(),
        text: text.into(),
        origin: ClaimOrigin { artifact: "phase_result.json".into(), pointer: "/deviations/0".into() },
        task_ids: Vec::new(),
        evidence_file: None,
        made_at: None,
        stance: None,
        is_blocker: true,
    }
}

/// A plan of those tasks whose `finalize.json` has as many rows, so that there is something to show.
fn plan_of(tasks: Vec<Task>) -> Plan {
    let rows = vec![
        r#"{"status": "x", "files_changed": [], "commands_run": [], "executor_notes": "n"}"#;
        tasks.len()
    ];
    let checks = r#"[{"id": "SC1", "executor_note": "n"}]"#;
    let text = format!("{{\"tasks\": [{}], \"sense_checks\": {checks}}}", rows.join(", "));
    let mut plan = plan(tasks);
    for (at, task) in plan.tasks.iter_mut().enumerate() {
        task.pointer = format!("/tasks/{at}");
    }
    plan.directory = PathBuf::from("/p/.megaplan/plans/plan");
    plan.artifacts.insert(artifact("finalize.json", &text));
    plan
}

fn artifact(name: &str, text: &str) -> Artifact {
    let document = Some(parse(text, Limits::default()).unwrap());
    Artifact { name: name.into(), text: text.into(), document }
}

fn ruled(text: &str, plan: &Plan) -> (Verdict, String) {
    let history =
        history(vec![commit("c1", "execute", &["src/a.rs", "src/b.rs", "docs/x.md"])], &["src/c.rs"]);
    let mut paths = ProjectPaths::default();
    paths.known.extend(history.reach.existing.iter().cloned());
    let records = Records { plan, history: &history, paths: &paths };
    let claim = claim(text);
    let message = message(&claim, Some(plan));
    let ruling = ruling(&claim, message.as_ref(), Some(&records), None).expect("a template");
    assert!(ruling.verdict == Verdict::CannotTell || ruling.witness.is_some(), "{text}: no witness");
    (ruling.verdict, ruling.reason)
}

fn with(id: &str, edit: impl FnOnce(&mut Task)) -> Task {
    let mut row = task(id);
    edit(&mut row);
    row
}

fn full(id: &str) -> Task {
    with(id, |row| row.truthy.files = true)
}

fn status(id: &str, word: &str) -> Task {
    with(id, |row| {
        row.status = Status::parse(word);
        row.status_word = word.into();
    })
}

#[test]
fn hollow_messages_are_recomputed_from_the_rows() {
    let plan = plan_of(vec![full("T1"), task("T2"), status("T3", "pending"), status("T4", "skipped")]);
    let ruled =
        |ids: &str| ruled(&format!("Done tasks missing both files_changed and commands_run: {ids}"), &plan);
    assert_eq!(ruled("T1").0, Verdict::Stale);
    assert_eq!(ruled("T1, T4").0, Verdict::Stale);
    let (verdict, reason) = ruled("T1, T2, T3");
    assert!(verdict == Verdict::Holds && reason.contains("`T2`") && !reason.contains("`T1`"), "{reason}");
    // Nobody checks a task that is not done, and an answer would cover it once it is.
    assert_eq!(ruled("T1, T3").0, Verdict::CannotTell);
    assert_eq!(ruled("T1, T9").0, Verdict::CannotTell);
}

#[test]
fn lists_by_status_are_recomputed_from_the_statuses() {
    let plan = plan_of(vec![full("T1"), status("T2", "pending"), status("T3", "blocked")]);
    let pending = |ids: &str| {
        ruled(&format!("Tasks left pending after execute (executor never started them): {ids}"), &plan).0
    };
    assert_eq!(pending("T1"), Verdict::Stale);
    assert_eq!(pending("T1, T2"), Verdict::Holds);
    assert_eq!(pending("T3"), Verdict::CannotTell, "blocked is no pending, and open all the same");
    let blocked = "task(s) reported status=blocked by the worker: T3. Resolve or replan the blocked task(s).";
    assert_eq!(ruled(blocked, &plan).0, Verdict::Holds);
    let unexplained = "Tasks marked blocked without an executor_notes reason: T3";
    assert_eq!(ruled(unexplained, &plan).0, Verdict::Holds);
}

#[test]
fn counts_look_at_every_batch_of_that_size() {
    let done = plan_of(vec![full("T1"), full("T2")]);
    let text = "1/2 batch tasks have no executor update \u{2014} tracking is incomplete.";
    assert_eq!(ruled(text, &done).0, Verdict::Stale);
    let open = plan_of(vec![full("T1"), status("T2", "pending")]);
    assert_eq!(ruled(text, &open).0, Verdict::Holds);
}

#[test]
fn sense_checks_are_looked_up() {
    let mut plan = plan_of(vec![full("T1")]);
    let check = |id: &str, note: &str| SenseCheck {
        id: id.into(),
        task_id: "T1".into(),
        question: String::new(),
        executor_note: note.into(),
    };
    plan.sense_checks = vec![check("SC1", "Yes, all of them."), check("SC2", "ok")];
    let missing =
        |id: &str| ruled(&format!("Sense check {id} is missing an executor acknowledgment."), &plan).0;
    assert_eq!(missing("SC1"), Verdict::Stale);
    assert_eq!(missing("SC7"), Verdict::CannotTell);
}

#[test]
fn phantoms_are_those_that_are_claimed_and_did_not_change() {
    let claiming = |files: &[&str]| {
        let files = files.iter().map(|file| (*file).to_owned()).collect();
        plan_of(vec![with("T1", |row| row.files_changed = files)])
    };
    let text = |list: &str| format!("Executor claimed changed files not present in git status: {list}");
    let plan = claiming(&["src/a.rs", "src/c.rs"]);
    assert_eq!(ruled(&text("src/a.rs"), &plan).0, Verdict::Stale);
    assert_eq!(ruled(&text("src/a.rs, src/c.rs"), &plan).0, Verdict::Holds);
    assert_eq!(ruled(&text("src/c.rs"), &claiming(&[])).0, Verdict::Stale, "nobody claims it any more");
    assert_eq!(ruled(&text("/elsewhere/x.rs"), &plan).0, Verdict::CannotTell);
    assert_eq!(ruled(&text("docs"), &plan).0, Verdict::Stale, "something below the directory changed");
}

#[test]
fn unclaimed_are_those_that_changed_and_nobody_claims() {
    let plan = plan_of(vec![with("T1", |row| row.files_changed = vec!["src/a.rs".into()])]);
    let text = |list: &str| format!("Git status shows changed files not claimed by any task: {list}");
    assert_eq!(ruled(&text("src/a.rs, src/c.rs"), &plan).0, Verdict::Stale);
    let (verdict, reason) = ruled(&text("src/a.rs, src/b.rs"), &plan);
    assert!(verdict == Verdict::Holds && reason.contains("src/b.rs"), "{reason}");
}

#[test]
fn rows_are_looked_at_again() {
    let mut plan = plan_of(vec![full("T1")]);
    plan.artifacts.insert(artifact(
        "execution_batch_1.json",
        r#"{"task_updates": [
            {"task_id": "T1", "status": "done", "executor_notes": "n", "files_changed": [], "commands_run": []},
            {"task_id": "T8", "status": "done", "executor_notes": "", "files_changed": null}
        ]}"#,
    ));
    let text = |at: usize| format!("Skipped malformed task_updates[{at}]: missing required keys.");
    assert_eq!(ruled(&text(0), &plan).0, Verdict::Stale);
    assert_eq!(ruled(&text(1), &plan).0, Verdict::Holds);
    assert_eq!(ruled(&text(5), &plan).0, Verdict::CannotTell);
    assert_eq!(ruled("Skipped task_update for unknown task_id 'T8'.", &plan).0, Verdict::Holds);
    assert_eq!(ruled("Skipped task_update for unknown task_id 'T1'.", &plan).0, Verdict::Stale);
    assert_eq!(ruled("Duplicate task_update for 'T1' \u{2014} last entry wins.", &plan).0, Verdict::Stale);
}

#[test]
fn without_a_plan_only_time_can_tell() {
    let claim = claim("Done tasks missing both files_changed and commands_run: T1");
    let message = message(&claim, None);
    let ruling = ruling(&claim, message.as_ref(), None, None).expect("a template");
    assert_eq!((ruling.verdict, ruling.kind), (Verdict::CannotTell, ClaimKind::MissingEvidence));
}
