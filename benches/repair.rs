//! How long it takes to propose and show the repair of a large plan.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use taskproof::json::{Limits, parse};
use taskproof::model::{Artifact, FieldChange, Repair};
use taskproof::repair::apply::edit;
use taskproof::repair::json_edit::Change;
use taskproof::repair::unified;

const TASKS: usize = 5_000;

fn finalize() -> Artifact {
    let row = |at| {
        let status = "\"status\": \"done\",\n      \"files_changed\": [],\n      \"commands_run\": []";
        format!(
            "    {{\n      \"id\": \"T{at}\",\n      \"description\": \"Task {at}.\",\n      {status}\n    }}"
        )
    };
    let rows: Vec<String> = (0..TASKS).map(row).collect();
    let text = format!("{{\n  \"tasks\": [\n{}\n  ]\n}}\n", rows.join(",\n"));
    let document = parse(&text, Limits::default()).ok();
    Artifact { name: "finalize.json".to_owned(), text, document }
}

fn changes() -> Vec<Change> {
    let change = |at, key: &str, value| Change { object: format!("/tasks/{at}"), key: key.to_owned(), value };
    let row = |at| {
        [
            change(at, "files_changed", FieldChange::List(vec![format!("src/file_{at}.rs")])),
            change(at, "auto_attributed_files", FieldChange::Bool(true)),
        ]
    };
    (0..TASKS).step_by(10).flat_map(row).collect()
}

fn benchmarks(criterion: &mut Criterion) {
    let (artifact, changes) = (finalize(), changes());
    criterion.bench_function("edit 500 of 5000 rows", |bencher| {
        bencher.iter(|| edit(black_box(&artifact), black_box(&changes)));
    });
    let Ok(after) = edit(&artifact, &changes) else { return };
    let artifacts = vec![(artifact.name.clone(), artifact.text.clone(), after)];
    let repair = Repair { artifacts, ..Repair::default() };
    criterion.bench_function("show 500 of 5000 rows", |bencher| bencher.iter(|| unified(black_box(&repair))));
}

criterion_group!(repair, benchmarks);
criterion_main!(repair);
