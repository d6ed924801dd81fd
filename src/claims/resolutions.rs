//! Answers that the harness has recorded for blockers, and whether they cover what is said now
//! (spec sections 5 and 7).

use std::collections::HashMap;

use super::bookkeeping::Records;
use crate::digest::sha256_hex;
use crate::gate::{evident_hash, row_hash};
use crate::json::{Node, Value, resolve};
use crate::model::{Artifact, Plan, Task};

/// Where the harness keeps them in `state.json`.
pub const POINTER: &str = "/meta/quality_gate_resolutions";
/// The only word that lets every generation of the harness go on.
pub const ACCEPTED: &str = "accepted_with_debt";
const WORDS: [&str; 4] = [ACCEPTED, "fixed", "manual_required", "rejected"];

/// One recorded answer: the latest for its blocker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The blocker.
    pub blocker_id: String,
    /// The harness's word for the answer.
    pub resolution: String,
    /// When it was given, as recorded.
    pub timestamp: String,
    /// What it rests on.
    pub evidence: Vec<String>,
}

/// The latest answer for every blocker, as the harness reads them: an invalid event that is the latest hides
/// the valid ones before it (spec edge 36).
pub fn latest(state: &Artifact) -> Vec<Event> {
    let list = state.document.as_ref().and_then(|document| resolve(&document.root, POINTER));
    let mut nodes: Vec<(String, &Node)> = list
        .and_then(Node::as_array)
        .unwrap_or_default()
        .iter()
        .filter(|node| node.is_object())
        .map(|node| (timestamp(node), node))
        .collect();
    nodes.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut latest: HashMap<&str, usize> = HashMap::new();
    for (at, (_, node)) in nodes.iter().enumerate() {
        if let Some(id) = word(node, "blocker_id") {
            latest.insert(id, at);
        }
    }
    let mut kept: Vec<usize> = latest.into_values().collect();
    kept.sort_unstable();
    kept.into_iter().filter_map(|at| event(&nodes[at].0, nodes[at].1)).collect()
}

/// The time of an event by the harness's order: `timestamp`, else `created_at`, as text.
fn timestamp(node: &Node) -> String {
    let stamp =
        ["timestamp", "created_at"].iter().find_map(|key| node.get(key).filter(|node| node.is_truthy()));
    match stamp.map(|node| &node.value) {
        Some(Value::String(text) | Value::Number(text)) => text.clone(),
        Some(Value::Bool(_)) => "True".to_owned(),
        _ => String::new(),
    }
}

/// A valid event; `None` for one that the harness ignores.
fn event(timestamp: &str, node: &Node) -> Option<Event> {
    let resolution = node.get("resolution")?.as_str().filter(|word| WORDS.contains(word))?;
    if !["phase", "debt_note", "fallback_mode"].iter().all(|key| is_valid(node, key)) {
        return None;
    }
    let evidence = match node.get("evidence") {
        None => Vec::new(),
        Some(node) if node.is_null() => Vec::new(),
        Some(node) => strings(node)?,
    };
    let is_said = |key: &str| word(node, key).is_some();
    let is_complete = is_said("phase") && is_said("debt_note") && !evidence.is_empty();
    (resolution != ACCEPTED || is_complete).then(|| Event {
        blocker_id: word(node, "blocker_id").unwrap_or_default().to_owned(),
        resolution: resolution.to_owned(),
        timestamp: timestamp.to_owned(),
        evidence,
    })
}

/// Whether a text is missing, null, or says something.
fn is_valid(node: &Node, key: &str) -> bool {
    node.get(key).is_none_or(Node::is_null) || word(node, key).is_some()
}

fn word<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key)?.as_str().filter(|text| !text.trim().is_empty())
}

fn strings(node: &Node) -> Option<Vec<String>> {
    let items = node.as_array()?;
    items.iter().map(|item| item.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)).collect()
}

/// Whether the rows of these tasks are what they were when an answer was given; the error says why that
/// cannot be shown.
pub(super) fn are_unchanged(event: &Event, tasks: &[&Task], records: &Records<'_>) -> Result<(), String> {
    if tasks.is_empty() {
        return Err("it names no row whose content could be compared".to_owned());
    }
    let hashes: Vec<Option<&str>> = tasks.iter().map(|task| evident_hash(&event.evidence, task)).collect();
    if hashes.iter().all(Option::is_some) {
        let changed = tasks.iter().zip(&hashes).find(|(task, hash)| **hash != Some(row_hash(task).as_str()));
        return match changed {
            Some((task, _)) => Err(format!("the row of `{}` has changed since", task.id)),
            None => Ok(()),
        };
    }
    match was_recorded(records.plan, &event.timestamp) {
        true => Ok(()),
        false => Err("nothing shows that the rows have not changed since".to_owned()),
    }
}

/// Whether a step before an answer recorded the very `finalize.json` that is there now.
pub(super) fn was_recorded(plan: &Plan, answered: &str) -> bool {
    let Some(finalize) = plan.artifacts.get("finalize.json") else { return false };
    // The harness hashes text with universal newlines (spec section 2).
    let text = finalize.text.replace("\r\n", "\n").replace('\r', "\n");
    let now = sha256_hex(text.as_bytes());
    let state = plan.artifacts.get("state.json").and_then(|state| state.document.as_ref());
    let steps = state.and_then(|state| state.root.get("history")?.as_array()).unwrap_or_default();
    let before = steps
        .iter()
        .filter(|step| word(step, "timestamp").is_some_and(|time| !answered.is_empty() && time <= answered));
    let hash = before.rev().find_map(|step| word(step, "finalize_hash"));
    hash.is_some_and(|hash| hash.strip_prefix("sha256:").unwrap_or(hash) == now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::row_evidence;
    use crate::json::{Limits, parse};
    use crate::model::testing::{history, plan, task};
    use crate::model::{History, ProjectPaths};

    fn state(events: &str) -> Artifact {
        let text = format!("{{\"meta\": {{\"quality_gate_resolutions\": {events}}}}}");
        artifact("state.json", &text)
    }

    fn artifact(name: &str, text: &str) -> Artifact {
        let document = Some(parse(text, Limits::default()).unwrap());
        Artifact { name: name.into(), text: text.into(), document }
    }

    fn words(events: &str) -> Vec<String> {
        latest(&state(events))
            .into_iter()
            .map(|event| format!("{} {}", event.blocker_id, event.resolution))
            .collect()
    }

    const GOOD: &str = r#"{"blocker_id": "b", "resolution": "accepted_with_debt", "timestamp": "2026-06-10T10:00:00Z",
        "phase": "execute", "evidence": ["x"], "debt_note": "n"}"#;

    #[test]
    fn the_latest_answer_counts_and_a_malformed_one_hides_it() {
        let later = |body: &str| format!("[{GOOD}, {{\"blocker_id\": \"b\", {body}}}]");
        assert_eq!(words(&format!("[{GOOD}]")), ["b accepted_with_debt"]);
        assert_eq!(
            words(&later(r#""resolution": "fixed", "timestamp": "2026-06-10T11:00:00Z""#)),
            ["b fixed"]
        );
        assert_eq!(
            words(&later(r#""resolution": "fixed", "created_at": "2026-06-10T11:00:00Z""#)),
            ["b fixed"]
        );
        // Of two in one second the one further down counts.
        assert_eq!(
            words(&later(r#""resolution": "rejected", "timestamp": "2026-06-10T10:00:00Z""#)),
            ["b rejected"]
        );
        assert_eq!(
            words(&later(r#""resolution": "rejected", "timestamp": "2026-06-10T09:00:00Z""#)),
            ["b accepted_with_debt"]
        );
        for malformed in [
            r#""resolution": "accepted_with_debt", "timestamp": "2026-06-10T11:00:00Z""#,
            r#""resolution": "waived", "timestamp": "2026-06-10T11:00:00Z""#,
            r#""resolution": "fixed", "evidence": [1], "timestamp": "2026-06-10T11:00:00Z""#,
            r#""resolution": "fixed", "phase": " ", "timestamp": "2026-06-10T11:00:00Z""#,
        ] {
            assert_eq!(words(&later(malformed)), [""; 0], "{malformed}");
        }
    }

    #[test]
    fn other_shapes_are_no_answers() {
        for events in ["{}", "null", "[1, [], {}]", r#"[{"blocker_id": 7, "resolution": "fixed"}]"#] {
            assert_eq!(words(events), [""; 0], "{events}");
        }
        assert!(latest(&artifact("state.json", "[]")).is_empty());
    }

    fn unchanged(evidence: Vec<String>, state: &str) -> Result<(), String> {
        let mut plan = plan(vec![task("T1")]);
        plan.artifacts.insert(artifact("finalize.json", "{\r\n}"));
        plan.artifacts.insert(artifact("state.json", state));
        let event = Event {
            blocker_id: "b".into(),
            resolution: ACCEPTED.into(),
            timestamp: "2026-06-10T10:00:00Z".into(),
            evidence,
        };
        let history: History = history(Vec::new(), &[]);
        let paths = ProjectPaths::default();
        let records = Records { plan: &plan, history: &history, paths: &paths };
        are_unchanged(&event, &[&plan.tasks[0]], &records)
    }

    #[test]
    fn rows_are_unchanged_by_their_hash_or_by_that_of_the_file() {
        assert_eq!(unchanged(vec![row_evidence(&task("T1"))], "{}"), Ok(()));
        let mut other = task("T1");
        other.executor_notes = "Other notes.".into();
        assert!(unchanged(vec![row_evidence(&other)], "{}").unwrap_err().contains("has changed since"));
        assert!(unchanged(Vec::new(), "{}").unwrap_err().contains("nothing shows"));
        // The harness folds line ends before it hashes.
        let step = |time: &str, hash: &str| {
            format!("{{\"history\": [{{\"timestamp\": \"{time}\", \"finalize_hash\": \"sha256:{hash}\"}}]}}")
        };
        let now = sha256_hex(b"{\n}");
        assert_eq!(unchanged(Vec::new(), &step("2026-06-10T09:00:00Z", &now)), Ok(()));
        assert!(unchanged(Vec::new(), &step("2026-06-10T11:00:00Z", &now)).is_err(), "after the answer");
        assert!(unchanged(Vec::new(), &step("2026-06-10T09:00:00Z", "00")).is_err());
    }
}
