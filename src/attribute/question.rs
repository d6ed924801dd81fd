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
    let files = attribution.files.iter().map(|file| (&file.written, file.decision, file.confidence));
    let files = worth_asking(files, most);
    let commands = attribution.commands.iter();
    let commands = commands.map(|command| (&command.command, command.decision, command.confidence));
    let commands = worth_asking(commands, most);
    TaskQuestion {
        question: wording(attribution, &files, &commands),
        answer: answer(attribution, &files, &commands),
        task: attribution.task.clone(),
        missing: attribution.gap.missing.clone(),
        candidate_files: files,
        candidate_commands: commands,
    }
}

/// The smallest set that most likely holds the answer: what is possible, best first, without the unlikely; the
/// first few all the same, where everything is.
fn worth_asking<'a>(found: impl Iterator<Item = (&'a String, Decision, f64)>, most: usize) -> Vec<String> {
    const UNLIKELY: f64 = 0.05;
    const FEW: usize = 3;
    let possible =
        found.filter(|(_, decision, _)| matches!(decision, Decision::Candidate | Decision::Backfill));
    let kept = possible.enumerate().filter(|(at, (.., confidence))| *at < FEW || *confidence >= UNLIKELY);
    kept.map(|(_, (value, ..))| value.clone()).take(most).collect()
}

fn wording(attribution: &Attribution, files: &[String], commands: &[String]) -> String {
    let task = &attribution.task;
    if attribution.gap.missing == [Field::Notes] {
        return format!(
            "`{task}` is shown by its notes: let its executor write what it found, in 100 characters or more"
        );
    }
    let files = match files.len() {
        0 => None,
        1 => Some(format!("did `{task}` change this file")),
        many => Some(format!("which of these {many} files did `{task}` change")),
    };
    let whom = if files.is_some() { "it".to_owned() } else { format!("`{task}`") };
    let commands = match commands.len() {
        0 => None,
        1 => Some(format!("did this command run for {whom}")),
        many => Some(format!("which of these {many} commands ran for {whom}")),
    };
    let parts: Vec<String> = files.into_iter().chain(commands).collect();
    match parts.join(", and ") {
        nothing if nothing.is_empty() => {
            format!("Which files did `{task}` change and which commands did it run, if any?")
        }
        asked => format!("{}{}?", asked[..1].to_uppercase(), &asked[1..]),
    }
}

/// Empty where no answer can help: notes are the executor's to write.
fn answer(attribution: &Attribution, files: &[String], commands: &[String]) -> String {
    if attribution.gap.missing == [Field::Notes] {
        return String::new();
    }
    let task = &attribution.task.0;
    let line = if files.is_empty() && commands.is_empty() {
        json!({ "task_id": task, "empty": true, "reason": "…" })
    } else {
        json!({ "task_id": task, "files_changed": files, "commands_run": commands })
    };
    line.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Evidence, Gap, Kind, Status};

    fn hollow(missing: &[Field]) -> Attribution {
        Attribution {
            task: "T1".into(),
            status: Status::Done,
            kind: Kind::Code,
            batch: None,
            gap: Gap { evidence: Evidence::Hollow, missing: missing.to_vec() },
            outcome: Outcome::Ambiguous,
            reason: String::new(),
            files: Vec::new(),
            commands: Vec::new(),
        }
    }

    #[test]
    fn no_answer_stands_for_notes() {
        assert_eq!(answer(&hollow(&[Field::Notes]), &[], &[]), "");
        assert!(answer(&hollow(&[Field::Files]), &[], &[]).contains("\"empty\":true"));
    }

    #[test]
    fn questions_count_what_they_ask_about() {
        let attribution = hollow(&[Field::Files, Field::Commands]);
        let values = |count: usize| vec![String::from("x"); count];
        let asked = |files, commands| wording(&attribution, &values(files), &values(commands));
        assert_eq!(asked(0, 0), "Which files did `T1` change and which commands did it run, if any?");
        assert_eq!(asked(1, 0), "Did `T1` change this file?");
        assert_eq!(asked(0, 1), "Did this command run for `T1`?");
        assert_eq!(asked(1, 2), "Did `T1` change this file, and which of these 2 commands ran for it?");
        assert_eq!(asked(2, 1), "Which of these 2 files did `T1` change, and did this command run for it?");
    }
}
