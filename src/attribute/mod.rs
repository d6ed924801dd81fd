//! Which change proves which task, and how sure that is.
//!
//! [`attribute`] climbs the ladder for every done task whose evidence is not complete: each rung is a
//! kind of evidence, and the first one that is unambiguous decides. What that settles for one task may
//! leave a single answer for the next, so the rest climbs again until nothing more is settled. What no
//! rung decides the [`engine`] weighs; what it is not sure of becomes candidates and, for a gap, one question.
//! Nothing here reads files or repositories.

mod answers;
mod batches;
mod branches;
mod calibration;
mod candidates;
mod citations;
mod commit_kind;
mod context;
mod decide;
pub mod engine;
mod ids;
mod ladder;
mod noise;
mod question;
mod recorded;
mod standing;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use rayon::prelude::*;

use crate::config::Config;
use crate::gate;
use crate::model::{
    Answer, Attribution, Finding, Gap, History, Plan, PlanStatus, ProjectPaths, RepairRequest, Task, TaskId,
};

pub use answers::RefusedAnswer;

use context::Context;
use engine::{Engine, Estimates, Evidence};

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
    outcome(input, None)
}

/// What was read of the texts of a plan and its history, for asking again with something otherwise.
#[derive(Debug)]
pub struct Reading<'a> {
    input: Input<'a>,
    evidence: Evidence,
}

impl<'a> Reading<'a> {
    /// Reads texts and hunks, in parallel over commits: most of what attribution costs.
    pub fn new(input: &Input<'a>) -> Self {
        Self { input: *input, evidence: Evidence::new(&Context::new(input)) }
    }

    /// Answers as [`attribute`] does, and fails as it does, but reads only what `input` has that was not read before.
    pub fn attribute(&self, input: &Input<'_>) -> Result<Outcome, RefusedAnswer> {
        outcome(input, Some(self))
    }

    /// What is known of an input, before anything is decided.
    fn evidence(&self, context: &Context<'_>) -> Evidence {
        let (before, now) = (&self.input, context.input);
        let is_same = std::ptr::eq(before.plan, now.plan)
            && std::ptr::eq(before.history, now.history)
            && std::ptr::eq(before.paths, now.paths);
        if is_same { self.evidence.clone() } else { Evidence::anew(context, &self.evidence, before.history) }
    }
}

fn outcome(input: &Input<'_>, reading: Option<&Reading<'_>>) -> Result<Outcome, RefusedAnswer> {
    answers::check(input)?;
    let (mut context, mut results) = climb(input);
    infer_files(&context, &mut results, reading);
    infer_commands(&mut context, &mut results);
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

/// What is decided about each task, and the findings about it; in plan order.
type Results = Vec<(Attribution, Vec<Finding>)>;

/// Climbs the ladder for every task until nothing more is settled.
fn climb<'a>(input: &'a Input<'a>) -> (Context<'a>, Results) {
    let mut context = Context::new(input);
    let tasks = &input.plan.tasks;
    let mut results: Results = tasks.par_iter().map(|task| decide::attribute(task, &context, &[])).collect();
    // As a second run would see it after the first one has written; every round settles a task.
    while context.learn(results.iter().map(|(attribution, _)| attribution)) {
        decide_open(&mut results, &context, &Estimates::new());
    }
    (context, results)
}

/// Lets the engine answer where the ladder is silent. It is asked once: what it fills proves nothing about other
/// tasks.
fn infer_files(context: &Context<'_>, results: &mut Results, reading: Option<&Reading<'_>>) {
    if !results.iter().any(|(attribution, _)| decide::is_open(attribution)) {
        return;
    }
    let open = open_tasks(context.input.plan, results);
    let most = context.input.config.max_candidates;
    let evidence = reading.map_or_else(|| Evidence::new(context), |reading| reading.evidence(context));
    let mut engine = Engine::new(evidence);
    let estimates = engine.estimate(context, |id| open.contains(id), most);
    // There is much to give back, and nobody waits for it.
    rayon::spawn(move || drop(engine));
    decide_open(results, context, &estimates);
}

/// Lets the engine weigh the commands that no rung decides. They come after files, because whose files they name is
/// what tells most.
fn infer_commands(context: &mut Context<'_>, results: &mut Results) {
    context.learn_commands(results.iter().map(|(attribution, _)| attribution));
    context.estimates = engine::commands::estimate(context);
    let known = &*context;
    let tasks = known.input.plan.tasks.par_iter().zip(results);
    tasks
        .filter(|(task, _)| known.estimates.contains_key(&task.id))
        .for_each(|(task, result)| *result = decide::with_files(task, result.0.files.clone(), known));
}

/// What the engine of commands is asked about a plan, for learning from plans whose answers are known.
pub fn command_choices(input: &Input<'_>) -> Vec<engine::commands::CommandChoice> {
    let (mut context, results) = climb(input);
    context.learn_commands(results.iter().map(|(attribution, _)| attribution));
    engine::commands::choices(&context)
}

/// Tasks whose files are not known: those that are open, and those whose files were inferred by an earlier run.
fn open_tasks(plan: &Plan, results: &Results) -> HashSet<TaskId> {
    let is_open = |(task, (attribution, _)): &(&Task, &(Attribution, Vec<Finding>))| {
        task.inferred_files || decide::is_open(attribution)
    };
    plan.tasks.iter().zip(results).filter(is_open).map(|(task, _)| task.id.clone()).collect()
}

/// Decides again, in parallel, what is still open.
fn decide_open(results: &mut Results, context: &Context<'_>, estimates: &Estimates) {
    let tasks = &context.input.plan.tasks;
    let open = tasks.par_iter().zip(results).filter(|(_, (attribution, _))| decide::is_open(attribution));
    open.for_each(|(task, result)| {
        let estimates = estimates.get(&task.id).map_or(&[][..], Vec::as_slice);
        *result = decide::attribute(task, context, estimates);
    });
}
