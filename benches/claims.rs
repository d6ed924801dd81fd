//! Claims: reading their text, and deciding them against a repository.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use taskproof::claims::parse::read;
use taskproof::claims::verify::rulings;
use taskproof::config::MAX_CLAIM_BYTES;
use taskproof::git::script::{CommitScript, HistoryScript, WorktreeScript, build};
use taskproof::git::{Extraction, Repository};
use taskproof::load::GitSources;
use taskproof::model::{Claim, ClaimOrigin, Oid};

const FILES: usize = 100;

fn path(file: usize) -> String {
    format!("dir{}/file{file}.rs", file % 7)
}

fn script() -> HistoryScript {
    let text = |file: usize, edit: usize| -> String {
        let line = |line: usize| format!("fn name_{file}_{line}_{}() {{}}\n", edit * (line % 10 / 9));
        (0..200).map(line).collect::<Vec<_>>().concat()
    };
    let commit = |edit: usize| CommitScript {
        message: format!("commit {edit}"),
        time: format!("2026-05-0{}T00:00:00Z", 1 + edit),
        write: (0..FILES).map(|file| (path(file), text(file, edit))).collect(),
        ..CommitScript::default()
    };
    HistoryScript {
        branch: "main".to_owned(),
        directory: ".".to_owned(),
        commits: (0..4).map(commit).collect(),
        refs: BTreeMap::new(),
        worktree: WorktreeScript::default(),
        nested: Vec::new(),
    }
}

fn claim(text: String, made_at: Option<&Oid>) -> Claim {
    Claim {
        id: String::new(),
        text,
        origin: ClaimOrigin { artifact: String::new(), pointer: String::new() },
        task_ids: Vec::new(),
        evidence_file: None,
        made_at: made_at.copied(),
        stance: None,
        is_blocker: false,
    }
}

fn benchmark(criterion: &mut Criterion) {
    let root = tempfile::tempdir().expect("a temporary directory");
    build(&script(), root.path()).expect("a scripted history");
    let repository = Repository::open(root.path()).expect("the repository");
    let head = repository.resolve("HEAD").expect("a readable HEAD");
    let first = repository.resolve("HEAD~3").expect("a readable commit");
    let anchored: Vec<Claim> = (0..1000)
        .map(|at| {
            let (file, line) = (at % FILES, at % 200);
            let text = format!("Checked `{}:{}`. It still has `name_{file}_{line}_0`.", path(file), line + 1);
            claim(text, first.as_ref())
        })
        .collect();
    let anywhere: Vec<Claim> = (0..1000)
        .map(|at| claim(format!("Something calls `name_{}_{}_0()`.", at % FILES, at % 200), None))
        .collect();
    criterion.bench_function("claims/parse 1000", |bencher| {
        bencher.iter(|| {
            anchored.iter().map(|claim| read(black_box(claim), MAX_CLAIM_BYTES).atoms.len()).sum::<usize>()
        });
    });
    for (name, claims) in [("anchored", &anchored), ("anywhere", &anywhere)] {
        criterion.bench_function(&format!("claims/verify 1000 {name}"), |bencher| {
            let sources = GitSources::new(&repository, head, false, &Extraction::default());
            bencher.iter(|| rulings(black_box(claims), &sources, MAX_CLAIM_BYTES).len());
        });
    }
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
