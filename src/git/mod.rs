//! The only user of git2: opens a repository, copies out what a plan's history is made of, and builds
//! scripted histories.
//!
//! Why a wall: libgit2's handles borrow from each other and cannot be shared between threads, its
//! errors say neither what was being read nor what to do about it, and "not found" is one of them.
//! Behind the wall every call gets context, absence becomes `Option`, and everything that leaves is
//! plain data of [`crate::model`]. What libgit2 is asked to do can be reviewed in this one folder;
//! nothing here runs hooks or commands of the repository's configuration. Only [`script`] writes to a
//! repository, and only the cache writes elsewhere.
//!
//! * [`repository`](Repository): opening, HEAD, revisions, the default branch
//! * [`range`](find_range): which commits are the plan's
//! * [`walk`](commits): those commits in order, each with what it changed
//!     * `objects`: the seam to where objects come from; `source` opens it, `pool` spreads it over threads
//!     * `diff`: trees, moves and lines compared by git's rules
//!     * `cache`: commits that were read before
//! * [`patch`](patch()): the lines of a commit's changes, for those who want to see them
//! * [`worktree`](uncommitted): what is not committed yet
//! * [`touched`](touched()): which directories a branch changed
//! * [`reach`](reach()): which paths exist, are ignored, or belong to another repository
//! * [`content`](Contents): text and trees of any commit, from any thread
//! * [`script`]: histories built from a description
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "this folder is the wall around git2; it looks at repository files and builds scripted ones"
)]

mod attributes;
mod bytes;
mod cache;
mod content;
mod diff;
mod error;
mod files;
mod grafts;
mod history;
mod index;
mod limits;
mod members;
mod memory;
mod message;
mod objects;
mod order;
mod patch;
mod path;
mod pool;
mod pull_request;
mod range;
mod reach;
mod repository;
mod rules;
pub mod script;
mod source;
mod touched;
mod tracked;
mod walk;
mod worktree;

pub use cache::CacheOptions;
pub use content::{Contents, TreeChange, TreeEntry};
pub use error::{Cause, GitError};
pub use history::{HistoryRequest, WorktreeMode, history, worktree_counts};
pub use limits::Limits;
pub use patch::patch;
pub use range::{Range, RangeRequest, find as find_range};
pub use reach::reach;
pub use repository::{HeadState, Repository};
pub use source::Extraction;
pub use touched::touched;
pub use tracked::{brought_by_clone, planted_link};
pub use walk::{commits, prefetch};
pub use worktree::{Worktree, uncommitted};

/// For `fuzzing`: the lines that differ.
#[cfg(feature = "fuzzing")]
pub(crate) fn fuzzed_hunks(old: &[u8], new: &[u8]) -> Vec<crate::model::Hunk> {
    diff::hunks(old, new).map(|hunk| hunk.at).collect()
}
