//! In which order files were made, claims stand and tasks were done by how many threads: nothing depends on it.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};
use taskproof::attribute::{Input, attribute};
use taskproof::config::Config;
use taskproof::git::{Extraction, WorktreeMode};
use taskproof::load::{self, HistoryOptions};
use taskproof::repair::fills;

use crate::support::git::Git;
use crate::support::project::{PLAN, batch, pretty, task};

/// A plan as its files, by name.
type Files = Vec<(String, String)>;

/// What a task of a random plan has: files in its row, files in the list of its batch, whether it is hollow.
type Shape = (Vec<&'static str>, Vec<&'static str>, bool);

fn shapes() -> impl Strategy<Value = Vec<Shape>> {
    let names = || prop::collection::vec(prop::sample::select(vec!["a", "b", "c", "d", "e"]), 0..4);
    prop::collection::vec((names(), names(), any::<bool>()), 2..14)
}

fn paths(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("src/{name}.py")).collect()
}

/// A plan with a batch per task, whose artifacts agree or do not, and everything beside them that is read by its number.
fn plan(shapes: &[Shape]) -> Files {
    let mut tasks = Vec::new();
    let mut files = Files::new();
    for (at, (own, listed, is_hollow)) in (1..).zip(shapes) {
        let id = format!("T{at}");
        let (own, listed) = (paths(own), paths(listed));
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let mut row = match is_hollow {
            true => task(&id, &[], &[]),
            false => task(&id, &own, &["pytest"]),
        };
        row["description"] = json!(format!("Change {} as step {at}.", listed.join(" and ")));
        if at > 1 {
            row["depends_on"] = json!([format!("T{}", at - 1)]);
        }
        tasks.push(row);
        let mut artifact = batch(&id, &own, &["pytest", &format!("make t{at}")]);
        artifact["files_changed"] = json!(listed);
        files.push((format!("execution_batch_{at}.json"), pretty(&artifact)));
        files.push((
            format!("plan_v{at}.md"),
            format!("# Plan\n\n## Step {at}\n\nT{at}: change {}.\n", listed.join(", ")),
        ));
        files.push((format!("execute_v{at}_raw.txt"), format!("{{\"command\": \"pytest -k t{at}\"}}\n")));
    }
    let aggregate: Vec<Value> = (1..=shapes.len())
        .map(|at| batch(&format!("T{at}"), &["src/a.py"], &[])["task_updates"][0].clone())
        .collect();
    let rest = [
        ("finalize.json", json!({ "tasks": tasks })),
        ("state.json", json!({ "name": PLAN, "current_state": "blocked", "config": {}, "meta": {} })),
        ("execution.json", json!({ "task_updates": aggregate })),
        ("execution_checkpoint.json", json!({ "task_updates": [aggregate[0].clone()] })),
        (
            "review.json",
            json!({ "review_verdict": "needs_rework", "issues": ["`src/b.py` still has `b = 1`"] }),
        ),
        (
            "phase_result.json",
            json!({ "deviations": ["Done tasks missing both files_changed and commands_run: T1"] }),
        ),
    ];
    files.extend(rest.into_iter().map(|(name, value)| (name.to_owned(), pretty(&value))));
    files
}

/// Makes the files in this order. A directory in memory lists them by when they were made.
fn write(plan: &Path, files: &[(String, String)]) {
    let _ = fs::remove_dir_all(plan);
    fs::create_dir_all(plan).expect("a plan directory");
    for (name, text) in files {
        fs::write(plan.join(name), text).expect("an artifact");
    }
}

/// Everything that is found out about a plan, by so many threads.
fn found(plan: &Path, repository: &Path, threads: usize) -> String {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    pool.install(|| {
        let config = Config::default();
        let (plan, findings) = load::plan(plan, &config).expect("a plan");
        let options = HistoryOptions {
            repo: Some(repository.to_path_buf()),
            base: None,
            head: None,
            worktree: WorktreeMode::Auto,
            extraction: Extraction::default(),
            start: plan.directory.clone(),
        };
        let past = load::history(&plan, &options).expect("a history");
        let (history, paths) = (&past.history, &past.paths);
        let outcome = attribute(&Input { plan: &plan, history, paths, answers: &[], config: &config });
        let outcome = outcome.expect("no answers, none refused");
        let fills = fills(&outcome.attributions);
        let texts = load::texts(&plan.directory, &config);
        format!("{plan:#?}\n{findings:#?}\n{history:#?}\n{outcome:#?}\n{fills:#?}\n{texts:#?}")
    })
}

/// In memory where that can be had, for there the order shows.
fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }
        .expect("a scratch directory")
}

/// More than a plan has files or a directory has plans.
const MOST: usize = 64;

/// Some orders of anything.
fn orders() -> impl Strategy<Value = Vec<Vec<usize>>> {
    prop::collection::vec(Just((0..MOST).collect::<Vec<usize>>()).prop_shuffle(), 3)
}

/// The items in another order.
fn reordered<T: Clone>(items: &[T], order: &[usize]) -> Vec<T> {
    assert!(items.len() <= MOST);
    order.iter().filter_map(|&at| items.get(at).cloned()).collect()
}

#[test]
fn files_made_in_any_order_are_the_same_plan_on_any_number_of_threads() {
    let git = repository();
    let scratch = scratch();
    let directory = scratch.path().join(PLAN);
    let found = |threads: usize| found(&directory, &git.root, threads);
    let few = ProptestConfig::with_cases(24);
    proptest!(few, |(shapes in shapes(), orders in orders(), threads in 2..9_usize)| {
        let files = plan(&shapes);
        write(&directory, &files);
        let expected = found(1);
        prop_assert!(expected.contains("src/") && expected.contains("pytest -k"), "there is something to compare");
        prop_assert_eq!(&found(threads), &expected);
        for order in orders {
            write(&directory, &reordered(&files, &order));
            prop_assert_eq!(&found(threads), &expected);
        }
    });
}

#[test]
fn plans_are_found_in_one_order() {
    let scratch = scratch();
    let root = scratch.path().join("plans");
    let names = prop::collection::btree_set("[a-z]{1,3}", 1..20);
    proptest!(ProptestConfig::with_cases(24), |(names in names, orders in orders())| {
        let expected: Vec<PathBuf> = names.iter().map(|name| root.join(name)).collect();
        for order in orders {
            let _ = fs::remove_dir_all(&root);
            for directory in reordered(&expected, &order) {
                write(&directory, &[("finalize.json".to_owned(), "{}".to_owned())]);
            }
            prop_assert_eq!(&load::plans_below(&root).expect("plans"), &expected);
        }
    });
}

/// A repository in which each file was changed by a commit that names a task.
fn repository() -> Git {
    let git = Git::init();
    for (at, name) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
        git.write(format!("src/{name}.py"), format!("{name} = {at}\n"));
        git.commit(&format!("{name} of T{}", at + 1));
    }
    git
}
