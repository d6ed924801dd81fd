//! Labelled cases, read once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use taskproof::attribute::Input;
use taskproof::attribute::engine::{CommitChoice, FileChoice, Model, Study};
use taskproof::config::Config;
use taskproof::evaluate::{Subject, Truth, labelled};
use taskproof::git::WorktreeMode;
use taskproof::load::{self, CaseLine, HistoryOptions};
use taskproof::model::{TaskId, is_left_behind};

type Anyhow = Box<dyn std::error::Error + Send + Sync>;

/// A case and what is known about it.
pub(crate) struct Learned {
    pub(crate) plan: String,
    pub(crate) group: String,
    pub(crate) scenario: String,
    pub(crate) hidden: BTreeMap<TaskId, Truth>,
    owners: Option<BTreeMap<String, Vec<TaskId>>>,
    study: Study,
}

/// Reads all cases, in parallel.
pub(crate) fn load(path: &Path) -> Result<Vec<Learned>, Anyhow> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let lines = load::cases(&std::fs::read_to_string(path)?, directory)?;
    lines.into_par_iter().filter(|line| line.hidden.is_some()).map(|line| read(&line)).collect()
}

fn read(line: &CaseLine) -> Result<Learned, Anyhow> {
    let config = Config::default();
    let start = PathBuf::from(".");
    let options =
        HistoryOptions { repo: None, base: None, head: None, worktree: WorktreeMode::Exclude, start };
    let (plan, past, _) = line.read(&options, &config)?;
    let group = line.group.clone().unwrap_or_else(|| plan.name.clone());
    let subject = Subject::new(group, plan, past.history, past.paths);
    let scenario = line.scenario.clone().unwrap_or_default();
    let case = labelled(subject, scenario, line.hidden.as_ref().unwrap_or(&BTreeMap::new()));
    let input =
        Input { plan: &case.plan, history: &case.history, paths: &case.paths, answers: &[], config: &config };
    Ok(Learned {
        study: Study::new(&input),
        owners: line.commits.clone(),
        plan: case.name,
        group: case.group,
        scenario: case.scenario,
        hidden: case.hidden,
    })
}

impl Learned {
    /// Every commit of which it is known whose it is, with its owners among the tasks that compete.
    pub(crate) fn commits(&self, model: Option<&Model>) -> Vec<(CommitChoice, Vec<usize>)> {
        let Some(owners) = &self.owners else { return Vec::new() };
        let known = self.study.commits(model).into_iter();
        known
            .filter_map(|choice| {
                let whose = owners.get(&choice.commit)?;
                let is_owner = |task: &&String| whose.iter().any(|owner| owner.0 == **task);
                let right = choice.tasks.iter().enumerate().filter(|(_, task)| is_owner(task));
                let right = right.map(|(at, _)| at).collect();
                Some((choice, right))
            })
            .collect()
    }

    /// Every file that a hidden task may have changed which the ladder left open, and whether it did.
    pub(crate) fn files(&self, model: &Model) -> Vec<(FileChoice, bool)> {
        let label = |choice: FileChoice| {
            let task = TaskId(choice.task.clone());
            let truth = self.hidden.get(&task)?;
            let is_unsure = truth.unsure.contains(&choice.path) || is_left_behind(&choice.path);
            (!is_unsure)
                .then(|| (truth.files.contains(&choice.path), choice))
                .map(|(right, choice)| (choice, right))
        };
        self.study.files(model).into_iter().filter_map(label).collect()
    }
}

/// Parts of about equal size, cases of one plan in one part.
pub(crate) fn fold_by_plan(cases: &[Learned], folds: usize) -> Vec<usize> {
    let plans: BTreeSet<&str> = cases.iter().map(|case| case.plan.as_str()).collect();
    let number: BTreeMap<&str, usize> =
        plans.into_iter().enumerate().map(|(at, plan)| (plan, at % folds)).collect();
    cases.iter().map(|case| number[case.plan.as_str()]).collect()
}

/// A part per group, such as a repository.
pub(crate) fn fold_by_group(cases: &[Learned]) -> (usize, Vec<usize>) {
    let groups: BTreeSet<&str> = cases.iter().map(|case| case.group.as_str()).collect();
    let number: BTreeMap<&str, usize> = groups.iter().enumerate().map(|(at, group)| (*group, at)).collect();
    (groups.len(), cases.iter().map(|case| number[case.group.as_str()]).collect())
}
