//! What is done, in order, and which commands of the harness come afterwards.

use super::Input;
use crate::model::{Diagnosis, Fill, Obstacle, Route, Settlement, Step, TaskId};

/// Names the steps of a diagnosis whose route is chosen.
pub(super) fn add(diagnosis: &mut Diagnosis, input: &Input<'_>) {
    let mut steps: Vec<Step> = Vec::new();
    let mut ours = |what: String| steps.push(Step { what, is_ours: true });
    if let Some(names) = filled(input.fills) {
        ours(format!("fill the evidence of {names} into finalize.json"));
    }
    match diagnosis.route {
        Some(Route::Resolve) if !diagnosis.answers.is_empty() => {
            ours(format!("record an answer to {} in state.json", count(diagnosis.answers.len(), "blocker")));
        }
        Some(Route::Advance) => ours("move state.json from `blocked` to `executed`".to_owned()),
        _ => {}
    }
    steps.extend(diagnosis.obstacles.iter().map(by_hand));
    diagnosis.commands = commands(diagnosis, &input.plan.name);
    steps.extend(
        diagnosis.commands.iter().map(|command| Step { what: format!("run `{command}`"), is_ours: false }),
    );
    diagnosis.steps = steps;
}

fn by_hand(obstacle: &Obstacle) -> Step {
    let what = match obstacle.kind {
        Settlement::NeedsAnswer => format!("answer the repair request: {}", obstacle.reason),
        Settlement::Undecided => format!("find out whether it holds: {}", obstacle.reason),
        Settlement::Held => format!("ask whoever held it: {}", obstacle.reason),
        Settlement::Unvouched => {
            let id = obstacle.claim.as_deref().map(|id| format!(" --blocker-id {id}")).unwrap_or_default();
            let reason = &obstacle.reason;
            format!(
                "let the harness run it again, or answer for it with its `quality-gate resolve{id}`: {reason}"
            )
        }
        _ => format!("finish the work: {}", obstacle.reason),
    };
    Step { what, is_ours: false }
}

/// The harness's commands that the plan waits for.
fn commands(diagnosis: &Diagnosis, plan: &str) -> Vec<String> {
    let name = shlex::try_quote(plan).map_or_else(|_| plan.to_owned(), Into::into);
    let phase = |phase: &str| match phase {
        "execute" => format!("megaplan execute --plan {name} --confirm-destructive --user-approved"),
        phase => format!("megaplan {phase} --plan {name}"),
    };
    match diagnosis.route {
        Some(Route::Advance) => vec![phase("review")],
        Some(Route::Resolve) => {
            let reason = "--reason \"evidence repaired by taskproof\"";
            vec![format!("megaplan override recover-blocked --plan {name} {reason}"), phase(&diagnosis.phase)]
        }
        // Execute starts from a blocked plan by itself.
        None if diagnosis.obstacles.iter().all(|obstacle| obstacle.kind == Settlement::Unvouched)
            && diagnosis.state == "blocked"
            && is_execute(&diagnosis.phase) =>
        {
            vec![phase("execute")]
        }
        None => Vec::new(),
    }
}

fn is_execute(phase: &str) -> bool {
    ["", "execute"].contains(&phase)
}

fn filled(fills: &[Fill]) -> Option<String> {
    let mut tasks: Vec<&TaskId> = fills.iter().map(|fill| &fill.task).collect();
    tasks.dedup();
    let names: Vec<String> = tasks.into_iter().map(ToString::to_string).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn count(count: usize, what: &str) -> String {
    if count == 1 { format!("one {what}") } else { format!("{count} {what}s") }
}
