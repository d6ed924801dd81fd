//! Which blockers are answered, and how: one event each, as the harness keeps them in `state.json`. They are changes
//! of that file like any other.
//!
//! Only `accepted_with_debt` lets the harness that writes the flat layout go on; `fixed` makes it refuse until a
//! worker has run again (spec facts 1 and 2). So that is the word, and the note says that nothing is owed.

use super::write::RunContext;
use crate::gate::row_evidence;
use crate::json::Node;
use crate::model::{Assessment, ClaimClass, ClaimWitness, Plan, Resolution, StateChange, Verdict};

/// The word that lets the harness go on.
const ACCEPTED: &str = "accepted_with_debt";
/// Words of an operator that are never overruled.
const FINAL: [&str; 3] = [ACCEPTED, "manual_required", "rejected"];
/// Who answers.
const AUTHOR: &str = "taskproof";
/// Where answers are kept.
const LIST: &str = "quality_gate_resolutions";

/// Answers for every blocker that is stale with at least that confidence, and for every one that repeats an
/// accepted blocker whose subject has not changed.
///
/// A claim about the work that holds, or that nobody can decide, is never answered, whatever it repeats. An
/// answer that an operator gave for the very blocker is never overruled.
pub fn events(
    plan: &Plan,
    claims: &[Assessment],
    min_confidence: f64,
    context: &RunContext,
) -> Vec<StateChange> {
    let blockers = claims.iter().filter(|assessed| is_quality_blocker(assessed) && !is_answered(assessed));
    blockers
        .filter_map(|assessed| {
            let note = note(assessed, min_confidence)?;
            Some(StateChange::Append {
                list: LIST.to_owned(),
                record: event(plan, assessed, note, context),
                task: assessed.claim.task_ids.first().cloned(),
                confidence: assessed.ruling.confidence,
            })
        })
        .collect()
}

/// Only deviations are looked up among the answers.
fn is_quality_blocker(assessed: &Assessment) -> bool {
    assessed.claim.is_blocker && assessed.claim.origin.pointer.starts_with("/deviations")
}

fn is_answered(assessed: &Assessment) -> bool {
    let is_final = |answer: &Resolution| !answer.carried_over && FINAL.contains(&answer.resolution.as_str());
    assessed.resolution.as_ref().is_some_and(is_final)
}

fn note(assessed: &Assessment, min_confidence: f64) -> Option<String> {
    let ruling = &assessed.ruling;
    if ruling.verdict == Verdict::Stale && ruling.confidence >= min_confidence && ruling.witness.is_some() {
        return Some(format!("Stale, nothing is owed: {}", ruling.reason));
    }
    let carried =
        assessed.resolution.as_ref().filter(|answer| answer.carried_over && answer.resolution == ACCEPTED);
    carried.filter(|_| assessed.class != ClaimClass::Implementation).map(|answer| {
        format!("Repeats {}, which was accepted; what it is about has not changed since.", answer.blocker_id)
    })
}

/// The event, with its members in the harness's order.
fn event(plan: &Plan, assessed: &Assessment, note: String, context: &RunContext) -> Node {
    let phase = plan.phase_result.as_ref().map(|result| result.phase.clone());
    let phase = phase.filter(|phase| !phase.trim().is_empty()).unwrap_or_else(|| "execute".to_owned());
    Node::object([
        ("blocker_id", Node::text(&assessed.claim.id)),
        ("resolution", Node::text(ACCEPTED)),
        ("timestamp", Node::text(&context.now)),
        ("created_at", Node::text(&context.now)),
        ("created_by", Node::text(AUTHOR)),
        ("phase", Node::text(phase)),
        ("evidence", Node::texts(evidence(plan, assessed, context))),
        ("debt_note", Node::text(note)),
    ])
}

/// What shows it, what the rows said when it was shown, and where the record of the run is.
fn evidence(plan: &Plan, assessed: &Assessment, context: &RunContext) -> Vec<String> {
    let mut lines: Vec<String> = assessed.ruling.witness.iter().map(place).collect();
    let carried = assessed.resolution.iter().filter(|answer| answer.carried_over);
    lines.extend(carried.map(|answer| format!("answer for {}", answer.blocker_id)));
    let tasks = assessed.claim.task_ids.iter().filter_map(|id| plan.task(id));
    lines.extend(tasks.map(row_evidence));
    lines.push(format!(
        "taskproof {} verify-claims, run {}, recorded below .taskproof/runs",
        context.tool_version, context.run_id
    ));
    lines
}

fn place(witness: &ClaimWitness) -> String {
    let lines = match witness.lines {
        Some((first, last)) if first == last => format!(":{first}"),
        Some((first, last)) => format!(":{first}-{last}"),
        None => String::new(),
    };
    let blob = witness.blob.as_ref().map(|blob| format!(" blob {blob}")).unwrap_or_default();
    let commit = witness.commit.as_ref().map(|commit| format!(" commit {commit}")).unwrap_or_default();
    format!("{}{lines}{blob}{commit}", witness.path)
}
