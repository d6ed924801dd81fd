//! The only reader of plans: from a directory to a [`Plan`](crate::model::Plan). `layouts/` has one file per format.
//!
//! The harness's files are self-reported and worker-written, so reading is total below the file level: a
//! malformed row or field becomes a finding with file and JSON pointer, and its neighbours are read. A
//! file that is not JSON at all is an error that names the place, because whatever it held is unknown.
#![expect(clippy::disallowed_methods, reason = "`load` is the door through which files are read")]

mod answers;
mod artifact;
mod at_base;
mod cases;
mod checkout;
mod claims;
mod discover;
mod error;
mod events;
mod fields;
mod finalize;
mod fleet;
mod history;
mod layouts;
mod origin;
mod patches;
mod project;
mod reports;
mod rows;
mod sources;
mod standing;
mod state;
mod steps;
mod texts;
mod time;
mod told;
mod touched;
mod work_tree;

pub use answers::{AnswerError, answers};
pub use artifact::read_artifact;
pub use at_base::{AtBase, at_base};
pub use cases::{CaseError, CaseLine, CaseReadError, cases};
pub use checkout::{Checkout, checkout};
pub use claims::{ClaimError, claims};
pub use discover::{Search, discover, plans_below};
pub use error::LoadError;
pub use fleet::{ManifestError, Member, manifest};
pub use history::{HistoryOptions, Needed, Past, history, needed, prefetch, root};
pub use layouts::{active_step, changed_artifact, plan, standing};
pub use patches::GitPatches;
pub use sources::GitSources;
pub use texts::texts;
pub use time::parse_timestamp;
pub use touched::{TouchedError, touched_plans};
