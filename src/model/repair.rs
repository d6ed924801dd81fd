//! What a repair would change, as a value that can be shown, refused, applied and recorded.

use super::attribution::{Field, Rung, Signal};
use super::plan::TaskId;
use crate::json::Node;

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
#[derive(Debug, Clone, PartialEq)]
pub enum FieldChange {
    /// A list of strings.
    List(Vec<String>),
    /// A string.
    Text(String),
    /// A boolean.
    Bool(bool),
    /// Any other JSON value. Null is also what becomes of a key that is taken away.
    Json(Node),
}

/// One change of `state.json`.
#[derive(Debug, Clone, PartialEq)]
pub enum StateChange {
    /// A key gets another value.
    Set {
        /// The key.
        key: String,
        /// The value.
        value: Node,
    },
    /// A key is taken away.
    Remove {
        /// The key.
        key: String,
    },
    /// A record is added at the end of a list of `meta`, which is made if it is missing.
    Append {
        /// The list.
        list: String,
        /// The record.
        record: Node,
        /// The task that it is about.
        task: Option<TaskId>,
        /// How sure we are, from 0 to 1.
        confidence: f64,
    },
    /// A record is taken out of a list of `meta` again: the newest of those that say the same.
    Withdraw {
        /// The list.
        list: String,
        /// The record.
        record: Node,
    },
}

impl StateChange {
    /// Adds a record that is about no single task and that nobody doubts.
    pub fn append(list: &str, record: Node) -> Self {
        Self::Append { list: list.to_owned(), record, task: None, confidence: 1.0 }
    }
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
    /// The task it is about; `None` for a change of the plan's state.
    pub task: Option<TaskId>,
    /// The step of the ladder that decided; `None` for a change of the plan's state.
    pub rung: Option<Rung>,
    /// How sure we are.
    pub confidence: f64,
    /// Why, for the audit record.
    pub signals: Vec<Signal>,
}

/// A whole repair: edits, and every artifact they change with its text before and after.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Repair {
    /// Edits in the order of the artifacts and of the bytes.
    pub edits: Vec<Edit>,
    /// Artifact name, text before, text after. They are put in place in this order.
    pub artifacts: Vec<(String, String, String)>,
    /// What the edits of `state.json` come from: they are made anew if that file moves on before it is written.
    pub state: Vec<StateChange>,
    /// Whether the later harness guards `finalize.json`, so that it is swapped by that harness's protocol.
    pub is_guarded: bool,
}
