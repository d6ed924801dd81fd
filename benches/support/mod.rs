//! A plan of any size, the same on every machine, written as the harness writes it.
#![allow(
    clippy::disallowed_methods,
    dead_code,
    reason = "benches set the stage themselves; each uses a part"
)]

use std::fs;

use serde_json::{Value, json};
use taskproof::config::Config;
use taskproof::load;
use taskproof::model::{
    BaseSource, Change, ChangeKind, Commit, Content, History, Oid, Plan, ProjectPaths, Reach,
};
use taskproof::words::{Reader, Wording};
use tempfile::TempDir;

/// Tasks per batch.
const BATCH: usize = 5;

/// Every third task is hollow in `finalize.json`.
fn task(at: usize) -> Value {
    let hollow = at.is_multiple_of(3);
    let before = (at / BATCH).checked_sub(1);
    let needs: Vec<String> = before
        .map(|batch| (batch * BATCH..(batch + 1) * BATCH).map(|task| format!("T{task}")).collect())
        .unwrap_or_default();
    json!({
        "id": format!("T{at}"),
        "description": format!("Move part {at} behind the new interface."),
        "depends_on": needs,
        "status": "done",
        "executor_notes": format!("Part {at} is behind the interface; its tests pass."),
        "files_changed": if hollow { vec![] } else { files(at) },
        "commands_run": if hollow { vec![] } else { vec![format!("make test-{at}")] },
        "evidence_files": [],
        "reviewer_verdict": "",
    })
}

fn files(at: usize) -> Vec<String> {
    (0..4).map(|file| format!("src/part_{at}/file_{file}.rs")).collect()
}

/// A plan directory of `tasks` tasks in batches of five, with rows that still hold the evidence.
pub(crate) fn plan_directory(tasks: usize) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let write = |name: String, value: &Value| {
        fs::write(directory.path().join(name), format!("{value:#}\n")).expect("a writable directory");
    };
    let rows: Vec<Value> = (0..tasks).map(task).collect();
    write("finalize.json".into(), &json!({ "tasks": rows, "sense_checks": [] }));
    write("state.json".into(), &json!({ "name": "bench", "current_state": "blocked", "config": {} }));
    for (number, first) in (1..).zip((0..tasks).step_by(BATCH)) {
        let members = first..(first + BATCH).min(tasks);
        let updates: Vec<Value> = members
            .clone()
            .map(|at| {
                json!({ "task_id": format!("T{at}"), "status": "done", "executor_notes": "Done.",
                "files_changed": files(at), "commands_run": [format!("make test-{at}")] })
            })
            .collect();
        let all: Vec<String> = members.flat_map(files).collect();
        let batch = json!({ "files_changed": all, "commands_run": [], "task_updates": updates });
        write(format!("execution_batch_{number}.json"), &batch);
    }
    directory
}

/// That plan, loaded.
pub(crate) fn plan(tasks: usize) -> Plan {
    let directory = plan_directory(tasks);
    load::plan(directory.path(), &Config::default()).expect("a plan").0
}

/// A history in which every task has a commit of its own.
pub(crate) fn history(tasks: usize) -> (History, ProjectPaths) {
    let commits: Vec<Commit> = (0..tasks).map(commit).collect();
    let existing = (0..tasks).flat_map(files).collect();
    let history = History {
        base: Some(Oid([0; 20])),
        base_source: BaseSource::Flag,
        head: Some(Oid([0xff; 20])),
        reach: Reach { existing, ..Reach::default() },
        commits,
        reason: None,
        ..History::absent("")
    };
    let paths = ProjectPaths { known: history.reach.existing.clone(), ..ProjectPaths::default() };
    (history, paths)
}

fn commit(at: usize) -> Commit {
    let change = |path| Change {
        path,
        old_path: None,
        kind: ChangeKind::Modified,
        blob: None,
        content: Content::None,
    };
    let id = |at: usize| Oid::from_hex(format!("{at:040x}")).expect("an id");
    let subject = format!("Move part {at}");
    Commit {
        wording: Wording::of(&[&subject], &mut Reader::default(), None),
        id: id(at),
        parents: vec![id(at.saturating_sub(1))],
        subject,
        body: String::new(),
        trailers: Vec::new(),
        author_time: 0,
        commit_time: 0,
        changes: files(at).into_iter().map(change).collect(),
    }
}
