//! The engine: where the ladder is silent, tasks are matched with hunks by what they share.

pub mod commands;
mod commits;
mod evidence;
mod mentions;
mod model;
mod ownership;
mod signals;
mod text;
mod vocabulary;

use std::collections::BTreeSet;

use commits::{Winners, compete, contests, first_pass};
use evidence::Evidence;
use signals::{COMMIT, FILE, NOBODY, Pair};

pub use model::{Competition, Linear, Model};

use super::Input;
use super::context::Context;

/// Counts as numbers to reckon with.
#[expect(clippy::cast_precision_loss, reason = "counts of things in one plan are far below 2^52")]
fn count(number: usize) -> f64 {
    number as f64
}

/// A plan and its history as learning sees them.
#[derive(Debug)]
pub struct Study {
    evidence: Evidence,
    commit_ids: Vec<String>,
}

/// A commit, the tasks that compete for it, and what each has to show.
#[derive(Debug, Clone)]
pub struct CommitChoice {
    pub commit: String,
    pub tasks: Vec<String>,
    pub values: Vec<Vec<f64>>,
    pub nobody: Vec<f64>,
}

/// A file that a task may have changed, and what speaks for it.
#[derive(Debug, Clone)]
pub struct FileChoice {
    pub task: String,
    pub path: String,
    pub is_listed: bool,
    pub values: Vec<f64>,
}

pub fn commit_signals() -> Vec<&'static str> {
    COMMIT.iter().map(|signal| signal.name).collect()
}
pub fn nobody_signals() -> Vec<&'static str> {
    NOBODY.iter().map(|signal| signal.name).collect()
}
pub fn file_signals() -> Vec<&'static str> {
    FILE.iter().map(|signal| signal.name).collect()
}

impl Study {
    pub fn new(input: &Input<'_>) -> Self {
        let evidence = Evidence::new(&Context::new(input));
        let commit_ids = input.history.commits.iter().map(|commit| commit.id.0.clone()).collect();
        Self { evidence, commit_ids }
    }

    pub fn commits(&self, model: Option<&Model>) -> Vec<CommitChoice> {
        let winners = model.map(|model| first_pass(&self.evidence, model));
        contests(&self.evidence, winners.as_ref())
            .into_iter()
            .filter(|contest| contest.commit < self.commit_ids.len())
            .map(|contest| {
                let (tasks, values): (Vec<usize>, Vec<Vec<f64>>) = contest.bids.into_iter().unzip();
                CommitChoice {
                    commit: self.commit_ids[contest.commit].clone(),
                    tasks: tasks.into_iter().map(|task| self.evidence.tasks[task].id.clone()).collect(),
                    values,
                    nobody: contest.nobody,
                }
            })
            .collect()
    }

    pub fn shares(&self, model: &Model) -> Vec<(String, Vec<(String, f64)>)> {
        let winners = compete(&self.evidence, model);
        (0..self.commit_ids.len())
            .map(|c| {
                let shares = (0..self.evidence.tasks.len())
                    .map(|t| (self.evidence.tasks[t].id.clone(), winners.share(c, t)))
                    .collect();
                (self.commit_ids[c].clone(), shares)
            })
            .collect()
    }

    pub fn files(&self, model: &Model) -> Vec<FileChoice> {
        let winners = compete(&self.evidence, model);
        let mut choices = Vec::new();
        for (task, known) in self.evidence.tasks.iter().enumerate().filter(|(_, task)| task.is_open) {
            for path in candidates(&self.evidence, task, &winners) {
                let pair = Pair { evidence: &self.evidence, task, path, winners: &winners };
                choices.push(FileChoice {
                    task: known.id.clone(),
                    path: self.evidence.paths[path].place.as_ref().map_or(String::new(), |place| place.path.clone()),
                    is_listed: !known.list.is_empty(),
                    values: FILE.iter().map(|signal| (signal.value)(&pair)).collect(),
                });
            }
        }
        choices
    }
}

/// Paths that anything links to the task.
fn candidates(evidence: &Evidence, task: usize, winners: &Winners) -> BTreeSet<usize> {
    let known = &evidence.tasks[task];
    let mut found: BTreeSet<usize> = known.list.iter().copied().collect();
    found.extend(known.cited.keys());
    let changed = |path: &usize| evidence.is_changed(*path);
    found.extend(known.predicted.iter().filter(|path| changed(path)));
    found.extend(known.named_in_description.keys().filter(|path| changed(path)));
    found.extend(known.named_in_notes.keys().filter(|path| changed(path)));
    for (path, seen) in evidence.paths.iter().enumerate() {
        let is_won = seen.changes.iter().any(|change| winners.share(change.commit, task) > 0.01);
        let shares = !seen.changes.is_empty()
            && evidence.vocabulary.shared(&known.description, &seen.terms, |term| {
                evidence.vocabulary.is_identifier(term)
            }) + evidence.vocabulary.shared(&known.description, &seen.words, |_| true)
                > 3.0;
        if is_won || shares {
            found.insert(path);
        }
    }
    found
}
