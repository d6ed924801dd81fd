//! The engine as learning sees it: what was measured, with the names of what it was measured of.

use super::contest::{compete, contests, first_pass};
use super::evidence::Evidence;
use super::model::{Model, Regime};
use super::signals::{COMMIT, FILE, NOBODY};
use super::{candidates, measure, regime};
use crate::attribute::{Input, climb, open_tasks};
use crate::model::Oid;

/// A plan and its history, read for learning.
#[derive(Debug)]
pub struct Study {
    evidence: Evidence,
    commits: Vec<Oid>,
}

/// A commit, the tasks that compete for it, and what each has to show.
#[derive(Debug, Clone)]
pub struct CommitChoice {
    /// Its id.
    pub commit: Oid,
    /// Ids of the tasks.
    pub tasks: Vec<String>,
    /// Per task, a value for each of [`commit_signals`].
    pub values: Vec<Vec<f64>>,
    /// A value for each of [`nobody_signals`].
    pub nobody: Vec<f64>,
}

/// A file that an open task may have changed, and what speaks for it.
#[derive(Debug, Clone)]
pub struct FileChoice {
    /// The task's id.
    pub task: String,
    /// Repository-relative path.
    pub path: String,
    /// What the evidence rests on.
    pub regime: Regime,
    /// A value for each of [`file_signals`].
    pub values: Vec<f64>,
}

/// Names of what is measured of a task and a commit.
pub fn commit_signals() -> Vec<&'static str> {
    COMMIT.iter().map(|signal| signal.name).collect()
}

/// Names of what is measured of a commit that may be nobody's.
pub fn nobody_signals() -> Vec<&'static str> {
    NOBODY.iter().map(|signal| signal.name).collect()
}

/// Names of what is measured of a task and a file.
pub fn file_signals() -> Vec<&'static str> {
    FILE.iter().map(|signal| signal.name).collect()
}

impl Study {
    /// Climbs the ladder, and reads texts and hunks for the rest.
    pub fn new(input: &Input<'_>) -> Self {
        let (context, results) = climb(input);
        let open = open_tasks(input.plan, &results);
        let mut evidence = Evidence::new(&context);
        evidence.settle(&context, |id| open.contains(id));
        Self { evidence, commits: input.history.commits.iter().map(|commit| commit.id).collect() }
    }

    /// What competes for each commit: in the first pass, or, with a model for that, in the second.
    pub fn commits(&self, model: Option<&Model>) -> Vec<CommitChoice> {
        let winners = model.map(|model| first_pass(&self.evidence, model));
        let named = |contest: super::contest::Contest| {
            let (tasks, values): (Vec<usize>, Vec<Vec<f64>>) = contest.bids.into_iter().unzip();
            CommitChoice {
                commit: self.commits[contest.commit],
                tasks: tasks.into_iter().map(|task| self.evidence.tasks[task].id.clone()).collect(),
                values,
                nobody: contest.nobody,
            }
        };
        contests(&self.evidence, winners.as_ref()).into_iter().map(named).collect()
    }

    /// What every open task may have changed.
    pub fn files(&self, model: &Model) -> Vec<FileChoice> {
        let winners = compete(&self.evidence, model);
        let found = candidates(&self.evidence, &winners).into_iter();
        found
            .flat_map(|(task, paths)| paths.into_iter().map(move |path| (task, path)))
            .map(|(task, path)| FileChoice {
                task: self.evidence.tasks[task].id.clone(),
                path: self.evidence.paths[path].place.path.clone(),
                regime: regime(&self.evidence, task, path),
                values: measure(&self.evidence, &winners, task, path),
            })
            .collect()
    }
}
