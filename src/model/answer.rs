//! What an operator answers to a repair request.

use super::plan::TaskId;

/// One line of an answers file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The task it settles.
    pub task: TaskId,
    /// What it says.
    pub content: AnswerContent,
    /// One-based line in the answers file.
    pub line: usize,
}

/// What an answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerContent {
    /// The task changed these files and ran these commands.
    Evidence {
        /// Paths, project- or repository-relative.
        files: Vec<String>,
        /// Commands.
        commands: Vec<String>,
        /// Accept paths that git has never seen.
        force: bool,
    },
    /// The task truly changed and ran nothing.
    Empty {
        /// Why, for the audit record.
        reason: String,
    },
}
