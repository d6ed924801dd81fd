//! The plan as it will be once the fills are written.

use crate::gate::{assess, is_gap};
use crate::model::{Field, Fill, Plan, Task, TaskId};

/// What is left to be said about evidence after the repair.
pub(super) struct Repaired {
    /// Tasks that are hollow now and will not be.
    pub(super) mended: Vec<TaskId>,
    /// Tasks that stay hollow.
    pub(super) hollow: Vec<TaskId>,
}

pub(super) fn repaired(plan: &Plan, fills: &[Fill]) -> Repaired {
    let mut repaired = Repaired { mended: Vec::new(), hollow: Vec::new() };
    for task in plan.tasks.iter().filter(|task| is_gap(&assess(task, &plan.mode))) {
        let fixed = is_mended(task, plan, fills);
        if fixed { &mut repaired.mended } else { &mut repaired.hollow }.push(task.id.clone());
    }
    repaired
}

fn is_mended(task: &Task, plan: &Plan, fills: &[Fill]) -> bool {
    !is_gap(&assess(&filled(task, fills), &plan.mode))
}

/// A task as it will be recorded.
pub(super) fn filled(task: &Task, fills: &[Fill]) -> Task {
    let mut after = task.clone();
    for fill in fills.iter().filter(|fill| fill.task == task.id && !fill.values.is_empty()) {
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
