//! An operator's answers: JSON Lines, checked before anything is done with them.

use serde::Deserialize;

use crate::model::{Answer, AnswerContent, Plan, Status, TaskId};

/// Why an answers file cannot be used. Nothing of it is then.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// A line is not an answer.
    #[error(
        "answers line {line}: not an answer: expected `{{\"task_id\": …, \"files_changed\": […], \"commands_run\": […]}}` or `{{\"task_id\": …, \"empty\": true, \"reason\": …}}`"
    )]
    Syntax {
        /// One-based line.
        line: usize,
        /// What the parser said.
        #[source]
        source: serde_json::Error,
    },
    /// A line says nothing, or two things at once.
    #[error("answers line {line}: {problem}")]
    Content {
        /// One-based line.
        line: usize,
        /// What is wrong and what to write instead.
        problem: String,
    },
}

/// What reports show in place of a secret.
const MASK: &str = "***";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    task_id: String,
    files_changed: Option<Vec<String>>,
    commands_run: Option<Vec<String>>,
    #[serde(default)]
    empty: bool,
    reason: Option<String>,
    #[serde(default)]
    force: bool,
}

/// Parses an answers file; blank lines are skipped.
///
/// Every line must name a done task of the plan, once, and say something.
pub fn answers(text: &str, plan: &Plan) -> Result<Vec<Answer>, AnswerError> {
    let mut answers: Vec<Answer> = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        let parsed: Line =
            serde_json::from_str(text).map_err(|source| AnswerError::Syntax { line, source })?;
        let answer = check(parsed, line, plan).map_err(|problem| AnswerError::Content { line, problem })?;
        if answers.iter().any(|other| other.task == answer.task) {
            let problem = format!("a second answer about `{}`: keep one", answer.task);
            return Err(AnswerError::Content { line, problem });
        }
        answers.push(answer);
    }
    Ok(answers)
}

fn check(parsed: Line, line: usize, plan: &Plan) -> Result<Answer, String> {
    let id = TaskId(parsed.task_id);
    let task = plan.task(&id).ok_or_else(|| format!("the plan has no task `{id}`"))?;
    if task.status != Status::Done {
        return Err(format!("`{id}` is `{}`: only done tasks have evidence", task.status_word));
    }
    let files = not_blank(parsed.files_changed);
    let commands = not_blank(parsed.commands_run);
    let nothing = files.is_empty() && commands.is_empty();
    if parsed.empty && task.kind.is_shown_by_notes() {
        return Err(format!("`{id}` is shown by its notes, which only its executor can write: leave it out"));
    }
    if commands.iter().any(|command| command.contains(MASK)) {
        return Err(format!("a command holds `{MASK}`, which stands for a masked secret: write it out"));
    }
    let content = match (parsed.empty, nothing, parsed.reason) {
        (true, true, Some(reason)) if reason.trim() == "…" => {
            Err("`…` is no reason: say why the task truly changed and ran nothing".to_owned())
        }
        (true, false, _) => Err("`empty` and evidence exclude each other".to_owned()),
        (true, true, Some(reason)) if !reason.trim().is_empty() => Ok(AnswerContent::Empty { reason }),
        (true, true, _) => Err("`empty` needs a `reason`".to_owned()),
        (false, true, _) => Err("no evidence; for a task that truly changed and ran nothing, say `\"empty\": true` with a `reason`".to_owned()),
        (false, false, _) => Ok(AnswerContent::Evidence { files, commands, force: parsed.force }),
    }?;
    Ok(Answer { task: id, content, line })
}

fn not_blank(list: Option<Vec<String>>) -> Vec<String> {
    list.unwrap_or_default().into_iter().filter(|item| !item.trim().is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;
    use crate::model::testing::{plan, task};

    fn read(text: &str) -> Result<Vec<Answer>, String> {
        let mut pending = task("T2");
        pending.status = Status::Pending;
        pending.status_word = "pending".into();
        let mut audit = task("T3");
        audit.kind = Kind::Audit;
        answers(text, &plan(vec![task("T1"), pending, audit])).map_err(|error| error.to_string())
    }

    #[test]
    fn both_forms_are_read() {
        let read = read("\n{\"task_id\": \"T1\", \"files_changed\": [\"a\", \" \"]}\n").unwrap();
        let files = vec!["a".to_owned()];
        assert_eq!(read[0].content, AnswerContent::Evidence { files, commands: vec![], force: false });
        assert_eq!(read[0].line, 2);
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        for (text, why) in [
            ("{\"task_id\": \"T9\", \"empty\": true, \"reason\": \"x\"}", "no task `T9`"),
            ("{\"task_id\": \"T2\", \"files_changed\": [\"a\"]}", "only done tasks"),
            ("{\"task_id\": \"T3\", \"empty\": true, \"reason\": \"x\"}", "shown by its notes"),
            ("{\"task_id\": \"T1\"}", "say `\"empty\": true`"),
            ("{\"task_id\": \"T1\", \"empty\": true}", "needs a `reason`"),
            ("{\"task_id\": \"T1\", \"empty\": true, \"reason\": \"…\"}", "is no reason"),
            ("{\"task_id\": \"T1\", \"commands_run\": [\"A=*** make\"]}", "masked secret"),
            (
                "{\"task_id\": \"T1\", \"empty\": true, \"reason\": \"x\", \"commands_run\": [\"a\"]}",
                "exclude",
            ),
            ("{\"task_id\": \"T1\", \"fils\": []}", "not an answer"),
            (
                "{\"task_id\": \"T1\", \"commands_run\": [\"a\"]}\n{\"task_id\": \"T1\", \"commands_run\": [\"a\"]}",
                "a second answer",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
