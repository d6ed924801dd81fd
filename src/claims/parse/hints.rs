//! What a claim may say, as one pass over its text tells: few claims need any of the patterns.

use std::sync::LazyLock;

use crate::pattern::Hints;

/// What is in every text that these find: what speaks of a plan and of work that was done, but at the beginning of a text;
/// results of tests; commands of searches with their result; and searches without a command with theirs, and the verb before it.
static HINTS: LazyLock<Hints> = LazyLock::new(|| {
    Hints::new([
        &["plan", "step", "phase", "proposed"][..],
        &["rework", "executor", "follow-on edit", "git diff", "final diff", "now "],
        &[
            "pass", "fail", "ran", "rerun", "re-run", "exit", "timeout", "timed", "red", "green", "clean",
            "blocked",
        ],
        &["rg", "grep"],
        &[
            "empty",
            "nothing",
            "result",
            "matches",
            "hits",
            "output",
            "occurrence",
            "reference",
            "usage",
            "exactly",
        ],
        &["rg", "grep", "search"],
        &["occurrence", "matches", "hits", "reference", "usage", "result"],
        &["found", "finds", "shows", "return"],
    ])
});
pub(super) const MAYBE_CRITIQUE: u32 = 1;
pub(super) const MAYBE_POST_WORK: u32 = 1 << 1;
pub(super) const MAYBE_TEST_RESULT: u32 = 1 << 2;
/// All of these are in a text that has one.
pub(super) const MAYBE_COMMAND: u32 = 0b0011 << 3;
pub(super) const MAYBE_NO_OCCURRENCE: u32 = 0b11100 << 3;

/// Which of them a text may have.
pub(super) fn likely(text: &str) -> u32 {
    HINTS.likely(text)
}
