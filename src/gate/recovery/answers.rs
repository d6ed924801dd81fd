//! The recorded blockers and the answers that were given to them.

use std::collections::HashMap;

use crate::gate::blocker::blocker_id;
use crate::model::{Blocker, Generation, Plan, RecordedResolution};

/// What has been said about a blocker, as the harness takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Nothing, or nothing well-formed.
    None,
    /// Its debt is accepted.
    Accepted,
    /// It is said to be fixed.
    Fixed,
    /// Somebody has to look, or said no.
    Held,
}

impl Answer {
    /// Whether the harness goes on.
    pub fn lets_pass(self, generation: Generation) -> bool {
        match self {
            Self::Accepted => true,
            Self::Fixed => generation == Generation::Late,
            Self::None | Self::Held => false,
        }
    }
}

/// One deviation of `phase_result.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentBlocker {
    /// Its id in that generation.
    pub id: String,
    /// JSON pointer in `phase_result.json`.
    pub pointer: String,
    /// Whether recovery asks for an answer to it.
    pub counts: bool,
    /// The answer that counts.
    pub answer: Answer,
}

/// Beginnings of messages that the later generation does not ask about. It knows some more that are about
/// single projects; those are asked about here, which is harmless.
const UNASKED: [&str; 4] = [
    "Advisory ",
    "Note:",
    "Backfilled batch-level metadata",
    "Execute response reconstructed from tool calls",
];
/// And words that silence it anywhere in a message, in lower case.
const SILENCING: [&str; 2] = ["does not block", "noted but deferred"];

/// Messages whose id, in the later generation, does not depend on what they list: the beginning and the id's end.
const STABLE: [(&str, &str); 2] = [
    ("Advisory audit finding: Git status shows changed files not claimed by any task:", "unclaimed-files"),
    (
        "Advisory audit finding: Executor claimed changed files not present in git status:",
        "claimed-files-missing-from-status",
    ),
];

/// Every deviation of the last phase with the answer it has, in the order of the file.
pub fn current_blockers(plan: &Plan, generation: Generation) -> Vec<CurrentBlocker> {
    let deviations = plan.phase_result.iter().flat_map(|result| &result.deviations);
    let answers = answers(&plan.standing.resolutions);
    deviations
        .map(|blocker| {
            let id = id(blocker, generation);
            let answer = answers.get(id.as_str()).copied().unwrap_or(Answer::None);
            let counts = generation == Generation::Early || is_asked_about(&blocker.message);
            CurrentBlocker { id, pointer: blocker.pointer.clone(), counts, answer }
        })
        .collect()
}

/// The answer that counts for each id: the latest event by its time as text, of several the last. One that the
/// validator refuses counts for nothing and still hides the earlier ones.
pub fn answers(resolutions: &[RecordedResolution]) -> HashMap<&str, Answer> {
    let mut latest: HashMap<&str, &RecordedResolution> = HashMap::new();
    for event in resolutions {
        let newest = latest.entry(event.blocker_id.as_str()).or_insert(event);
        if event.timestamp >= newest.timestamp {
            *newest = event;
        }
    }
    latest.into_iter().map(|(id, event)| (id, answer(event))).collect()
}

fn answer(event: &RecordedResolution) -> Answer {
    match event.resolution.as_str() {
        _ if event.is_malformed => Answer::None,
        "accepted_with_debt" if is_substantiated(event) => Answer::Accepted,
        "fixed" => Answer::Fixed,
        "manual_required" | "rejected" => Answer::Held,
        _ => Answer::None,
    }
}

/// Debt is accepted only with a phase, evidence and a note.
fn is_substantiated(event: &RecordedResolution) -> bool {
    event.phase.is_some() && !event.evidence.is_empty() && event.debt_note.is_some()
}

fn id(blocker: &Blocker, generation: Generation) -> String {
    let task = blocker.task_id.as_deref().unwrap_or("global");
    match stable_kind(&blocker.message) {
        Some(kind) if generation == Generation::Late && blocker.explicit_id.is_none() => {
            format!("quality:{task}:{kind}")
        }
        _ => blocker_id(blocker),
    }
}

fn stable_kind(message: &str) -> Option<String> {
    if let Some(rest) = message.strip_prefix("scope_drift_severity=") {
        let rest = rest.split(':').next().unwrap_or_default();
        let severity = rest.split_once('=').map_or(rest, |(_, severity)| severity).trim();
        return Some(format!("scope-drift-{}", if severity.is_empty() { "unknown" } else { severity }));
    }
    STABLE.iter().find(|(start, _)| message.starts_with(start)).map(|(_, kind)| (*kind).to_owned())
}

fn is_asked_about(message: &str) -> bool {
    let lower = message.to_lowercase();
    !UNASKED.iter().any(|start| message.starts_with(start))
        && !SILENCING.iter().any(|words| lower.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_ids_of_the_later_generation_do_not_depend_on_the_list() {
        let id_of = |message: &str, generation| {
            let blocker = Blocker {
                pointer: String::new(),
                kind: "quality_gate".into(),
                message: message.into(),
                task_id: None,
                explicit_id: None,
            };
            id(&blocker, generation)
        };
        let unclaimed =
            "Advisory audit finding: Git status shows changed files not claimed by any task: a.py";
        assert_eq!(id_of(unclaimed, Generation::Late), "quality:global:unclaimed-files");
        assert_ne!(id_of(unclaimed, Generation::Early), "quality:global:unclaimed-files");
        assert_eq!(
            id_of("scope_drift_severity=high: 7 files", Generation::Late),
            "quality:global:scope-drift-high"
        );
        let hollow = "Done tasks missing both files_changed and commands_run: T9";
        assert_eq!(id_of(hollow, Generation::Late), "quality:global:9698522a8a17");
    }

    #[test]
    fn the_latest_event_counts_even_if_it_says_nothing() {
        let event = |timestamp: &str, resolution: &str| RecordedResolution {
            blocker_id: "q".into(),
            resolution: resolution.into(),
            timestamp: timestamp.into(),
            phase: Some("execute".into()),
            evidence: vec!["e".into()],
            debt_note: Some("n".into()),
            is_malformed: false,
        };
        let effective_answer = |events: &[RecordedResolution], id: &str| {
            answers(events).get(id).copied().unwrap_or(Answer::None)
        };
        let accepted = event("1", "accepted_with_debt");
        assert_eq!(effective_answer(&[], "q"), Answer::None);
        assert_eq!(effective_answer(std::slice::from_ref(&accepted), "q"), Answer::Accepted);
        assert_eq!(effective_answer(std::slice::from_ref(&accepted), "other"), Answer::None);
        assert_eq!(effective_answer(&[event("1", "rejected"), accepted.clone()], "q"), Answer::Accepted);
        assert_eq!(effective_answer(&[event("2", "rejected"), accepted.clone()], "q"), Answer::Held);
        let broken = RecordedResolution { is_malformed: true, ..event("2", "accepted_with_debt") };
        assert_eq!(effective_answer(&[accepted.clone(), broken], "q"), Answer::None);
        let bare = RecordedResolution { evidence: Vec::new(), ..accepted };
        assert_eq!(effective_answer(&[bare], "q"), Answer::None);
    }
}
