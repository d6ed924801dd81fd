//! Masking a plan of 200 tasks in every way, recovering it, and turning the scores into figures.

mod support;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use taskproof::config::Config;
use taskproof::evaluate::{Case, Scores, Subject, masked, measure, score, threshold};

const TASKS: usize = 200;

fn benchmarks(criterion: &mut Criterion) {
    let config = Config::default();
    let (history, paths) = support::history(TASKS);
    let subject = Subject::new("bench", support::plan(TASKS), history, paths);
    let recover = |case: Case| score(&case, &config).expect("no answers to refuse");
    criterion.bench_function("evaluate/mask", |bencher| {
        bencher.iter(|| masked(black_box(&subject)).count());
    });
    criterion.bench_function("evaluate/mask and recover", |bencher| {
        bencher.iter(|| masked(black_box(&subject)).map(recover).collect::<Vec<_>>());
    });
    let scores: Vec<Scores> = masked(&subject).map(recover).collect();
    criterion.bench_function("evaluate/figures", |bencher| {
        bencher.iter(|| {
            let evaluation = measure(black_box(&scores));
            (evaluation, threshold(&scores, |task| Some(&task.files), 0.97))
        });
    });
}

criterion_group!(evaluation, benchmarks);
criterion_main!(evaluation);
