//! Changes of `state.json`: the file that commands of the harness rewrite at any moment, without a lock.
//!
//! [`edit`] carries out changes on a text; [`rebase`] finds them again between two texts and carries them out on a
//! third, which is what the file has become in the meantime.

mod edit;
mod rebase;
mod spell;

pub use edit::{StateError, edit};
pub use rebase::rebase;

use crate::model::{Plan, Repair, StateChange};

/// The repair with changes of the plan's state added: they go in last, after the evidence they rest on.
pub fn with_state(mut repair: Repair, plan: &Plan, changes: &[StateChange]) -> Result<Repair, StateError> {
    let Some(state) = plan.artifacts.get(STATE).filter(|_| !changes.is_empty()) else { return Ok(repair) };
    let (after, edits) = edit(&state.text, changes)?;
    repair.edits.extend(edits);
    repair.artifacts.push((state.name.clone(), state.text.clone(), after));
    Ok(repair)
}

/// The file.
pub(crate) const STATE: &str = "state.json";
/// The lists of `meta` that the harness joins on every save, disk first (spec section 2).
pub(crate) const LISTS: [&str; 2] = ["overrides", "quality_gate_resolutions"];
