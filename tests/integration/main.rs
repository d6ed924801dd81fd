//! Tests that touch the outside: repositories, files, the binary.
#![expect(clippy::disallowed_methods, reason = "tests set the stage themselves")]

mod git_errors;
mod git_history;
mod git_oracle;
mod git_random;
mod git_range;
mod git_script;
mod git_worktree;
mod support;
