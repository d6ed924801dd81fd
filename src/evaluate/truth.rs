//! What a task is known to have changed and run.

use std::collections::{BTreeMap, BTreeSet};

use crate::gate::{self, Scopes};
use crate::model::{
    Label, Origin, Plan, ProjectPaths, Row, Task, TaskId, is_left_behind, leading_directory, place,
};

/// The truth about one task. Files are repository paths as attribution reports them; what the harness and
/// the system leave behind is not among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Truth {
    /// Files it changed.
    pub files: BTreeSet<String>,
    /// Commands it ran, trimmed; `None` when nobody knows.
    pub commands: Option<BTreeSet<String>>,
    /// Paths and commands that are neither right nor wrong.
    pub unsure: BTreeSet<String>,
    /// Its work is nowhere: whatever is filled is wrong.
    pub is_absent: bool,
}

impl Truth {
    /// The truth that somebody wrote down.
    pub fn of_label(label: &Label, paths: &ProjectPaths) -> Self {
        let mut unsure = placed(&label.unsure, paths);
        unsure.extend(trimmed(&label.unsure));
        Self {
            files: placed(&label.files, paths),
            commands: label.commands.as_ref().map(|commands| trimmed(commands).collect()),
            unsure,
            is_absent: label.absent,
        }
    }

    /// The truth about a task whose work is taken away.
    pub(super) fn absent() -> Self {
        Self { is_absent: true, ..Self::default() }
    }
}

/// What the plan's own records say of its tasks: the final record and the done rows together, because a
/// re-run thins out either. Left out are tasks without files, tasks the harness asks no evidence of, and
/// files it only guessed.
pub(super) fn truths(plan: &Plan, paths: &ProjectPaths) -> BTreeMap<TaskId, Truth> {
    let scopes = gate::scopes(plan);
    let tasks = plan
        .tasks
        .iter()
        .filter(|task| task.status_word == "done" && !task.guessed_files)
        // What was inferred is an answer of ours, and no truth to measure it by.
        .filter(|task| !task.inferred_files && !task.inferred_commands);
    let truths = tasks.map(|task| (task.id.clone(), recorded(task, plan, &scopes, paths)));
    truths.filter(|(_, truth)| !truth.files.is_empty()).collect()
}

fn recorded(task: &Task, plan: &Plan, scopes: &Scopes, paths: &ProjectPaths) -> Truth {
    let mut files = placed(&task.files_changed, paths);
    let mut commands: BTreeSet<String> = trimmed(&task.commands_run).collect();
    let is_truth = |row: &&Row| {
        row.is_done() && !row.inferred_files && !row.inferred_commands && !is_left_over(row, scopes)
    };
    for row in plan.rows_of(&task.id).filter(is_truth) {
        commands.extend(trimmed(&row.commands));
        if !row.guessed_files {
            files.extend(placed(&row.files, paths));
        }
    }
    let unsure = listed_alone(task, plan).filter(|command| !commands.contains(command)).collect();
    let commands = Some(commands).filter(|commands| !commands.is_empty());
    Truth { files, commands, unsure, ..Truth::default() }
}

/// Commands in the list of a batch that is this task alone: they ran for it, its row just does not repeat
/// them.
fn listed_alone(task: &Task, plan: &Plan) -> impl Iterator<Item = String> {
    let alone = plan.batches.iter().filter(|batch| batch.task_ids == [task.id.clone()]);
    alone.flat_map(|batch| batch.commands.iter().flat_map(|commands| trimmed(commands)))
}

/// A row of an earlier version of the plan, whose ids meant other tasks.
pub(super) fn is_left_over(row: &Row, scopes: &Scopes) -> bool {
    matches!(row.origin, Origin::Batch(number) if scopes.is_left_over(number))
}

/// Claims as repository paths.
pub(super) fn placed(claims: &[String], paths: &ProjectPaths) -> BTreeSet<String> {
    let places = claims.iter().filter_map(|claim| place(claim, paths));
    places
        .filter(|place| !is_left_behind(&place.path))
        .map(|place| one_spelling(&place.path, paths).to_owned())
        .collect()
}

/// The file that a path means, as far as comparing goes: `checkout/src/a.rs` is `src/a.rs` if the repository
/// knows only that. Attribution is more careful; here, two spellings of one file must not count as two.
pub(super) fn one_spelling<'a>(path: &'a str, paths: &ProjectPaths) -> &'a str {
    if paths.known.contains(path) {
        return path;
    }
    leading_directory(path, paths).map_or(path, |(_, suffix)| suffix)
}

fn trimmed(commands: &[String]) -> impl Iterator<Item = String> + '_ {
    commands.iter().map(|command| command.trim().to_owned()).filter(|command| !command.is_empty())
}
