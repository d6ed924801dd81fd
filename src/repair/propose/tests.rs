use super::*;
use crate::json::{Limits, parse};
use crate::model::{Artifacts, Batch, Origin, Row, Rung, Signal, Status, testing};

const FINALIZE_TEXT: &str = r#"{
  "tasks": [
    {
      "id": "T1",
      "status": "done",
      "files_changed": [],
      "commands_run": [
        ""
      ],
      "auto_attributed_files": null
    },
    {
      "id": "T2",
      "status": "done",
      "files_changed": [
        "b.rs"
      ]
    },
    {
      "id": "T3",
      "status": "pending",
      "files_changed": []
    }
  ]
}
"#;

fn artifact(name: &str, text: &str) -> Artifact {
    let document = (name != FINAL_MD).then(|| parse(text, Limits::default()).unwrap());
    Artifact { name: name.into(), text: text.into(), document }
}

fn task(id: &str, at: usize, status: &str) -> Task {
    Task {
        pointer: format!("/tasks/{at}"),
        description: format!("Do {id}."),
        status: Status::parse(status),
        status_word: status.into(),
        executor_notes: "n".into(),
        ..testing::task(id)
    }
}

fn plan(files: &[(&str, &str)]) -> Plan {
    let mut artifacts = Artifacts::default();
    for (name, text) in files {
        artifacts.insert(artifact(name, text));
    }
    Plan {
        current_state: "blocked".into(),
        standing: crate::model::Standing::default(),
        artifacts,
        ..testing::plan(vec![task("T1", 0, "done"), task("T2", 1, "done"), task("T3", 2, "pending")])
    }
}

fn batch(plan: &mut Plan, number: u32, text: &str, rows: &[(&str, &str, &str)]) {
    let name = format!("execution_batch_{number}.json");
    plan.artifacts.insert(artifact(&name, text));
    plan.batches.push(Batch {
        number,
        artifact: name.clone(),
        task_ids: vec![],
        scope: None,
        files: None,
        commands: None,
    });
    plan.rows.extend(rows.iter().map(|(pointer, id, status)| Row {
        artifact: name.clone(),
        origin: Origin::Batch(number),
        pointer: (*pointer).into(),
        task_id: (*id).into(),
        status: Status::parse(status),
        notes: String::new(),
        files: vec![],
        commands: vec![],
        guessed_files: false,
        inferred_files: false,
        inferred_commands: false,
    }));
}

fn fill(task: &str, field: Field, values: &[&str], rung: Rung) -> Fill {
    Fill {
        task: task.into(),
        field,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        rung,
        confidence: 0.99,
        signals: vec![Signal { name: "batch_row", weight: 3.0, detail: "row".into() }],
    }
}

fn refused(plan: &Plan, fills: &[Fill]) -> String {
    propose(plan, fills).unwrap_err().to_string()
}

#[test]
fn holes_are_filled_and_marked() {
    let fills = [
        fill("T1", Field::Commands, &["cargo test"], Rung::BatchList),
        fill("T1", Field::Files, &["a.rs"], Rung::TaskRow),
    ];
    let (repair, findings) = propose(&plan(&[("finalize.json", FINALIZE_TEXT)]), &fills).unwrap();
    assert!(findings.is_empty());
    let expected = FINALIZE_TEXT
        .replacen("\"files_changed\": []", "\"files_changed\": [\n        \"a.rs\"\n      ]", 1)
        .replace("[\n        \"\"\n      ]", "[\n        \"cargo test\"\n      ]")
        .replace(
            "\"auto_attributed_files\": null",
            "\"auto_attributed_files\": true,\n      \"auto_attributed_metadata_source\": \"taskproof:task_row+batch_list\"",
        );
    let artifacts = [("finalize.json".to_owned(), FINALIZE_TEXT.to_owned(), expected)];
    assert_eq!(repair.artifacts, artifacts);
    let edits: Vec<_> =
        repair.edits.iter().map(|edit| (edit.pointer.as_deref().unwrap(), edit.old.as_deref())).collect();
    assert_eq!(
        edits,
        [
            ("/tasks/0/files_changed", Some("[]")),
            ("/tasks/0/commands_run", Some("[\n        \"\"\n      ]")),
            ("/tasks/0/auto_attributed_files", Some("null")),
            ("/tasks/0/auto_attributed_metadata_source", None),
        ]
    );
}

#[test]
fn commands_alone_do_not_mark_files() {
    let fills = [fill("T2", Field::Commands, &["make"], Rung::Operator)];
    let (repair, _) = propose(&plan(&[("finalize.json", FINALIZE_TEXT)]), &fills).unwrap();
    let keys: Vec<_> = repair.edits.iter().map(|edit| edit.pointer.as_deref().unwrap()).collect();
    assert_eq!(keys, ["/tasks/1/commands_run", "/tasks/1/auto_attributed_metadata_source"]);
}

#[test]
fn no_fills_make_no_repair() {
    let (repair, findings) = propose(&plan(&[]), &[]).unwrap();
    assert!(repair.edits.is_empty() && repair.artifacts.is_empty() && findings.is_empty());
}

#[test]
fn only_holes_of_done_tasks_are_filled() {
    let plan = plan(&[("finalize.json", FINALIZE_TEXT)]);
    let files = |task| fill(task, Field::Files, &["a"], Rung::TaskRow);
    assert_eq!(
        refused(&plan, &[files("T2")]),
        "T2 has `files_changed` in finalize.json already, and evidence is never replaced; leave it out"
    );
    assert_eq!(
        refused(&plan, &[files("T3")]),
        "T3 is `pending` in finalize.json, and only a task that is `done` is filled in"
    );
    assert_eq!(refused(&plan, &[files("T9")]), "finalize.json has 0 tasks T9; a fill needs exactly one");
    assert_eq!(
        refused(&plan, &[files("T1"), files("T1")]),
        "`files_changed` of T1 is filled in twice; give it one list"
    );
    let blank = fill("T1", Field::Files, &[" "], Rung::TaskRow);
    assert!(matches!(propose(&plan, &[blank]), Err(ProposeError::NoValues { .. })));
    let notes = fill("T1", Field::Notes, &["x"], Rung::TaskRow);
    assert!(matches!(propose(&plan, &[notes]), Err(ProposeError::NoValues { .. })));
}

#[test]
fn the_document_decides_when_the_plan_disagrees() {
    let mut plan = plan(&[("finalize.json", FINALIZE_TEXT)]);
    plan.tasks[0].pointer = "/tasks/1".into();
    let files = [fill("T1", Field::Files, &["a"], Rung::TaskRow)];
    assert!(matches!(propose(&plan, &files), Err(ProposeError::NoRow { .. })));
    plan.tasks[2].status_word = "done".into();
    let files = [fill("T3", Field::Files, &["a"], Rung::TaskRow)];
    assert!(matches!(propose(&plan, &files), Err(ProposeError::NotDone { .. })));
}

#[test]
fn odd_documents_and_the_newer_layout_are_not_edited() {
    let files = [fill("T1", Field::Files, &["a"], Rung::TaskRow)];
    let odd = FINALIZE_TEXT.replace("\"commands_run\": [", "\"x\": NaN,\n      \"commands_run\": [");
    assert_eq!(
        refused(&plan(&[("finalize.json", &odd)]), &files),
        "finalize.json holds a number that is not finite at line 7, so it is not edited; correct that line by hand first"
    );
    assert!(matches!(propose(&plan(&[]), &files), Err(ProposeError::Missing { .. })));
    let mut newer = plan(&[("finalize.json", FINALIZE_TEXT)]);
    newer.layout = Layout::BatchDirectories;
    assert!(matches!(propose(&newer, &files), Err(ProposeError::ReadOnly)));
}

#[test]
fn the_row_that_the_harness_merges_next_is_filled_too() {
    let mut plan = plan(&[("finalize.json", FINALIZE_TEXT)]);
    batch(
        &mut plan,
        10,
        r#"{"task_updates": [{"id": "T1", "files_changed": []}, {"task_id": "T1"}]}"#,
        &[("/task_updates/0", "T1", "done"), ("/task_updates/1", "T1", "done")],
    );
    batch(&mut plan, 9, r#"{"task_updates": [{"task_id": "T1"}]}"#, &[("/task_updates/0", "T1", "done")]);
    let files = [fill("T1", Field::Files, &["a", "b"], Rung::CommitId)];
    let (repair, _) = propose(&plan, &files).unwrap();
    assert_eq!(repair.artifacts.len(), 2);
    assert_eq!(repair.artifacts[1].0, "execution_batch_10.json");
    assert_eq!(
        repair.artifacts[1].2,
        r#"{"task_updates": [{"id": "T1", "files_changed": []}, {"task_id": "T1", "files_changed": ["a", "b"], "auto_attributed_files": true, "auto_attributed_metadata_source": "taskproof:commit_id"}]}"#
    );
}

#[test]
fn rows_that_the_harness_would_not_merge_are_left() {
    for (text, pointer, status) in [
        (r#"{"task_updates": [{"task_id": "T1", "files_changed": []}]}"#, "/task_updates/0", "blocked"),
        (r#"{"task_updates": [{"task_id": "T1", "files_changed": null}]}"#, "/task_updates/0", "done"),
        (r#"{"task_updates": [{"task_id": "T1", "files_changed": ["x"]}]}"#, "/task_updates/0", "done"),
        (r#"{"task_updates": {"T1": {"files_changed": []}}}"#, "/task_updates/T1", "done"),
        (r#"{"task_updates": [], "tasks": [{"files_changed": []}]}"#, "/tasks/0", "done"),
        (r#"{"task_updates": [{"task_id": "T2", "n": NaN}]}"#, "/task_updates/1", "done"),
    ] {
        let mut plan = plan(&[("finalize.json", FINALIZE_TEXT)]);
        batch(&mut plan, 1, text, &[(pointer, "T1", status)]);
        let files = [fill("T1", Field::Files, &["a"], Rung::TaskRow)];
        let (repair, _) = propose(&plan, &files).unwrap();
        assert_eq!(repair.artifacts.len(), 1, "{text}");
    }
}

#[test]
fn final_md_lists_the_files_or_says_why_not() {
    let files = [fill("T1", Field::Files, &["a.rs"], Rung::TaskRow)];
    let text = "- [x] **T1:** Do T1.\n  Executor notes: n\n\n";
    let (repair, findings) =
        propose(&plan(&[("finalize.json", FINALIZE_TEXT), ("final.md", text)]), &files).unwrap();
    assert!(findings.is_empty());
    let lines = "  Files changed:\n    - a.rs\n";
    assert_eq!(repair.artifacts[1].2, format!("- [x] **T1:** Do T1.\n  Executor notes: n\n{lines}\n"));
    let last = repair.edits.last().unwrap();
    assert_eq!((last.artifact.as_str(), &last.pointer, &last.old), ("final.md", &None, &None));
    assert_eq!(last.new, FieldChange::Text(lines.into()));

    let (repair, findings) =
        propose(&plan(&[("finalize.json", FINALIZE_TEXT), ("final.md", "other")]), &files).unwrap();
    assert_eq!(repair.artifacts.len(), 1);
    assert_eq!(findings[0].code, Code::FinalMarkdown);
    assert!(findings[0].message.starts_with("final.md was left as it is for T1"));
}
