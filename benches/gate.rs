//! The harness's rules over a large plan: batches, and the evidence of every task.

mod support;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use taskproof::gate;

fn benchmarks(criterion: &mut Criterion) {
    let plan = support::plan(2_000);
    criterion.bench_function("scopes of 2000 tasks", |bencher| {
        bencher.iter(|| gate::scopes(black_box(&plan)));
    });
    criterion.bench_function("assess 2000 tasks", |bencher| {
        bencher.iter(|| plan.tasks.iter().map(|task| gate::assess(task, &plan.mode)).collect::<Vec<_>>());
    });
}

criterion_group!(rules, benchmarks);
criterion_main!(rules);
