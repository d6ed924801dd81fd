//! How the plan goes on: the cheapest route that is proven, or the one that was asked for.

use super::repaired::Repaired;
use super::{Input, phase};
use crate::gate::recovery::{Refusal, recover_blocked, rescue};
use crate::gate::unacknowledged;
use crate::model::{Answered, Generation, Layout, Mode, Obstacle, Plan, RecordedResolution, Route};

/// A route and why, or why none.
pub(super) struct Choice {
    pub(super) route: Option<Route>,
    pub(super) reason: String,
}

impl Choice {
    fn none(reason: impl Into<String>) -> Self {
        Self { route: None, reason: reason.into() }
    }
}

pub(super) fn choose(
    input: &Input<'_>,
    repaired: &Repaired,
    obstacles: &[Obstacle],
    answers: &[Answered],
    generation: Generation,
) -> Choice {
    let plan = input.plan;
    if let Some(first) = obstacles.iter().find(|it| it.kind.is_about_work()).or_else(|| obstacles.first()) {
        return Choice::none(format!("the state is not moved: {}", first.reason));
    }
    if plan.current_state != "blocked" {
        return not_blocked(plan);
    }
    let advance = may_advance(plan, repaired, generation);
    let resolve = may_resolve(input, repaired, answers, generation);
    match (input.wanted, advance, resolve) {
        (None | Some(Route::Advance), Ok(()), _) => Choice {
            route: Some(Route::Advance),
            reason: "every task is over and has its evidence, so nothing has to be run again".to_owned(),
        },
        (Some(Route::Advance), Err(why), _) => Choice::none(format!("the plan cannot advance: {why}")),
        (Some(Route::Resolve), _, Ok(())) => {
            resolved("every blocker has an answer that the harness's recovery accepts".to_owned())
        }
        (None, Err(why), Ok(())) => resolved(format!("it cannot simply advance: {why}")),
        (_, _, Err(refusal)) => Choice::none(format!("the harness's recovery would refuse: {refusal}")),
    }
}

fn resolved(reason: String) -> Choice {
    Choice { route: Some(Route::Resolve), reason }
}

fn not_blocked(plan: &Plan) -> Choice {
    if plan.layout.is_task_list() {
        return Choice::none("no harness holds a plain task list, so there is nothing to recover");
    }
    Choice::none(match plan.current_state.as_str() {
        "" => "state.json does not say where the plan stands".to_owned(),
        state => format!("the plan is in state `{state}`: the harness holds nothing against it"),
    })
}

/// Whether marking the execute as done is proven: by the chain's own rule, and by gate and sense checks, which that
/// rule does not look at.
fn may_advance(plan: &Plan, repaired: &Repaired, generation: Generation) -> Result<(), String> {
    if generation == Generation::Late || plan.layout == Layout::BatchDirectories {
        return Err("the later harness advances only by its own authority".to_owned());
    }
    if phase(plan) != "execute" {
        return Err(format!("it is blocked in `{}`, and only an execute can be taken as done", phase(plan)));
    }
    if let Mode::Prose(mode) = &plan.mode {
        return Err(format!("in mode `{mode}` the execute still has to assemble its document"));
    }
    if !plan.standing.is_reviewed {
        return Err(
            "without a review the plan ends with its execute, which only the harness can conclude".to_owned()
        );
    }
    rescue(plan).map_err(|why| why.to_string())?;
    if let Some(task) = repaired.hollow.first() {
        return Err(format!("evidence of {task} is missing"));
    }
    match unacknowledged(plan).first() {
        Some(finding) => Err(finding.message.clone()),
        None => Ok(()),
    }
}

/// Whether the harness's recovery would succeed with those answers.
fn may_resolve(
    input: &Input<'_>,
    repaired: &Repaired,
    answers: &[Answered],
    generation: Generation,
) -> Result<(), Refusal> {
    let mut answered = repaired.plan.clone();
    answered.standing.resolutions.extend(answers.iter().map(|answer| RecordedResolution {
        blocker_id: answer.id.clone(),
        resolution: answer.resolution.to_owned(),
        // Later than any recorded time, as ours will be.
        timestamp: "\u{10ffff}".to_owned(),
        phase: Some("execute".to_owned()),
        evidence: vec!["audit".to_owned()],
        debt_note: Some(answer.note.clone()),
        is_malformed: false,
    }));
    recover_blocked(&answered, generation, input.history).map(|_| ())
}
