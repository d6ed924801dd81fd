//! What the harness's own authority answered on records like these. Its contracts are those of a situation, which the
//! harness's classes wrote.

use super::*;
use crate::json::{Limits, parse};
use crate::model::testing::{self, oid};

const EXPLAINED: &str = "The quay stood before the plan began.";
const FOLDER: &str = "execute_batches/";
macro_rules! wave {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/fixture-repos/directories-newest-attempt-not-accepted/plan/execute_batches/",
                $name
            )),
        )
    };
}
const FIRST: (&str, &str) = wave!("batch_1/tasks_1f93603db53b.json");

fn with(plan: &mut Plan, number: u32, name: &str, text: &str) {
    let document = Some(parse(text, Limits::default()).unwrap());
    plan.artifacts.insert(Artifact { name: name.into(), text: text.into(), document });
    if number > 0 {
        plan.batches.push(crate::model::Batch { artifact: name.into(), ..testing::batch(number, &[]) });
    }
}

/// A plan of one task with a batch of those rows.
fn plan(task: Task, rows: &str) -> Plan {
    let mut plan = testing::plan(vec![task]);
    with(&mut plan, 1, "execution_batch_1.json", &format!(r#"{{"task_updates": [{rows}]}}"#));
    plan
}

fn task(files: &[&str], notes: &str) -> Task {
    let files = files.iter().map(|file| (*file).to_owned()).collect();
    Task { files_changed: files, executor_notes: notes.into(), ..testing::task("T1") }
}

/// Tasks that are over and that are not vouched for.
fn unvouched(plan: &Plan, history: &History) -> Vec<(TaskId, Doubt)> {
    refused(plan, history).map(|refused| refused.tasks).unwrap_or_default()
}

fn doubt(plan: &Plan) -> Option<Doubt> {
    unvouched(plan, &History::absent("")).first().map(|(_, doubt)| *doubt)
}

#[test]
fn a_row_that_names_nothing_has_to_explain_it() {
    assert_eq!(doubt(&plan(task(&["a.py"], ""), "")), None);
    assert_eq!(doubt(&plan(task(&[], ""), "")), Some(Doubt::Nothing));
    assert_eq!(doubt(&plan(task(&[], "done"), "")), Some(Doubt::Nothing));
    assert_eq!(doubt(&plan(task(&[], EXPLAINED), "")), None);
    let skipped = |notes| Task { status_word: "skipped".into(), ..task(&[], notes) };
    assert_eq!(doubt(&plan(skipped("no"), "")), Some(Doubt::Nothing));
    assert_eq!(doubt(&plan(skipped(EXPLAINED), "")), None);
}

#[test]
fn what_a_corroborated_batch_says_stands_for_an_empty_row() {
    let row = r#"{"task_id": "T1", "status": "STATUS", "files_changed": ["a.py"]}"#;
    let with_row = |status: &str| doubt(&plan(task(&[], ""), &row.replace("STATUS", status)));
    assert_eq!(with_row("done"), None);
    assert_eq!(with_row("pending"), Some(Doubt::Nothing));
}

#[test]
fn a_status_that_the_harness_does_not_know_corroborates_nothing() {
    let alias = Task { status_word: "completed".into(), ..task(&["a.py"], "") };
    assert_eq!(doubt(&plan(alias.clone(), "")), Some(Doubt::Nothing));
    let other = r#"{"task_id": "T2", "status": "done", "files_changed": ["a.py"]}"#;
    assert_eq!(doubt(&plan(alias.clone(), other)), None, "the same file is named by finished work");
    let more = Task { files_changed: vec!["a.py".into(), "b.py".into()], ..alias };
    assert_eq!(doubt(&plan(more, other)), Some(Doubt::Uncorroborated));
}

#[test]
fn a_reference_that_says_no_is_heard() {
    let row = r#"{"task_id": "T1", "status": "done", "files_changed": ["a.py"], "evidence": [{"status": "STATUS", "subject": "T1"}]}"#;
    let with_status = |status: &str| doubt(&plan(task(&["a.py"], ""), &row.replace("STATUS", status)));
    assert_eq!(with_status("satisfied"), None);
    assert_eq!(with_status("unsatisfied"), Some(Doubt::Contradicted));
    assert_eq!(with_status("waived"), None);
}

#[test]
fn without_a_batch_or_with_a_selection_nothing_is_asked() {
    assert_eq!(doubt(&testing::plan(vec![task(&[], "")])), None);
    let mut selection = testing::plan(vec![task(&[], "")]);
    with(&mut selection, 1, "execution_batch_1.json", r#"{"selected_shas": []}"#);
    assert_eq!(doubt(&selection), None);
}

#[test]
fn evidence_of_another_commit_counts_only_within_the_execution() {
    let mut plan = testing::plan(vec![Task { pointer: "/tasks/0".into(), ..task(&["a.py"], "") }]);
    with(&mut plan, 1, "execution_batch_1.json", "{}");
    let tasks = format!(r#"{{"tasks": [{{"id": "T1", "head_sha": "{}"}}]}}"#, oid("one"));
    with(&mut plan, 0, "finalize.json", &tasks);
    let commit = |id: &str, parent: &str| crate::model::Commit {
        parents: vec![oid(parent)],
        ..testing::commit(id, "", &["b.py"])
    };
    let mut history = testing::history(vec![commit("one", "zero"), commit("two", "one")], &[]);
    history.head = Some(oid("two"));
    let doubt = |plan: &Plan| unvouched(plan, &history).first().map(|(_, doubt)| *doubt);
    assert_eq!(doubt(&plan), Some(Doubt::Stale));
    let began = |head: &str| format!(r#"{{"meta": {{"execution_baseline": {{"head": "{}"}}}}}}"#, oid(head));
    with(&mut plan, 0, "state.json", &began("zero"));
    assert_eq!(doubt(&plan), None);
    with(&mut plan, 0, "state.json", &began("two"));
    assert_eq!(doubt(&plan), Some(Doubt::Stale));
    plan.recorded_base = Some("zero".into());
    plan.tasks[0].files_changed = vec!["b.py".into()];
    assert_eq!(doubt(&plan), None, "what the milestone committed counts at any commit");
}

/// The situation's four tasks, each with a file, and what it came to after changing the text of its attempts.
fn judged(change: impl Fn(&str, &str) -> String) -> Vec<(String, Doubt)> {
    let waves = [
        FIRST,
        wave!("batch_2/tasks_041e051dcb2a.json"),
        wave!("batch_2/tasks_5dd67f7fb9c5.json"),
        wave!("batch_3/tasks_11ee5e9af3ee.json"),
    ];
    let depends: [&[&str]; 4] = [&[], &["T1"], &["T1"], &["T3"]];
    let tasks = (1..).zip(depends).map(|(number, depends_on)| Task {
        id: TaskId(format!("T{number}")),
        depends_on: testing::ids(depends_on),
        ..task(&["a.py"], "")
    });
    let mut plan = testing::plan(tasks.collect());
    for (number, (name, text)) in [1, 2, 2, 3].into_iter().zip(waves) {
        with(&mut plan, number, &format!("{FOLDER}{name}"), &change(name, text));
    }
    unvouched(&plan, &History::absent("")).into_iter().map(|(task, doubt)| (task.0, doubt)).collect()
}

#[test]
fn the_newest_attempt_decides_and_dependencies_with_it() {
    let asis = judged(|_, text| text.to_owned());
    assert_eq!(asis, [("T3".to_owned(), Doubt::NoAttempt), ("T4".to_owned(), Doubt::Dependency)]);
    let accepted = judged(|_, text| text.replace("\"quarantined\"", "\"accepted\""));
    assert_eq!(accepted, []);
    // Where no row is judged, what the rows name counts.
    assert_eq!(judged(|_, text| text.replace("\"outcome\"", "\"verdict\"")), []);
}

#[test]
fn an_attempt_that_is_not_whole_counts_for_nothing() {
    let spoiled = |from: &'static str, to: &'static str| {
        assert!(FIRST.1.contains(from), "{from}");
        judged(move |name, text| {
            let text = text.replace("\"quarantined\"", "\"accepted\"");
            if name == FIRST.0 { text.replacen(from, to, 1) } else { text }
        })
    };
    let none = [
        ("T1", Doubt::NoAttempt),
        ("T2", Doubt::Dependency),
        ("T3", Doubt::Dependency),
        ("T4", Doubt::Dependency),
    ];
    let none = none.map(|(task, doubt)| (task.to_owned(), doubt));
    for (from, to) in [
        ("\"worker_id\"", "\"worker\""),
        ("\"fence_token\": 1", "\"fence_token\": 2"),
        ("\"ordinal\": 1", "\"ordinal\": 0"),
        ("\"ordinal\": 1", "\"ordinal\": 1, \"more\": 1"),
        ("megaplan.task.completion", "megaplan.task.conclusion"),
        ("\"payload\": {}", "\"payload\": {\"a\": 1}"),
        (
            "\"status\": \"done\",\n              \"task_id\"",
            "\"status\": \"blocked\",\n              \"task_id\"",
        ),
        ("\"evidence_id\": \"evidence-1-T1\"", "\"evidence_id\": \"evidence-9-T1\""),
        ("\"outcome\": \"accepted\"", "\"outcome\": \"rejected\""),
    ] {
        assert_eq!(spoiled(from, to), none, "{from}");
    }
    assert_eq!(spoiled("\"decision\": null,", ""), [], "what may be left out");
}

#[test]
fn two_results_under_one_name_undo_each_other() {
    let shared = judged(|_, text| {
        text.replace("\"quarantined\"", "\"accepted\"").replace("key-1-T1", "key").replace("key-4-T4", "key")
    });
    assert_eq!(shared, [], "the same content");
    let differing = judged(|name, text| {
        let text = text.replace("\"quarantined\"", "\"accepted\"");
        if name == FIRST.0 { text.replace("evidence-1-T1", "evidence-4-T4") } else { text }
    });
    let of = |task: &str| differing.iter().find(|(name, _)| name == task).map(|(_, doubt)| *doubt);
    assert_eq!((of("T1"), of("T4")), (Some(Doubt::NoAttempt), Some(Doubt::NoAttempt)));
}

/// The id of the refusal.
fn blocker(plan: &Plan, history: &History) -> Option<String> {
    refused(plan, history)?.blocker
}

#[test]
fn the_refusal_has_the_harness_s_own_id() {
    let absent = History::absent("");
    let id = |plan: &Plan| blocker(plan, &absent).unwrap();
    assert_eq!(id(&plan(task(&[], ""), "")), "quality:global:631d2fd41a8d");
    let other = r#"{"task_id": "T2", "status": "done", "files_changed": ["a.py"]}"#;
    let more = Task { status_word: "completed".into(), ..task(&["a.py", "b.py"], "") };
    assert_eq!(id(&plan(more, other)), "quality:global:d4f40474cd5a");
    let row = r#"{"task_id": "T1", "status": "done", "files_changed": ["a.py"],
        "evidence": [{"kind": "test", "status": "STATUS", "subject": "T1"}]}"#;
    let told = |status: &str| id(&plan(task(&["a.py"], ""), &row.replace("STATUS", status)));
    assert_eq!(told("unsatisfied"), "quality:global:1236b67eca14");
    assert_eq!(told("dunno"), "quality:global:03d29fe09b31");
    let named = |name: &str, task: Task| Task { id: name.into(), ..task };
    let mut several = plan(task(&[], ""), "");
    several.tasks.extend([named("T2", task(&["b.py"], "")), named("T3", task(&[], ""))]);
    assert_eq!(id(&several), "quality:global:14a07c2cc215");
}

#[test]
fn the_refusal_says_what_is_wrong_with_a_commit() {
    let mut plan = testing::plan(vec![Task { pointer: "/tasks/0".into(), ..task(&["a.py"], "") }]);
    with(&mut plan, 1, "execution_batch_1.json", "{}");
    let first = "7a88a342f46cd2d1922462c8c5e28d94d91e9d15";
    with(&mut plan, 0, "finalize.json", &format!(r#"{{"tasks": [{{"id": "T1", "head_sha": "{first}"}}]}}"#));
    let mut history = History::absent("");
    history.head = Some(oid("two"));
    assert_eq!(blocker(&plan, &history).as_deref(), Some("quality:global:36f624645844"));
    plan.tasks[0] = Task { status_word: "completed".into(), pointer: "/tasks/0".into(), ..task(&[], "") };
    let undated = r#"{"tasks": [{"id": "T1", "evidence": [{"kind": "test", "status": "satisfied", "subject": "T1"}]}]}"#;
    with(&mut plan, 0, "finalize.json", undated);
    assert_eq!(blocker(&plan, &history).as_deref(), Some("quality:global:334245b4db23"));
}

#[test]
fn tasks_that_wait_are_told_of_first_and_alone() {
    let named =
        |name: &str, status: &str| Task { id: name.into(), status_word: status.into(), ..task(&[], "") };
    let mut plan = plan(task(&["a.py"], ""), "");
    plan.tasks.extend([named("T2", "pending"), named("T3", "pending")]);
    let mut history = History::absent("");
    assert!(!refused(&plan, &history).unwrap().is_waiting, "not without a commit");
    history.head = Some(oid("two"));
    let refused = refused(&plan, &history).unwrap();
    assert_eq!(refused.blocker.as_deref(), Some("quality:global:974ffcc2c7a6"));
    assert!(refused.is_waiting && refused.tasks.is_empty());
}

#[test]
fn debt_that_was_accepted_for_a_budget_lets_a_stopped_attempt_count() {
    let stopped = |text: &str| {
        let text = text.replace("\"quarantined\"", "\"accepted\"");
        text.replace(
            "\"status\": \"done\",\n              \"task_id\"",
            "\"status\": \"blocked\",\n              \"task_id\"",
        )
        .replace(
            "\"payload_hash\": \"242fd153d5ae5df90f9ff0c6f2c8cbcb87c169da0d3728d57ea8a4f084953972\"",
            "\"payload_hash\": null",
        )
    };
    let mut plan = testing::plan(vec![Task { id: "T3".into(), ..task(&["a.py"], "") }]);
    let (name, text) = wave!("batch_2/tasks_5dd67f7fb9c5.json");
    with(&mut plan, 2, &format!("{FOLDER}{name}"), &stopped(text));
    assert_eq!(doubt(&plan), Some(Doubt::NoAttempt));
    let receipt =
        |disposition: &str, task: &str| format!(r#"{{"disposition": "{disposition}", "task_id": "{task}"}}"#);
    let place = "verification/task_budget_acceptance_T3_0f1e.json";
    for (text, expected) in [
        (receipt("rejected", "T3"), Some(Doubt::NoAttempt)),
        (receipt("accepted_with_debt", "T1"), Some(Doubt::NoAttempt)),
        (receipt("accepted_with_debt", "T3"), None),
    ] {
        with(&mut plan, 0, place, &text);
        assert_eq!(doubt(&plan), expected, "{text}");
    }
}
