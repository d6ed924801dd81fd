//! From the text of reviews and gates to verdicts: which of these claims still hold?
//!
//! ```text
//!  claims ─► bookkeeping: templates, recomputed by the gate's rules ─┐
//!        └─► parse ─► locate ─► verify ──────────────────────────────┴─► identity ─► assessments
//! ```
//!
//! Text of files comes through [`Sources`]; nothing here reads.

pub mod locate;
pub mod parse;
mod sources;
#[cfg(test)]
pub(crate) mod testing;
pub mod verify;

pub use sources::{Changed, Content, Entry, Listed, Sources, Version, compare};
