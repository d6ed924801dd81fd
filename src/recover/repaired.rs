//! The plan as it will be once the fills are written.

use std::collections::HashMap;

use crate::gate::{assess, is_gap};
use crate::model::{Field, Fill, Plan, Task, TaskId};

/// What is left to be said about evidence after the repair.
pub(super) struct Repaired {
    /// Tasks that are hollow now and will not be.
    pub(super) mended: Vec<TaskId>,
    /// Tasks that stay hollow.
    pub(super) hollow: Vec<TaskId>,
    /// The plan with the fills in its tasks; its artifacts are as they were read.
    pub(super) plan: Plan,
}

pub(super) fn repaired(plan: &Plan, fills: &[Fill]) -> Repaired {
    let mut repaired = Repaired { mended: Vec::new(), hollow: Vec::new(), plan: plan.clone() };
    let fills = by_task(fills);
    for task in &mut repaired.plan.tasks {
        if let Some(fills) = fills.get(&task.id) {
            *task = filled(task, fills);
        }
    }
    for task in plan.tasks.iter().filter(|task| is_gap(&assess(task, &plan.mode))) {
        let fills = fills.get(&task.id).map(Vec::as_slice).unwrap_or_default();
        let fixed = !is_gap(&assess(&filled(task, fills), &plan.mode));
        if fixed { &mut repaired.mended } else { &mut repaired.hollow }.push(task.id.clone());
    }
    repaired
}

/// Fills by their task.
pub(super) fn by_task(fills: &[Fill]) -> HashMap<&TaskId, Vec<&Fill>> {
    let mut by_task: HashMap<&TaskId, Vec<&Fill>> = HashMap::new();
    for fill in fills {
        by_task.entry(&fill.task).or_default().push(fill);
    }
    by_task
}

/// A task as it will be recorded, with its own fills.
pub(super) fn filled(task: &Task, fills: &[&Fill]) -> Task {
    let mut after = task.clone();
    for fill in fills.iter().filter(|fill| !fill.values.is_empty()) {
        match fill.field {
            Field::Files => {
                after.truthy.files = true;
                after.files_changed.clone_from(&fill.values);
            }
            Field::Commands => {
                after.commands_run.clone_from(&fill.values);
                after.truthy.commands = true;
                let is_test = |command: &String| command.to_lowercase().contains("test");
                after.truthy.test_command |= fill.values.iter().any(is_test);
            }
            Field::Notes => {}
        }
    }
    after
}
