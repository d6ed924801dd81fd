//! Splices put into a text, and the proof that nothing else changed.

use super::json_edit::{Change, Splice, SpliceError, splices};
use crate::json::{Document, Limits, Node, ParseError, Value, child, parse};
use crate::model::{Artifact, FieldChange};

/// Why an edited text is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// Two splices overlap, or they are out of order.
    #[error("two edits fall on the same bytes at offset {offset}; give each field one value")]
    Overlap {
        /// Where the second one starts.
        offset: usize,
    },
    /// A splice ends outside the text or within a character.
    #[error("an edit at offset {offset} falls outside the text; read the file again")]
    Outside {
        /// Where it starts.
        offset: usize,
    },
}

/// Why an artifact cannot be edited.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// A place does not exist.
    #[error(transparent)]
    Splice(#[from] SpliceError),
    /// The edits contradict each other.
    #[error("{artifact} cannot be edited")]
    Apply {
        /// File name.
        artifact: String,
        /// What contradicts.
        #[source]
        source: ApplyError,
    },
    /// The result would not be JSON.
    #[error("the edited {artifact} would not be JSON, so nothing was changed; please report this")]
    NotJson {
        /// File name.
        artifact: String,
        /// What the parser says.
        #[source]
        source: ParseError,
    },
    /// The result would differ where nothing was to be edited.
    #[error(
        "the edited {artifact} would differ at `{pointer}` as well, so nothing was changed; please report this"
    )]
    Differs {
        /// File name.
        artifact: String,
        /// The place.
        pointer: String,
    },
}

/// The text with `splices` carried out. They come by rising position; several insertions at one
/// place keep their order.
pub fn apply(text: &str, splices: &[Splice]) -> Result<String, ApplyError> {
    let added: usize = splices.iter().map(|splice| splice.text.len()).sum();
    let mut out = String::with_capacity(text.len() + added);
    let mut done = 0;
    for Splice { range, text: new } in splices {
        if range.start < done {
            return Err(ApplyError::Overlap { offset: range.start });
        }
        let kept = text.get(done..range.start).filter(|_| text.get(range.clone()).is_some());
        out.push_str(kept.ok_or(ApplyError::Outside { offset: range.start })?);
        out.push_str(new);
        done = range.end;
    }
    out.push_str(&text[done..]);
    Ok(out)
}

/// The text of a JSON artifact with `changes` made, and checked: the result parses, holds every
/// change, and equals the original everywhere else.
pub fn edit(artifact: &Artifact, changes: &[Change]) -> Result<String, EditError> {
    let name = || artifact.name.clone();
    let splices = splices(artifact, changes)?;
    let after =
        apply(&artifact.text, &splices).map_err(|source| EditError::Apply { artifact: name(), source })?;
    if let Some(before) = &artifact.document {
        let edited = parse(&after, Limits::READ_BEFORE)
            .map_err(|source| EditError::NotJson { artifact: name(), source })?;
        verify(before, &edited, changes)
            .map_err(|pointer| EditError::Differs { artifact: name(), pointer })?;
    }
    Ok(after)
}

/// Compares two documents but for `changes`; the error is the pointer of the first difference.
fn verify(before: &Document, after: &Document, changes: &[Change]) -> Result<(), String> {
    if before.defects.len() != after.defects.len() {
        return Err(after.defects.last().map_or_else(String::new, |defect| defect.pointer.clone()));
    }
    let mut places = Vec::new();
    for change in changes {
        let place = child(&change.object, &change.key);
        let object = crate::json::resolve(&after.root, &change.object).ok_or_else(|| place.clone())?;
        let value = object.get(&change.key).ok_or_else(|| place.clone())?;
        if !holds(value, &change.value) {
            return Err(place);
        }
        places.push((change.object.as_str(), change.key.as_str()));
    }
    places.sort_unstable();
    same(&before.root, &after.root, "", &places)
}

fn holds(node: &Node, value: &FieldChange) -> bool {
    match value {
        FieldChange::Bool(value) => node.as_bool() == Some(*value),
        FieldChange::Text(text) => node.as_str() == Some(text),
        FieldChange::Json(value) => node.is_same(value),
        FieldChange::List(items) => node.as_array().is_some_and(|nodes| {
            nodes.iter().map(Node::as_str).eq(items.iter().map(|item| Some(item.as_str())))
        }),
    }
}

fn same(before: &Node, after: &Node, pointer: &str, changed: &[(&str, &str)]) -> Result<(), String> {
    let differs = || Err(pointer.to_owned());
    match (&before.value, &after.value) {
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => old
            .iter()
            .zip(new)
            .enumerate()
            .try_for_each(|(at, (old, new))| same(old, new, &child(pointer, at), changed)),
        (Value::Object(_), Value::Object(_)) => same_members(before, after, pointer, changed),
        (Value::Array(_), _) => differs(),
        (old, new) if old == new => Ok(()),
        _ => differs(),
    }
}

fn same_members(before: &Node, after: &Node, pointer: &str, changed: &[(&str, &str)]) -> Result<(), String> {
    let is_changed = |key: &str| changed.binary_search(&(pointer, key)).is_ok();
    let (old, new) = (before.members(), after.members());
    if new.len() < old.len() || new[old.len()..].iter().any(|member| !is_changed(&member.key)) {
        return Err(pointer.to_owned());
    }
    old.iter().zip(new).try_for_each(|(old, new)| {
        let place = child(pointer, &old.key);
        if old.key != new.key {
            return Err(place);
        }
        if is_changed(&old.key) { Ok(()) } else { same(&old.value, &new.value, &place, changed) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn splice(range: std::ops::Range<usize>, text: &str) -> Splice {
        Splice { range, text: text.to_owned() }
    }

    fn artifact(text: &str) -> Artifact {
        let document = Some(parse(text, Limits::READ_BEFORE).unwrap());
        Artifact { name: "finalize.json".into(), text: text.into(), document }
    }

    #[test]
    fn no_splices_leave_the_text() {
        assert_eq!(apply("a\r\n\u{e9}", &[]).unwrap(), "a\r\n\u{e9}");
    }

    #[test]
    fn splices_go_in_from_left_to_right() {
        let splices = [splice(0..1, "A"), splice(1..1, "1"), splice(1..1, "2"), splice(2..3, "")];
        assert_eq!(apply("abc", &splices).unwrap(), "A12b");
    }

    #[test]
    fn overlaps_and_places_outside_are_refused() {
        let overlap = apply("abc", &[splice(0..2, ""), splice(1..2, "")]).unwrap_err();
        assert_eq!(overlap, ApplyError::Overlap { offset: 1 });
        assert_eq!(apply("abc", &[splice(3..4, "")]).unwrap_err(), ApplyError::Outside { offset: 3 });
        assert_eq!(apply("\u{e9}", &[splice(1..1, "")]).unwrap_err(), ApplyError::Outside { offset: 1 });
    }

    #[test]
    fn a_field_is_changed_once() {
        let change =
            |value| Change { object: String::new(), key: "a".into(), value: FieldChange::Bool(value) };
        let twice = edit(&artifact("{\"a\": 1}"), &[change(true), change(false)]).unwrap_err();
        assert!(matches!(twice, EditError::Apply { .. }), "{twice}");
        let added = edit(&artifact("{\"b\": 1}"), &[change(true), change(false)]).unwrap_err();
        assert!(matches!(added, EditError::Differs { .. }), "{added}");
    }

    #[test]
    fn a_difference_elsewhere_is_found() {
        let before = parse("{\"a\": [1, {\"b\": 2}], \"c\": 3}", Limits::READ_BEFORE).unwrap();
        for (text, place) in [
            ("{\"a\": [1, {\"b\": 3}], \"c\": 3}", "/a/1/b"),
            ("{\"a\": [1], \"c\": 3}", "/a"),
            ("{\"a\": [1, {\"b\": 2}], \"d\": 3}", "/c"),
            ("{\"a\": [1, {\"b\": 2}]}", ""),
            ("{\"a\": [1, {\"b\": 2}], \"c\": 3, \"d\": 4}", ""),
        ] {
            let after = parse(text, Limits::READ_BEFORE).unwrap();
            assert_eq!(verify(&before, &after, &[]), Err(place.to_owned()), "{text}");
        }
    }
}
