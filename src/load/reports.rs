//! What gate and reviewer reported: `phase_result.json` and `review.json` (spec section 5).

use super::fields::{Reader, rows};
use crate::json::{Node, child};
use crate::model::{Artifact, Blocker, Finding, PhaseResult, Review, TaskId};

pub(super) fn read_phase_result(artifact: &Artifact, findings: &mut Vec<Finding>) -> PhaseResult {
    let Some(document) = &artifact.document else { return PhaseResult::default() };
    let mut reader = Reader::new(&artifact.name, &document.root, "", findings);
    let mut result = PhaseResult {
        phase: reader.text("phase"),
        exit_kind: reader.text("exit_kind"),
        invocation_id: reader.text("invocation_id"),
        names_schema: document.root.get("schema").is_some(),
        ..PhaseResult::default()
    };
    for (pointer, _, node) in rows(&artifact.name, &document.root, "deviations", findings) {
        result.deviations.extend(read_blocker(Reader::new(&artifact.name, node, pointer, findings)));
    }
    for (pointer, _, node) in rows(&artifact.name, &document.root, "blocked_tasks", findings) {
        let mut reader = Reader::new(&artifact.name, node, pointer, findings);
        if node.is_object() {
            result.blocked_tasks.push((TaskId(reader.text("task_id")), reader.text("reason")));
        } else {
            reader.reject(&format!("expected an object, found {}", node.type_name()));
        }
    }
    result
}

fn read_blocker(mut reader: Reader<'_>) -> Option<Blocker> {
    if let Some(message) = reader.node.as_str() {
        let kind = "quality_gate".to_owned();
        return Some(Blocker {
            pointer: reader.pointer,
            kind,
            message: message.to_owned(),
            task_id: None,
            explicit_id: None,
        });
    }
    if !reader.node.is_object() {
        reader.reject(&format!("expected an object, found {}", reader.node.type_name()));
        return None;
    }
    Some(Blocker {
        kind: reader.optional_text("kind").unwrap_or_else(|| "quality_gate".to_owned()),
        message: reader.text("message"),
        task_id: reader.optional_text("task_id").filter(|id| !id.is_empty()),
        explicit_id: reader.optional_text("blocker_id").filter(|id| !id.is_empty()),
        pointer: reader.pointer,
    })
}

pub(super) fn read_review(artifact: &Artifact, findings: &mut Vec<Finding>) -> Review {
    let Some(document) = &artifact.document else { return Review::default() };
    let root = &document.root;
    let mut review = Review {
        verdict: Reader::new(&artifact.name, root, "", findings).text("review_verdict"),
        ..Review::default()
    };
    for (pointer, _, node) in rows(&artifact.name, root, "task_verdicts", findings) {
        let list = child(&pointer, "evidence_files");
        let mut reader = Reader::new(&artifact.name, node, pointer, findings);
        if !node.is_object() {
            reader.reject(&format!("expected an object, found {}", node.type_name()));
            continue;
        }
        let files = reader.strings("evidence_files").unwrap_or_default();
        review.evidence.push((TaskId(reader.text("task_id")), files, list));
    }
    let rework = root.get("rework_items").and_then(Node::as_array).unwrap_or_default();
    review.rework =
        rework.iter().filter_map(|item| item.get("task_id")?.as_str()).map(TaskId::from).collect();
    review
}
