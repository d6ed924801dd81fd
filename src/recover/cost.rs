//! What a route costs.

use crate::model::{Cost, Generation, Plan, Route};

/// The slot that a run over the whole plan is written to (spec fact 6).
const FIRST: &str = "execution_batch_1.json";

/// What the harness may run again, and what it may overwrite, on a route.
///
/// Advancing costs nothing. After its own recovery the early harness dispatches a worker over all tasks, because none is
/// pending, and writes what it reports where the first batch stood. The later one runs again what its authority does
/// not vouch for; over such a task its recovery refuses, and there is no route.
pub(super) fn cost(plan: &Plan, route: Option<Route>, generation: Generation) -> Cost {
    if route != Some(Route::Resolve) || super::phase(plan) != "execute" {
        return Cost::default();
    }
    match generation {
        Generation::Early => Cost {
            tasks: plan.tasks.iter().map(|task| task.id.clone()).collect(),
            overwrites: plan.artifacts.get(FIRST).map(|artifact| artifact.name.clone()),
        },
        Generation::Late => Cost::default(),
    }
}
