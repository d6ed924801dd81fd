//! What tasks say.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::super::mentions::{Mention, PathIndex};
use super::super::reading::{TaskTexts, notes};
use super::{Named, PathEvidence, TaskEvidence};
use crate::attribute::context::Context;
use crate::model::{Plan, PlanStep, Status, TaskId};

/// What is known of each task before it is linked with paths.
pub(super) fn read(texts: Vec<TaskTexts>, context: &Context<'_>) -> Vec<TaskEvidence> {
    let plan = context.input.plan;
    let numbers: HashMap<&TaskId, usize> =
        plan.tasks.iter().enumerate().map(|(at, task)| (&task.id, at)).collect();
    let read = |(task, texts): (&crate::model::Task, TaskTexts)| {
        let batch = context.scopes.batch_of.get(&task.id).copied();
        let windows = plan.batch_windows.iter().filter(|window| Some(window.batch) == batch);
        TaskEvidence {
            windows: windows.map(|window| (window.start, window.end)).collect(),
            id: task.id.0.clone(),
            is_active: task.status != Status::Pending,
            batch,
            depends_on: task.depends_on.iter().filter_map(|id| numbers.get(id)).copied().collect(),
            title: texts.title,
            description: texts.description.terms(),
            bag: texts.description,
            notes: texts.notes,
            ..TaskEvidence::default()
        }
    };
    plan.tasks.iter().zip(texts).map(read).collect()
}

/// Finds the paths that the texts of tasks name, in parallel over tasks.
pub(super) fn find_mentions(tasks: &mut [TaskEvidence], paths: &[PathEvidence], context: &Context<'_>) {
    let written = |(at, path): (usize, &PathEvidence)| (path.place.written.clone(), at);
    let aliases: Vec<(String, usize)> = paths.iter().enumerate().map(written).collect();
    let index = PathIndex::new(paths.iter().map(|path| path.place.path.clone()).collect(), &aliases);
    let steps = steps_by_task(context.input.plan);
    context.input.plan.tasks.par_iter().zip(tasks.par_iter_mut()).for_each(|(task, known)| {
        known.described = summarise(&index.mentions(&task.description));
        known.noted =
            summarise(&index.mentions(&notes(task, context.rows_of(task), context.checks_of(task))));
        let steps = steps.get(&task.id).into_iter().flatten();
        known.planned = summarise(&steps.flat_map(|step| index.mentions(&step.text)).collect::<Vec<_>>());
    });
}

/// Tells the paths which tasks name them.
pub(super) fn link_mentions(tasks: &[TaskEvidence], paths: &mut [PathEvidence]) {
    for (at, task) in tasks.iter().enumerate() {
        task.described.keys().for_each(|path| paths[*path].described.push(at));
        task.noted.keys().for_each(|path| paths[*path].noted.push(at));
        task.planned.keys().for_each(|path| paths[*path].planned.push(at));
    }
}

fn summarise(mentions: &[Mention]) -> BTreeMap<usize, Named> {
    let mut named: BTreeMap<usize, Named> = BTreeMap::new();
    for Mention { path, exactness, manner, position } in mentions.iter().copied() {
        let known = named.entry(path).or_insert(Named { exactness, manner, position });
        known.exactness = known.exactness.max(exactness);
        known.manner = known.manner.max(manner);
        known.position = known.position.min(position);
    }
    named
}

/// The steps of the plan's text that each task carries out; a step of many tasks tells none of them apart.
fn steps_by_task(plan: &Plan) -> HashMap<&TaskId, Vec<&PlanStep>> {
    /// A step may be divided among so many.
    const MOST: usize = 4;
    let mut by_task: HashMap<&TaskId, Vec<&PlanStep>> = HashMap::new();
    for step in &plan.steps {
        let tasks: BTreeSet<&TaskId> = step.tasks.iter().collect();
        for task in tasks.iter().filter(|_| tasks.len() <= MOST) {
            by_task.entry(*task).or_default().push(step);
        }
    }
    by_task
}
