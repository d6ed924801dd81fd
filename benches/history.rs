//! Reading a range of commits with everything that they changed: the stages of extraction on generated
//! repositories. The generator has a fixed seed, so every machine reads the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use taskproof::git::script::{CommitScript, HistoryScript, WorktreeScript, build};
use taskproof::git::{
    CacheOptions, Extraction, HistoryRequest, RangeRequest, Repository, WorktreeMode, commits, find_range,
    history,
};

const COMMITS: usize = 400;
const FILES: usize = 80;
const SEED: u64 = 20_260_521;

/// Knuth's linear congruential generator.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }
}

/// A file of functions, of which edits change, insert and remove lines.
struct File {
    path: String,
    lines: Vec<String>,
}

impl File {
    fn new(number: usize, random: &mut Random) -> Self {
        let length = 100 + random.below(400);
        let line = |line: usize| match line % 8 {
            0 => format!("fn function_{number}_{line}() {{"),
            6 => "}".to_owned(),
            7 => String::new(),
            _ => format!("    let value = compute({number}, {});", line * 7 % 31),
        };
        Self { path: format!("dir{}/file{number}.rs", number % 9), lines: (0..length).map(line).collect() }
    }

    fn edit(&mut self, commit: usize, random: &mut Random) {
        for edit in 0..=random.below(4) {
            let place = random.below(self.lines.len());
            match random.below(3) {
                0 => self.lines[place] = format!("    changed_by({commit}, {edit});"),
                1 => self.lines.insert(place, format!("    added_by({commit}, {edit});")),
                _ if self.lines.len() > 50 => drop(self.lines.remove(place)),
                _ => {}
            }
        }
    }

    fn text(&self) -> String {
        self.lines.iter().fold(String::new(), |mut text, line| {
            let _ = writeln!(text, "{line}"); // Writing to a string cannot fail.
            text
        })
    }
}

/// Every commit edits a few files, and every twentieth moves one.
fn script() -> HistoryScript {
    let mut random = Random(SEED);
    let mut files: Vec<File> = (0..FILES).map(|number| File::new(number, &mut random)).collect();
    let time = |number: usize| {
        format!("2026-05-{:02}T{:02}:{:02}:00Z", 1 + number / 30, number / 2 % 24, number % 60)
    };
    let mut script = vec![CommitScript {
        message: "commit 0".to_owned(),
        time: time(0),
        write: files.iter().map(|file| (file.path.clone(), file.text())).collect(),
        ..CommitScript::default()
    }];
    for number in 1..=COMMITS {
        let mut commit = CommitScript {
            message: format!("commit {number}\n\nTask: T{}", number % 25),
            time: time(number),
            ..CommitScript::default()
        };
        for _ in 0..=random.below(4) {
            let file = &mut files[random.below(FILES)];
            file.edit(number, &mut random);
            commit.write.insert(file.path.clone(), file.text());
        }
        if number.is_multiple_of(20) {
            let at = random.below(FILES);
            let old = std::mem::replace(&mut files[at].path, format!("moved/{number}.rs"));
            commit.write.remove(&old);
            commit.write.insert(files[at].path.clone(), files[at].text());
            commit.remove.push(old);
        }
        script.push(commit);
    }
    HistoryScript {
        branch: "main".to_owned(),
        directory: ".".to_owned(),
        commits: script,
        refs: BTreeMap::new(),
        worktree: WorktreeScript::default(),
        nested: Vec::new(),
    }
}

/// Most of a repository's history is packed.
fn pack(dir: &Path) {
    let packed = Command::new("git").current_dir(dir).args(["repack", "-q", "-a", "-d"]).status();
    assert!(packed.expect("git runs").success());
}

fn read_history(criterion: &mut Criterion) {
    let scratch = tempfile::tempdir().expect("a scratch directory");
    let root = scratch.path().join("repository");
    build(&script(), &root).expect("the scripted history is built");
    let repo = Repository::open(&root).expect("the repository opens");
    let base = Some(format!("HEAD~{COMMITS}"));
    let range = RangeRequest { base, head: Some("main".to_owned()), ..RangeRequest::default() };
    let found = find_range(&repo, &range).expect("a range");
    let read = |extraction: &Extraction| commits(black_box(&repo), &found, extraction).expect("commits");

    let mut group = criterion.benchmark_group("history of 400 commits");
    group.throughput(Throughput::Elements(COMMITS as u64));
    group.sample_size(20);
    let plain = Extraction::default();
    group.bench_function("loose objects", |bencher| bencher.iter(|| read(&plain)));
    pack(&root);
    group.bench_function("packed", |bencher| bencher.iter(|| read(&plain)));
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    group.bench_function("packed, one thread", |bencher| {
        // A handle cannot go to another thread, so it is opened there.
        let alone = || {
            commits(&Repository::open(&root).expect("the repository opens"), &found, &plain).expect("commits")
        };
        bencher.iter(|| one.install(alone));
    });
    let verified = Extraction { verify_objects: true, ..Extraction::default() };
    group.bench_function("packed, verified by libgit2", |bencher| bencher.iter(|| read(&verified)));
    let cached =
        Extraction { cache: Some(CacheOptions::new(scratch.path().join("cache"))), ..Extraction::default() };
    read(&cached);
    group.bench_function("from the cache", |bencher| bencher.iter(|| read(&cached)));
    let request = HistoryRequest { range, worktree: WorktreeMode::Include, ..HistoryRequest::default() };
    group.bench_function("packed, with the work tree and reach", |bencher| {
        bencher.iter(|| history(black_box(&repo), &request).expect("a history"));
    });
    group.finish();
}

criterion_group!(benches, read_history);
criterion_main!(benches);
