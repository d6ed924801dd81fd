//! What attribution answers, compared with the truth.

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::truth::{Truth, one_spelling};
use crate::attribute::{self, Input, RefusedAnswer};
use crate::config::{Config, threshold_passed};
use crate::model::{Attribution, Decision, ProjectPaths, TaskId, is_left_behind};

/// One file or command that attribution listed for a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Repository path or command.
    pub name: String,
    /// How sure attribution is, 0 to 1: rounded down to six decimals, so that it serves as a threshold.
    pub confidence: f64,
    /// Whether it would be written.
    pub is_filled: bool,
    /// Whether it is the task's.
    pub is_right: bool,
}

/// One field of one task.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FieldScore {
    /// How many files or commands are truly the task's.
    pub pairs: usize,
    /// What was listed, by name.
    pub items: Vec<Item>,
}

impl FieldScore {
    /// How many would be written.
    pub fn filled(&self) -> usize {
        self.items.iter().filter(|item| item.is_filled).count()
    }

    /// How many of these are right.
    pub fn right(&self) -> usize {
        self.items.iter().filter(|item| item.is_filled && item.is_right).count()
    }
}

/// One task.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskScore {
    /// Which.
    pub task: TaskId,
    /// Its files.
    pub files: FieldScore,
    /// Its commands, where they are known.
    pub commands: Option<FieldScore>,
    /// Nothing of it was there to be found.
    pub is_absent: bool,
}

/// One case, scored.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// Name of the plan.
    pub name: String,
    /// What it has in common with others.
    pub group: String,
    /// How its evidence was hidden.
    pub scenario: String,
    /// Its hidden tasks, by id.
    pub tasks: Vec<TaskScore>,
}

/// Lets attribution answer and compares. Without answers of an operator nothing can be refused.
pub fn score(case: &Case, config: &Config) -> Result<Scores, RefusedAnswer> {
    let input = Input { plan: &case.plan, history: &case.history, paths: &case.paths, answers: &[], config };
    let outcome = attribute::attribute(&input)?;
    let answers: BTreeMap<&TaskId, &Attribution> =
        outcome.attributions.iter().map(|attribution| (&attribution.task, attribution)).collect();
    let tasks =
        case.hidden.iter().map(|(task, truth)| compare(task, truth, answers.get(task).copied(), &case.paths));
    Ok(Scores {
        name: case.name.clone(),
        group: case.group.clone(),
        scenario: case.scenario.clone(),
        tasks: tasks.collect(),
    })
}

fn compare(task: &TaskId, truth: &Truth, answer: Option<&Attribution>, paths: &ProjectPaths) -> TaskScore {
    let files = answer.iter().flat_map(|answer| &answer.files);
    let files = files
        .filter(|file| !is_left_behind(&file.path))
        .map(|file| (one_spelling(&file.path, paths), file.decision, file.confidence));
    let commands = answer.iter().flat_map(|answer| &answer.commands);
    let commands = commands.map(|command| (command.command.trim(), command.decision, command.confidence));
    TaskScore {
        task: task.clone(),
        files: field(&truth.files, &truth.unsure, files),
        commands: truth.commands.as_ref().map(|known| field(known, &truth.unsure, commands)),
        is_absent: truth.is_absent,
    }
}

fn field<'a>(
    truth: &BTreeSet<String>,
    unsure: &BTreeSet<String>,
    listed: impl Iterator<Item = (&'a str, Decision, f64)>,
) -> FieldScore {
    let mut items: BTreeMap<&str, Item> = BTreeMap::new();
    let is_listed = |decision| matches!(decision, Decision::Backfill | Decision::Candidate);
    for (name, decision, confidence) in
        listed.filter(|(name, decision, _)| is_listed(*decision) && !unsure.contains(*name))
    {
        let item = items.entry(name).or_insert_with(|| Item {
            name: name.to_owned(),
            confidence: 0.0,
            is_filled: false,
            is_right: truth.contains(name),
        });
        item.is_filled |= decision == Decision::Backfill;
        item.confidence = item.confidence.max(threshold_passed(confidence));
    }
    FieldScore { pairs: truth.len(), items: items.into_values().collect() }
}
