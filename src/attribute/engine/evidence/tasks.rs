//! What tasks say.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::super::mentions::{Mention, PathIndex};
use super::super::vocabulary::Vocabulary;
use super::{Named, PathEvidence, TaskEvidence};
use crate::attribute::context::Context;
use crate::model::{Status, Task};

pub(super) fn read(task: &Task, vocabulary: &mut Vocabulary, context: &Context<'_>) -> TaskEvidence {
    let batch = context.scopes.batch_of.get(&task.id).copied();
    let windows = context.input.plan.batch_windows.iter().filter(|window| Some(window.batch) == batch);
    TaskEvidence {
        windows: windows.map(|window| (window.start, window.end)).collect(),
        id: task.id.0.clone(),
        is_active: task.status != Status::Pending,
        batch,
        title: vocabulary.learn(title(&task.description)),
        description: vocabulary.learn(&task.description),
        notes: vocabulary.learn(&notes(task, context)),
        ..TaskEvidence::default()
    }
}

/// The first sentence of a description, as far as it can be a title.
fn title(description: &str) -> &str {
    const LONGEST: usize = 160;
    let line = description.trim_start().lines().next().unwrap_or_default();
    let sentence = line.find(". ").map_or(line, |end| &line[..end]);
    let end = sentence.char_indices().nth(LONGEST).map_or(sentence.len(), |(at, _)| at);
    &sentence[..end]
}

/// Everything that executors and reviewers wrote about a task, and what they were asked, each once.
pub(in crate::attribute::engine) fn notes(task: &Task, context: &Context<'_>) -> String {
    let rows = context.rows_of(task).iter().map(|row| row.notes.as_str());
    let checks = context.input.plan.sense_checks.iter().filter(|check| check.task_id == task.id);
    let checks = checks.flat_map(|check| [check.question.as_str(), check.executor_note.as_str()]);
    let own = [task.executor_notes.as_str(), task.reviewer_verdict.as_str()];
    let mut seen = HashSet::new();
    let all = own.into_iter().chain(rows).chain(checks).filter(|text| seen.insert(*text));
    all.collect::<Vec<_>>().join("\n")
}

/// Finds the paths that the texts of tasks name, in parallel over tasks.
pub(super) fn link_mentions(tasks: &mut [TaskEvidence], paths: &mut [PathEvidence], context: &Context<'_>) {
    let written = |(at, path): (usize, &PathEvidence)| (path.place.written.clone(), at);
    let aliases: Vec<(String, usize)> = paths.iter().enumerate().map(written).collect();
    let index = PathIndex::new(paths.iter().map(|path| path.place.path.clone()).collect(), &aliases);
    context.input.plan.tasks.par_iter().zip(tasks.par_iter_mut()).for_each(|(task, known)| {
        known.described = summarise(&index.mentions(&task.description));
        known.noted = summarise(&index.mentions(&notes(task, context)));
    });
    for (at, task) in tasks.iter().enumerate() {
        task.described.keys().for_each(|path| paths[*path].described.push(at));
        task.noted.keys().for_each(|path| paths[*path].noted.push(at));
    }
}

fn summarise(mentions: &[Mention]) -> HashMap<usize, Named> {
    let mut named: HashMap<usize, Named> = HashMap::new();
    for Mention { path, exactness, manner, position } in mentions.iter().copied() {
        let known = named.entry(path).or_insert(Named { exactness, manner, position });
        known.exactness = known.exactness.max(exactness);
        known.manner = known.manner.max(manner);
        known.position = known.position.min(position);
    }
    named
}
