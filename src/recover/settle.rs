//! What settles each blocker.

use std::collections::BTreeSet;

use super::Input;
use super::repaired::{Repaired, filled};
use crate::gate::recovery::{Answer, current_blockers};
use crate::gate::{blocker_id, row_evidence};
use crate::model::{
    Answered, Assessment, Blocker, BlockerDiagnosis, ClaimClass, Generation, Settlement, TaskId, Verdict,
};

/// Every blocker with what settles it, in the order of the record, each id once.
pub(super) fn settle(
    input: &Input<'_>,
    repaired: &Repaired,
    generation: Generation,
) -> Vec<BlockerDiagnosis> {
    let Some(result) = &input.plan.phase_result else { return Vec::new() };
    let current = current_blockers(input.plan, generation);
    let mut seen = BTreeSet::new();
    let mut settled: Vec<BlockerDiagnosis> = Vec::new();
    for (blocker, current) in result.deviations.iter().zip(current) {
        if seen.insert(current.id.clone()) {
            let assessed = assessment(input.claims, blocker);
            let (settlement, note) =
                settlement(input, repaired, assessed, current.answer, generation, &settled);
            settled.push(BlockerDiagnosis {
                id: current.id,
                text: blocker.message.clone(),
                pointer: current.pointer,
                // Nothing unknown is waved through.
                class: assessed.map_or(ClaimClass::Implementation, |assessed| assessed.class),
                verdict: assessed.map_or(Verdict::CannotTell, |assessed| assessed.ruling.verdict),
                settlement,
                note,
            });
        }
    }
    settled.extend(result.blocked_tasks.iter().enumerate().map(|(at, (task, reason))| BlockerDiagnosis {
        id: format!("blocked_task:{task}"),
        text: reason.clone(),
        pointer: format!("/blocked_tasks/{at}"),
        class: ClaimClass::Implementation,
        verdict: Verdict::Holds,
        settlement: Settlement::Work,
        note: format!("`{task}` was reported blocked and waits for a person: {reason}"),
    }));
    settled
}

/// What was found out about a blocker: claims carry the early generation's ids.
fn assessment<'a>(claims: &'a [Assessment], blocker: &Blocker) -> Option<&'a Assessment> {
    let id = blocker_id(blocker);
    claims.iter().find(|assessed| assessed.claim.is_blocker && assessed.claim.id == id)
}

type Settled = (Settlement, String);

fn settlement(
    input: &Input<'_>,
    repaired: &Repaired,
    assessed: Option<&Assessment>,
    answer: Answer,
    generation: Generation,
    earlier: &[BlockerDiagnosis],
) -> Settled {
    if answer.lets_pass(generation) {
        return (Settlement::Answered, "it has an answer that the harness takes".to_owned());
    }
    if answer == Answer::Held {
        let note = "somebody recorded that a person has to look, or said no; only they can take that back";
        return (Settlement::Held, note.to_owned());
    }
    let Some(assessed) = assessed else {
        return (Settlement::Undecided, "nothing is known about it".to_owned());
    };
    let first = match assessed.class {
        ClaimClass::Implementation => about_work(assessed, input.min_confidence),
        ClaimClass::Metadata => about_evidence(assessed, repaired),
        ClaimClass::Informational => {
            (Settlement::Informational, "it was said for the record and asks for nothing".to_owned())
        }
    };
    match duplicate(assessed, earlier) {
        Some(note) if first.0.is_clear() => (Settlement::Duplicate, note),
        _ => first,
    }
}

fn about_work(assessed: &Assessment, min_confidence: f64) -> Settled {
    let ruling = &assessed.ruling;
    let settlement = match ruling.verdict {
        Verdict::Stale if ruling.confidence >= min_confidence => Settlement::Stale,
        Verdict::Stale | Verdict::CannotTell => Settlement::Undecided,
        Verdict::Holds => Settlement::Work,
    };
    (settlement, sentence(&ruling.reason))
}

/// Bookkeeping is judged by what it will be once the repair is written.
fn about_evidence(assessed: &Assessment, repaired: &Repaired) -> Settled {
    let named = |tasks: &[TaskId]| -> Vec<String> {
        let named = tasks.iter().filter(|task| assessed.claim.task_ids.contains(task));
        named.map(ToString::to_string).collect()
    };
    let (hollow, mended) = (named(&repaired.hollow), named(&repaired.mended));
    if !hollow.is_empty() {
        return (
            Settlement::NeedsAnswer,
            format!("evidence of {} is missing, and only a person can name it", hollow.join(", ")),
        );
    }
    if !mended.is_empty() {
        return (Settlement::Repaired, format!("evidence of {} is filled in", mended.join(", ")));
    }
    match assessed.ruling.verdict {
        Verdict::Stale => (Settlement::Stale, sentence(&assessed.ruling.reason)),
        // What it asks for is no gap by the rules that gate and recovery share.
        Verdict::Holds | Verdict::CannotTell if !assessed.claim.task_ids.is_empty() => {
            (Settlement::Stale, "by the gate's own rules the tasks it names lack nothing".to_owned())
        }
        Verdict::Holds | Verdict::CannotTell => (Settlement::Undecided, sentence(&assessed.ruling.reason)),
    }
}

/// Why a blocker needs no settling of its own: it repeats another, or an answer to its equal still counts.
fn duplicate(assessed: &Assessment, earlier: &[BlockerDiagnosis]) -> Option<String> {
    if let Some(original) = &assessed.duplicate_of {
        let repeats = earlier.iter().any(|blocker| &blocker.id == original);
        return repeats.then(|| format!("it says the same as `{original}`"));
    }
    let carried = assessed.resolution.as_ref().filter(|resolution| resolution.carried_over)?;
    Some(format!(
        "`{}` said the same and was answered; what it is about has not changed since",
        carried.blocker_id
    ))
}

fn sentence(text: &str) -> String {
    text.trim().trim_end_matches('.').to_owned()
}

/// The answer for every blocker that has none yet, in the form that the generation accepts.
pub(super) fn answers(
    input: &Input<'_>,
    blockers: &[BlockerDiagnosis],
    generation: Generation,
) -> Vec<Answered> {
    let plan = input.plan;
    let deviations = plan.phase_result.as_ref().map_or(0, |result| result.deviations.len());
    let is_open = |blocker: &&BlockerDiagnosis| {
        blocker.settlement.is_clear() && blocker.settlement != Settlement::Answered
    };
    let open = blockers.iter().take(deviations).filter(is_open);
    open.map(|blocker| Answered {
        id: blocker.id.clone(),
        resolution: match (generation, blocker.settlement) {
            (Generation::Late, Settlement::Repaired | Settlement::Stale | Settlement::Duplicate) => "fixed",
            _ => "accepted_with_debt",
        },
        note: format!("{}: {}", blocker.settlement.as_str(), blocker.note),
        rows: rows(input, blocker),
    })
    .collect()
}

/// The rows of the tasks that a blocker names, as they will be.
fn rows(input: &Input<'_>, blocker: &BlockerDiagnosis) -> Vec<String> {
    let assessed = input
        .claims
        .iter()
        .find(|assessed| assessed.claim.is_blocker && assessed.claim.origin.pointer == blocker.pointer);
    let tasks = assessed.iter().flat_map(|assessed| &assessed.claim.task_ids);
    tasks.filter_map(|id| input.plan.task(id)).map(|task| row_evidence(&filled(task, input.fills))).collect()
}
