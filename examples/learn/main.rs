//! Learns the engine's weights and calibration from labelled cases.
//!
//! ```text
//! cargo run --release --example learn -- CASES.jsonl > src/attribute/engine/weights.toml
//! ```
//!
//! Each line of the file is a plan with the truth about its hidden tasks, as `taskproof evaluate --cases` takes
//! it (`docs/evaluate.md`); where it also says whose work each commit is, the competition for commits is learned
//! from it. What is learned is printed; how well it does on plans it was not learned from, on standard error.

mod calibrate;
mod data;
mod regression;
mod report;
mod write;

use std::collections::BTreeMap;
use std::process::ExitCode;

use rayon::prelude::*;
use taskproof::attribute::engine::{
    Competition, FileChoice, Linear, Model, Regime, commit_signals, nobody_signals,
};

use data::Learned;
use regression::{Choice, Row};

/// Plans are left out in so many parts.
const FOLDS: usize = 8;
/// Pulls weights towards 0, as so many observations would.
const RIDGE: f64 = 3.0;

/// A file of a case, whether it is the task's, and the log-odds that weights learned elsewhere gave it.
pub(crate) struct Judged {
    pub(crate) case: usize,
    pub(crate) choice: FileChoice,
    pub(crate) is_right: bool,
    pub(crate) log_odds: f64,
}

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: learn CASES.jsonl > weights.toml");
        return ExitCode::from(2);
    };
    let cases = match data::load(path.as_ref()) {
        Ok(cases) => cases,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let by_plan = judge(&cases, FOLDS, &data::fold_by_plan(&cases, FOLDS));
    let (folds, by_group) = data::fold_by_group(&cases);
    let by_group = judge(&cases, folds, &by_group);
    report::print(&cases, "plans", &by_plan);
    report::print(&cases, "groups", &by_group);
    let mut model = learn(&cases.iter().collect::<Vec<_>>());
    model.calibration = calibrate::tables(&by_plan);
    println!("{}", write::weights(&model, &path, &cases, by_plan.len()));
    ExitCode::SUCCESS
}

/// Judges every case by what was learned from the cases of the other folds.
fn judge(cases: &[Learned], folds: usize, fold_of: &[usize]) -> Vec<Judged> {
    (0..folds)
        .into_par_iter()
        .flat_map_iter(|fold| {
            let others: Vec<&Learned> =
                in_fold(cases, fold_of, |of| of != fold).map(|(_, case)| case).collect();
            let model = learn(&others);
            in_fold(cases, fold_of, |of| of == fold)
                .flat_map(|(at, case)| judged(at, case, &model))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn in_fold<'a>(
    cases: &'a [Learned],
    fold_of: &'a [usize],
    is_wanted: impl Fn(usize) -> bool + 'a,
) -> impl Iterator<Item = (usize, &'a Learned)> {
    cases.iter().enumerate().filter(move |(at, _)| is_wanted(fold_of[*at]))
}

fn judged(at: usize, case: &Learned, model: &Model) -> Vec<Judged> {
    let judged = |(choice, is_right): (FileChoice, bool)| Judged {
        case: at,
        log_odds: model.linear(choice.regime).log_odds(&choice.values),
        choice,
        is_right,
    };
    case.files(model).into_iter().map(judged).collect()
}

/// Learns everything but the calibration.
fn learn(cases: &[&Learned]) -> Model {
    let mut model = Model { first_pass: learn_commits(cases, None), ..Model::default() };
    model.second_pass = learn_commits(cases, Some(&model));
    let files: Vec<(FileChoice, bool)> = cases.iter().flat_map(|case| case.files(&model)).collect();
    model.listed = learn_files(&files, |regime| matches!(regime, Regime::Listed | Regime::ListedCommits));
    model.history = learn_files(&files, |regime| matches!(regime, Regime::Commits | Regime::Bundle));
    model
}

fn learn_commits(cases: &[&Learned], model: Option<&Model>) -> Competition {
    let found: Vec<_> = cases.iter().map(|case| case.commits(model)).collect();
    let choices: Vec<Choice<'_>> = found
        .iter()
        .flatten()
        .map(|(choice, right)| Choice { options: &choice.values, nobody: &choice.nobody, right })
        .collect();
    regression::competition(&choices, commit_signals().len(), nobody_signals().len(), RIDGE)
}

fn learn_files(files: &[(FileChoice, bool)], is_wanted: fn(Regime) -> bool) -> Linear {
    let wanted = files.iter().filter(|(choice, _)| is_wanted(choice.regime));
    let rows: Vec<Row<'_>> = wanted
        .map(|(choice, is_right)| Row { values: &choice.values, is_right: *is_right, weight: 1.0 })
        .collect();
    regression::linear(&rows, RIDGE)
}

/// How many of each there are, for the header of what is printed.
pub(crate) fn tally(items: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    items.fold(BTreeMap::new(), |mut all, item| {
        *all.entry(item).or_insert(0) += 1;
        all
    })
}
