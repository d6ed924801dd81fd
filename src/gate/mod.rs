//! The harness's own rules, as pure functions (spec sections 6 and 7).
//!
//! What the harness would say about a plan is computed here and nowhere else: which evidence a task of
//! each kind owes, how tasks fall into batches, what a batch artifact's lists can prove, how blockers
//! are named, and whether a message is about bookkeeping or about the work.

mod block;
mod blocker;
mod evidence;
mod layers;
mod mapping;
mod messages;
pub mod recovery;
mod status;

pub use block::{implementation_claims, still_blocked, unacknowledged};
pub use blocker::blocker_id;
pub use evidence::{assess, is_gap};
pub use layers::{LayerError, layers, split};
pub use mapping::{Mapping, Scopes, scopes};
pub use messages::{Class, classify};
pub use status::status;
