//! The harness's own rules, as pure functions (spec sections 6 and 7).
//!
//! What the harness would say about a plan is computed here and nowhere else: which evidence a task of
//! each kind owes, how tasks fall into batches, what a batch artifact's lists can prove, how blockers
//! are named, and whether a message is about bookkeeping or about the work.

mod block;
mod blocker;
mod claims;
mod evidence;
mod layers;
mod mapping;
mod messages;
pub mod recovery;
mod rows;
mod status;

pub use block::{still_blocked, unacknowledged};
pub use blocker::blocker_id;
pub use claims::{claim_findings, names_done_tasks, status_with_claims};
pub use evidence::{assess, is_gap};
pub use layers::{LayerError, layers, split};
pub use mapping::{Mapping, Scopes, scopes};
pub use messages::{
    Family, Message, Subject, classify, parse as parse_message, paths as message_paths, task_openings,
    unwrapped,
};
pub use rows::{evident_hash, is_same_row, row_evidence, row_hash};
pub use status::status;
