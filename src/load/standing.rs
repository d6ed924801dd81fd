//! What `state.json` says of a stop. Whatever has another shape than the harness writes counts as not there,
//! exactly as it does for the harness's own recovery.

use crate::json::Node;
use crate::model::{Artifact, Failure, RecordedResolution, Standing};

pub(super) fn read_standing(artifact: &Artifact) -> Standing {
    let Some(document) = &artifact.document else { return Standing::default() };
    let root = &document.root;
    let cursor = root.get("resume_cursor").filter(|cursor| cursor.is_object());
    let meta = root.get("meta");
    let steps = root.get("history").and_then(Node::as_array).unwrap_or_default();
    let last = |name: &str| steps.iter().rposition(|step| text(step, "step") == name);
    Standing {
        resume_phase: cursor.map(|cursor| text(cursor, "phase").to_owned()),
        retry_strategy: cursor.map(|cursor| text(cursor, "retry_strategy").to_owned()).unwrap_or_default(),
        failure: root.get("latest_failure").filter(|failure| failure.is_object()).map(|failure| Failure {
            kind: text(failure, "kind").to_owned(),
            state: text(failure, "state").to_owned(),
        }),
        last_execute: last("execute").and_then(|at| steps[at].get("result")?.as_str()).map(str::to_owned),
        executed_since_review: last("execute")
            .is_some_and(|at| last("review").is_none_or(|review| review < at)),
        is_reviewed: is_reviewed(root.get("config")),
        invocation: meta.and_then(|meta| meta.get("current_invocation_id")?.as_str()).map(str::to_owned),
        keeps_versions: root.get("_state_meta").is_some(),
        resolutions: meta.map(read_resolutions).unwrap_or_default(),
    }
}

/// Plans of little robustness end with execute.
fn is_reviewed(config: Option<&Node>) -> bool {
    let robustness = config.map(|config| text(config, "robustness")).unwrap_or_default();
    let with_feedback = config.and_then(|config| config.get("with_feedback")).is_some_and(Node::is_truthy);
    with_feedback || !["light", "bare"].contains(&robustness)
}

/// Every event that names a blocker; the harness passes over the others.
fn read_resolutions(meta: &Node) -> Vec<RecordedResolution> {
    let events = meta.get("quality_gate_resolutions").and_then(Node::as_array).unwrap_or_default();
    let named = events.iter().filter(|event| !text(event, "blocker_id").trim().is_empty());
    named.map(read_resolution).collect()
}

fn read_resolution(event: &Node) -> RecordedResolution {
    let optional = |key: &str| event.get(key).filter(|value| !value.is_null());
    let is_text = |value: &Node| value.as_str().is_some_and(|text| !text.trim().is_empty());
    let evidence = optional("evidence");
    let is_list = |value: &Node| value.as_array().is_some_and(|items| items.iter().all(is_text));
    let texts = ["phase", "debt_note", "fallback_mode"];
    let owned = |key: &str| optional(key).and_then(Node::as_str).map(str::to_owned);
    let items = evidence.and_then(Node::as_array).unwrap_or_default();
    let time = ["timestamp", "created_at"].into_iter().map(|key| text(event, key));
    RecordedResolution {
        blocker_id: text(event, "blocker_id").to_owned(),
        resolution: text(event, "resolution").to_owned(),
        timestamp: time.into_iter().find(|time| !time.is_empty()).unwrap_or_default().to_owned(),
        phase: owned("phase"),
        evidence: items.iter().filter_map(Node::as_str).map(str::to_owned).collect(),
        debt_note: owned("debt_note"),
        is_malformed: texts.into_iter().filter_map(optional).any(|value| !is_text(value))
            || evidence.is_some_and(|evidence| !is_list(evidence)),
    }
}

fn text<'a>(node: &'a Node, key: &str) -> &'a str {
    node.get(key).and_then(Node::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    fn read(text: &str) -> Standing {
        let document = Some(parse(text, Limits::default()).unwrap());
        read_standing(&Artifact { name: "state.json".into(), text: text.into(), document })
    }

    #[test]
    fn the_stop_is_read() {
        let standing = read(
            r#"{"resume_cursor": {"phase": "execute", "retry_strategy": "fresh_session"},
                "latest_failure": {"kind": "execution_blocked", "state": "blocked"},
                "history": [{"step": "execute", "result": "success"}, {"step": "review", "result": "needs_rework"},
                    {"step": "execute", "result": "blocked"}],
                "meta": {"current_invocation_id": "9f"}, "_state_meta": {}}"#,
        );
        assert_eq!(standing.resume_phase.as_deref(), Some("execute"));
        assert_eq!(standing.failure.unwrap().kind, "execution_blocked");
        assert_eq!(standing.last_execute.as_deref(), Some("blocked"));
        assert!(standing.executed_since_review && standing.keeps_versions);
        assert_eq!(standing.invocation.as_deref(), Some("9f"));
    }

    #[test]
    fn other_shapes_count_as_not_there() {
        let standing = read(r#"{"resume_cursor": "execute", "latest_failure": null, "meta": []}"#);
        assert_eq!(standing, Standing { is_reviewed: true, ..Standing::default() });
        let review_last = read(r#"{"history": [{"step": "execute"}, {"step": "review"}, 7]}"#);
        assert!(!review_last.executed_since_review && review_last.last_execute.is_none());
    }

    #[test]
    fn resolutions_keep_what_the_validator_looks_at() {
        let standing = read(
            r#"{"meta": {"quality_gate_resolutions": [
                {"blocker_id": "q1", "resolution": "fixed", "created_at": "2026-01-01T00:00:00Z", "evidence": null},
                {"blocker_id": " ", "resolution": "fixed"},
                {"blocker_id": "q2", "resolution": 3, "timestamp": "2", "created_at": "1", "evidence": ["", "a"]}]}}"#,
        );
        let [first, second] = standing.resolutions.as_slice() else { panic!("two events name a blocker") };
        assert_eq!((first.timestamp.as_str(), first.is_malformed), ("2026-01-01T00:00:00Z", false));
        assert_eq!((second.timestamp.as_str(), second.resolution.as_str()), ("2", ""));
        assert!(second.is_malformed);
    }
}
