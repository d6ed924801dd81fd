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

    /// Where its lines are, for looking up places.
    pub fn lines(&self) -> LineIndex<'_> {
        LineIndex { artifact: self, ends: memchr::memchr_iter(b'\n', self.text.as_bytes()).collect() }
    }
}

/// The lines of an artifact: each place is found without reading what comes before it again.
#[derive(Debug)]
pub struct LineIndex<'a> {
    artifact: &'a Artifact,
    /// Where each line ends.
    ends: Vec<usize>,
}

impl LineIndex<'_> {
    /// One-based line on which the value of a JSON pointer begins.
    pub fn of(&self, pointer: &str) -> Option<usize> {
        let start = resolve(&self.artifact.document.as_ref()?.root, pointer)?.span.start;
        Some(self.ends.partition_point(|end| *end < start) + 1)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    #[test]
    fn a_value_is_on_the_line_where_it_begins() {
        let text = "{\"a\":\n  [1,\n   2],\n\"b\": {}}";
        let document = Some(parse(text, Limits::default()).unwrap());
        let artifact = Artifact { name: "a.json".into(), text: text.into(), document };
        let lines = artifact.lines();
        let of = |pointer: &str| lines.of(pointer);
        assert_eq!([of(""), of("/a"), of("/a/0"), of("/a/1"), of("/b")], [1, 2, 2, 3, 4].map(Some));
        assert_eq!(of("/c"), None);
    }
}
