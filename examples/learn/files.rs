//! The engine of files: the competition for commits, the weights of signals, and a calibration by regime.

use std::collections::BTreeMap;
use std::path::Path;

use taskproof::attribute::engine::{
    Calibration, CommitChoice, Competition, FileChoice, Linear, Model, Regime, Study, commit_signals,
    file_signals, nobody_signals,
};
use taskproof::config::Config;
use taskproof::evaluate::{Subject, Truth};
use taskproof::load::CaseLine;
use taskproof::model::{TaskId, is_left_behind};

use crate::cases::{self, Case, Error, input, labelled_case};
use crate::engine::{Engine, Judged, run};
use crate::regression::{self, Choice, RIDGE, Row};
use crate::{calibrate, nothing, write};

/// Signals of commits that did not do better than without on repositories that were left out: they say almost what others
/// say, and are pulled towards 0 harder, so that those keep the say.
const UNPROVEN: [&str; 4] = ["bm25", "bm25_share", "before_dependency", "after_dependent"];

/// The engine.
struct Files;

/// A plan that lacks evidence, read for learning.
struct Content {
    hidden: BTreeMap<TaskId, Truth>,
    owners: BTreeMap<String, Vec<TaskId>>,
    study: Study,
}

/// Learns from the lines with `hidden`; returns the file of weights.
pub(crate) fn learn(path: &Path) -> Result<String, Error> {
    let cases = cases::load(path, |line| line.hidden.is_some(), make)?;
    if cases.is_empty() {
        return nothing("has `hidden`");
    }
    let learned = run::<Files>(&cases);
    let model = Model { calibration: learned.calibration, ..learned.model };
    let scenarios = cases.iter().map(|case| case.scenario.as_str());
    let header = write::header("files", path, scenarios, learned.answers);
    Ok(header + &write::files(&model))
}

fn make(line: &CaseLine, subject: Subject) -> Vec<Case<Content>> {
    let case = labelled_case(line, subject);
    let study = Study::new(&input(&case, &Config::default()));
    let pairs = case.hidden.values().map(|truth| truth.files.len()).sum();
    let owners = line.commits.clone().unwrap_or_default();
    vec![Case::new(&case, pairs, Content { hidden: case.hidden.clone(), owners, study })]
}

impl Content {
    /// Every commit of which it is known whose it is, with its owners among the tasks that compete.
    fn commits(&self, model: Option<&Model>) -> Vec<(CommitChoice, Vec<usize>)> {
        if self.owners.is_empty() {
            return Vec::new();
        }
        let known = |choice: CommitChoice| {
            let whose = self.owners.get(&choice.commit.to_hex())?;
            let is_owner = |task: &String| whose.iter().any(|owner| owner.0 == *task);
            let right = (0..choice.tasks.len()).filter(|at| is_owner(&choice.tasks[*at])).collect();
            Some((choice, right))
        };
        self.study.commits(model).into_iter().filter_map(known).collect()
    }

    /// Every file that a hidden task may have changed which the ladder left open, and the truth about the task.
    fn files(&self, model: &Model) -> Vec<(FileChoice, &Truth)> {
        let known = |choice: FileChoice| {
            let truth = self.hidden.get(&TaskId(choice.task.clone()))?;
            let is_unsure = truth.unsure.contains(&choice.path) || is_left_behind(&choice.path);
            (!is_unsure).then_some((choice, truth))
        };
        self.study.files(model).into_iter().filter_map(known).collect()
    }
}

impl Engine for Files {
    const PARTS: usize = 8;

    type Content = Content;
    type Model = Model;
    type Calibration = BTreeMap<Regime, Calibration>;
    type Kind = Regime;

    fn learn(cases: &[&Case<Content>]) -> Model {
        let mut model = Model { first_pass: learn_commits(cases, None), ..Model::default() };
        model.second_pass = learn_commits(cases, Some(&model));
        let files: Vec<_> = cases.iter().flat_map(|case| case.content.files(&model)).collect();
        model.files = Regime::ALL.into_iter().map(|regime| (regime, learn_files(&files, regime))).collect();
        model
    }

    fn judge(model: &Model, at: usize, case: &Case<Content>) -> Vec<Judged<Regime>> {
        let judged = |(choice, truth): (FileChoice, &Truth)| Judged {
            case: at,
            log_odds: model.log_odds(choice.regime, &choice.values),
            kind: choice.regime,
            is_right: truth.files.contains(&choice.path),
            is_absent: truth.is_absent,
            weight: 1.0,
            task: choice.task,
        };
        case.content.files(model).into_iter().map(judged).collect()
    }

    fn calibrate(judged: &[Judged<Regime>]) -> Self::Calibration {
        let table = |regime: Regime| {
            let answers = judged.iter().filter(|answer| answer.kind == regime);
            calibrate::table(answers.map(|answer| (answer.log_odds, answer.is_right)).collect())
        };
        Regime::ALL.into_iter().map(|regime| (regime, table(regime))).collect()
    }

    fn confidence(calibration: &Self::Calibration, answer: &Judged<Regime>) -> Option<f64> {
        calibration.get(&answer.kind).map(|table| table.probability(answer.log_odds))
    }
}

fn learn_commits(cases: &[&Case<Content>], model: Option<&Model>) -> Competition {
    let found: Vec<_> = cases.iter().flat_map(|case| case.content.commits(model)).collect();
    let choices: Vec<Choice<'_>> = found
        .iter()
        .map(|(choice, right)| Choice { options: &choice.values, nobody: &choice.nobody, right })
        .collect();
    let ridge = |name: &&str| if UNPROVEN.contains(name) { 10.0 * RIDGE } else { RIDGE };
    let ridges: Vec<f64> = commit_signals().iter().map(ridge).collect();
    regression::competition(&choices, &ridges, nobody_signals().len())
}

fn learn_files(files: &[(FileChoice, &Truth)], regime: Regime) -> Linear {
    let wanted = files.iter().filter(|(choice, _)| choice.regime == regime);
    let rows = wanted.map(|(choice, truth)| Row {
        values: &choice.values,
        is_right: truth.files.contains(&choice.path),
        weight: 1.0,
    });
    regression::linear(&rows.collect::<Vec<_>>(), file_signals().len(), RIDGE)
}
