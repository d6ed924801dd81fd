//! What a route costs.

use crate::model::{Cost, Generation, Plan, Route, Status};

/// The slot that a run over the whole plan is written to (spec fact 6).
const FIRST: &str = "execution_batch_1.json";

/// What the harness may run again, and what it may overwrite, on a route.
///
/// Advancing costs nothing. After its own recovery the early harness dispatches a worker over all tasks, because none is
/// pending, and writes what it reports where the first batch stood. The later one runs again what its authority has
/// not accepted.
pub(super) fn cost(plan: &Plan, route: Option<Route>, generation: Generation) -> Cost {
    if route != Some(Route::Resolve) || super::phase(plan) != "execute" {
        return Cost::default();
    }
    let ids = |keep: &dyn Fn(&crate::model::Task) -> bool| {
        plan.tasks.iter().filter(|task| keep(task)).map(|task| task.id.clone()).collect()
    };
    match generation {
        Generation::Early => Cost {
            tasks: ids(&|_| true),
            overwrites: plan.artifacts.get(FIRST).map(|artifact| artifact.name.clone()),
        },
        Generation::Late => {
            let is_accepted = |task: &crate::model::Task| plan.rows_of(&task.id).any(|row| row.is_accepted);
            Cost { tasks: ids(&|task| task.status == Status::Done && !is_accepted(task)), overwrites: None }
        }
    }
}
