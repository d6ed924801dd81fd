//! Fields of rows, read one by one: a bad field is a finding and reads as empty.

use crate::json::{Node, Value, child};
use crate::model::{Code, Finding};

/// One object of an artifact, with everything needed to complain about it.
pub(super) struct Reader<'a> {
    pub(super) artifact: &'a str,
    pub(super) node: &'a Node,
    pub(super) pointer: String,
    pub(super) findings: &'a mut Vec<Finding>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        artifact: &'a str,
        node: &'a Node,
        pointer: impl Into<String>,
        findings: &'a mut Vec<Finding>,
    ) -> Self {
        Self { artifact, node, pointer: pointer.into(), findings }
    }

    /// A string; empty when absent or null, a finding for another type.
    pub(super) fn text(&mut self, key: &str) -> String {
        self.optional_text(key).unwrap_or_default()
    }

    /// A string; `None` when absent or null, a finding for another type.
    pub(super) fn optional_text(&mut self, key: &str) -> Option<String> {
        let value = self.node.get(key)?;
        match &value.value {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            _ => {
                self.complain(key, "a string", value);
                None
            }
        }
    }

    /// The strings of a list that are not blank, or `None` when the key is absent. Everything else in the
    /// list is one finding, so that a long list cannot flood the report.
    pub(super) fn strings(&mut self, key: &str) -> Option<Vec<String>> {
        let value = self.node.get(key)?;
        // A list that was cut short in place is an object with its first items (spec section 9).
        let items = value.as_array().or_else(|| value.get("items").and_then(Node::as_array));
        let Some(items) = items else {
            self.complain(key, "a list of strings", value);
            return Some(Vec::new());
        };
        let mut strings = Vec::with_capacity(items.len());
        let mut others = Vec::new();
        for (at, item) in items.iter().enumerate() {
            match item.as_str() {
                Some(text) if text.trim().is_empty() => {}
                Some(text) => strings.push(text.to_owned()),
                None => others.push((at, item)),
            }
        }
        if let Some((at, item)) = others.first() {
            let expected = if others.len() == 1 { "a string" } else { "strings, here and further on" };
            self.complain(&format!("{key}/{at}"), expected, item);
        }
        Some(strings)
    }

    /// A finding about a member of this object.
    pub(super) fn complain(&mut self, key: &str, expected: &str, found: &Node) {
        let place = key.split('/').fold(self.pointer.clone(), |place, token| child(&place, token));
        let message = format!("expected {expected}, found {}; read as empty", found.type_name());
        self.findings.push(Finding::new(Code::MalformedField, self.artifact, message).at(place));
    }

    /// A finding about this object as a whole.
    pub(super) fn reject(&mut self, why: &str) {
        let message = format!("{why}; the row was left out");
        self.findings.push(Finding::new(Code::MalformedRow, self.artifact, message).at(self.pointer.clone()));
    }
}

/// The members of a list, or of a map whose keys name them; anything else is a finding unless absent.
pub(super) fn rows<'a>(
    artifact: &str,
    root: &'a Node,
    key: &str,
    findings: &mut Vec<Finding>,
) -> Vec<(String, Option<&'a str>, &'a Node)> {
    let Some(list) = root.get(key) else { return Vec::new() };
    let pointer = child("", key);
    match &list.value {
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, item)| (child(&pointer, at), None, item)).collect()
        }
        Value::Object(members) => members
            .iter()
            .map(|member| (child(&pointer, &member.key), Some(member.key.as_str()), &member.value))
            .collect(),
        Value::Null => Vec::new(),
        _ => {
            let message = format!("expected a list of rows, found {}; read as empty", list.type_name());
            findings.push(Finding::new(Code::MalformedField, artifact, message).at(pointer));
            Vec::new()
        }
    }
}
