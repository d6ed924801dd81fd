//! What a chain does by itself about a blocked execute whose tasks are all done (spec section 7, "Chain rescue").

use crate::json::Node;
use crate::model::{Plan, TaskId};

/// Why the chain would take the block for a real one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRescue {
    /// The last execute did not end blocked.
    #[error("the last execute step is recorded as `{result}`, not as blocked")]
    NotBlocked {
        /// Its result; empty when there is none.
        result: String,
    },
    /// There is no batch file to go by.
    #[error("there is no batch file that shows what was done last")]
    NoBatch,
    /// The latest batch file has no rows.
    #[error("{artifact} has no rows")]
    NoRows {
        /// The file.
        artifact: String,
    },
    /// A row of the latest batch is not literally `done`.
    #[error("{artifact} has a row that is not `done`: {task}")]
    OpenRow {
        /// The file.
        artifact: String,
        /// Its task.
        task: String,
    },
    /// A task is neither done nor skipped.
    #[error("{task} is neither done nor skipped")]
    OpenTask {
        /// The task.
        task: TaskId,
    },
}

/// Whether the chain's rescue of the earlier generation would mark the blocked execute as executed.
///
/// It looks at words alone: the rows of the latest batch file have to be literally `done`, the tasks `done` or
/// `skipped`. Whether they have evidence is no part of it.
pub fn rescue(plan: &Plan) -> Result<(), NoRescue> {
    let result = plan.standing.last_execute.as_deref().unwrap_or_default();
    if result != "blocked" {
        return Err(NoRescue::NotBlocked { result: result.to_owned() });
    }
    let latest = plan.batches.iter().max_by_key(|batch| batch.number).ok_or(NoRescue::NoBatch)?;
    let artifact = || latest.artifact.clone();
    let document = plan.artifacts.get(&latest.artifact).and_then(|artifact| artifact.document.as_ref());
    let rows: Vec<&Node> = ["task_updates", "tasks"]
        .into_iter()
        .filter_map(|key| document?.root.get(key)?.as_array())
        .flatten()
        .filter(|row| row.is_object())
        .collect();
    if rows.is_empty() {
        return Err(NoRescue::NoRows { artifact: artifact() });
    }
    let text = |row: &Node, key: &str| row.get(key).and_then(Node::as_str).map(str::to_owned);
    if let Some(row) = rows.iter().find(|row| text(row, "status").as_deref() != Some("done")) {
        let task = text(row, "task_id").or_else(|| text(row, "id")).unwrap_or_else(|| "?".to_owned());
        return Err(NoRescue::OpenRow { artifact: artifact(), task });
    }
    let is_over = |status: &str| ["done", "skipped"].contains(&status);
    match plan.tasks.iter().find(|task| !is_over(&task.status_word)) {
        Some(task) => Err(NoRescue::OpenTask { task: task.id.clone() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};
    use crate::model::{Artifact, testing};

    fn plan(batch: &str) -> Plan {
        let mut plan = testing::plan(vec![testing::task("T1")]);
        plan.standing.last_execute = Some("blocked".into());
        plan.batches = vec![testing::batch(1, &["T1"]), testing::batch(2, &["T1"])];
        let document = Some(parse(batch, Limits::default()).unwrap());
        plan.artifacts.insert(Artifact {
            name: "execution_batch_2.json".into(),
            text: batch.into(),
            document,
        });
        plan
    }

    const DONE: &str = r#"{"task_updates": [{"task_id": "T1", "status": "done"}]}"#;

    #[test]
    fn hollow_rows_do_not_matter_and_words_do() {
        assert_eq!(rescue(&plan(DONE)), Ok(()));
        let alias = plan(r#"{"task_updates": [{"id": "T1", "status": "completed"}]}"#);
        assert!(matches!(rescue(&alias), Err(NoRescue::OpenRow { task, .. }) if task == "T1"));
        let other_list = plan(r#"{"task_updates": [], "tasks": [{"status": "done"}, 7]}"#);
        assert_eq!(rescue(&other_list), Ok(()));
        assert!(matches!(rescue(&plan("{}")), Err(NoRescue::NoRows { .. })));
    }

    #[test]
    fn only_a_blocked_execute_of_finished_tasks_is_rescued() {
        let mut success = plan(DONE);
        success.standing.last_execute = Some("success".into());
        assert!(matches!(rescue(&success), Err(NoRescue::NotBlocked { .. })));
        let mut none = plan(DONE);
        none.batches.clear();
        assert_eq!(rescue(&none), Err(NoRescue::NoBatch));
        let mut open = plan(DONE);
        open.tasks[0].status_word = "completed".into();
        assert!(matches!(rescue(&open), Err(NoRescue::OpenTask { .. })));
    }
}
