//! What claims mean for a plan as a whole.

use rayon::prelude::*;

use super::messages::{Message, Subject};
use crate::model::{Assessment, ClaimClass, Code, Finding, Plan, PlanStatus, Status, TaskId, Verdict};
use crate::word_list::{is_spaced, words};

/// More tasks than this in one message are not looked up.
const LISTED: usize = 2000;

/// The status of a plan with its claims: work is missing as long as a claim about the work holds. Recorded
/// answers do not count: they stand in the plan's own files, and whoever writes those must not loosen the gate.
pub fn status_with_claims(status: PlanStatus, claims: &[Assessment]) -> PlanStatus {
    match claims.iter().any(is_blocking) {
        true => PlanStatus::BlockedImplementation,
        false => status,
    }
}

/// An error for every claim about the work that holds, a warning for every one that nobody can decide.
/// What is said again is not reported again.
pub fn claim_findings(claims: &[Assessment]) -> Vec<Finding> {
    let first = claims
        .par_iter()
        .filter(|assessed| assessed.duplicate_of.is_none() && assessed.class == ClaimClass::Implementation);
    first.filter_map(finding).collect()
}

fn finding(assessed: &Assessment) -> Option<Finding> {
    let claim = &assessed.claim;
    let (code, what) = match assessed.ruling.verdict {
        Verdict::Holds => (Code::ImplementationClaim, "holds"),
        Verdict::CannotTell => (Code::UndecidedClaim, "could not be decided"),
        Verdict::Stale => return None,
    };
    let said = shortened(&claim.text);
    let message = ["`", &claim.id, "` ", what, ": ", &said, " ", &assessed.ruling.reason].concat();
    Some(Finding::new(code, &claim.origin.artifact, message).at(claim.origin.pointer.clone()))
}

fn is_blocking(assessed: &Assessment) -> bool {
    assessed.class == ClaimClass::Implementation && assessed.ruling.verdict == Verdict::Holds
}

/// A claim may be a page long.
fn shortened(text: &str) -> String {
    /// Characters of a claim that a finding quotes.
    const MOST: usize = 160;
    let mut line = String::with_capacity(text.len().min(4 * MOST) + 16);
    line.push('\u{201c}');
    let start = line.len();
    // Most claims are one line, and then as much as may be shown is taken as it is.
    let (spaced, rest) = if is_spaced(text) { (&text[..text.len().min(MOST + 1)], "") } else { ("", text) };
    line.push_str(spaced);
    for word in words(rest) {
        if line.len() > start {
            line.push(' ');
        }
        line.push_str(word);
        // No character takes more than four bytes.
        if line.len() > start + 4 * MOST {
            break;
        }
    }
    // There are no more characters than bytes.
    let end = if line.len() > start + MOST { line[start..].char_indices().nth(MOST) } else { None };
    if let Some((end, _)) = end {
        line.truncate(start + end);
        line.push('\u{2026}');
    }
    line.push_str("\u{201d}.");
    line
}

/// Whether every task that a message names is there and done: only then is it about bookkeeping.
pub fn names_done_tasks(message: &Message, plan: &Plan) -> bool {
    let is_done = |id: &str| plan.task(&TaskId::from(id)).is_some_and(|task| task.status == Status::Done);
    match &message.subject {
        // A list beyond all reason is no bookkeeping.
        Subject::Tasks(ids) => ids.len() <= LISTED && ids.iter().all(|id| is_done(id)),
        Subject::Name(id) => is_done(id),
        _ => true,
    }
}
