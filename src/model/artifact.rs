//! Files of a plan directory as they were read: bytes that a repair splices into.

use std::collections::BTreeMap;

use crate::json::{Document, resolve};

/// One file of the plan directory.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// Path within the plan directory, `/` separated, for example `finalize.json`.
    pub name: String,
    /// The whole text as read.
    pub text: String,
    /// The parsed document, for JSON artifacts.
    pub document: Option<Document>,
}

impl Artifact {
    /// Whether the harness's own reader tolerates something in here that makes an edit unsafe.
    pub fn is_editable(&self) -> bool {
        self.document.as_ref().is_none_or(|document| document.defects.is_empty())
    }

    /// One-based line on which the value of a JSON pointer begins.
    pub fn line_of(&self, pointer: &str) -> Option<usize> {
        let start = resolve(&self.document.as_ref()?.root, pointer)?.span.start;
        Some(self.text.as_bytes().get(..start)?.split(|&byte| byte == b'\n').count())
    }
}

/// The artifacts of a plan by file name.
#[derive(Debug, Clone, Default)]
pub struct Artifacts {
    files: BTreeMap<String, Artifact>,
}

impl Artifacts {
    /// Adds or replaces an artifact.
    pub fn insert(&mut self, artifact: Artifact) {
        self.files.insert(artifact.name.clone(), artifact);
    }

    /// The artifact of that file name, if it was read.
    pub fn get(&self, name: &str) -> Option<&Artifact> {
        self.files.get(name)
    }

    /// All artifacts, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Artifact> {
        self.files.values()
    }
}
