//! Which of the commands that a batch lists a task ran, where the ladder is silent.
//!
//! A batch of several tasks has one list of commands, and may tell of others elsewhere; a transcript tells of the whole
//! run. Each command is read (`command_line`), linked to the
//! batch's tasks by what it names and by what their texts say (`links`), and weighed by a small linear model
//! whose weights were learned from plans in which the tasks' own rows tell (`weights`).

mod command_line;
mod evidence;
mod habits;
mod links;
mod signals;
mod task;
#[cfg(test)]
mod tests;
mod told;
mod weights;
mod words;

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::attribute::context::Context;
use crate::model::{Signal, TaskId};

use evidence::{Evidence, List, Place};
use signals::{COMMAND, Pair, values};
pub use weights::{Part, Weights};

/// How likely a task ran a command, and why.
#[derive(Debug, Clone)]
pub(in crate::attribute) struct Estimate {
    /// 0 to 1.
    pub(in crate::attribute) probability: f64,
    /// Whether the list is the batch's own, so that a certain command may be filled.
    pub(in crate::attribute) is_faithful: bool,
    /// Whether it stands elsewhere than in a list of commands, so that no rung of the ladder knows it.
    pub(in crate::attribute) is_told: bool,
    /// What moved it most, strongest first; their weights add up to its log-odds.
    pub(in crate::attribute) signals: Vec<Signal>,
}

impl Estimate {
    /// Which of several estimates of one command counts: a list before what is told elsewhere, the batch's own before a
    /// transcript, then the likeliest.
    fn rank(&self) -> (bool, bool, f64) {
        (!self.is_told, self.is_told && self.is_faithful, self.probability)
    }
}

/// Estimates by task and by command as recorded.
pub(in crate::attribute) type Estimates = HashMap<TaskId, HashMap<String, Estimate>>;

/// More pairs of tasks and commands than this in one list are not weighed.
const MOST_PAIRS: usize = 200_000;

/// Estimates every listed command of every task whose commands are missing.
pub(in crate::attribute) fn estimate(context: &Context<'_>) -> Estimates {
    let evidence = Evidence::new(context);
    let weights = Weights::learned();
    let found: Vec<(usize, String, Estimate)> = evidence
        .lists
        .par_iter()
        .flat_map_iter(|list| pairs(&evidence, list))
        .map(|pair| (pair.task, pair.command.text.clone(), weigh(&pair, weights)))
        .collect();
    let mut estimates = Estimates::new();
    for (task, command, estimate) in found {
        let task = &context.input.plan.tasks[task].id;
        let known =
            estimates.entry(task.clone()).or_default().entry(command).or_insert_with(|| estimate.clone());
        if estimate.rank() > known.rank() {
            *known = estimate;
        }
    }
    estimates
}

/// Every open task of a list with every command of it.
fn pairs<'a>(evidence: &'a Evidence, list: &'a List) -> impl Iterator<Item = Pair<'a>> {
    let is_small = list.open.len().saturating_mul(list.commands.len()) <= MOST_PAIRS;
    let open = if is_small { list.open.as_slice() } else { &[] };
    open.iter().flat_map(move |task| {
        list.commands.iter().enumerate().map(move |(at, command)| Pair {
            evidence,
            list,
            command,
            at,
            task: *task,
        })
    })
}

fn weigh(pair: &Pair<'_>, weights: &Weights) -> Estimate {
    let values = values(pair);
    let part = if pair.is_specific() { &weights.specific } else { &weights.general };
    let log_odds = part.log_odds(&values);
    Estimate {
        probability: 1.0 / (1.0 + (-log_odds).exp()),
        is_faithful: pair.list.is_faithful,
        is_told: pair.command.place != Place::List,
        signals: explain(pair, &values, part, log_odds),
    }
}

/// The few signals that say most, and the list with all the rest.
fn explain(pair: &Pair<'_>, values: &[f64], part: &weights::Part, log_odds: f64) -> Vec<Signal> {
    /// So many are named, besides the list.
    const NAMED: usize = 4;
    /// Signals that move the log-odds less are not worth a line.
    const LEAST: f64 = 0.2;
    let weight = |at: usize| part.slope * part.linear.weights[at] * values[at];
    let is_place = |at: usize| matches!(COMMAND[at].name, "told_elsewhere" | "in_transcript");
    let mut order: Vec<usize> =
        (0..COMMAND.len()).filter(|at| weight(*at).abs() >= LEAST && !is_place(*at)).collect();
    order.sort_by(|a, b| weight(*b).abs().total_cmp(&weight(*a).abs()).then(a.cmp(b)));
    order.truncate(NAMED);
    let told = order.iter().map(|at| weight(*at)).sum::<f64>();
    let (name, place) = match &pair.command.place {
        Place::List => ("batch_list", "/commands_run"),
        Place::Told(place) => ("told_elsewhere", place.as_str()),
        Place::Transcript(place) => ("in_transcript", place.as_str()),
    };
    let detail = format!("{} {place}", pair.list.artifact);
    let list = Signal { name, weight: log_odds - told, detail };
    let named = order.into_iter().map(|at| Signal {
        name: COMMAND[at].name,
        weight: weight(at),
        detail: COMMAND[at].says.to_owned(),
    });
    std::iter::once(list).chain(named).collect()
}

/// A task, a command it may have run, and what is measured of the two: what learning needs.
#[derive(Debug, Clone)]
pub struct CommandChoice {
    /// The task.
    pub task: String,
    /// The command as recorded.
    pub command: String,
    /// Whether it names files that anybody has to do with; such commands have weights of their own.
    pub is_specific: bool,
    /// Whether the list is the batch's own.
    pub is_faithful: bool,
    /// In the order of [`signal_names`].
    pub values: Vec<f64>,
}

/// The names of all signals.
pub fn signal_names() -> Vec<&'static str> {
    COMMAND.iter().map(|signal| signal.name).collect()
}

/// Everything the model is asked about a plan, each pair once per list.
pub(in crate::attribute) fn choices(context: &Context<'_>) -> Vec<CommandChoice> {
    let evidence = Evidence::new(context);
    let mut choices = BTreeMap::new();
    for pair in evidence.lists.iter().flat_map(|list| pairs(&evidence, list)) {
        let choice = CommandChoice {
            task: context.input.plan.tasks[pair.task].id.0.clone(),
            command: pair.command.text.clone(),
            is_specific: pair.is_specific(),
            is_faithful: pair.list.is_faithful,
            values: values(&pair),
        };
        choices.insert((choice.task.clone(), choice.command.clone(), pair.list.artifact.clone()), choice);
    }
    choices.into_values().collect()
}

/// For `fuzzing`.
#[cfg(feature = "fuzzing")]
pub(crate) fn fuzzed(text: &str) -> (usize, String) {
    let line = command_line::CommandLine::parse(text);
    (line.core.len(), format!("{line:?}"))
}
