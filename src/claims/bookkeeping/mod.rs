//! The harness's own messages, recomputed by the harness's own rules against the records and git as they are
//! now. One file per family of templates.

mod evidence;
mod notes;
mod paths;
mod rows;
mod since;
mod statuses;
mod tracking;
mod witness;

use crate::gate::{Family, Message, Subject, parse_message};
use crate::model::{Claim, ClaimKind, ClaimWitness, History, Plan, ProjectPaths, Ruling, TaskId, Verdict};

use super::Sources;

/// How sure a recomputation is. It is the harness's own rule on the harness's own records; what is left is the
/// chance that a record is read otherwise than the harness reads it.
const RECOMPUTED: f64 = 0.99;
/// Nothing to compute with.
pub(super) const UNKNOWN: f64 = 0.5;
/// More tasks than this in one message are not looked up.
const LISTED: usize = 2000;
/// More members than this are not spelled out in a reason.
const NAMED: usize = 4;

/// The records of a plan, and what git says of it.
#[derive(Clone, Copy)]
pub struct Records<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its range and the uncommitted changes.
    pub history: &'a History,
    /// How its paths are placed.
    pub paths: &'a ProjectPaths,
}

/// What the harness's rules say of a claim that is one of its own messages; `None` if no template matches it.
///
/// Without records only claims about files that git does not show can be decided, by what changed since they
/// were made.
pub(super) fn ruling(
    claim: &Claim,
    message: Option<&Message>,
    records: Option<&Records<'_>>,
    sources: Option<&dyn Sources>,
) -> Option<Ruling> {
    if let Some(records) = records
        && statuses::is_blocked_task(claim)
    {
        return Some(statuses::blocked_task(claim, records));
    }
    let message = message?;
    Some(match records {
        Some(records) => recompute(message, records),
        None if matches!(message.family, Family::PhantomFiles | Family::PhantomObserved) => {
            since::phantom(claim, message, sources)
        }
        None => cannot_tell(
            message.family.kind(),
            "Only the plan's records decide this message of the harness; name the plan with `--plan`.",
        ),
    })
}

/// The message that a claim is, if it is one of the harness's.
pub(super) fn message(claim: &Claim, plan: Option<&Plan>) -> Option<Message> {
    let is_task_id = |id: &str| plan.is_some_and(|plan| plan.task(&TaskId::from(id)).is_some());
    parse_message(&claim.text, &is_task_id)
}

fn recompute(message: &Message, records: &Records<'_>) -> Ruling {
    use Family as F;
    if let Subject::Tasks(ids) = &message.subject
        && ids.len() > LISTED
    {
        return cannot_tell(message.family.kind(), "It names more tasks than are looked at.");
    }
    match (message.family, &message.subject) {
        (
            F::HollowDone | F::HollowTest | F::HollowDocs | F::HollowNotes | F::HollowAudit,
            Subject::Tasks(ids),
        ) => evidence::hollow(ids, records),
        (F::HollowProse, Subject::Tasks(ids)) => evidence::prose(ids, records),
        (F::Advisory | F::AdvisoryTest | F::AdvisoryDocs | F::AdvisoryNotes, Subject::Tasks(ids)) => {
            evidence::advisory(ids, records)
        }
        (
            F::Pending
            | F::SkippedUnexplained
            | F::BlockedUnexplained
            | F::ReportedBlocked
            | F::TreatedAsSatisfied,
            Subject::Tasks(ids),
        ) => statuses::listed(message.family, ids, records),
        (F::UntrackedTasks, Subject::Count { open, all }) => tracking::tasks(*open, *all, records),
        (F::UntrackedChecks, Subject::Count { open, all }) => tracking::checks(*open, *all, records),
        (F::Unacknowledged | F::PerfunctoryCheck, Subject::Name(id)) => {
            tracking::check(message.family, id, records)
        }
        (F::PerfunctoryNotes, Subject::Name(id)) => tracking::notes(id, records),
        (F::PhantomFiles | F::PhantomObserved, Subject::Paths(list)) => paths::phantom(list, records),
        (F::UnclaimedFiles | F::UnclaimedObserved | F::ScopeDrift, Subject::Paths(list)) => {
            paths::unclaimed(list, records)
        }
        (F::MalformedRow | F::EmptyField, Subject::Row { list, at }) => {
            rows::skipped(message.family, list, *at, records)
        }
        (F::UnknownTask, Subject::Name(id)) => rows::unknown(id, records),
        (F::DuplicateRow, Subject::Name(id)) => rows::duplicate(id, records),
        (F::Backfilled, Subject::Name(id)) => notes::backfilled(id, records),
        (F::AutoAttributed, _) => notes::recorded("The harness gave changed files to tasks."),
        (F::Noted, Subject::Text(text)) => notes::noted(text, records),
        (F::TimedOut, _) => notes::timed_out(records),
        (family, _) => cannot_tell(family.kind(), "Reading records does not decide it."),
    }
}

/// How it stands with one member of a message's list.
enum Standing {
    /// The message is still right about it, and what shows it.
    Holds(String, Option<ClaimWitness>),
    /// It is not any more, and what shows it.
    Gone(String, Option<ClaimWitness>),
    /// Nobody can tell.
    Open(String),
}

/// The ruling over all members: right as long as one holds, stale only if none does and none is open.
fn conclude(kind: ClaimKind, members: Vec<Standing>) -> Ruling {
    let (mut holds, mut gone, mut open) = (Vec::new(), Vec::new(), Vec::new());
    let (mut confirmed, mut refuted) = (None, None);
    for member in members {
        match member {
            Standing::Holds(why, proof) => {
                confirmed = confirmed.or(proof);
                holds.push(why);
            }
            Standing::Open(why) => open.push(why),
            Standing::Gone(why, proof) => {
                refuted = refuted.or(proof);
                gone.push(why);
            }
        }
    }
    let (verdict, reasons) = match (holds.is_empty(), open.is_empty(), gone.is_empty()) {
        (false, ..) => (Verdict::Holds, holds),
        (_, false, _) => (Verdict::CannotTell, open),
        (.., false) => (Verdict::Stale, gone),
        _ => (Verdict::CannotTell, vec!["it names nothing".to_owned()]),
    };
    match verdict {
        // Without something to show for it nothing is stale.
        Verdict::Stale if refuted.is_none() => cannot_tell(kind, &sentence(&reasons)),
        Verdict::CannotTell => cannot_tell(kind, &sentence(&reasons)),
        _ => Ruling {
            kind,
            verdict,
            confidence: RECOMPUTED,
            reason: sentence(&reasons),
            witness: if verdict == Verdict::Stale { refuted } else { confirmed },
        },
    }
}

fn sentence(reasons: &[String]) -> String {
    let mut parts: Vec<String> = reasons.iter().take(NAMED).cloned().collect();
    if reasons.len() > NAMED {
        parts.push(format!("and so on for {} more", reasons.len() - NAMED));
    }
    let text = parts.join("; ");
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

fn cannot_tell(kind: ClaimKind, reason: &str) -> Ruling {
    Ruling {
        kind,
        verdict: Verdict::CannotTell,
        confidence: UNKNOWN,
        reason: reason.to_owned(),
        witness: None,
    }
}

fn holds(kind: ClaimKind, reason: String, witness: Option<ClaimWitness>) -> Ruling {
    Ruling { kind, verdict: Verdict::Holds, confidence: RECOMPUTED, reason, witness }
}

fn stale(kind: ClaimKind, reason: String, witness: ClaimWitness) -> Ruling {
    Ruling { kind, verdict: Verdict::Stale, confidence: RECOMPUTED, reason, witness: Some(witness) }
}

#[cfg(test)]
mod tests;
