//! What the harness still holds against a plan whose evidence may be complete by now.
//!
//! The harness's recovery reads `phase_result.json` and never looks at a repaired `finalize.json` (spec
//! facts 1 and 2), so a complete plan can stay blocked until `taskproof recover` is run.

use crate::model::{Code, Finding, Plan, PlanStatus, SenseCheck, Status};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing;

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
