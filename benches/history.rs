//! Reading a range of commits with everything that they changed.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use taskproof::git::script::{CommitScript, HistoryScript, WorktreeScript, build};
use taskproof::git::{HistoryRequest, RangeRequest, Repository, WorktreeMode, history};

const COMMITS: usize = 200;
const FILES: usize = 40;

/// Files of a hundred lines; every commit edits three of them.
fn script() -> HistoryScript {
    let text = |file: usize, edit: usize| -> String {
        let line = |line: usize| {
            format!("line {line} of {file} at {}\n", edit * usize::from(line.is_multiple_of(10)))
        };
        (0..100).map(line).collect()
    };
    let path = |file: usize| format!("dir{}/file{file}.rs", file % 7);
    let commit = |number: usize| CommitScript {
        message: format!("commit {number}"),
        time: format!("2026-05-{:02}T{:02}:{:02}:00Z", 1 + number / 60, number % 24, number % 60),
        write: if number == 0 {
            (0..FILES).map(|file| (path(file), text(file, 0))).collect()
        } else {
            (0..3)
                .map(|step| (number * 3 + step) % FILES)
                .map(|file| (path(file), text(file, number)))
                .collect()
        },
        ..CommitScript::default()
    };
    HistoryScript {
        branch: "main".to_owned(),
        directory: ".".to_owned(),
        commits: (0..=COMMITS).map(commit).collect(),
        refs: BTreeMap::new(),
        worktree: WorktreeScript::default(),
        nested: Vec::new(),
    }
}

fn read_history(criterion: &mut Criterion) {
    let scratch = tempfile::tempdir().expect("a scratch directory");
    build(&script(), scratch.path()).expect("the scripted history is built");
    let repo = Repository::open(scratch.path()).expect("the repository opens");
    let range = RangeRequest { base: Some(format!("HEAD~{COMMITS}")), ..RangeRequest::default() };
    let request = HistoryRequest { range, worktree: WorktreeMode::Exclude, ..HistoryRequest::default() };
    criterion.bench_function("history of 200 commits", |bencher| {
        bencher.iter(|| history(black_box(&repo), &request).expect("a history"));
    });
}

criterion_group!(benches, read_history);
criterion_main!(benches);
