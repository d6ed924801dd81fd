//! What the engine costs beside reading the history: both in turn on the same plan, and the ratio of their medians.
//!
//! `cargo bench --bench engine` builds a history of its own, and then shows how cost and memory grow where all texts are
//! alike: tasks times commits must not show. With `CASES=FILE`, lines as for
//! `taskproof evaluate --cases`, it takes the plans with the most commits from there.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "benches read and print")]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use taskproof::attribute::{Input, attribute};
use taskproof::config::Config;
use taskproof::git::script::{CommitScript, HistoryScript, WorktreeScript, build};
use taskproof::git::{Extraction, WorktreeMode};
use taskproof::load::{self, CaseLine, HistoryOptions};
use taskproof::model::{Content, Edits, Hunk, Plan};
use taskproof::words::{Interest, Reader};

const ROUNDS: usize = 7;
/// How many of the given plans are measured: those with the most commits.
const LARGEST: usize = 3;

fn main() {
    match std::env::var_os("CASES") {
        Some(file) => given(Path::new(&file)),
        None => {
            built();
            // The last has 80 times the pairs of the first, and 16 times the evidence.
            for (tasks, commits) in [(50, 500), (25, 8000), (800, 2000)] {
                alike(tasks, commits);
            }
        }
    }
}

/// Tasks and commits that all use the same two hundred words, ten hunks a commit; a third of the tasks is hollow.
fn alike(tasks: usize, commits: usize) {
    let mut plan = support::plan(tasks);
    for (at, task) in plan.tasks.iter_mut().enumerate() {
        task.description = format!("Task of {}", words(at, 30));
        task.executor_notes = format!("Notes of {}", words(at * 7, 30));
    }
    plan.rows.clear();
    let (mut history, paths) = support::history(commits);
    let interest = Interest::of(plan.texts());
    let mut reader = Reader::default();
    for (at, commit) in history.commits.iter_mut().enumerate() {
        commit.subject = words(at * 3, 8);
        for (file, change) in commit.changes.iter_mut().enumerate() {
            let place = Hunk { old_start: 1, old_lines: 0, new_start: 1, new_lines: 8 };
            let mut edits = Edits { hunks: [place; 3].into_iter().collect(), ..Edits::default() };
            for hunk in 0..3 {
                let text = words(at + file * 11 + hunk * 5, 64);
                edits.words.push(reader.read([text.as_bytes()], Some(&interest)));
            }
            change.content = Content::Text(edits);
        }
    }
    let config = Config::default();
    let input = Input { plan: &plan, history: &history, paths: &paths, answers: &[], config: &config };
    let before = resident();
    let start = Instant::now();
    std::hint::black_box(attribute(&input)).expect("no answers to refuse");
    let took = start.elapsed();
    let grown = resident().zip(before).map_or_else(String::new, |(after, before)| {
        format!(", most memory {} MB above what the input takes", after.saturating_sub(before) / 1024)
    });
    println!("{tasks} tasks and {commits} commits that are all alike: attribution {took:.1?}{grown}");
}

/// Words and identifiers out of two hundred, others for each seed.
fn words(seed: usize, number: usize) -> String {
    let word = |at: usize| {
        let which = (seed * 31 + at * at * 17 + at) % 200;
        if which.is_multiple_of(3) { format!("partOf_{which}") } else { format!("word{which}") }
    };
    (0..number).map(word).collect::<Vec<_>>().join(" ")
}

/// The most memory that this program has had so far, in kilobytes, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Plans from a cases file.
fn given(file: &Path) {
    let text = std::fs::read_to_string(file).expect("a readable cases file");
    let lines = load::cases(&text, file.parent().unwrap_or(Path::new("."))).expect("cases");
    let mut sized: Vec<(usize, &CaseLine)> =
        lines.iter().filter_map(|line| Some((commits(line)?, line))).collect();
    sized.sort_by_key(|(commits, _)| std::cmp::Reverse(*commits));
    sized.dedup_by(|a, b| a.1.repo == b.1.repo);
    for (_, line) in sized.into_iter().take(LARGEST) {
        let (plan, _) = load::plan(&line.plan, &Config::default()).expect("a plan");
        measure(&plan.name.clone(), &plan, &options(line));
    }
}

fn commits(line: &CaseLine) -> Option<usize> {
    let (_, past, _) = line.read(&options(line), &Config::default()).ok()?;
    Some(past.history.commits.len())
}

fn options(line: &CaseLine) -> HistoryOptions {
    HistoryOptions {
        repo: line.repo.clone(),
        base: line.base.clone(),
        head: line.head.clone(),
        worktree: WorktreeMode::Exclude,
        extraction: Extraction::default(),
        start: PathBuf::from("."),
    }
}

/// A plan of 60 tasks, a third of them hollow everywhere, with a commit each that names none.
fn built() {
    const TASKS: usize = 60;
    let scratch = tempfile::tempdir().expect("a scratch directory");
    build(&script(TASKS), scratch.path()).expect("the scripted history is built");
    let mut plan = support::plan(TASKS);
    for row in &mut plan.rows {
        if plan.tasks.iter().any(|task| task.id == row.task_id && task.files_changed.is_empty()) {
            row.files.clear();
            row.commands.clear();
        }
    }
    let options = HistoryOptions {
        repo: Some(scratch.path().to_path_buf()),
        base: Some(format!("HEAD~{TASKS}")),
        head: None,
        worktree: WorktreeMode::Exclude,
        extraction: Extraction::default(),
        start: scratch.path().to_path_buf(),
    };
    measure("60 tasks, 60 commits", &plan, &options);
}

/// Every commit rewrites the four files of its task, two hundred lines each.
fn script(tasks: usize) -> HistoryScript {
    let line =
        |task: usize, edit: usize, at: usize| format!("let part_{task}_line_{at} = value_{};\n", at * edit);
    let text =
        |task: usize, edit: usize| (0..200).map(|at| line(task, edit, at)).collect::<Vec<_>>().concat();
    let files = |task: usize, edit: usize| {
        (0..4).map(|file| (format!("src/part_{task}/file_{file}.rs"), text(task, edit))).collect()
    };
    let commit = |number: usize| CommitScript {
        message: match number {
            0 => "base".to_owned(),
            _ => format!("Put the interface before part {}", number - 1),
        },
        time: format!("2026-05-{:02}T{:02}:{:02}:00Z", 1 + number / 60, number % 24, number % 60),
        write: match number {
            0 => (0..tasks).flat_map(|task| files(task, 1)).collect::<BTreeMap<_, _>>(),
            _ => files(number - 1, 2),
        },
        ..CommitScript::default()
    };
    HistoryScript {
        branch: "main".to_owned(),
        directory: ".".to_owned(),
        commits: (0..=tasks).map(commit).collect(),
        refs: BTreeMap::new(),
        worktree: WorktreeScript::default(),
        nested: Vec::new(),
    }
}

fn measure(name: &str, plan: &Plan, options: &HistoryOptions) {
    let config = Config::default();
    let (mut reading, mut attributing) = (Vec::new(), Vec::new());
    let mut commits = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let past = load::history(plan, options).expect("a history");
        reading.push(start.elapsed());
        commits = past.history.commits.len();
        let input = Input { plan, history: &past.history, paths: &past.paths, answers: &[], config: &config };
        let start = Instant::now();
        std::hint::black_box(attribute(&input)).expect("no answers to refuse");
        attributing.push(start.elapsed());
    }
    let (reading, attributing) = (median(reading), median(attributing));
    let ratio = attributing.as_secs_f64() / reading.as_secs_f64();
    println!(
        "{name}: {commits} commits, history {reading:.1?}, attribution {attributing:.1?}, ratio {ratio:.2}"
    );
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
