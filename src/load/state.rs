//! `state.json`: where the plan stands (spec section 5).

use super::fields::Reader;
use super::time::parse_timestamp;
use crate::json::{Node, Value};
use crate::model::{ActiveStep, Artifact, BatchWindow, Finding, Mode};

/// The part of `state.json` that matters here.
#[derive(Debug, Default, PartialEq)]
pub(super) struct State {
    pub(super) name: Option<String>,
    pub(super) current: String,
    pub(super) active_step: Option<ActiveStep>,
    pub(super) project_dir: Option<String>,
    pub(super) mode: Option<Mode>,
    pub(super) max_tasks_per_batch: Option<usize>,
    pub(super) milestone_base: Option<String>,
    pub(super) carried_forward: Vec<String>,
    pub(super) batch_windows: Vec<BatchWindow>,
}

pub(super) fn read_state(artifact: &Artifact, findings: &mut Vec<Finding>) -> State {
    let Some(document) = &artifact.document else { return State::default() };
    let root = &document.root;
    let mut state =
        State { active_step: root.get("active_step").and_then(read_active_step), ..State::default() };
    let mut reader = Reader::new(&artifact.name, root, "", findings);
    state.name = reader.optional_text("name").filter(|name| !name.is_empty());
    state.current = reader.text("current_state");
    if let Some(config) = root.get("config").filter(|config| config.is_object()) {
        let mut reader = Reader::new(&artifact.name, config, "/config", findings);
        state.project_dir = reader.optional_text("project_dir").filter(|dir| !dir.is_empty());
        state.mode = reader.optional_text("mode").map(|mode| Mode::parse(Some(&mode)));
        state.max_tasks_per_batch = config.get("max_tasks_per_batch").and_then(Node::as_usize);
    }
    let steps = root.get("history").and_then(Node::as_array).unwrap_or_default();
    state.batch_windows = steps.iter().filter_map(read_window).collect();
    if let Some(policy) = root.get("meta").and_then(|meta| meta.get("chain_policy")) {
        state.milestone_base = policy.get("milestone_base_sha").and_then(Node::as_str).map(str::to_owned);
        state.carried_forward = read_carried(policy.get("carry_forward_manifest"));
    }
    state
}

/// The window of a step that wrote a batch file; its timestamp is its end (spec section 5, `history[]`).
fn read_window(step: &Node) -> Option<BatchWindow> {
    let output = step.get("output_file")?.as_str()?;
    let number = output.strip_prefix("execution_batch_")?.strip_suffix(".json")?;
    let end = step.get("timestamp").and_then(Node::as_str).and_then(parse_timestamp)?;
    let seconds = step.get("duration_ms").and_then(Node::as_usize).unwrap_or(0) / 1000;
    let start = end.saturating_sub(i64::try_from(seconds).ok()?);
    Some(BatchWindow { batch: number.parse().ok()?, start, end })
}

/// Any value but null is a recorded step, whatever its shape: what cannot be read counts as live.
fn read_active_step(node: &Node) -> Option<ActiveStep> {
    if node.is_null() {
        return None;
    }
    let text = |key: &str| node.get(key).and_then(Node::as_str);
    let pid = match node.get("worker_pid").map(|pid| &pid.value) {
        Some(Value::Number(digits)) => digits.parse().ok().filter(|pid: &i32| *pid > 0),
        _ => None,
    };
    // A sign of life that cannot be dated is one all the same.
    let last = match node.get("last_activity_at").filter(|last| !last.is_null()) {
        Some(_) => text("last_activity_at").and_then(parse_timestamp),
        None => text("started_at").and_then(parse_timestamp),
    };
    Some(ActiveStep {
        step: text("step").unwrap_or_default().to_owned(),
        worker_pid: pid,
        last_activity: last,
    })
}

/// A list of paths, or a map from path to anything, or either of them below another key (spec section 8).
fn read_carried(manifest: Option<&Node>) -> Vec<String> {
    let Some(manifest) = manifest else { return Vec::new() };
    match &manifest.value {
        Value::Array(items) => items.iter().filter_map(Node::as_str).map(str::to_owned).collect(),
        Value::Object(members) => {
            let nested = ["files", "paths"].iter().find_map(|key| manifest.get(key));
            nested.map_or_else(
                || members.iter().map(|member| member.key.clone()).collect(),
                |nested| read_carried(Some(nested)),
            )
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    #[test]
    fn steps_that_wrote_a_batch_are_windows() {
        let window = |text: &str| read_window(&parse(text, Limits::default()).unwrap().root);
        let step = r#"{"output_file": "execution_batch_3.json", "timestamp": "1970-01-01T01:00:00Z", "duration_ms": 60500}"#;
        assert_eq!(window(step), Some(BatchWindow { batch: 3, start: 3540, end: 3600 }));
        assert_eq!(window(r#"{"output_file": "execution_batch_3.json"}"#), None);
        assert_eq!(window(r#"{"output_file": "plan.md", "timestamp": "1970-01-01T01:00:00Z"}"#), None);
    }
}
