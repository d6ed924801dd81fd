//! Changes of `state.json`: the file that commands of the harness rewrite at any moment, without a lock.
//!
//! [`edit`] carries out changes on a text, [`carry_over`] on what the file has become in the meantime; [`rebase`] finds
//! them again between two texts first, which is how a run that stopped is finished and how one is taken back.

mod edit;
mod rebase;
mod records;
mod spell;
mod verify;

pub(super) use edit::read;
pub use edit::{StateError, edit};
pub use rebase::{carry_over, rebase};
pub(super) use rebase::{is_in, rejoin};

use crate::model::{Plan, Repair, StateChange};

/// The repair with changes of the plan's state added: they go in last, after the evidence they rest on.
pub fn with_state(mut repair: Repair, plan: &Plan, changes: Vec<StateChange>) -> Result<Repair, StateError> {
    let Some(state) = plan.artifacts.get(STATE).filter(|_| !changes.is_empty()) else { return Ok(repair) };
    let (after, edits) = edit(&state.text, &changes)?;
    repair.edits.extend(edits);
    repair.artifacts.push((state.name.clone(), state.text.clone(), after));
    repair.state = changes;
    Ok(repair)
}

/// The file.
pub(crate) const STATE: &str = "state.json";
/// The key that says how far the plan is.
pub(super) const STEERING: &str = "current_state";
/// The lists of `meta` that the harness joins on every save, disk first (spec section 2).
pub(crate) const LISTS: [&str; 4] =
    ["notes", "overrides", "user_action_resolutions", "quality_gate_resolutions"];
