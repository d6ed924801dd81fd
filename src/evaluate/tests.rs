//! Masking and figures, on literals.

mod figures;
mod masking;
mod properties;

use super::*;
use crate::model::testing::{batch, commit, history, ids, row, task};
use crate::model::{History, Plan, ProjectPaths, Task, TaskId};

/// A done task with files and commands on record.
fn recorded(id: &str, files: &[&str], commands: &[&str]) -> Task {
    let strings = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
    let mut task = task(id);
    task.executor_notes = format!("{id} is done.");
    task.files_changed = strings(files);
    task.commands_run = strings(commands);
    task.truthy.files = !files.is_empty();
    task.truthy.commands = !commands.is_empty();
    task
}

/// `T1` and then `T2` to `T4` beside each other, each with a file, a command, a row, and a list for its batch.
fn four() -> Plan {
    let mut tasks: Vec<Task> = ["a", "b", "c", "d"]
        .iter()
        .zip(["T1", "T2", "T3", "T4"])
        .map(|(name, id)| recorded(id, &[&format!("src/{name}.rs")], &[&format!("make {name}")]))
        .collect();
    tasks[1..].iter_mut().for_each(|task| task.depends_on = ids(&["T1"]));
    let mut plan = crate::model::testing::plan(tasks);
    plan.batches = vec![batch(1, &["T1"]), batch(2, &["T2", "T3", "T4"])];
    plan.rows = plan
        .tasks
        .iter()
        .map(|task| {
            let number = if task.id.0 == "T1" { 1 } else { 2 };
            row(number, &task.id.0, "done", &[&task.files_changed[0]], &[&task.commands_run[0]])
        })
        .collect();
    for (at, names) in [(0, vec!["a"]), (1, vec!["b", "c", "d", "extra"])] {
        plan.batches[at].files = Some(names.iter().map(|name| format!("src/{name}.rs")).collect());
        plan.batches[at].commands = Some(names.iter().map(|name| format!("make {name}")).collect());
    }
    plan
}

/// A commit for each of the four.
fn past() -> History {
    let commits = ["a", "b", "c", "d"].map(|name| commit(name, "Work", &[&format!("src/{name}.rs")]));
    history(commits.into(), &["src/extra.rs"])
}

fn subject(plan: Plan, history: History) -> Subject {
    let paths = ProjectPaths { known: history.reach.existing.clone(), ..ProjectPaths::default() };
    Subject::new("group", plan, history, paths)
}

fn cases(plan: Plan, history: History) -> Vec<Case> {
    masked(&subject(plan, history)).collect()
}

fn case<'a>(cases: &'a [Case], scenario: &str) -> &'a Case {
    cases.iter().find(|case| case.scenario == scenario).expect("the scheme has something to mask")
}

fn id(name: &str) -> TaskId {
    name.into()
}
