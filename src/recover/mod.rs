//! From a blocked plan to the way out of it, as a value: nothing here reads or writes.
//!
//! ```text
//!  blockers, verdicts, fills ─► settle ─► obstacles ─► route ─► steps, commands ─► Diagnosis
//!                                                                  Diagnosis ─► changes of state.json
//! ```
//!
//! A plan goes on only if nothing at all stands in its way. As long as one blocker is about the work, or nobody can
//! tell, its evidence may be repaired and its state is not moved.

mod changes;
mod cost;
mod obstacles;
mod repaired;
mod route;
mod settle;
mod steps;

pub use changes::{Run, state_changes};

use crate::gate::recovery::generation;
use crate::model::{Assessment, Diagnosis, Fill, History, Plan, Route};

/// What there is to diagnose, and what with.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The plan as it is recorded.
    pub plan: &'a Plan,
    /// What git says happened.
    pub history: &'a History,
    /// What a repair would fill in.
    pub fills: &'a [Fill],
    /// Its claims with their verdicts, blockers among them.
    pub claims: &'a [Assessment],
    /// The route that was asked for; `None` takes the cheapest that is proven.
    pub wanted: Option<Route>,
    /// How sure a verdict must be to clear a claim about the work, 0 to 1.
    pub min_confidence: f64,
}

/// Says what holds the plan, what would clear it, and how it goes on.
pub fn diagnose(input: &Input<'_>) -> Diagnosis {
    let plan = input.plan;
    let generation = generation(plan);
    let repaired = repaired::repaired(plan, input.fills);
    let blockers = settle::settle(input, &repaired, generation);
    let obstacles = obstacles::obstacles(input, &repaired, &blockers, generation);
    let answers = settle::answers(input, &blockers, generation);
    let choice = route::choose(input, &repaired, &obstacles, &answers, generation);
    let mut diagnosis = Diagnosis {
        generation,
        state: plan.current_state.clone(),
        phase: phase(plan).to_owned(),
        blockers,
        obstacles,
        route: choice.route,
        reason: choice.reason,
        cost: cost::cost(plan, choice.route, generation),
        steps: Vec::new(),
        commands: Vec::new(),
        // Whoever advances needs no answers, and a plan that stays where it is gets none.
        answers: if choice.route == Some(Route::Resolve) { answers } else { Vec::new() },
    };
    steps::add(&mut diagnosis, input);
    diagnosis
}

/// The phase that is blocked: where the harness would resume, else what its last result says.
fn phase(plan: &Plan) -> &str {
    let resumed = plan.standing.resume_phase.as_deref().filter(|phase| !phase.is_empty());
    resumed.or_else(|| plan.phase_result.as_ref().map(|result| result.phase.as_str())).unwrap_or_default()
}

#[cfg(test)]
mod tests;
