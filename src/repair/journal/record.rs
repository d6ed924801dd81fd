//! What a run writes down about itself, and what it is given to do.

use serde::{Deserialize, Serialize};

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::repair) enum Kind {
    Repair,
    Undo,
}

/// How far a published run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::repair) enum State {
    Prepared,
    Applied,
}

/// The record of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::repair) struct Journal {
    pub(in crate::repair) version: u32,
    pub(in crate::repair) run: String,
    pub(in crate::repair) kind: Kind,
    pub(in crate::repair) undoes: Option<String>,
    pub(in crate::repair) created: String,
    pub(in crate::repair) tool_version: String,
    pub(in crate::repair) artifacts: Vec<Replaced>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::repair) additions: Vec<Added>,
    pub(in crate::repair) state: State,
}

/// One artifact of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::repair) struct Replaced {
    pub(in crate::repair) name: String,
    /// Hash of its bytes before.
    pub(in crate::repair) before: String,
    /// Hash of its bytes after.
    pub(in crate::repair) after: String,
    /// Its permissions.
    pub(in crate::repair) mode: Option<u32>,
    /// How often its texts were staged anew because the file had moved on.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(in crate::repair) stage: u32,
    /// Hash of the bytes it is to replace, if they are not those before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::repair) base: Option<String>,
}

impl Replaced {
    /// Hash of the bytes that the new ones are to replace.
    pub(super) fn expected(&self) -> &str {
        self.base.as_deref().unwrap_or(&self.before)
    }
}

/// A file that a run adds once and for all, below the harness's own history of `finalize.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::repair) struct Added {
    /// Path within the plan directory.
    pub(in crate::repair) path: String,
    /// Hash of its bytes.
    pub(in crate::repair) sha256: String,
    /// Whether it goes in after the artifacts, and not before them.
    pub(in crate::repair) is_last: bool,
}

/// What a run is to do.
pub(in crate::repair) struct Transaction<'a> {
    pub(in crate::repair) run: String,
    pub(in crate::repair) kind: Kind,
    pub(in crate::repair) undoes: Option<String>,
    pub(in crate::repair) created: &'a str,
    pub(in crate::repair) tool_version: &'a str,
    pub(in crate::repair) artifacts: Vec<Replacement>,
    pub(in crate::repair) additions: Vec<Addition>,
}

/// The bytes of a file that is added.
pub(in crate::repair) struct Addition {
    pub(in crate::repair) path: String,
    pub(in crate::repair) contents: Vec<u8>,
    pub(in crate::repair) is_last: bool,
}

/// The bytes of one artifact.
pub(in crate::repair) struct Replacement {
    pub(in crate::repair) name: String,
    pub(in crate::repair) before: Vec<u8>,
    pub(in crate::repair) after: Vec<u8>,
    pub(in crate::repair) mode: Option<u32>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(stage: &u32) -> bool {
    *stage == 0
}
