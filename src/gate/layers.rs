//! How tasks fall into batches (spec section 6).

use std::collections::{HashMap, HashSet};

use crate::model::{Task, TaskId};

/// Largest batch when the plan does not say.
const DEFAULT_MAX: usize = 5;

/// Why a task list has no layers. The harness stops on both.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayerError {
    /// A dependency that no task has as its id.
    #[error("task `{task}` depends on `{dependency}`, which the plan does not have")]
    UnknownDependency {
        /// The task.
        task: TaskId,
        /// What it names.
        dependency: TaskId,
    },
    /// Tasks that wait for each other.
    #[error("tasks wait for each other: {}", .tasks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    Cycle {
        /// All tasks that never become ready.
        tasks: Vec<TaskId>,
    },
}

/// Tasks by dependency: each layer holds, in file order, all tasks whose dependencies lie in earlier layers.
pub fn layers(tasks: &[Task]) -> Result<Vec<Vec<TaskId>>, LayerError> {
    let index: HashMap<&TaskId, usize> = tasks.iter().enumerate().map(|(at, task)| (&task.id, at)).collect();
    for task in tasks {
        if let Some(unknown) = task.depends_on.iter().find(|id| !index.contains_key(id)) {
            return Err(LayerError::UnknownDependency { task: task.id.clone(), dependency: unknown.clone() });
        }
    }
    let needs: Vec<HashSet<usize>> = tasks.iter().map(|task| numbers(&task.depends_on, &index)).collect();
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); tasks.len()];
    for (at, needs) in needs.iter().enumerate() {
        for need in needs {
            needed_by[*need].push(at);
        }
    }
    let mut open: Vec<usize> = needs.iter().map(HashSet::len).collect();
    let mut ready: Vec<usize> = (0..tasks.len()).filter(|at| open[*at] == 0).collect();
    let mut layers = Vec::new();
    while !ready.is_empty() {
        let mut next = Vec::new();
        for waiting in ready.iter().flat_map(|at| &needed_by[*at]) {
            open[*waiting] -= 1;
            if open[*waiting] == 0 {
                next.push(*waiting);
            }
        }
        next.sort_unstable();
        layers.push(ready.iter().map(|at| tasks[*at].id.clone()).collect());
        ready = next;
    }
    let waiting = (0..tasks.len()).filter(|at| open[*at] > 0);
    let cycle: Vec<TaskId> = waiting.map(|at| tasks[at].id.clone()).collect();
    if cycle.is_empty() { Ok(layers) } else { Err(LayerError::Cycle { tasks: cycle }) }
}

fn numbers(ids: &[TaskId], index: &HashMap<&TaskId, usize>) -> HashSet<usize> {
    ids.iter().filter_map(|id| index.get(id).copied()).collect()
}

/// Layers cut into batches of at most `max` tasks (5 when not given), in order.
///
/// Some versions of the harness split and some do not; [`super::scopes`] finds out which one fits.
pub fn split(layers: &[Vec<TaskId>], max: Option<usize>) -> Vec<Vec<TaskId>> {
    let max = max.filter(|max| *max > 0).unwrap_or(DEFAULT_MAX);
    layers.iter().flat_map(|layer| layer.chunks(max).map(<[TaskId]>::to_vec)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{ids, task};

    fn chain(edges: &[(&str, &[&str])]) -> Vec<Task> {
        edges
            .iter()
            .map(|(id, needs)| {
                let mut row = task(id);
                row.depends_on = ids(needs);
                row
            })
            .collect()
    }

    #[test]
    fn layers_follow_dependencies_in_file_order() {
        let tasks = chain(&[("T3", &["T1"]), ("T1", &[]), ("T2", &[]), ("T4", &["T3", "T2"])]);
        assert_eq!(layers(&tasks).unwrap(), [ids(&["T1", "T2"]), ids(&["T3"]), ids(&["T4"])]);
    }

    #[test]
    fn long_layers_are_cut() {
        let layer = vec![ids(&["T1", "T2", "T3"]), ids(&["T4"])];
        assert_eq!(split(&layer, Some(2)), [ids(&["T1", "T2"]), ids(&["T3"]), ids(&["T4"])]);
        assert_eq!(split(&layer, None), layer);
        assert_eq!(split(&layer, Some(0)), layer);
    }

    #[test]
    fn bad_dependencies_are_named() {
        let unknown = layers(&chain(&[("T1", &["T7"])])).unwrap_err();
        assert_eq!(unknown.to_string(), "task `T1` depends on `T7`, which the plan does not have");
        let cycle = layers(&chain(&[("T1", &["T2"]), ("T2", &["T1"]), ("T3", &[])])).unwrap_err();
        assert_eq!(cycle.to_string(), "tasks wait for each other: T1, T2");
    }
}
