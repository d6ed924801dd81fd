//! Byte splices for changes of a JSON document: every inserted byte follows the style of its
//! surroundings, and no other byte moves.

use std::collections::BTreeMap;
use std::ops::Range;

use super::style::{Local, Reader};
use crate::json::write::{string, string_list};
use crate::json::{Member, Node, Value};
use crate::model::{Artifact, FieldChange};

/// A new value for one key of one object of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// JSON pointer of the object.
    pub object: String,
    /// The key; it is added last if the object lacks it.
    pub key: String,
    /// The value.
    pub value: FieldChange,
}

/// Bytes to be replaced, and what replaces them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// What goes away; empty for an insertion.
    pub range: Range<usize>,
    /// What comes.
    pub text: String,
}

/// Why a document cannot be edited at a place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpliceError {
    /// It is no JSON document.
    #[error("{artifact} was not read as JSON, so it cannot be edited; repair or restore the file")]
    NotJson {
        /// File name.
        artifact: String,
    },
    /// The pointer names no object.
    #[error("{artifact} has no object at `{pointer}`; run again to read it anew")]
    NoObject {
        /// File name.
        artifact: String,
        /// The pointer.
        pointer: String,
    },
}

/// The splices that carry out `changes`, by rising position. Changes of one object keep their order.
pub fn splices(artifact: &Artifact, changes: &[Change]) -> Result<Vec<Splice>, SpliceError> {
    let mut objects: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        objects.entry(&change.object).or_default().push(change);
    }
    let root = root(artifact)?;
    let reader = Reader::new(&artifact.text, root);
    let mut splices = Vec::with_capacity(changes.len());
    for (pointer, changes) in objects {
        let place = Place::find(artifact, pointer)?;
        let style = reader.around(place.object, &place.above);
        let (present, absent): (Vec<_>, Vec<_>) =
            changes.into_iter().partition(|change| place.member(&change.key).is_some());
        splices.extend(present.into_iter().filter_map(|change| place.replacement(change, &style)));
        if !absent.is_empty() {
            splices.push(place.addition(&absent, &style));
        }
    }
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    Ok(splices)
}

/// Where a change falls: the bytes of the old value, or the empty range where the key would be added.
pub(super) fn position(artifact: &Artifact, change: &Change) -> Result<Range<usize>, SpliceError> {
    let place = Place::find(artifact, &change.object)?;
    Ok(place.member(&change.key).map_or_else(|| place.end()..place.end(), |member| member.value.span.clone()))
}

fn root(artifact: &Artifact) -> Result<&Node, SpliceError> {
    let document = artifact.document.as_ref().map(|document| &document.root);
    document.ok_or_else(|| SpliceError::NotJson { artifact: artifact.name.clone() })
}

/// An object within its document.
struct Place<'a> {
    object: &'a Node,
    /// What contains it, outermost first.
    above: Vec<&'a Node>,
}

impl<'a> Place<'a> {
    fn find(artifact: &'a Artifact, pointer: &str) -> Result<Self, SpliceError> {
        let mut above = path(root(artifact)?, pointer).unwrap_or_default();
        match above.pop() {
            Some(object) if object.is_object() => Ok(Self { object, above }),
            _ => Err(SpliceError::NoObject { artifact: artifact.name.clone(), pointer: pointer.to_owned() }),
        }
    }

    fn member(&self, key: &str) -> Option<&'a Member> {
        self.object.members().iter().rev().find(|member| member.key == key)
    }

    /// Where the next key goes.
    fn end(&self) -> usize {
        self.object.members().last().map_or(self.object.span.start + 1, |member| member.value.span.end)
    }

    /// Nothing where the value is there already, however it is spelled.
    fn replacement(&self, change: &Change, style: &Local) -> Option<Splice> {
        let present = &self.member(&change.key)?.value;
        let text = (!is_said(present, &change.value)).then(|| spell(&change.value, style))?;
        Some(Splice { range: present.span.clone(), text })
    }

    fn addition(&self, changes: &[&Change], style: &Local) -> Splice {
        let spelled: Vec<String> = changes
            .iter()
            .map(|change| {
                format!("{}{}{}", string(&change.key, style.ascii), style.colon, spell(&change.value, style))
            })
            .collect();
        let at = self.end();
        if self.object.members().is_empty() {
            let text = format!("{}{}{}", style.opening, spelled.join(&style.between), style.closing);
            return Splice { range: at..self.object.span.end - 1, text };
        }
        let text = spelled.iter().flat_map(|member| [style.between.as_str(), member]).collect();
        Splice { range: at..at, text }
    }
}

/// Whether a value is the one that a change wants.
fn is_said(present: &Node, wanted: &FieldChange) -> bool {
    match wanted {
        FieldChange::List(items) => present.as_array().is_some_and(|present| {
            present.iter().map(Node::as_str).eq(items.iter().map(|item| Some(item.as_str())))
        }),
        FieldChange::Text(text) => present.as_str() == Some(text),
        FieldChange::Bool(value) => present.as_bool() == Some(*value),
        FieldChange::Json(node) => {
            crate::json::write::document(present) == crate::json::write::document(node)
        }
    }
}

fn spell(value: &FieldChange, style: &Local) -> String {
    match value {
        FieldChange::List(items) => string_list(items, style.ascii, &style.list),
        FieldChange::Text(text) => string(text, style.ascii),
        FieldChange::Bool(value) => value.to_string(),
        FieldChange::Json(node) => crate::json::write::document(node),
    }
}

/// The values from `root` down to the one that `pointer` names.
fn path<'a>(root: &'a Node, pointer: &str) -> Option<Vec<&'a Node>> {
    let mut path = vec![root];
    if pointer.is_empty() {
        return Some(path);
    }
    let mut node = root;
    for token in pointer.strip_prefix('/')?.split('/') {
        let token = token.replace("~1", "/").replace("~0", "~");
        node = match &node.value {
            Value::Array(items) => items.get(token.parse::<usize>().ok()?)?,
            _ => node.get(&token)?,
        };
        path.push(node);
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};
    use crate::repair::apply::apply;

    fn edited(text: &str, object: &str, key: &str, value: FieldChange) -> String {
        let document = Some(parse(text, Limits::default()).unwrap());
        let artifact = Artifact { name: "a.json".into(), text: text.into(), document };
        let change = Change { object: object.into(), key: key.into(), value };
        apply(text, &splices(&artifact, &[change]).unwrap()).unwrap()
    }

    fn list(items: &[&str]) -> FieldChange {
        FieldChange::List(items.iter().map(|item| (*item).to_owned()).collect())
    }

    #[test]
    fn the_harness_style_is_kept() {
        let text = "{\n  \"tasks\": [\n    {\n      \"id\": \"T1\",\n      \"files\": []\n    }\n  ]\n}\n";
        assert_eq!(
            edited(text, "/tasks/0", "files", list(&["\u{e9}"])),
            "{\n  \"tasks\": [\n    {\n      \"id\": \"T1\",\n      \"files\": [\n        \"\\u00e9\"\n      ]\n    }\n  ]\n}\n"
        );
        assert_eq!(
            edited(text, "/tasks/0", "done", FieldChange::Bool(true)),
            "{\n  \"tasks\": [\n    {\n      \"id\": \"T1\",\n      \"files\": [],\n      \"done\": true\n    }\n  ]\n}\n"
        );
    }

    #[test]
    fn a_compact_file_stays_compact() {
        assert_eq!(edited("{\"a\":1}", "", "b", list(&["x", "y"])), "{\"a\":1,\"b\":[\"x\",\"y\"]}");
        assert_eq!(edited("{\"a\": 1}", "", "b", list(&["x", "y"])), "{\"a\": 1, \"b\": [\"x\", \"y\"]}");
        assert_eq!(edited("{ \"a\" : null }", "", "b", list(&["x"])), "{ \"a\" : null, \"b\" : [\"x\"] }");
    }

    #[test]
    fn tabs_four_spaces_and_windows_lines_are_followed() {
        assert_eq!(
            edited("{\r\n\t\"a\": []\r\n}", "", "a", list(&["x"])),
            "{\r\n\t\"a\": [\r\n\t\t\"x\"\r\n\t]\r\n}"
        );
        assert_eq!(
            edited("{\n    \"a\": {\n        \"b\": 1\n    }\n}", "/a", "c", list(&["x"])),
            "{\n    \"a\": {\n        \"b\": 1,\n        \"c\": [\n            \"x\"\n        ]\n    }\n}"
        );
    }

    #[test]
    fn lists_on_one_line_have_company() {
        assert_eq!(
            edited("{\n  \"a\": [\"x\", \"y\"],\n  \"b\": []\n}", "", "b", list(&["z", "w"])),
            "{\n  \"a\": [\"x\", \"y\"],\n  \"b\": [\"z\", \"w\"]\n}"
        );
    }

    #[test]
    fn raw_text_stays_raw() {
        assert_eq!(
            edited("{\"a\": \"\u{e9}\"}", "", "b", list(&["\u{fc}"])),
            "{\"a\": \"\u{e9}\", \"b\": [\"\u{fc}\"]}"
        );
    }

    #[test]
    fn an_empty_object_is_opened_as_its_surroundings_are() {
        assert_eq!(edited("{}\n", "", "a", FieldChange::Bool(true)), "{\n  \"a\": true\n}\n");
        assert_eq!(edited("{\"o\":{ }}", "/o", "a", list(&["x", "y"])), "{\"o\":{\"a\":[\"x\",\"y\"]}}");
        assert_eq!(
            edited("{\n    \"o\": {}\n}", "/o", "a", list(&["x"])),
            "{\n    \"o\": {\n        \"a\": [\n            \"x\"\n        ]\n    }\n}"
        );
    }

    #[test]
    fn what_is_there_already_is_not_spelled_anew() {
        // Of a key on the line of the brace nobody can tell how far its neighbours are indented.
        let text = "{\t\"a\": {},\r\n\t\"b\": \n\n[9,9]\r}";
        let once = edited(text, "", "c", list(&["x", "y"]));
        assert_eq!(edited(&once, "", "c", list(&["x", "y"])), once);
        let spaced = "{\"a\": [ \"x\" ], \"b\" : \"\\u0079\", \"c\":true}";
        assert_eq!(edited(spaced, "", "a", list(&["x"])), spaced);
        assert_eq!(edited(spaced, "", "b", FieldChange::Text("y".into())), spaced);
        assert_eq!(edited(spaced, "", "c", FieldChange::Bool(true)), spaced);
    }

    #[test]
    fn several_additions_keep_their_order() {
        let text = "{\"o\": {}}";
        let document = Some(parse(text, Limits::default()).unwrap());
        let artifact = Artifact { name: "a.json".into(), text: text.into(), document };
        let change =
            |key: &str| Change { object: "/o".into(), key: key.into(), value: FieldChange::Bool(true) };
        let splices = splices(&artifact, &[change("b"), change("a")]).unwrap();
        assert_eq!(apply(text, &splices).unwrap(), "{\"o\": {\"b\": true, \"a\": true}}");
    }

    #[test]
    fn a_place_that_is_no_object_is_refused() {
        let document = Some(parse("{\"a\": []}", Limits::default()).unwrap());
        let artifact = Artifact { name: "a.json".into(), text: "{\"a\": []}".into(), document };
        let change = Change { object: "/a".into(), key: "b".into(), value: FieldChange::Bool(true) };
        let error = splices(&artifact, &[change]).unwrap_err();
        assert_eq!(error.to_string(), "a.json has no object at `/a`; run again to read it anew");
    }
}
