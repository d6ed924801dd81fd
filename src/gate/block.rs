//! What the harness still holds against a plan whose evidence may be complete by now.
//!
//! The harness's recovery reads `phase_result.json` and never looks at a repaired `finalize.json` (spec
//! facts 1 and 2), so a complete plan can stay blocked until `taskproof recover` is run.

use super::blocker::blocker_id;
use super::messages::{Class, classify};
use crate::model::{Code, Finding, Plan, PlanStatus, SenseCheck, Status, TaskId};

/// A finding that names the next step when the plan is complete and the harness still records a block.
pub fn still_blocked(plan: &Plan, status: PlanStatus) -> Option<Finding> {
    let blocked = plan.current_state == "blocked";
    (blocked && status == PlanStatus::Complete).then(|| {
        let message = "the evidence is complete, but the harness still records the block; clearing it is what \
                       `taskproof recover` is for";
        Finding::new(Code::StillBlocked, "state.json", message).at("/current_state")
    })
}

/// A warning for every sense check of a done task that nobody acknowledged: the harness blocks on it, too
/// (spec section 3).
pub fn unacknowledged(plan: &Plan) -> Vec<Finding> {
    let is_open = |check: &&SenseCheck| {
        check.executor_note.trim().is_empty()
            && plan.task(&check.task_id).is_some_and(|task| task.status == Status::Done)
    };
    let finding = |check: &SenseCheck| {
        let message =
            format!("sense check `{}` of `{}` has no executor acknowledgment", check.id, check.task_id);
        Finding::new(Code::Unacknowledged, "finalize.json", message).at("/sense_checks")
    };
    plan.sense_checks.iter().filter(is_open).map(finding).collect()
}

/// A warning for every recorded blocker that is about the work and not about bookkeeping.
///
/// Nobody has verified it here, so it weighs nothing in the status.
pub fn implementation_claims(plan: &Plan) -> Vec<Finding> {
    let Some(result) = &plan.phase_result else { return Vec::new() };
    let is_task_id = |id: &str| plan.task(&TaskId::from(id)).is_some();
    let deviations = result
        .deviations
        .iter()
        .filter(|blocker| match classify(&blocker.message, &is_task_id) {
            Class::Implementation => true,
            // Bookkeeping is bookkeeping only if all the tasks it names are done (spec section 7).
            Class::Metadata => !named_tasks(&blocker.message).all(|id| is_done(plan, id)),
            Class::Informational => false,
        })
        .map(|blocker| {
            let message = format!(
                "`{}` is about the work, not about bookkeeping: {}",
                blocker_id(blocker),
                blocker.message
            );
            Finding::new(Code::ImplementationClaim, "phase_result.json", message).at(blocker.pointer.clone())
        });
    let blocked = result.blocked_tasks.iter().enumerate().map(|(at, (task, reason))| {
        let message = format!("`{task}` was reported blocked: {reason}");
        Finding::new(Code::ImplementationClaim, "phase_result.json", message)
            .at(format!("/blocked_tasks/{at}"))
    });
    deviations.chain(blocked).collect()
}

/// The ids after the last `: `, or of a message that is nothing else.
fn named_tasks(message: &str) -> impl Iterator<Item = &str> {
    message.rsplit(": ").next().unwrap_or(message).split(", ").map(str::trim)
}

fn is_done(plan: &Plan, id: &str) -> bool {
    plan.task(&TaskId::from(id)).is_some_and(|task| task.status == Status::Done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Blocker, PhaseResult, testing};

    #[test]
    fn only_claims_about_the_work_are_reported() {
        let mut plan = testing::plan(vec![testing::task("T1")]);
        let blocker = |message: &str| Blocker {
            pointer: "/deviations/0".into(),
            kind: "quality_gate".into(),
            message: message.into(),
            task_id: None,
            explicit_id: None,
        };
        let deviations = vec![
            blocker("Done tasks missing both files_changed and commands_run: T1"),
            blocker("patch_corruption: a.py line 3: invalid syntax"),
            blocker("Done tasks missing both files_changed and commands_run: T1, T99"),
        ];
        plan.phase_result = Some(PhaseResult { deviations, ..PhaseResult::default() });
        let found = implementation_claims(&plan);
        assert_eq!(found.len(), 2);
        assert!(found[0].message.contains("patch_corruption") && found[1].message.contains("T99"));
    }

    #[test]
    fn checks_that_nobody_acknowledged_are_reported() {
        let mut plan = testing::plan(vec![testing::task("T1")]);
        let check = |id: &str, note: &str| SenseCheck {
            id: id.into(),
            task_id: "T1".into(),
            question: String::new(),
            executor_note: note.into(),
        };
        plan.sense_checks = vec![check("SC1", "Yes."), check("SC2", " ")];
        let found = unacknowledged(&plan);
        assert!(found.len() == 1 && found[0].message.contains("`SC2`"));
    }

    #[test]
    fn a_complete_plan_that_is_still_blocked_is_told_what_comes_next() {
        let mut plan = testing::plan(Vec::new());
        assert!(still_blocked(&plan, PlanStatus::Complete).is_none());
        plan.current_state = "blocked".into();
        assert!(still_blocked(&plan, PlanStatus::BlockedMetadata).is_none());
        assert!(still_blocked(&plan, PlanStatus::Complete).unwrap().message.contains("taskproof recover"));
    }
}
