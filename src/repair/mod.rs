//! From decided fills to changed files, and back.
//!
//! [`propose()`] turns fills into a [`Repair`](crate::model::Repair): a value with every edit and every
//! artifact's text before and after, computed by [`json_edit`], [`apply`] and [`final_md`] without
//! touching a file. [`diff`] shows it. [`write()`] carries it out under the harness's own lock, through
//! a [`journal`] that survives a crash at any instant, and [`undo()`] takes it back.

pub mod apply;
mod authority;
pub mod diff;
mod disk;
mod events;
mod fill;
pub mod final_md;
pub mod journal;
pub mod json_edit;
pub mod liveness;
pub mod lock;
pub mod propose;
mod run_id;
pub mod state;
mod style;
pub mod undo;
pub mod write;

#[cfg(test)]
mod answer_tests;
#[cfg(test)]
mod recovery_tests;
#[cfg(test)]
mod under_fire;
#[cfg(test)]
mod write_tests;

pub use authority::AuthorityError;
pub use diff::unified;
pub use disk::DiskError;
pub use events::events;
pub use fill::fills;
pub use journal::{free_run_id, list_unfinished};
pub use liveness::{is_live, process_exists};
pub use propose::{ProposeError, propose, propose_guarded};
pub use state::{StateError, with_state};
pub use undo::{UndoError, Undone, undo};
pub use write::{RunContext, WriteError, Written, write};
