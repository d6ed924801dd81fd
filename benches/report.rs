//! Rendering a large plan: a thousand tasks with eight files each.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use taskproof::model::{
    Attribution, BaseSource, CommandCandidate, Decision, Evidence, Field, FileCandidate, Gap, Kind, Layout,
    Mode, Oid, Outcome, PlanStatus, Rung, Signal, Source, Status, TaskId, Witness, WitnessLines,
};
use taskproof::report::{Format, HistoryFacts, Look, PlanFacts, Report, render};

fn task(number: usize) -> Attribution {
    let signal = |name, weight| Signal {
        name,
        weight,
        detail: format!("execution_batch_{}.json task_updates[{}]", number / 10, number % 10),
    };
    let file = |index: usize| FileCandidate {
        path: format!("src/part_{number}/file_{index}.rs"),
        written: format!("src/part_{number}/file_{index}.rs"),
        decision: Decision::Candidate,
        confidence: 0.9 - f64::from(u32::try_from(index).unwrap_or(0)) / 10.0,
        rung: Some(Rung::Unclaimed),
        source: Source::Inferred,
        signals: vec![signal("batch_list", 3.2), signal("shared_token", 1.1), signal("late_mention", -2.4)],
        witnesses: vec![Witness { commit: Some(Oid([0xab; 20])), blob: None, hunks: vec![(1, 4); 6] }],
    };
    Attribution {
        task: TaskId(format!("T{number}")),
        status: Status::Done,
        kind: Kind::Code,
        batch: u32::try_from(number / 10).ok(),
        gap: Gap { evidence: Evidence::Hollow, missing: vec![Field::Files] },
        outcome: Outcome::Ambiguous,
        reason: "its batch lists files for several hollow tasks".to_owned(),
        files: (0..8).map(file).collect(),
        commands: vec![CommandCandidate {
            command: format!("cargo test --workspace part_{number}"),
            decision: Decision::Candidate,
            confidence: 0.5,
            rung: Some(Rung::BatchList),
            source: Source::Batch,
            signals: vec![signal("batch_list", 3.2)],
        }],
    }
}

fn plan() -> Report {
    Report {
        tool_version: "0.0.0".to_owned(),
        command: "attribute".to_owned(),
        plan: PlanFacts {
            name: "large".to_owned(),
            directory: "plans/large".to_owned(),
            checkout_path: Some("plans/large".to_owned()),
            layout: Layout::Flat,
            mode: Mode::Code,
            descriptions: BTreeMap::new(),
            batch_windows: Vec::new(),
        },
        history: HistoryFacts {
            base: None,
            base_source: BaseSource::None,
            head: None,
            commits: Vec::new(),
            worktree: false,
            reason: None,
        },
        status: PlanStatus::BlockedMetadata,
        tasks: (0..1000).map(task).collect(),
        lines: WitnessLines::default(),
        repair_request: None,
        claims: Vec::new(),
        recovery: None,
        edits: Vec::new(),
        diff: None,
        run_id: None,
        findings: Vec::new(),
    }
}

fn formats(criterion: &mut Criterion) {
    let report = plan();
    for format in [Format::Human, Format::Json, Format::Jsonl, Format::Html] {
        criterion.bench_function(&format!("report/{}", format.as_str()), |bencher| {
            bencher.iter(|| {
                let mut out = Vec::new();
                render(black_box(&report), format, &Look::default(), &mut out).expect("memory takes it all");
                out
            });
        });
    }
}

criterion_group!(benches, formats);
criterion_main!(benches);
