//! What a repair would change, as a value that can be shown, refused, applied and recorded.

use super::attribution::{Field, Rung, Signal};
use super::plan::TaskId;

/// A value to be filled into one empty field of one task.
#[derive(Debug, Clone, PartialEq)]
pub struct Fill {
    /// The task.
    pub task: TaskId,
    /// The field.
    pub field: Field,
    /// What goes in, in order.
    pub values: Vec<String>,
    /// The step of the ladder that decided.
    pub rung: Rung,
    /// Lowest confidence among the values.
    pub confidence: f64,
    /// Why, for the audit record.
    pub signals: Vec<Signal>,
}

/// A new value for a field of an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldChange {
    /// A list of strings.
    List(Vec<String>),
    /// A string.
    Text(String),
    /// A boolean.
    Bool(bool),
    /// An object, its members in order.
    Object(Vec<(String, FieldChange)>),
    /// A list of anything.
    Array(Vec<FieldChange>),
}

/// One change of one artifact.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// File name within the plan directory.
    pub artifact: String,
    /// JSON pointer of the field; `None` in a text artifact.
    pub pointer: Option<String>,
    /// The field's JSON text before; `None` when the key was absent. In a text artifact, what was replaced.
    pub old: Option<String>,
    /// What it becomes. In a text artifact, the lines that go in.
    pub new: FieldChange,
    /// The task it is about, if it is about one.
    pub task: Option<TaskId>,
    /// The step of the ladder that decided; `None` for the answer to a claim.
    pub rung: Option<Rung>,
    /// How sure we are.
    pub confidence: f64,
    /// Why, for the audit record.
    pub signals: Vec<Signal>,
}

/// A whole repair: edits, and every artifact they change with its text before and after.
#[derive(Debug, Clone, Default)]
pub struct Repair {
    /// Edits in the order of the artifacts and of the bytes.
    pub edits: Vec<Edit>,
    /// Artifact name, text before, text after.
    pub artifacts: Vec<(String, String, String)>,
}
