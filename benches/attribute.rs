//! Attributing plans of 200 and 2,000 tasks, a third of them hollow, with a commit per task.

mod support;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use taskproof::attribute::{Input, attribute};
use taskproof::config::Config;

fn benchmarks(criterion: &mut Criterion) {
    let config = Config::default();
    for tasks in [200, 2_000] {
        let plan = support::plan(tasks);
        let (history, paths) = support::history(tasks);
        let input = Input { plan: &plan, history: &history, paths: &paths, answers: &[], config: &config };
        criterion.bench_function(&format!("attribute {tasks} tasks"), |bencher| {
            bencher.iter(|| attribute(black_box(&input)));
        });
    }
}

criterion_group!(attribution, benchmarks);
criterion_main!(attribution);
