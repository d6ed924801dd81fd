//! What is known to be true about a task, by whoever labelled it.

/// The truth about one task, as spelled by whoever knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// Files the task changed.
    pub files: Vec<String>,
    /// Commands it ran; `None` when nobody knows.
    pub commands: Option<Vec<String>>,
    /// Files and commands that are neither right nor wrong.
    pub unsure: Vec<String>,
    /// The task's work is not in the records or the history: whatever is filled is wrong.
    pub absent: bool,
}
