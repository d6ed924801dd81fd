//! A small plan with one complete, one fillable and one ambiguous task.

use super::{CommitFacts, HistoryFacts, PlanFacts, Report};
use crate::model::{
    Attribution, BaseSource, BatchWindow, ChangeKind, Code, CommandCandidate, Content, Decision, Edit,
    Evidence, Field, FieldChange, FileCandidate, Finding, Gap, Hunk, Kind, Layout, Mode, Oid, Outcome,
    PatchHunk, PlanStatus, RepairRequest, Rung, Signal, Source, Status, TaskId, TaskQuestion, Witness,
    WitnessDiff, WitnessLines,
};

pub(super) fn report() -> Report {
    Report {
        tool_version: "0.1.0".to_owned(),
        command: "attribute".to_owned(),
        plan: PlanFacts {
            name: "m8".to_owned(),
            directory: "plans/m8".to_owned(),
            checkout_path: Some("plans/m8".to_owned()),
            layout: Layout::Flat,
            mode: Mode::Code,
            descriptions: [(TaskId::from("T9"), "Move the `conftest`.".to_owned())].into(),
            batch_windows: vec![BatchWindow { batch: 3, start: 1_779_999_000, end: 1_780_000_600 }],
        },
        history: HistoryFacts {
            base: Some(Oid([0x11; 20])),
            base_source: BaseSource::Recorded,
            head: Some(Oid([0x22; 20])),
            commits: (0..42).map(commit).collect(),
            worktree: true,
            reason: None,
        },
        status: PlanStatus::BlockedMetadata,
        tasks: vec![complete(), fillable(), ambiguous()],
        lines: WitnessLines { diffs: vec![diff()], left_out: 0 },
        repair_request: Some(RepairRequest { tasks: vec![question()] }),
        claims: Vec::new(),
        edits: vec![edit()],
        diff: None,
        recovery: None,
        run_id: None,
        findings: vec![
            Finding::new(
                Code::UnknownTask,
                "execution_batch_2.json",
                "row for `T99`, which the plan does not have",
            )
            .at("/task_updates/4"),
            Finding::new(
                Code::GapFillable,
                "finalize.json",
                "T9 lacks its evidence and the records supply it",
            )
            .at("/tasks/1"),
            Finding::new(
                Code::GapAmbiguous,
                "finalize.json",
                "T10 lacks its evidence: two files are possible",
            )
            .at("/tasks/2"),
        ],
    }
}

pub(super) fn complete() -> Attribution {
    let recorded = FileCandidate {
        decision: Decision::Recorded,
        confidence: 1.0,
        rung: None,
        source: Source::Recorded,
        signals: Vec::new(),
        ..file("src/lib.py", Vec::new())
    };
    Attribution {
        task: TaskId::from("T1"),
        status: Status::Done,
        kind: Kind::Code,
        batch: Some(1),
        gap: Gap { evidence: Evidence::Complete, missing: Vec::new() },
        outcome: Outcome::None,
        reason: "its evidence is recorded".to_owned(),
        files: vec![recorded],
        commands: Vec::new(),
    }
}

fn fillable() -> Attribution {
    let witness = Witness { commit: Some(witness()), blob: None, hunks: vec![(12, 4), (40, 1)] };
    Attribution {
        task: TaskId::from("T9"),
        batch: Some(3),
        gap: Gap { evidence: Evidence::Hollow, missing: vec![Field::Files, Field::Commands] },
        outcome: Outcome::Backfill,
        reason: "the row of batch 3 names its file and its command, and git agrees".to_owned(),
        files: vec![file("tests/conftest.py", vec![witness])],
        commands: vec![CommandCandidate {
            command: "pytest tests -q".to_owned(),
            decision: Decision::Backfill,
            confidence: 0.99,
            rung: Some(Rung::TaskRow),
            source: Source::Batch,
            signals: Vec::new(),
        }],
        ..complete()
    }
}

fn ambiguous() -> Attribution {
    let signal = |name, weight, detail: &str| Signal { name, weight, detail: detail.to_owned() };
    let possible = FileCandidate {
        decision: Decision::Candidate,
        confidence: 0.62,
        source: Source::Inferred,
        signals: vec![
            signal("late_mention", -1.1, "named last in the description"),
            signal("batch_list", 2.0, "execution_batch_3.json files_changed"),
        ],
        ..file("src/a.py", vec![Witness { commit: None, blob: None, hunks: vec![(7, 0)] }])
    };
    let rejected =
        FileCandidate { decision: Decision::Rejected, confidence: 0.01, ..file("src/gone.py", Vec::new()) };
    Attribution {
        task: TaskId::from("T10"),
        batch: Some(3),
        gap: Gap { evidence: Evidence::Hollow, missing: vec![Field::Files] },
        outcome: Outcome::Ambiguous,
        reason: "batch 3 lists files for two hollow tasks".to_owned(),
        files: vec![rejected, possible],
        ..complete()
    }
}

/// The commit that shows the file of T9.
pub(super) fn witness() -> Oid {
    Oid::from_hex(&"8b7e44".repeat(7)[..40]).unwrap_or_default()
}

/// The first is the witness of T9.
fn commit(number: u8) -> CommitFacts {
    let id = if number == 0 { witness() } else { Oid([number; 20]) };
    CommitFacts { id, subject: "Move the tests".to_owned(), time: 1_780_000_000 + i64::from(number) }
}

fn file(path: &str, witnesses: Vec<Witness>) -> FileCandidate {
    FileCandidate {
        path: path.to_owned(),
        written: path.to_owned(),
        decision: Decision::Backfill,
        confidence: 0.998,
        rung: Some(Rung::TaskRow),
        source: Source::Batch,
        signals: vec![Signal {
            name: "batch_row",
            weight: 3.2,
            detail: "execution_batch_3.json task_updates[1]".to_owned(),
        }],
        witnesses,
    }
}

/// What git shows of T9's file.
fn diff() -> WitnessDiff {
    let hunk = PatchHunk {
        at: Hunk { old_start: 11, old_lines: 1, new_start: 12, new_lines: 4 },
        header: "def client():".to_owned(),
        removed: ["    return None"].into_iter().collect(),
        added: ["    with app() as it:", "        yield it"].into_iter().collect(),
    };
    WitnessDiff {
        path: "tests/conftest.py".to_owned(),
        commit: Some(witness()),
        subject: "Move the tests".to_owned(),
        time: Some(1_780_000_000),
        kind: ChangeKind::Modified,
        content: Content::Text(vec![hunk]),
    }
}

fn question() -> TaskQuestion {
    TaskQuestion {
        task: TaskId::from("T10"),
        missing: vec![Field::Files],
        candidate_files: vec!["src/a.py".to_owned()],
        candidate_commands: Vec::new(),
        question: "Did T10 change src/a.py?".to_owned(),
        answer: r#"{"task_id": "T10", "files_changed": ["src/a.py"], "commands_run": []}"#.to_owned(),
    }
}

fn edit() -> Edit {
    Edit {
        artifact: "finalize.json".to_owned(),
        pointer: Some("/tasks/1/files_changed".to_owned()),
        old: Some("[]".to_owned()),
        new: FieldChange::List(vec!["tests/conftest.py".to_owned()]),
        task: Some(TaskId::from("T9")),
        rung: Some(Rung::TaskRow),
        confidence: 0.998,
        signals: Vec::new(),
    }
}
