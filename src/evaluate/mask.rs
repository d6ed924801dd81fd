//! Taking evidence out of a plan, as if it had never been recorded.

use std::collections::BTreeSet;

use super::truth::placed;
use crate::model::{Artifacts, Batch, Plan, ProjectPaths, TaskId, Truthy};

/// What becomes of the lists of whole batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lists {
    /// They stay.
    Kept,
    /// They are there and empty.
    Emptied,
    /// Only what a record that is left claims for a task stays in them.
    Claimed,
}

/// The plan without the files and commands of `tasks`. What is told of commands outside the lists is as telling as the
/// lists, and goes with them. Everything else about them stays: description, notes,
/// reviews.
pub(super) fn hide(plan: &Plan, tasks: &BTreeSet<TaskId>, lists: Lists, paths: &ProjectPaths) -> Plan {
    let mut masked = plan.clone();
    // The text of the artifacts holds what is hidden.
    masked.artifacts = Artifacts::default();
    for task in masked.tasks.iter_mut().filter(|task| tasks.contains(&task.id)) {
        task.files_changed.clear();
        task.commands_run.clear();
        task.truthy = Truthy { sections: task.truthy.sections, ..Truthy::default() };
        task.guessed_files = false;
        (task.inferred_files, task.inferred_commands) = (false, false);
    }
    for row in masked.rows.iter_mut().filter(|row| tasks.contains(&row.task_id)) {
        row.files.clear();
        row.commands.clear();
        row.guessed_files = false;
        (row.inferred_files, row.inferred_commands) = (false, false);
    }
    match lists {
        Lists::Kept => {}
        Lists::Emptied => {
            masked.batches.iter_mut().for_each(empty);
            masked.told.clear();
        }
        Lists::Claimed => {
            keep_claimed(&mut masked, paths);
            masked.told.clear();
        }
    }
    masked
}

/// Takes away what people wrote about `tasks`, too. What they were asked to do stays.
pub(super) fn silence(plan: &mut Plan, tasks: &BTreeSet<TaskId>) {
    for task in plan.tasks.iter_mut().filter(|task| tasks.contains(&task.id)) {
        task.executor_notes.clear();
        task.reviewer_verdict.clear();
        task.evidence_files.clear();
    }
    for row in plan.rows.iter_mut().filter(|row| tasks.contains(&row.task_id)) {
        row.notes.clear();
    }
    for check in plan.sense_checks.iter_mut().filter(|check| tasks.contains(&check.task_id)) {
        check.executor_note.clear();
    }
    if let Some(review) = &mut plan.review {
        review.evidence.retain(|(task, _, _)| !tasks.contains(task));
    }
}

fn empty(batch: &mut Batch) {
    batch.files.iter_mut().chain(&mut batch.commands).for_each(Vec::clear);
}

fn keep_claimed(plan: &mut Plan, paths: &ProjectPaths) {
    let mut files = BTreeSet::new();
    let mut commands = BTreeSet::new();
    for task in &plan.tasks {
        files.extend(placed(&task.files_changed, paths));
        commands.extend(task.commands_run.iter().map(|command| command.trim()));
    }
    for row in &plan.rows {
        files.extend(placed(&row.files, paths));
        commands.extend(row.commands.iter().map(|command| command.trim()));
    }
    for batch in &mut plan.batches {
        if let Some(list) = &mut batch.files {
            list.retain(|file| placed(std::slice::from_ref(file), paths).is_subset(&files));
        }
        if let Some(list) = &mut batch.commands {
            list.retain(|command| commands.contains(command.trim()));
        }
    }
}
