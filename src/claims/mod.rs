//! From the text of reviews and gates to verdicts: which of these claims still hold?
//!
//! ```text
//!  claims ─► bookkeeping: templates, recomputed by the gate's rules ─┐
//!        └─► parse ─► locate ─► verify ──────────────────────────────┴─► identity ─► assessments
//! ```
//!
//! Text of files comes through [`Sources`]; nothing here reads.

mod assess;
mod bookkeeping;
mod collect;
mod cover;
pub mod identity;
pub mod locate;
pub mod parse;
pub mod resolutions;
mod sources;
#[cfg(test)]
pub(crate) mod testing;
pub mod verify;

pub use assess::{Input, assess};
pub use bookkeeping::Records;
pub use collect::{MadeAt, collect};
pub use sources::{Changed, Content, Entry, Sources, Version, compare};
