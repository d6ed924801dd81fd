//! A task that the plan does not have, and what may have been meant.

use std::fmt;

use crate::model::{Plan, TaskId};
use crate::spelling::nearest;

/// So many ids are offered where none is spelled alike.
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
    let ids = || plan.tasks.iter().map(|task| task.id.0.as_str());
    let near = nearest(&id.0, ids());
    let is_close = !near.is_empty();
    let similar = if is_close { near } else { ids().take(OFFERED).collect() };
    let similar = similar.into_iter().map(TaskId::from).collect();
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
