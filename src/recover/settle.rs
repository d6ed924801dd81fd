//! What settles each blocker.

use std::collections::{HashMap, HashSet};

use super::Input;
use super::repaired::{Repaired, by_task, filled};
use crate::gate::recovery::{Answer, current_blockers};
use crate::gate::{blocker_id, row_evidence};
use crate::model::{
    Answered, Assessment, Blocker, BlockerDiagnosis, ClaimClass, Generation, Settlement, Task, TaskId,
    Verdict,
};

/// What blockers are settled by, looked up once.
struct Grounds<'a> {
    claims: HashMap<(&'a str, &'a str), &'a Assessment>,
    hollow: HashSet<&'a TaskId>,
    mended: HashSet<&'a TaskId>,
    generation: Generation,
    min_confidence: f64,
}

/// Every blocker with what settles it, in the order of the record, each id once. Where several share an id, one that
/// is not clear decides: an answer to the id would be one to all of them.
pub(super) fn settle(
    input: &Input<'_>,
    repaired: &Repaired,
    generation: Generation,
) -> Vec<BlockerDiagnosis> {
    let Some(result) = &input.plan.phase_result else { return Vec::new() };
    let grounds = Grounds {
        claims: by_id_and_text(input.claims),
        hollow: repaired.hollow.iter().collect(),
        mended: repaired.mended.iter().collect(),
        generation,
        min_confidence: input.min_confidence,
    };
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut settled: Vec<BlockerDiagnosis> = Vec::new();
    for (blocker, current) in result.deviations.iter().zip(current_blockers(input.plan, generation)) {
        let assessed = grounds.assessment(blocker);
        let is_known = |id: &str| places.contains_key(id);
        let (settlement, note) = grounds.settlement(assessed, current.answer, &is_known);
        let diagnosis = BlockerDiagnosis {
            id: current.id.clone(),
            text: blocker.message.clone(),
            pointer: current.pointer,
            // Nothing unknown is waved through.
            class: assessed.map_or(ClaimClass::Implementation, |assessed| assessed.class),
            verdict: assessed.map_or(Verdict::CannotTell, |assessed| assessed.ruling.verdict),
            settlement,
            note,
        };
        match places.get(&current.id) {
            Some(&at) if settled[at].settlement.is_clear() && !settlement.is_clear() => {
                settled[at] = diagnosis;
            }
            Some(_) => {}
            None => {
                places.insert(current.id, settled.len());
                settled.push(diagnosis);
            }
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

/// Blockers among the claims. A recorded id may stand for several messages, so the message counts as well.
fn by_id_and_text(claims: &[Assessment]) -> HashMap<(&str, &str), &Assessment> {
    blockers_of(claims)
        .map(|assessed| ((assessed.claim.id.as_str(), assessed.claim.text.as_str()), assessed))
        .collect()
}

fn blockers_of(claims: &[Assessment]) -> impl Iterator<Item = &Assessment> {
    claims.iter().filter(|assessed| assessed.claim.is_blocker)
}

type Settled = (Settlement, String);

impl<'a> Grounds<'a> {
    /// What was found out about a blocker: claims carry the early generation's ids.
    fn assessment(&self, blocker: &Blocker) -> Option<&'a Assessment> {
        self.claims.get(&(blocker_id(blocker).as_str(), blocker.message.as_str())).copied()
    }

    fn settlement(
        &self,
        assessed: Option<&Assessment>,
        answer: Answer,
        is_known: &dyn Fn(&str) -> bool,
    ) -> Settled {
        if answer.lets_pass(self.generation) {
            return (Settlement::Answered, "it has an answer that the harness takes".to_owned());
        }
        if answer == Answer::Held {
            let note =
                "somebody recorded that a person has to look, or said no; only they can take that back";
            return (Settlement::Held, note.to_owned());
        }
        let Some(assessed) = assessed else {
            return (Settlement::Undecided, "nothing is known about it".to_owned());
        };
        let first = match assessed.class {
            ClaimClass::Implementation => about_work(assessed, self.min_confidence),
            ClaimClass::Metadata => self.about_evidence(assessed),
            ClaimClass::Informational => {
                (Settlement::Informational, "it was said for the record and asks for nothing".to_owned())
            }
        };
        match duplicate(assessed, is_known) {
            Some(note) if first.0.is_clear() => (Settlement::Duplicate, note),
            _ => first,
        }
    }

    /// Bookkeeping is judged by what it will be once the repair is written.
    fn about_evidence(&self, assessed: &Assessment) -> Settled {
        let named = |tasks: &HashSet<&TaskId>| -> Vec<String> {
            let named = assessed.claim.task_ids.iter().filter(|task| tasks.contains(task));
            named.map(ToString::to_string).collect()
        };
        let (hollow, mended) = (named(&self.hollow), named(&self.mended));
        if !hollow.is_empty() {
            let note = format!("evidence of {} is missing, and only a person can name it", hollow.join(", "));
            return (Settlement::NeedsAnswer, note);
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
            Verdict::Holds | Verdict::CannotTell => {
                (Settlement::Undecided, sentence(&assessed.ruling.reason))
            }
        }
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

/// Why a blocker needs no settling of its own: it repeats another, or an answer to its equal still counts.
fn duplicate(assessed: &Assessment, is_known: &dyn Fn(&str) -> bool) -> Option<String> {
    if let Some(original) = assessed.duplicate_of.as_ref().filter(|original| is_known(original)) {
        return Some(format!("it says the same as `{original}`"));
    }
    let carried = assessed.resolution.as_ref().filter(|resolution| resolution.carried_over)?;
    let (id, word) = (&carried.blocker_id, &carried.resolution);
    let note =
        format!("`{id}` said the same and was answered {word}; what it is about has not changed since");
    ["accepted_with_debt", "fixed"].contains(&word.as_str()).then_some(note)
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
    let claims: HashMap<&str, &Assessment> = blockers_of(input.claims)
        .map(|assessed| (assessed.claim.origin.pointer.as_str(), assessed))
        .collect();
    let tasks: HashMap<&TaskId, &Task> = input.plan.tasks.iter().map(|task| (&task.id, task)).collect();
    let fills = by_task(input.fills);
    // The rows of the tasks that a blocker names, as they will be.
    let row = |id: &TaskId| {
        let fills = fills.get(id).map(Vec::as_slice).unwrap_or_default();
        tasks.get(id).map(|task| row_evidence(&filled(task, fills)))
    };
    let is_open = |blocker: &&BlockerDiagnosis| {
        blocker.settlement.is_clear() && blocker.settlement != Settlement::Answered
    };
    blockers
        .iter()
        .filter(is_open)
        .map(|blocker| Answered {
            id: blocker.id.clone(),
            resolution: match (generation, blocker.settlement) {
                (Generation::Late, Settlement::Repaired | Settlement::Stale | Settlement::Duplicate) => {
                    "fixed"
                }
                _ => "accepted_with_debt",
            },
            note: format!("{}: {}", blocker.settlement.as_str(), blocker.note),
            rows: claims
                .get(blocker.pointer.as_str())
                .map(|assessed| assessed.claim.task_ids.iter().filter_map(row).collect())
                .unwrap_or_default(),
        })
        .collect()
}
