//! The harness's records say more, or something else.

use super::{Case, Hypothesis, TRIED, row_of};
use crate::model::{Field, Origin, Review, Row, Status};

/// Where a hypothetical row stands: the one artifact that is no batch's in particular.
const CHECKPOINT: &str = "execution_checkpoint.json";
/// What a hypothetical row ran, where nothing is known that it may have run: enough for tasks of every kind.
const ANY_COMMAND: &str = "make test";

/// Notes long enough for the harness, found by trying.
pub(super) fn notes<'a>(case: &Case<'a>) -> Vec<Hypothesis<'a>> {
    if !case.decided.gap.missing.contains(&Field::Notes) {
        return Vec::new();
    }
    let id = &case.task.id;
    let long = |length: usize| {
        let premise = format!("If its executor writes notes of {length} characters or more, ");
        Hypothesis::new(premise, move |world| {
            if let Some(row) = row_of(&mut world.plan.to_mut().tasks, id) {
                row.executor_notes = "x".repeat(length);
            }
        })
    };
    [100, 200].map(long).into()
}

/// Its own rows, which are not done or were guessed, stand after all.
pub(super) fn doubtful_rows<'a>(case: &Case<'a>) -> Vec<Hypothesis<'a>> {
    let is_doubtful = |row: &Row| row.task_id == case.task.id && (!row.is_done() || row.guessed_files);
    let holds = |row: &&Row| !row.files.is_empty() || !row.commands.is_empty();
    let mut rows = case.input.plan.rows.iter().filter(|row| is_doubtful(row)).filter(holds);
    let Some(first) = rows.next().filter(|_| case.is_open()) else { return Vec::new() };
    let place = format!("`{}` {}", first.artifact, first.pointer);
    let premise = if first.is_done() {
        format!("If the files of its row in {place}, which the harness guessed, were its executor's own, ")
    } else {
        format!("If its row in {place} were `done` and not `{}`, ", first.status.as_str())
    };
    vec![Hypothesis::new(premise, move |world| {
        for row in world.plan.to_mut().rows.iter_mut().filter(|row| is_doubtful(row)) {
            row.status = Status::Done;
            row.guessed_files = false;
        }
    })]
}

/// A done row of the task turns up; it is supposed to list the best candidates, or any file that changed.
pub(super) fn done_row<'a>(case: &Case<'a>) -> Vec<Hypothesis<'a>> {
    if !case.is_open() {
        return Vec::new();
    }
    let best = case.possible_files().next().map(|file| file.written.clone());
    let any = case.input.history.changes().map(|(_, change)| change.path.clone()).last();
    let command = case.attribution.commands.first().map(|command| command.command.clone());
    let row = Row {
        artifact: CHECKPOINT.to_owned(),
        origin: Origin::Checkpoint,
        pointer: String::new(),
        task_id: case.task.id.clone(),
        status: Status::Done,
        notes: String::new(),
        files: best.or(any).into_iter().collect(),
        commands: vec![command.unwrap_or_else(|| ANY_COMMAND.to_owned())],
        guessed_files: false,
        inferred_files: false,
        inferred_commands: false,
    };
    let premise = "If a backup of a batch artifact or checkpoint has a done row of the task, ".to_owned();
    let hypothesis = Hypothesis::new(premise, move |world| world.plan.to_mut().rows.push(row));
    vec![Hypothesis { so: Some("what that row lists would be filled"), ..hypothesis }]
}

/// A reviewer cites a candidate for the task.
pub(super) fn cited<'a>(case: &Case<'a>) -> Vec<Hypothesis<'a>> {
    let citing = |file: &crate::model::FileCandidate| {
        let premise =
            format!("If a reviewer cites one of the files, such as `{}`, for this task alone, ", file.path);
        let evidence = (case.task.id.clone(), vec![file.written.clone()], "/task_verdicts".to_owned());
        let hypothesis = Hypothesis::new(premise, move |world| {
            world.plan.to_mut().review.get_or_insert_with(Review::default).evidence.push(evidence);
        });
        Hypothesis { so: Some("that file would be filled"), ..hypothesis }
    };
    case.possible_files().filter(|_| case.is_open()).take(TRIED).map(citing).collect()
}

/// The harness finishes a task that is not done, or writes its status as it should.
pub(super) fn recorded_as_done<'a>(case: &Case<'a>) -> Vec<Hypothesis<'a>> {
    let task = case.task;
    if task.status_word == "done" || task.status == Status::Skipped {
        return Vec::new();
    }
    let premise = format!("Once the task is recorded as `done` and no longer `{}`, ", task.status_word);
    vec![Hypothesis::new(premise, move |world| {
        if let Some(row) = row_of(&mut world.plan.to_mut().tasks, &task.id) {
            row.status = Status::Done;
            "done".clone_into(&mut row.status_word);
        }
    })]
}
