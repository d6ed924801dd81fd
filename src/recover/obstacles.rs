//! What has to be settled before the plan may go on.

use std::collections::HashSet;

use super::Input;
use super::repaired::Repaired;
use crate::gate::recovery::{Doubt, held_back};
use crate::model::{
    Assessment, BlockerDiagnosis, ClaimClass, Generation, Obstacle, Plan, Settlement, Status, TaskId, Verdict,
};

/// Everything that stops the recovery: blockers that nothing clears, claims about the work that hold, tasks that
/// are not over, evidence that is still missing, and tasks that the harness's own authority does not vouch for.
pub(super) fn obstacles(
    input: &Input<'_>,
    repaired: &Repaired,
    blockers: &[BlockerDiagnosis],
    generation: Generation,
) -> Vec<Obstacle> {
    let mut obstacles: Vec<Obstacle> = blockers
        .iter()
        .filter(|blocker| !blocker.settlement.is_clear())
        .map(|blocker| Obstacle {
            kind: blocker.settlement,
            reason: format!("{} ({})", quoted(&blocker.text), blocker.note),
            claim: Some(blocker.id.clone()),
        })
        .collect();
    let blocked = words(&obstacles);
    let open = open_tasks(input.plan, &|id| blocked.contains(id));
    obstacles.extend(open);
    obstacles.extend(input.claims.iter().filter_map(|assessed| claim(assessed, input.plan)));
    let asked: Vec<Obstacle> =
        obstacles.iter().filter(|it| it.kind == Settlement::NeedsAnswer).cloned().collect();
    let told = words(&asked);
    let silent: Vec<Obstacle> = repaired
        .hollow
        .iter()
        .filter(|task| !told.contains(&task.0))
        .map(|task| Obstacle {
            kind: Settlement::NeedsAnswer,
            reason: format!("evidence of {task} is missing, and only a person can name it"),
            claim: None,
        })
        .collect();
    obstacles.extend(silent);
    obstacles.extend(unvouched(input, repaired, generation));
    obstacles
}

/// Tasks over which the harness itself would refuse once the repair is written. Where evidence is missing that a
/// person can name, that is told already.
fn unvouched(input: &Input<'_>, repaired: &Repaired, generation: Generation) -> Vec<Obstacle> {
    let Some(held) = held_back(&repaired.plan, generation, input.history) else { return Vec::new() };
    let is_told = |task: &TaskId, doubt| doubt == Doubt::Nothing && repaired.hollow.contains(task);
    let untold = held.tasks.into_iter().filter(|(task, doubt)| !is_told(task, *doubt));
    let obstacle = |(task, doubt)| Obstacle {
        kind: Settlement::Unvouched,
        reason: format!("the harness's own authority does not vouch for {task}: {doubt}"),
        claim: held.blocker.clone().filter(|_| !held.is_waiting),
    };
    untold.map(obstacle).collect()
}

/// Every word of what is told already: `T1` is not part of `T10`.
fn words(obstacles: &[Obstacle]) -> HashSet<String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let reasons = obstacles.iter().flat_map(|obstacle| obstacle.reason.split(move |c: char| !is_part(c)));
    reasons.map(str::to_owned).collect()
}

/// Tasks that are not over, but for those that a blocker names.
fn open_tasks(plan: &Plan, is_told: &dyn Fn(&str) -> bool) -> Vec<Obstacle> {
    let open = plan.tasks.iter().filter(|task| !matches!(task.status, Status::Done | Status::Skipped));
    let open = open.filter(|task| !is_told(&task.id.0));
    let tasks = open.map(|task| Obstacle {
        kind: Settlement::Work,
        reason: format!("{} is `{}`", task.id, task.status.as_str()),
        claim: None,
    });
    let unreadable = (plan.unreadable_tasks > 0).then(|| Obstacle {
        kind: Settlement::Work,
        reason: "finalize.json has a row that is not over and cannot be read".to_owned(),
        claim: None,
    });
    tasks.chain(unreadable).collect()
}

/// A claim about the work that is no blocker itself. One of a review that an execute has answered since is judged
/// by the next review, on either route, unless it can be shown to hold.
fn claim(assessed: &Assessment, plan: &Plan) -> Option<Obstacle> {
    let claim = &assessed.claim;
    let is_ours =
        assessed.class == ClaimClass::Implementation && !claim.is_blocker && assessed.duplicate_of.is_none();
    let waits = claim.origin.artifact == "review.json" && !plan.standing.executed_since_review;
    let kind = match assessed.ruling.verdict {
        Verdict::Holds => Settlement::Work,
        Verdict::CannotTell if waits => Settlement::Undecided,
        Verdict::CannotTell | Verdict::Stale => return None,
    };
    is_ours.then(|| Obstacle {
        kind,
        reason: format!("{} ({})", quoted(&claim.text), assessed.ruling.reason.trim().trim_end_matches('.')),
        claim: Some(claim.id.clone()),
    })
}

/// A claim in quotation marks; it may be a page long.
fn quoted(text: &str) -> String {
    const MOST: usize = 200;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("\u{201c}{}\u{2026}\u{201d}", &line[..end]),
        None => format!("\u{201c}{line}\u{201d}"),
    }
}
