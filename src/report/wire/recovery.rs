//! The way out of a block, in JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::convert::each;
use super::words::{ClaimClass, Generation, Route, Settlement, Verdict};
use crate::model;

/// What holds the plan, what would clear it, and how it goes on.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Recovery {
    /// Which generation of the harness decides: they accept different answers.
    pub generation: Generation,
    /// The state that is recorded.
    pub state: String,
    /// The phase that is blocked. Empty when nothing says which.
    pub phase: String,
    /// Everything that holds the harness, in the order of its record, each id once.
    pub blockers: Vec<Blocker>,
    /// What stops the recovery. Empty when the plan can go on.
    pub obstacles: Vec<Obstacle>,
    /// How the plan goes on. Null when it does not, or is not blocked.
    pub route: Option<Route>,
    /// Why this route, or why none.
    pub reason: String,
    /// What the route costs.
    pub cost: Cost,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// Commands of the harness to run afterwards, in order.
    pub commands: Vec<String>,
}

/// One thing that holds the harness.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Blocker {
    /// Its id, as that generation of the harness computes it.
    pub id: String,
    /// What it says.
    pub text: String,
    /// JSON pointer in `phase_result.json`.
    pub pointer: String,
    /// What it is about.
    pub class: ClaimClass,
    /// Whether it holds as things are now.
    pub verdict: Verdict,
    /// What settles it, or why nothing does.
    pub settlement: Settlement,
    /// Whether taskproof clears it.
    pub can_clear: bool,
    /// The settlement in a sentence.
    pub note: String,
}

/// Something that has to be settled before the plan may go on.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Obstacle {
    /// What sort.
    pub kind: Settlement,
    /// What, in a sentence.
    pub reason: String,
    /// The claim it comes from, if any.
    pub claim: Option<String>,
}

/// What a route costs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Cost {
    /// Tasks that the harness may run again.
    pub tasks: Vec<String>,
    /// A batch file that it may overwrite.
    pub overwrites: Option<String>,
}

/// One step of the way out.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Step {
    /// What is done.
    pub what: String,
    /// Whether `recover --write` does it.
    pub by_taskproof: bool,
}

impl From<&model::Diagnosis> for Recovery {
    fn from(diagnosis: &model::Diagnosis) -> Self {
        Self {
            generation: diagnosis.generation.into(),
            state: diagnosis.state.clone(),
            phase: diagnosis.phase.clone(),
            blockers: each(&diagnosis.blockers),
            obstacles: each(&diagnosis.obstacles),
            route: diagnosis.route.map(Route::from),
            reason: diagnosis.reason.clone(),
            cost: Cost {
                tasks: diagnosis.cost.tasks.iter().map(ToString::to_string).collect(),
                overwrites: diagnosis.cost.overwrites.clone(),
            },
            steps: each(&diagnosis.steps),
            commands: diagnosis.commands.clone(),
        }
    }
}

impl From<&model::BlockerDiagnosis> for Blocker {
    fn from(blocker: &model::BlockerDiagnosis) -> Self {
        Self {
            id: blocker.id.clone(),
            text: blocker.text.clone(),
            pointer: blocker.pointer.clone(),
            class: blocker.class.into(),
            verdict: blocker.verdict.into(),
            settlement: blocker.settlement.into(),
            can_clear: blocker.settlement.is_clear(),
            note: blocker.note.clone(),
        }
    }
}

impl From<&model::Obstacle> for Obstacle {
    fn from(obstacle: &model::Obstacle) -> Self {
        Self { kind: obstacle.kind.into(), reason: obstacle.reason.clone(), claim: obstacle.claim.clone() }
    }
}

impl From<&model::Step> for Step {
    fn from(step: &model::Step) -> Self {
        Self { what: step.what.clone(), by_taskproof: step.is_ours }
    }
}
