//! The engine of commands: weights of signals for two sorts of commands, and a slope and an offset for each.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use taskproof::attribute::command_choices;
use taskproof::attribute::engine::Linear;
use taskproof::attribute::engine::commands::{CommandChoice, Part, Weights, signal_names};
use taskproof::config::Config;
use taskproof::evaluate::{self, Subject, Truth};
use taskproof::load::CaseLine;
use taskproof::model::{Plan, TaskId};

use crate::cases::{self, Case, Error, input, labelled_case};
use crate::engine::{Engine, Judged, run};
use crate::regression::{self, RIDGE, Row};
use crate::{hide, nothing, write};

/// The engine.
struct Commands;

/// Weights by judgement of commands that stand elsewhere than in a list. There are too few of them to learn from, learning
/// from them as from the others makes the others worse, and of those that seemed sure none was right: they are never filled.
const TOLD: [(&str, f64); 2] = [("told_elsewhere", -1.5), ("in_transcript", -2.5)];

/// What is asked about a plan, or about all that was made of a whole plan in one way.
struct Content {
    /// It is learned from, and not only measured on.
    is_learned: bool,
    examples: Vec<Example>,
}

/// A command that a task may have run.
struct Example {
    choice: CommandChoice,
    is_right: bool,
    is_absent: bool,
    weight: f64,
}

impl Example {
    /// Whether the command stands elsewhere than in a list.
    fn is_told(&self) -> bool {
        let is_told = |name: &str| TOLD.iter().any(|(told, _)| *told == name);
        signal_names().iter().zip(&self.choice.values).any(|(name, value)| is_told(name) && *value > 0.0)
    }
}

/// What an answer's confidence depends on besides the log-odds.
struct Kind {
    is_specific: bool,
    /// Commands of lists that may be another run's, and those that stand elsewhere than in a list, are never filled.
    may_be_filled: bool,
    is_learned: bool,
}

/// Learns from the lines without `hidden`; returns the file of weights.
pub(crate) fn learn(path: &Path) -> Result<String, Error> {
    let cases = cases::load(path, |_| true, make)?;
    let learned_from = || cases.iter().filter(|case| case.content.is_learned);
    if learned_from().next().is_none() {
        return nothing("is a whole plan with commands, without `hidden`");
    }
    let learned = run::<Commands>(&cases);
    let Weights { mut specific, mut general } = learned.model;
    learned.calibration.specific.apply(&mut specific);
    learned.calibration.general.apply(&mut general);
    let scenarios = learned_from().map(|case| case.scenario.as_str());
    let observations = learned_from().map(|case| case.content.examples.len()).sum();
    let header = write::header("commands", path, scenarios, observations);
    Ok(header + &write::commands(&Weights { specific, general }))
}

fn make(line: &CaseLine, subject: Subject) -> Vec<Case<Content>> {
    if line.hidden.is_some() {
        return make_one(&[labelled_case(line, subject)], false).into_iter().collect();
    }
    let mut by_scenario: BTreeMap<String, Vec<evaluate::Case>> = BTreeMap::new();
    for case in hide::draws(&subject) {
        by_scenario.entry(case.scenario.clone()).or_default().push(case);
    }
    by_scenario.into_values().filter_map(|draws| make_one(&draws, true)).collect()
}

/// One case of all draws of a plan in one way, unless nothing is asked and nothing is to be found.
fn make_one(draws: &[evaluate::Case], is_learned: bool) -> Option<Case<Content>> {
    let mut examples: Vec<Example> = draws.iter().flat_map(ask).collect();
    weigh(&mut examples);
    let pairs: BTreeSet<(&TaskId, &String)> = draws.iter().flat_map(pairs).collect();
    let case = Case::new(draws.first()?, pairs.len(), Content { is_learned, examples });
    (case.pairs > 0 || !case.content.examples.is_empty()).then_some(case)
}

/// Everything the engine is asked about hidden tasks whose commands are known.
fn ask(case: &evaluate::Case) -> Vec<Example> {
    let example = |choice: CommandChoice| {
        let task = TaskId(choice.task.clone());
        let truth = case.hidden.get(&task).filter(|truth| is_known(truth))?;
        let command = choice.command.trim();
        let is_asked = !truth.unsure.contains(command) && !is_alone(&task, &case.plan);
        let is_right = truth.commands.as_ref().is_some_and(|commands| commands.contains(command));
        is_asked.then_some(Example { is_right, is_absent: truth.is_absent, weight: 1.0, choice })
    };
    command_choices(&input(case, &Config::default())).into_iter().filter_map(example).collect()
}

fn is_known(truth: &Truth) -> bool {
    truth.is_absent || truth.commands.is_some()
}

/// A batch of one is the ladder's.
fn is_alone(task: &TaskId, plan: &Plan) -> bool {
    plan.batches.iter().any(|batch| batch.task_ids == [task.clone()])
}

/// The commands that hidden tasks ran.
fn pairs(case: &evaluate::Case) -> impl Iterator<Item = (&TaskId, &String)> {
    let asked = case.hidden.iter().filter(|(task, _)| !is_alone(task, &case.plan));
    asked.flat_map(|(task, truth)| truth.commands.iter().flatten().map(move |command| (task, command)))
}

/// However often a pair is asked about, it counts once.
fn weigh(examples: &mut [Example]) {
    let key = |example: &Example| (example.choice.task.clone(), example.choice.command.clone());
    let mut times: HashMap<(String, String), f64> = HashMap::new();
    for example in &*examples {
        *times.entry(key(example)).or_default() += 1.0;
    }
    for example in examples {
        example.weight = 1.0 / times[&key(example)];
    }
}

/// What log-odds mean, for either sort.
struct Calibration {
    specific: Scale,
    general: Scale,
}

/// Slope and offset.
struct Scale {
    slope: f64,
    offset: f64,
}

impl Scale {
    /// Platt's: a regression on what models say of plans they have not seen.
    fn learn(judged: &[Judged<Kind>], is_specific: bool) -> Self {
        /// Just enough for a solution when there is nothing to learn from.
        const RIDGE: f64 = 1e-6;
        let learned = judged.iter().filter(|a| a.kind.is_learned && a.kind.is_specific == is_specific);
        let rows = learned.map(|answer| Row {
            values: std::slice::from_ref(&answer.log_odds),
            is_right: answer.is_right,
            weight: answer.weight,
        });
        let Linear { bias, weights } = regression::linear(&rows.collect::<Vec<_>>(), 1, RIDGE);
        Self { slope: weights[0], offset: bias }
    }

    fn apply(&self, part: &mut Part) {
        (part.slope, part.offset) = (self.slope, self.offset);
    }
}

impl Engine for Commands {
    const PARTS: usize = 20;

    type Content = Content;
    type Model = Weights;
    type Calibration = Calibration;
    type Kind = Kind;

    fn learn(cases: &[&Case<Content>]) -> Weights {
        let learned = cases.iter().filter(|case| case.content.is_learned);
        let examples: Vec<&Example> = learned.flat_map(|case| &case.content.examples).collect();
        Weights { specific: learn_part(&examples, true), general: learn_part(&examples, false) }
    }

    fn judge(model: &Weights, at: usize, case: &Case<Content>) -> Vec<Judged<Kind>> {
        let Content { is_learned, examples } = &case.content;
        let judged = |example: &Example| {
            let CommandChoice { is_specific, is_faithful, .. } = example.choice;
            let part = if is_specific { &model.specific } else { &model.general };
            Judged {
                case: at,
                task: example.choice.task.clone(),
                kind: Kind {
                    is_specific,
                    may_be_filled: is_faithful && !example.is_told(),
                    is_learned: *is_learned && !example.is_told(),
                },
                is_right: example.is_right,
                is_absent: example.is_absent,
                weight: example.weight,
                log_odds: part.linear.log_odds(&example.choice.values),
            }
        };
        examples.iter().map(judged).collect()
    }

    fn calibrate(judged: &[Judged<Kind>]) -> Calibration {
        Calibration { specific: Scale::learn(judged, true), general: Scale::learn(judged, false) }
    }

    fn confidence(calibration: &Calibration, answer: &Judged<Kind>) -> Option<f64> {
        let scale = if answer.kind.is_specific { &calibration.specific } else { &calibration.general };
        let log_odds = scale.slope * answer.log_odds + scale.offset;
        answer.kind.may_be_filled.then(|| 1.0 / (1.0 + (-log_odds).exp()))
    }
}

fn learn_part(examples: &[&Example], is_specific: bool) -> Part {
    let wanted =
        examples.iter().filter(|example| example.choice.is_specific == is_specific && !example.is_told());
    let rows = wanted.map(|example| Row {
        values: &example.choice.values,
        is_right: example.is_right,
        weight: example.weight,
    });
    let mut linear = regression::linear(&rows.collect::<Vec<_>>(), signal_names().len(), RIDGE);
    for (name, weight) in signal_names().iter().zip(&mut linear.weights) {
        *weight = TOLD.iter().find(|(told, _)| told == name).map_or(*weight, |(_, given)| *given);
    }
    Part { linear, slope: 1.0, offset: 0.0 }
}
