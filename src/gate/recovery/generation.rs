//! Which generation of the harness a plan belongs to.

use crate::model::{Generation, Layout, Plan};

/// The generation that wrote what is on the disk.
///
/// Three marks are the later one's alone: batch directories with their history, a `phase_result.json` that names
/// its schema, and a state that keeps versions of its keys. Without any of them the earlier one is assumed, whose
/// demands are the stricter: what satisfies it satisfies both.
pub fn generation(plan: &Plan) -> Generation {
    let schema = plan.phase_result.as_ref().is_some_and(|result| result.names_schema);
    let is_late = plan.layout == Layout::BatchDirectories || schema || plan.standing.keeps_versions;
    if is_late { Generation::Late } else { Generation::Early }
}
