//! What a route costs.

use crate::model::{Cost, Generation, Plan, Route, Status, Task, TaskId};

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
    match generation {
        Generation::Early => Cost {
            tasks: plan.tasks.iter().map(|task| task.id.clone()).collect(),
            overwrites: plan.artifacts.get(FIRST).map(|artifact| artifact.name.clone()),
        },
        Generation::Late => Cost { tasks: unaccepted(plan), overwrites: None },
    }
}

/// Done tasks of which the later harness's authority has accepted no attempt.
pub(super) fn unaccepted(plan: &Plan) -> Vec<TaskId> {
    let is_accepted = |task: &Task| plan.rows_of(&task.id).any(|row| row.is_accepted);
    let open = plan.tasks.iter().filter(|task| task.status == Status::Done && !is_accepted(task));
    open.map(|task| task.id.clone()).collect()
}
