//! A plan without part of its evidence, and what that was.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::truth::Truth;
use crate::model::{Artifacts, History, Label, Plan, ProjectPaths, TaskId};

/// A plan to measure on, with its past. The history is shared by all that is made of it.
#[derive(Debug, Clone)]
pub struct Subject {
    /// What it has in common with others, such as the repository it comes from.
    pub group: String,
    /// The plan, without the text of its artifacts: it holds what is to be hidden.
    pub plan: Plan,
    /// What git says.
    pub history: Arc<History>,
    /// How claimed paths are placed.
    pub paths: Arc<ProjectPaths>,
}

impl Subject {
    /// Takes a plan and its past.
    pub fn new(group: impl Into<String>, mut plan: Plan, history: History, paths: ProjectPaths) -> Self {
        plan.artifacts = Artifacts::default();
        Self { group: group.into(), plan, history: Arc::new(history), paths: Arc::new(paths) }
    }
}

/// One question to attribution: a plan that lacks evidence, and the truth about the tasks that lack it.
#[derive(Debug, Clone)]
pub struct Case {
    /// Name of the plan.
    pub name: String,
    /// As in [`Subject`].
    pub group: String,
    /// How the evidence was hidden; results are reported by it.
    pub scenario: String,
    /// The plan without that evidence.
    pub plan: Plan,
    /// What git says.
    pub history: Arc<History>,
    /// How claimed paths are placed.
    pub paths: Arc<ProjectPaths>,
    /// What is to be recovered. Tasks that are not in here are not scored.
    pub hidden: BTreeMap<TaskId, Truth>,
}

/// The case of a plan that lacks its evidence already. Labels of tasks that the plan does not have are
/// scored as well: nothing is ever found for them.
pub fn labelled(subject: Subject, scenario: impl Into<String>, labels: &BTreeMap<TaskId, Label>) -> Case {
    let truth = |label| Truth::of_label(label, &subject.paths);
    Case {
        name: subject.plan.name.clone(),
        scenario: scenario.into(),
        hidden: labels.iter().map(|(task, label)| (task.clone(), truth(label))).collect(),
        group: subject.group,
        plan: subject.plan,
        history: subject.history,
        paths: subject.paths,
    }
}
