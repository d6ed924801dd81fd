//! Changes of `state.json`: the file that commands of the harness rewrite at any moment, without a lock.
//!
//! [`edit`] carries out changes on a text; [`rebase`] finds them again between two texts and carries them out on a
//! third, which is what the file has become in the meantime.

mod edit;
mod rebase;
mod spell;

pub use edit::{StateError, edit};
pub use rebase::rebase;

/// The file.
pub(crate) const STATE: &str = "state.json";
/// The lists of `meta` that the harness joins on every save, disk first (spec section 2).
pub(crate) const LISTS: [&str; 2] = ["overrides", "quality_gate_resolutions"];
