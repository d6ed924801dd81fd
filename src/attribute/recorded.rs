//! Evidence that stands in `finalize.json`: shown beside what git says of it, and never replaced.

use std::collections::HashSet;

use crate::model::{CommandCandidate, Decision, FileCandidate, Signal, Source, Task};

use super::calibration::{decided, log_odds, open};
use super::context::Context;
use super::standing::{Standing, standing, witnesses};
use crate::model::Rung;

/// The recorded files. One that git contradicts is `rejected`, and stays where it is.
pub(super) fn files(task: &Task, context: &Context<'_>) -> Vec<FileCandidate> {
    let mut files: Vec<FileCandidate> = Vec::new();
    let mut seen = HashSet::new();
    for place in context.places(&task.files_changed).filter(|place| seen.insert(place.path.clone())) {
        let standing = standing(&place, context);
        let confidence = if task.guessed_files {
            open("doubtful_row", standing)
        } else {
            decided(Rung::TaskRow, standing)
        };
        let detail = format!("finalize.json {}/files_changed, {}", task.pointer, standing.describe());
        files.push(FileCandidate {
            witnesses: witnesses(&place.path, context),
            path: place.path,
            written: place.written,
            decision: if standing == Standing::Contradicted {
                Decision::Rejected
            } else {
                Decision::Recorded
            },
            confidence,
            rung: None,
            source: Source::Recorded,
            signals: vec![Signal { name: "recorded", weight: log_odds(confidence), detail }],
        });
    }
    files
}

/// The recorded commands.
pub(super) fn commands(task: &Task) -> Vec<CommandCandidate> {
    let confidence = decided(Rung::TaskRow, Standing::Unverifiable);
    let detail = format!("finalize.json {}/commands_run", task.pointer);
    task.commands_run
        .iter()
        .map(|command| CommandCandidate {
            command: command.clone(),
            decision: Decision::Recorded,
            confidence,
            rung: None,
            source: Source::Recorded,
            signals: vec![Signal { name: "recorded", weight: log_odds(confidence), detail: detail.clone() }],
        })
        .collect()
}
