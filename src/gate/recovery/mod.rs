//! Whether the harness's own ways out of a block would succeed (spec section 0, facts 1 to 3, and section 7).
//!
//! [`recover_blocked`] is `override recover-blocked`, which reads the recorded blockers and their answers and
//! never looks at the evidence; [`rescue`] is what a chain does by itself, which looks at statuses alone.
//! Both exist in two generations with different rules.

mod answers;
mod authority;
mod generation;
mod rescue;

pub use answers::{Answer, CurrentBlocker, answers, current_blockers};
pub use authority::{Doubt, Refused};
pub use generation::generation;
pub use rescue::{NoRescue, rescue};

use crate::model::{Generation, History, PhaseResult, Plan, TaskId};

/// Where each phase is taken up again: the state before it.
const RESUMED: [(&str, &str); 9] = [
    ("prep", "initialized"),
    ("plan", "initialized"),
    ("critique", "planned"),
    ("gate", "critiqued"),
    ("revise", "critiqued"),
    ("finalize", "gated"),
    ("execute", "finalized"),
    ("review", "executed"),
    ("feedback", "reviewed"),
];

/// Failures that the later generation takes up in other ways: the kind, and the strategy it comes with where that
/// matters.
const OTHER_WAYS: [(&str, &str); 2] = [
    ("deterministic_phase_failure", "repair_phase_contract"),
    ("provider_contract_failure", "repair_provider_contract"),
];

/// Why `override recover-blocked` would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The plan is not blocked.
    #[error("the plan is in state `{state}`, and only a blocked plan is recovered")]
    NotBlocked {
        /// Its state.
        state: String,
    },
    /// Nothing says where to resume.
    #[error("`resume_cursor` of state.json names no phase, so there is nowhere to resume")]
    NoCursor,
    /// The phase cannot be resumed.
    #[error("`resume_cursor` names the phase `{phase}`, which cannot be resumed")]
    UnknownPhase {
        /// The phase.
        phase: String,
    },
    /// There is no account of the blockers.
    #[error("there is no phase_result.json, so the harness does not know what it is blocked on")]
    NoPhaseResult,
    /// The stop was of another sort, for which the later generation has other commands.
    #[error("the harness stopped on `{kind}`, which its recover-blocked does not take up")]
    OtherFailure {
        /// What it stopped on.
        kind: String,
    },
    /// Tasks wait for a person.
    #[error("tasks were reported blocked: {}", .tasks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    BlockedTasks {
        /// Them.
        tasks: Vec<TaskId>,
    },
    /// The early generation takes an empty list for an account that was lost.
    #[error(
        "phase_result.json lists no blocker, and this harness goes on only from blockers that are answered"
    )]
    NoBlockers,
    /// Some blockers have no answer that lets the harness go on.
    #[error("blockers without an answer that counts: {}", .ids.join(", "))]
    Unanswered {
        /// Their ids, in the order of the file.
        ids: Vec<String>,
    },
    /// The later generation's authority does not vouch for a task that is over.
    #[error("the harness's authority does not vouch for {task}: {doubt}")]
    Unvouched {
        /// The first of them.
        task: TaskId,
        /// Why not.
        doubt: Doubt,
    },
    /// It finds tasks that are not over.
    #[error("tasks are not over")]
    Open,
}

/// The state in which `override recover-blocked` would leave the plan, or why it would refuse.
///
/// Two things are beyond a reader of files, and both are taken for the worse: the later generation runs tests that
/// a message names and drops the blocker if they pass, and user actions may have been settled for blocked tasks.
/// `history` is what its authority compares recorded commits with.
pub fn recover_blocked(
    plan: &Plan,
    generation: Generation,
    history: &History,
) -> Result<&'static str, Refusal> {
    check_state(plan, generation)?;
    let phase = plan.standing.resume_phase.as_deref().filter(|phase| !phase.is_empty());
    let phase = phase.ok_or(Refusal::NoCursor)?;
    let to = RESUMED.iter().find(|(name, _)| *name == phase).map(|(_, state)| *state);
    let to = to.ok_or_else(|| Refusal::UnknownPhase { phase: phase.to_owned() })?;
    if generation == Generation::Late {
        check_failure(plan)?;
    }
    let result = plan.phase_result.as_ref().ok_or(Refusal::NoPhaseResult)?;
    let is_run_again = generation == Generation::Late && nobody_is_asked(plan);
    if !result.blocked_tasks.is_empty() && !is_run_again {
        let tasks = result.blocked_tasks.iter().map(|(task, _)| task.clone()).collect();
        return Err(Refusal::BlockedTasks { tasks });
    }
    let blockers = current_blockers(plan, generation);
    if blockers.is_empty() && generation == Generation::Early {
        return Err(Refusal::NoBlockers);
    }
    let open = blockers.iter().filter(|blocker| blocker.counts && !blocker.answer.lets_pass(generation));
    let mut ids: Vec<String> = open.map(|blocker| blocker.id.clone()).collect();
    ids.dedup();
    if !ids.is_empty() {
        return Err(Refusal::Unanswered { ids });
    }
    let Some(refused) = held_back(plan, generation, history) else { return Ok(to) };
    match refused.tasks.into_iter().next() {
        _ if refused.is_waiting && passes_over_waiting(result) => Ok(to),
        Some((task, doubt)) if !refused.is_waiting => Err(Refusal::Unvouched { task, doubt }),
        _ => Err(Refusal::Open),
    }
}

/// Whether a task was reported blocked that the later generation runs again: tasks that wait are then passed over. One
/// that the harness itself blocked is none.
fn passes_over_waiting(result: &PhaseResult) -> bool {
    result.blocked_tasks.iter().any(|(_, reason)| reason != "blocked_by_prereq")
}

/// What the authority of the later generation refuses over when `override recover-blocked` asks it; `None` if it does not,
/// or if somebody answered the refusal itself so that the harness goes on. Nothing is held back of a plan that the
/// command would not look at.
pub fn held_back(plan: &Plan, generation: Generation, history: &History) -> Option<Refused> {
    if generation != Generation::Late || check_state(plan, generation).is_err() {
        return None;
    }
    let refused = authority::refused(plan, history)?;
    let answers = answers(&plan.standing.resolutions);
    let answer = refused.blocker.as_ref().and_then(|id| answers.get(id.as_str()));
    (!answer.is_some_and(|answer| answer.lets_pass(generation))).then_some(refused)
}

/// Whether no task of the plan can wait for an action of the user: the later generation runs again what was reported
/// blocked for anything else.
fn nobody_is_asked(plan: &Plan) -> bool {
    let finalize = plan.artifacts.get("finalize.json").and_then(|artifact| artifact.document.as_ref());
    let actions = finalize.and_then(|document| document.root.get("user_actions")?.as_array());
    actions.is_none_or(<[_]>::is_empty)
}

fn check_state(plan: &Plan, generation: Generation) -> Result<(), Refusal> {
    let failed_blocked = plan.standing.failure.as_ref().is_some_and(|failure| failure.state == "blocked");
    let aborted = generation == Generation::Late && plan.current_state == "aborted" && failed_blocked;
    if plan.current_state == "blocked" || aborted {
        return Ok(());
    }
    Err(Refusal::NotBlocked { state: plan.current_state.clone() })
}

fn check_failure(plan: &Plan) -> Result<(), Refusal> {
    let kind = plan.standing.failure.as_ref().map_or("", |failure| failure.kind.as_str());
    let other = OTHER_WAYS.contains(&(kind, plan.standing.retry_strategy.as_str()));
    let external = plan.phase_result.as_ref().is_some_and(|result| result.exit_kind == "external_error");
    if kind == "authority_divergence" || other {
        return Err(Refusal::OtherFailure { kind: kind.to_owned() });
    }
    if external {
        return Err(Refusal::OtherFailure { kind: "external_error".to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
