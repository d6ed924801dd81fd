//! Loading a plan directory: 200 and 2,000 tasks with their batch files.

mod support;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use taskproof::config::Config;
use taskproof::load;

fn benchmarks(criterion: &mut Criterion) {
    for tasks in [200, 2_000] {
        let directory = support::plan_directory(tasks);
        criterion.bench_function(&format!("load {tasks} tasks"), |bencher| {
            bencher.iter(|| load::plan(black_box(directory.path()), &Config::default()));
        });
    }
}

criterion_group!(loading, benchmarks);
criterion_main!(loading);
