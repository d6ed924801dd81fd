//! Learns the weights of the engine of commands: `learn-commands CASES [WEIGHTS DATE]`.
//!
//! `CASES/plans/*` are directories with a `plan/` and a `case.json` that tells what the hidden tasks ran. Plans
//! whose rows still hold everything (`S1`) are hidden from again in many ways and learned from; the others are
//! scored, each by a model that has not seen its plan. With `WEIGHTS`, what all plans teach is written there.

#![expect(clippy::print_stdout, reason = "a program to be read")]
#![expect(
    clippy::disallowed_methods,
    reason = "it reads cases and writes weights, and is no part of the library"
)]

mod hide;
#[path = "../learn/regression.rs"]
#[allow(
    dead_code,
    clippy::pedantic,
    unreachable_pub,
    reason = "the engine of files learns with the rest of it"
)]
mod regression;
mod report;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::Value;
use taskproof::attribute::engine::Linear;
use taskproof::attribute::engine::commands::{CommandChoice, Part, Weights, signal_names};
use taskproof::attribute::{Input, command_choices};
use taskproof::config::Config;
use taskproof::git::WorktreeMode;
use taskproof::load::{self, HistoryOptions, Past};
use taskproof::model::Plan;

/// Plans are learned from and scored in so many parts.
const FOLDS: usize = 10;

/// One directory of cases.
struct Case {
    group: String,
    scenario: BTreeMap<String, String>,
    truth: BTreeMap<String, BTreeSet<String>>,
    ignored: BTreeMap<String, BTreeSet<String>>,
    plan: Plan,
    past: Arc<Past>,
}

/// A pair with its answer, as learning wants it.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    /// The plan it is from.
    pub(crate) group: String,
    /// How its task was hidden.
    pub(crate) scenario: String,
    /// The pair and what is measured of it.
    pub(crate) choice: CommandChoice,
    /// Whether the task ran the command.
    pub(crate) label: bool,
    /// How much it counts.
    pub(crate) weight: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = Path::new(arguments.first().ok_or("which directory holds the cases?")?).join("plans");
    let mut directories: Vec<PathBuf> =
        std::fs::read_dir(root)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    directories.sort();
    let is = |path: &&PathBuf, scenarios: &[&str]| {
        scenarios.iter().any(|name| path.to_string_lossy().ends_with(&format!("--{name}")))
    };
    let whole: Vec<Case> =
        directories.par_iter().filter(|path| is(path, &["S1"])).filter_map(|path| read(path)).collect();
    let asked: Vec<Case> = directories
        .par_iter()
        .filter(|path| is(path, &["S2a", "S2b", "S4a", "S4b"]))
        .filter_map(|path| read(path))
        .collect();
    let learned: Vec<Example> = whole.par_iter().flat_map_iter(examples).collect();
    let scored: Vec<Example> = asked.par_iter().flat_map_iter(|case| label(case, &case.plan, 1.0)).collect();
    let groups: BTreeSet<&str> = whole.iter().map(|case| case.group.as_str()).collect();
    let folds: HashMap<&str, usize> =
        groups.into_iter().enumerate().map(|(at, name)| (name, at % FOLDS)).collect();
    let fold = |example: &Example| folds.get(example.group.as_str()).copied().unwrap_or(FOLDS);
    let mut models: Vec<Weights> = (0..=FOLDS)
        .into_par_iter()
        .map(|out| fit(learned.iter().filter(|example| out == FOLDS || fold(example) != out)))
        .collect();
    calibrate(&mut models, &learned, &fold);
    let predicted: Vec<(f64, &Example)> =
        scored.iter().map(|example| (predict(&models[fold(example)], example), example)).collect();
    let unseen: Vec<(f64, &Example)> =
        learned.iter().map(|example| (predict(&models[fold(example)], example), example)).collect();
    report::reliability("learned from, each by a model that has not seen its plan", &unseen);
    report::print(&predicted, &pairs_by_scenario(&asked));
    report::weights(&models);
    if let Some(path) = arguments.get(1) {
        std::fs::write(path, report::file(&models[FOLDS], learned.len(), whole.len(), arguments.get(2)))?;
    }
    Ok(())
}

fn read(directory: &Path) -> Option<Case> {
    let meta: Value = serde_json::from_slice(&std::fs::read(directory.join("case.json")).ok()?).ok()?;
    let (plan, _) = load::plan(&directory.join("plan"), &Config::default()).ok()?;
    let text = |key: &str| meta[key].as_str().map(str::to_owned);
    let options = HistoryOptions {
        repo: text("repo").map(PathBuf::from),
        base: text("base"),
        head: text("head"),
        worktree: WorktreeMode::Exclude,
        start: PathBuf::from("/"),
    };
    let past = Arc::new(load::history(&plan, &options).ok()?);
    let strings = |value: &Value| -> BTreeSet<String> {
        value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|text| Some(text.as_str()?.trim().to_owned()))
            .collect()
    };
    let tasks = meta["tasks"].as_array()?;
    let by_task = |key: &str| -> BTreeMap<String, BTreeSet<String>> {
        tasks.iter().filter_map(|task| Some((task["id"].as_str()?.to_owned(), strings(&task[key])))).collect()
    };
    let scenario = tasks
        .iter()
        .filter_map(|task| Some((task["id"].as_str()?.to_owned(), task["scenario"].as_str()?.to_owned())));
    Some(Case {
        group: text("group")?,
        scenario: scenario.collect(),
        truth: by_task("commands"),
        ignored: by_task("ignore"),
        plan,
        past,
    })
}

/// Hides tasks of a plan that holds everything, in many ways.
fn examples(case: &Case) -> Vec<Example> {
    let mut truth = hide::truth(&case.plan);
    for (task, commands) in &case.truth {
        truth.entry(task.clone()).or_default().extend(commands.iter().cloned());
    }
    let mut examples = Vec::new();
    for hidden in hide::all(&case.plan) {
        let asked = Case {
            group: case.group.clone(),
            scenario: hidden.tasks.iter().map(|task| (task.clone(), hidden.scenario.to_owned())).collect(),
            truth: hidden
                .tasks
                .iter()
                .map(|task| {
                    (task.clone(), if hidden.is_absent { BTreeSet::new() } else { truth[task].clone() })
                })
                .collect(),
            ignored: BTreeMap::new(),
            plan: hidden.plan.clone(),
            past: Arc::clone(&case.past),
        };
        examples.extend(label(&asked, &hidden.plan, 1.0));
    }
    // However often a pair was asked about in one way, it counts once.
    let mut times: HashMap<(String, String, String), f64> = HashMap::new();
    let key = |example: &Example| {
        (example.scenario.clone(), example.choice.task.clone(), example.choice.command.clone())
    };
    for example in &examples {
        *times.entry(key(example)).or_default() += 1.0;
    }
    for example in &mut examples {
        example.weight = 1.0 / times[&key(example)];
    }
    examples
}

/// The pairs of hidden tasks, with their answers.
fn label(case: &Case, plan: &Plan, weight: f64) -> Vec<Example> {
    let config = Config::default();
    let past = &case.past;
    let input = Input { plan, history: &past.history, paths: &past.paths, answers: &[], config: &config };
    let choices = command_choices(&input).into_iter().filter_map(|choice| {
        let truth = case.truth.get(&choice.task)?;
        let command = choice.command.trim();
        let is_ignored = case.ignored.get(&choice.task).is_some_and(|ignored| ignored.contains(command));
        let scenario = case.scenario.get(&choice.task)?.clone();
        let label = truth.contains(command);
        // A batch of one is the ladder's.
        (!is_ignored && !scenario.contains("batch of one")).then(|| Example {
            group: case.group.clone(),
            scenario,
            label,
            weight,
            choice,
        })
    });
    choices.collect()
}

fn fit<'a>(examples: impl Iterator<Item = &'a Example>) -> Weights {
    const RIDGE: f64 = 3.0;
    let examples: Vec<&Example> = examples.collect();
    let part = |is_specific: bool| {
        let rows: Vec<regression::Row<'_>> = examples
            .iter()
            .filter(|example| example.choice.is_specific == is_specific)
            .map(|example| regression::Row {
                values: &example.choice.values,
                is_right: example.label,
                weight: example.weight,
            })
            .collect();
        Part { linear: regression::linear(&rows, RIDGE), slope: 1.0, offset: 0.0 }
    };
    Weights { specific: part(true), general: part(false) }
}

/// Platt scaling on what models say of plans they have not seen; all models share it.
fn calibrate(models: &mut [Weights], learned: &[Example], fold: &dyn Fn(&Example) -> usize) {
    for is_specific in [true, false] {
        let part = |model: &Weights| if is_specific { model.specific.clone() } else { model.general.clone() };
        let parts: Vec<Part> = models.iter().map(part).collect();
        let unseen: Vec<(Vec<f64>, &Example)> = learned
            .iter()
            .filter(|example| example.choice.is_specific == is_specific)
            .map(|example| (vec![parts[fold(example)].linear.log_odds(&example.choice.values)], example))
            .collect();
        let rows: Vec<regression::Row<'_>> = unseen
            .iter()
            .map(|(values, example)| regression::Row {
                values,
                is_right: example.label,
                weight: example.weight,
            })
            .collect();
        let Linear { bias: offset, weights: slope } = regression::linear(&rows, 1e-6);
        for model in &mut *models {
            let part = if is_specific { &mut model.specific } else { &mut model.general };
            (part.slope, part.offset) = (slope[0], offset);
        }
    }
}

fn predict(model: &Weights, example: &Example) -> f64 {
    let part = if example.choice.is_specific { &model.specific } else { &model.general };
    1.0 / (1.0 + (-part.log_odds(&example.choice.values)).exp())
}

/// How many commands hidden tasks ran, by scenario.
fn pairs_by_scenario(cases: &[Case]) -> BTreeMap<String, usize> {
    let mut pairs: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases {
        for (task, scenario) in &case.scenario {
            *pairs.entry(scenario.clone()).or_default() += case.truth.get(task).map_or(0, BTreeSet::len);
        }
    }
    pairs
}

/// The names of all signals, by their place.
pub(crate) fn names() -> Vec<&'static str> {
    signal_names()
}
