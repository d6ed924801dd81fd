//! Why one task was decided as it was, and what would change that.
//!
//! Attribution is pure, so nothing has to be guessed: each probe supposes that one thing is otherwise,
//! attribution runs again, and what decides the task differently is reported.

mod compare;
mod diffs;
mod probes;
mod similar;
mod witnessed;
mod world;

#[cfg(test)]
mod tests;

use rayon::prelude::*;

use crate::attribute::{Input, Outcome, Reading};
use crate::config::Config;
use crate::model::{Attribution, Code, Explanation, Finding, Plan, Task, TaskId, WhatIf};

pub use diffs::Patches;
pub use similar::UnknownTask;
pub use witnessed::witnessed;

use probes::{Case, Hypothesis, PROBES, Probe};
use world::World;

/// So many decisions about tasks are made for hypotheses. Each hypothesis costs one per task of the plan: of a plan of some
/// thousand tasks all are tried, of one of a hundred thousand only the first.
const DECISIONS: usize = 100_000;

/// Explains the decision about one task. `outcome` is what attribution made of `input`; the lines of its witnesses come
/// from `patches`.
///
/// Fails only when the plan does not have the task.
pub fn explain(
    input: &Input<'_>,
    outcome: &Outcome,
    id: &TaskId,
    patches: &dyn Patches,
) -> Result<Explanation, UnknownTask> {
    let unknown = || similar::unknown(id, input.plan);
    let task = input.plan.task(id).ok_or_else(unknown)?;
    let decided = outcome.attributions.iter().find(|attribution| &attribution.task == id);
    let decided = decided.ok_or_else(unknown)?;
    let reading = Reading::new(input);
    let attribution = match is_whole(decided, input) {
        true => decided.clone(),
        false => untruncated(input, &reading, id).unwrap_or_else(|| decided.clone()),
    };
    let case = Case { input, task, decided, attribution: &attribution, all: &outcome.attributions };
    let asked = ask(&case);
    let number = asked.len();
    let tried = affordable(asked, DECISIONS / input.plan.tasks.len().max(1));
    let untried = untried(tried.len(), number, input.plan);
    let changes = changes(&case, &reading, tried);
    let questions = outcome.request.iter().flat_map(|request| &request.tasks);
    Ok(Explanation {
        description: task.description.clone(),
        diffs: diffs::diffs(&attribution, input.history, patches),
        question: questions.into_iter().find(|question| &question.task == id).cloned(),
        findings: [findings(task, &outcome.findings, input.plan.layout.record()), untried].concat(),
        changes,
        attribution,
    })
}

/// The stable names of what is tried, in the order of the report.
pub fn probe_names() -> impl Iterator<Item = &'static str> {
    PROBES.iter().map(|probe| probe.name)
}

/// Whether a report has room for every candidate there can be: then the whole plan need not be asked again.
fn is_whole(decided: &Attribution, input: &Input<'_>) -> bool {
    let most = input.config.max_candidates;
    decided.files.len() < most && decided.commands.len() < most && input.history.changes().count() <= most
}

/// The answer about the task with every candidate, also those that a report has no room for.
fn untruncated(input: &Input<'_>, reading: &Reading<'_>, id: &TaskId) -> Option<Attribution> {
    let config = Config { max_candidates: usize::MAX, ..input.config.clone() };
    let outcome = reading.attribute(&Input { config: &config, ..*input }).ok()?;
    outcome.attributions.into_iter().find(|attribution| &attribution.task == id)
}

/// A hypothesis, with its place among the probes and among those of its probe.
struct Asked<'a> {
    place: (usize, usize),
    hypothesis: Hypothesis<'a>,
}

/// Every hypothesis of every probe.
fn ask<'a>(case: &Case<'a>) -> Vec<Asked<'a>> {
    let of_probe = |(at, probe): (usize, &Probe)| {
        let asked = (probe.ask)(case).into_iter().enumerate();
        asked.map(move |(number, hypothesis)| Asked { place: (at, number), hypothesis }).collect::<Vec<_>>()
    };
    PROBES.iter().enumerate().flat_map(of_probe).collect()
}

/// As many as may be tried, in their order: the first of every probe before the second of any, and one in any case.
fn affordable(mut asked: Vec<Asked<'_>>, most: usize) -> Vec<Asked<'_>> {
    asked.sort_by_key(|asked| asked.place.1);
    asked.truncate(most.max(1));
    asked.sort_by_key(|asked| asked.place);
    asked
}

fn untried(tried: usize, all: usize, plan: &Plan) -> Vec<Finding> {
    if tried == all {
        return Vec::new();
    }
    let message = format!(
        "only {tried} of {all} things that might change the answer were tried, because each is tried on all {} tasks",
        plan.tasks.len()
    );
    vec![Finding::new(Code::Untried, plan.layout.record(), message)]
}

/// Tries hypotheses, in parallel, and keeps those that change the decision.
fn changes<'a>(case: &Case<'a>, reading: &Reading<'_>, asked: Vec<Asked<'a>>) -> Vec<WhatIf> {
    let found: Vec<(&Probe, String, Option<WhatIf>)> = asked
        .into_par_iter()
        .map(|asked| {
            let probe = &PROBES[asked.place.0];
            let group = asked.hypothesis.group.clone();
            (probe, group, follow(case, reading, probe.name, asked.hypothesis))
        })
        .collect();
    let mut changes: Vec<WhatIf> = Vec::new();
    // Hypotheses of one group stand from the likeliest to the boldest: the first that changes something tells enough.
    let mut told: Vec<(&str, &str)> = Vec::new();
    for (probe, group, change) in &found {
        let group = (probe.name, group.as_str());
        let is_superfluous = told.contains(&group) || told.iter().any(|(name, _)| *name == probe.unless);
        if let Some(change) = change.as_ref().filter(|_| !is_superfluous) {
            told.push(group);
            changes.push(change.clone());
        }
    }
    changes
}

fn follow<'a>(
    case: &Case<'a>,
    reading: &Reading<'_>,
    probe: &'static str,
    hypothesis: Hypothesis<'a>,
) -> Option<WhatIf> {
    let mut world = World::of(case.input);
    (hypothesis.change)(&mut world);
    // A hypothetical answer may be refused like any other; then it changes nothing.
    let outcome = reading.attribute(&world.input()).ok()?;
    let after = outcome.attributions.iter().find(|attribution| attribution.task == case.task.id)?;
    let consequence = compare::consequence(case.decided, after)?;
    let consequence = match hypothesis.so {
        Some(so) => compare::is_settled(after).then(|| so.to_owned())?,
        None => consequence,
    };
    Some(WhatIf {
        probe,
        advice: format!("{}{consequence}", hypothesis.premise),
        outcome: after.outcome,
        files: compare::filled_files(after).map(str::to_owned).collect(),
        commands: compare::filled_commands(after).map(str::to_owned).collect(),
    })
}

/// Findings about the task's own row.
fn findings(task: &Task, findings: &[Finding], record: &str) -> Vec<Finding> {
    let is_own = |finding: &&Finding| {
        let place = &finding.location;
        let rest = place.pointer.as_deref().and_then(|at| at.strip_prefix(task.pointer.as_str()));
        let is_within = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let is_there = if task.line.is_some() { place.line == task.line } else { is_within };
        place.path == record && is_there
    };
    findings.iter().filter(is_own).cloned().collect()
}
