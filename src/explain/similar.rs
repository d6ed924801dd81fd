//! A task that the plan does not have, and what may have been meant.

use std::fmt;

use crate::model::{Plan, TaskId};

/// So many names are offered.
const OFFERED: usize = 3;

/// The plan does not have the task.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct UnknownTask {
    /// The task as asked for.
    pub task: TaskId,
    /// Ids of the plan that are spelled most alike; the first ids of the plan if none is.
    pub similar: Vec<TaskId>,
    /// Whether `similar` are spelled alike.
    pub is_close: bool,
}

impl fmt::Display for UnknownTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the plan has no task `{}`", self.task)?;
        let names: Vec<String> = self.similar.iter().map(|id| format!("`{id}`")).collect();
        match (names.split_last(), self.is_close) {
            (None, _) => Ok(()),
            (Some((last, [])), true) => write!(f, "; did you mean {last}?"),
            (Some((last, rest)), true) => write!(f, "; did you mean {} or {last}?", rest.join(", ")),
            (Some(_), false) => write!(f, "; its tasks are {}, …", names.join(", ")),
        }
    }
}

/// What may have been meant by `id`.
pub(super) fn unknown(id: &TaskId, plan: &Plan) -> UnknownTask {
    let wanted = id.0.to_lowercase();
    let distance = |id: &TaskId| strsim::osa_distance(&wanted, &id.0.to_lowercase());
    // One slip in three characters, and one in any name.
    let most = (wanted.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &TaskId)> =
        plan.tasks.iter().map(|task| (distance(&task.id), &task.id)).filter(|(d, _)| *d <= most).collect();
    let least = near.iter().map(|(distance, _)| *distance).min();
    near.retain(|(distance, _)| Some(*distance) == least);
    let is_close = !near.is_empty();
    let similar: Vec<TaskId> = if is_close {
        near.into_iter().map(|(_, id)| id.clone()).take(OFFERED).collect()
    } else {
        plan.tasks.iter().map(|task| task.id.clone()).take(OFFERED).collect()
    };
    UnknownTask { task: id.clone(), similar, is_close }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{plan, task};

    fn said(wanted: &str, ids: &[&str]) -> String {
        unknown(&wanted.into(), &plan(ids.iter().map(|id| task(id)).collect())).to_string()
    }

    #[test]
    fn names_that_are_spelled_alike_are_offered() {
        let ids = ["T1", "T2", "T10", "setup-db"];
        assert_eq!(said("t2", &ids), "the plan has no task `t2`; did you mean `T2`?");
        assert_eq!(said("T11", &ids), "the plan has no task `T11`; did you mean `T1` or `T10`?");
        assert_eq!(said("setpu-db", &ids), "the plan has no task `setpu-db`; did you mean `setup-db`?");
        assert_eq!(
            said("nothing", &ids),
            "the plan has no task `nothing`; its tasks are `T1`, `T2`, `T10`, …"
        );
        assert_eq!(said("T1", &[]), "the plan has no task `T1`");
    }
}
