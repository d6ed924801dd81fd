//! Which change proves which task, and how sure that is.
//!
//! [`attribute`] climbs the ladder for every done task whose evidence is not complete: each rung is a
//! kind of evidence, and the first one that is unambiguous decides. What that settles for one task may
//! leave a single answer for the next, so the rest climbs again until nothing more is settled. What no
//! rung decides becomes candidates and, for a gap, one question. Nothing here reads files or repositories.

mod answers;
mod batches;
mod calibration;
mod candidates;
mod citations;
mod context;
mod decide;
#[allow(missing_docs, reason = "study")]
pub mod engine;
mod ids;
mod ladder;
mod noise;
mod question;
mod recorded;
mod standing;

#[cfg(test)]
mod tests;

use rayon::prelude::*;

use crate::config::Config;
use crate::gate;
use crate::model::{
    Answer, Attribution, Finding, Gap, History, Plan, PlanStatus, ProjectPaths, RepairRequest,
};

pub use answers::RefusedAnswer;

use context::Context;

/// Everything attribution looks at.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The plan and its records.
    pub plan: &'a Plan,
    /// What git says.
    pub history: &'a History,
    /// Where the project lies.
    pub paths: &'a ProjectPaths,
    /// What an operator answered.
    pub answers: &'a [Answer],
    /// Thresholds.
    pub config: &'a Config,
}

/// What came out of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// One answer per task, in plan order.
    pub attributions: Vec<Attribution>,
    /// What the plan waits for, as it is recorded now.
    pub status: PlanStatus,
    /// The question that remains, if any.
    pub request: Option<RepairRequest>,
    /// What a person should know.
    pub findings: Vec<Finding>,
}

/// Attributes files and commands to every task of the plan, in parallel over tasks.
///
/// The result does not depend on the number of threads. Fails only when an answer names a path that
/// git has never seen.
pub fn attribute(input: &Input<'_>) -> Result<Outcome, RefusedAnswer> {
    answers::check(input)?;
    let mut context = Context::new(input);
    let mut results = climb(&mut context);
    // Commands come after files, because whose files they name is what tells most.
    context.learn_commands(results.iter().map(|(attribution, _)| attribution));
    loop {
        context.estimates.extend(engine::commands::estimate(&context));
        input
            .plan
            .tasks
            .par_iter()
            .zip(&mut results)
            .filter(|(task, _)| context.estimates.contains_key(&task.id))
            .for_each(|(task, result)| *result = decide::with_files(task, result.0.files.clone(), &context));
        settle(&mut context, &mut results);
        if !context.learn_commands(results.iter().map(|(attribution, _)| attribution)) {
            break;
        }
    }
    let mut findings = context.findings();
    findings.extend(answers::unused(input));
    let mut attributions = Vec::with_capacity(results.len());
    for (attribution, more) in results {
        attributions.push(attribution);
        findings.extend(more);
    }
    let gaps: Vec<&Gap> = attributions.iter().map(|attribution| &attribution.gap).collect();
    Ok(Outcome {
        status: gate::status(input.plan.tasks.iter().zip(gaps), input.plan.unreadable_tasks),
        request: question::request(&attributions, input),
        attributions,
        findings,
    })
}

/// What the engine of commands is asked about a plan, for learning from plans whose answers are known.
pub fn command_choices(input: &Input<'_>) -> Vec<engine::commands::CommandChoice> {
    let mut context = Context::new(input);
    let results = climb(&mut context);
    context.learn_commands(results.iter().map(|(attribution, _)| attribution));
    engine::commands::choices(&context)
}

/// What the ladder says of every task, in plan order.
fn climb(context: &mut Context<'_>) -> Vec<(Attribution, Vec<Finding>)> {
    let tasks = &context.input.plan.tasks;
    let mut results = tasks.par_iter().map(|task| decide::attribute(task, context)).collect::<Vec<_>>();
    settle(context, &mut results);
    results
}

/// Lets open tasks climb again, as a second run would see it after the first one has written; every round
/// settles a task.
fn settle(context: &mut Context<'_>, results: &mut [(Attribution, Vec<Finding>)]) {
    while context.learn(results.iter().map(|(attribution, _)| attribution)) {
        let tasks = context.input.plan.tasks.par_iter();
        tasks
            .zip(&mut *results)
            .filter(|(_, (attribution, _))| decide::is_open(attribution))
            .for_each(|(task, result)| *result = decide::attribute(task, context));
    }
}
