//! The one precise question that remains: which task, which candidates, and an answer ready to edit.

use serde_json::json;

use crate::gate;
use crate::model::{Attribution, Decision, Field, Outcome, RepairRequest, TaskQuestion};

use super::Input;

/// A question for every gap that nothing decides; `None` when there is none.
pub(super) fn request(attributions: &[Attribution], input: &Input<'_>) -> Option<RepairRequest> {
    let tasks: Vec<TaskQuestion> = attributions
        .iter()
        .filter(|attribution| gate::is_gap(&attribution.gap))
        .filter(|attribution| matches!(attribution.outcome, Outcome::Ambiguous | Outcome::NoEvidence))
        .map(|attribution| question(attribution, input))
        .collect();
    (!tasks.is_empty()).then_some(RepairRequest { tasks })
}

fn question(attribution: &Attribution, input: &Input<'_>) -> TaskQuestion {
    let most = input.config.max_candidates;
    let is_possible = |decision: Decision| matches!(decision, Decision::Candidate | Decision::Backfill);
    let files: Vec<String> = attribution
        .files
        .iter()
        .filter(|file| is_possible(file.decision))
        .map(|file| file.written.clone())
        .take(most)
        .collect();
    let commands: Vec<String> = attribution
        .commands
        .iter()
        .filter(|command| is_possible(command.decision))
        .map(|command| command.command.clone())
        .take(most)
        .collect();
    TaskQuestion {
        question: wording(attribution, &files, &commands),
        answer: answer(attribution, &files, &commands),
        task: attribution.task.clone(),
        missing: attribution.gap.missing.clone(),
        candidate_files: files,
        candidate_commands: commands,
    }
}

fn wording(attribution: &Attribution, files: &[String], commands: &[String]) -> String {
    let task = &attribution.task;
    if attribution.gap.missing == [Field::Notes] {
        return format!(
            "`{task}` is shown by its notes: let its executor write what it found, in 100 characters or more"
        );
    }
    match (files.len(), commands.len()) {
        (0, 0) => format!("Which files did `{task}` change and which commands did it run, if any?"),
        (0, commands) => format!("Which of these {commands} commands ran for `{task}`?"),
        (files, 0) => format!("Which of these {files} files did `{task}` change?"),
        (files, commands) => {
            format!(
                "Which of these {files} files did `{task}` change, and which of these {commands} commands ran for it?"
            )
        }
    }
}

fn answer(attribution: &Attribution, files: &[String], commands: &[String]) -> String {
    let task = &attribution.task.0;
    let line = if files.is_empty() && commands.is_empty() {
        json!({ "task_id": task, "empty": true, "reason": "…" })
    } else {
        json!({ "task_id": task, "files_changed": files, "commands_run": commands })
    };
    line.to_string()
}
