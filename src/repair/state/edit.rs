//! Carries out changes on the text of `state.json`: every other byte stays.

use std::ops::Range;

use super::STATE;
use super::spell::{Style, indentation};
use crate::json::{Defect, Document, Limits, Member, Node, ParseError, child, parse};
use crate::model::{Edit, FieldChange, StateChange};

/// Why the state cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// It is not JSON.
    #[error("state.json is not JSON, so it is not edited; restore the file")]
    NotJson(#[source] ParseError),
    /// It holds what a strict reader refuses.
    #[error("state.json holds {what} at line {line}, so it is not edited; correct that line by hand first")]
    NotEditable {
        /// What it holds.
        what: &'static str,
        /// Where.
        line: usize,
    },
    /// Something has another type than the harness writes.
    #[error("state.json has {found} at `{pointer}` where the harness keeps {expected}; restore the file")]
    Shape {
        /// The place.
        pointer: String,
        /// What belongs there.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// A value that is to be changed has been changed by somebody else.
    #[error("`{key}` of state.json has changed in the meantime; run again to read it anew")]
    Moved {
        /// The key.
        key: String,
    },
    /// The result is not what was wanted. This is a mistake of ours.
    #[error(
        "the edited state.json would differ at `{pointer}` as well, so nothing was changed; please report this"
    )]
    Differs {
        /// The place.
        pointer: String,
    },
}

/// The text with `changes` carried out in their order, and what to tell about each.
pub fn edit(text: &str, changes: &[StateChange]) -> Result<(String, Vec<Edit>), StateError> {
    let mut after = text.to_owned();
    let mut edits = Vec::with_capacity(changes.len());
    // Records for one list go in together: the text is read once for them.
    let is_together = |a: &StateChange, b: &StateChange| matches!((a, b), (StateChange::Append { list: a, .. }, StateChange::Append { list: b, .. }) if a == b);
    for group in changes.chunk_by(is_together) {
        let document = read(&after)?;
        let Some((range, new, told)) = splice(&after, &document.root, group)? else { continue };
        let next = format!("{}{new}{}", &after[..range.start], &after[range.end..]);
        verify(&document.root, &read(&next)?.root, group)?;
        after = next;
        edits.extend(told);
    }
    Ok((after, edits))
}

pub(super) fn read(text: &str) -> Result<Document, StateError> {
    let document = parse(text, Limits::default()).map_err(StateError::NotJson)?;
    if let Some(Defect { kind, line, .. }) = document.defects.first() {
        return Err(StateError::NotEditable { what: kind.describe(), line: *line });
    }
    expect_object(&document.root, "")?;
    Ok(document)
}

fn expect_object(node: &Node, pointer: &str) -> Result<(), StateError> {
    if node.is_object() { Ok(()) } else { Err(shape(pointer, "an object", node)) }
}

fn shape(pointer: &str, expected: &'static str, found: &Node) -> StateError {
    StateError::Shape { pointer: pointer.to_owned(), expected, found: found.type_name() }
}

/// The bytes that go, what comes, and what to tell; `None` if there is nothing to be done.
type Splice = (Range<usize>, String, Vec<Edit>);

fn splice(text: &str, root: &Node, group: &[StateChange]) -> Result<Option<Splice>, StateError> {
    let style = Style::of(text, root);
    Ok(match group {
        [StateChange::Set { key, value }] => Some(set(text, root, key, value, &style)),
        [StateChange::Remove { key }] => remove(text, root, key),
        [StateChange::Append { list, .. }, ..] => Some(append(text, root, list, &records(group), &style)?),
        _ => None,
    })
}

/// What a group of changes appends.
fn records(group: &[StateChange]) -> Vec<&Node> {
    let records = group.iter().filter_map(|change| match change {
        StateChange::Append { record, .. } => Some(record),
        StateChange::Set { .. } | StateChange::Remove { .. } => None,
    });
    records.collect()
}

fn set(text: &str, root: &Node, key: &str, value: &Node, style: &Style) -> Splice {
    let old = root.get(key);
    let told = told(child("", key), old.map(|old| &text[old.span.clone()]), value);
    match old {
        Some(old) => {
            let outer = indentation(text, old.span.start);
            (old.span.clone(), style.value(value, outer), vec![told])
        }
        None => add_member(text, root, key, value, style, told),
    }
}

fn told(pointer: String, old: Option<&str>, new: &Node) -> Edit {
    Edit {
        artifact: STATE.to_owned(),
        pointer: Some(pointer),
        old: old.map(str::to_owned),
        new: FieldChange::Json(new.clone()),
        task: None,
        rung: None,
        confidence: 1.0,
        signals: Vec::new(),
    }
}

/// A key after the last one of an object.
fn add_member(text: &str, object: &Node, key: &str, value: &Node, style: &Style, told: Edit) -> Splice {
    if let Some(last) = object.members().last() {
        let outer = indentation(text, last.key_span.start);
        let end = last.value.span.end;
        return (end..end, format!("{}{}", style.next(outer), style.member(key, value, outer)), vec![told]);
    }
    let outer = indentation(text, object.span.start);
    let member = style.member(key, value, &style.inner(outer));
    (object.span.clone(), style.block('{', &[member], '}', outer), vec![told])
}

fn remove(text: &str, root: &Node, key: &str) -> Option<Splice> {
    let members = root.members();
    let at = members.iter().position(|member| member.key == key)?;
    let gone = &members[at].value.span;
    let range = match (at.checked_sub(1).map(|before| &members[before]), members.get(at + 1)) {
        (Some(before), _) => before.value.span.end..gone.end,
        (None, Some(next)) => members[at].key_span.start..next.key_span.start,
        (None, None) => root.span.start + 1..root.span.end - 1,
    };
    let old = Some(&text[gone.clone()]);
    let told = told(child("", key), old, &Node::new(crate::json::Value::Null));
    Some((range, String::new(), vec![told]))
}

fn append(
    text: &str,
    root: &Node,
    list: &str,
    records: &[&Node],
    style: &Style,
) -> Result<Splice, StateError> {
    let place = child("/meta", list);
    let whole =
        || Node::new(crate::json::Value::Array(records.iter().map(|record| (*record).clone()).collect()));
    let Some(meta) = root.get("meta") else {
        let value = Node::object([(list, whole())]);
        let told = told("/meta".to_owned(), None, &value);
        return Ok(add_member(text, root, "meta", &value, style, told));
    };
    expect_object(meta, "/meta")?;
    let Some(node) = meta.get(list) else {
        let value = whole();
        let told = told(place, None, &value);
        return Ok(add_member(text, meta, list, &value, style, told));
    };
    let items = node.as_array().ok_or_else(|| shape(&place, "a list", node))?;
    let numbered = (items.len()..).zip(records);
    let told = numbered.map(|(at, record)| told(child(&place, at), None, record)).collect();
    Ok(match items.last() {
        Some(newest) => {
            let outer = indentation(text, newest.span.start);
            let end = newest.span.end;
            let next = style.next(outer);
            let added: Vec<String> = records.iter().map(|record| style.value(record, outer)).collect();
            let added = format!("{next}{}", added.join(&next));
            (end..end, added, told)
        }
        None => {
            let outer = indentation(text, node.span.start);
            let inner = style.inner(outer);
            let spelled: Vec<String> = records.iter().map(|record| style.value(record, &inner)).collect();
            (node.span.clone(), style.block('[', &spelled, ']', outer), told)
        }
    })
}

/// Whether the changes were made and nothing else.
fn verify(before: &Node, after: &Node, group: &[StateChange]) -> Result<(), StateError> {
    let differs = |pointer: String| Err(StateError::Differs { pointer });
    let touched = match group {
        [StateChange::Set { key, value }] => {
            if !after.get(key).is_some_and(|now| now.is_same(value)) {
                return differs(child("", key));
            }
            key.as_str()
        }
        [StateChange::Append { list, .. }, ..] => {
            if !are_appended(before.get("meta"), after.get("meta"), list, &records(group)) {
                return differs(child("/meta", list));
            }
            "meta"
        }
        [StateChange::Remove { key }, ..] => {
            if after.get(key).is_some() {
                return differs(child("", key));
            }
            key.as_str()
        }
        _ => return differs(String::new()),
    };
    let (old, new) = (others(before, touched), others(after, touched));
    let same = |(a, b): (&&Member, &&Member)| a.key == b.key && a.value.is_same(&b.value);
    if old.len() == new.len() && old.iter().zip(&new).all(same) { Ok(()) } else { differs(String::new()) }
}

fn others<'a>(object: &'a Node, key: &str) -> Vec<&'a Member> {
    object.members().iter().filter(|member| member.key != key).collect()
}

fn are_appended(before: Option<&Node>, after: Option<&Node>, list: &str, records: &[&Node]) -> bool {
    let (old, new) = (items(before, list), items(after, list));
    let grown = new.len() == old.len() + records.len()
        && new.iter().zip(old.iter().chain(records.iter().copied())).all(|(a, b)| a.is_same(b));
    let rest = |meta: Option<&Node>| {
        let kept = meta.into_iter().flat_map(|meta| others(meta, list));
        Node::object(kept.map(|member| (member.key.clone(), member.value.clone())))
    };
    grown && rest(before).is_same(&rest(after))
}

fn items<'a>(meta: Option<&'a Node>, list: &str) -> &'a [Node] {
    meta.and_then(|meta| meta.get(list)?.as_array()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn append(list: &str, members: &[(&str, &str)]) -> StateChange {
        let record = Node::object(members.iter().map(|(key, value)| (*key, Node::text(*value))));
        StateChange::Append { list: list.into(), record }
    }

    fn edited(text: &str, changes: &[StateChange]) -> String {
        edit(text, changes).unwrap().0
    }

    const STATE: &str = "{\n  \"current_state\": \"blocked\",\n  \"meta\": {\n    \"overrides\": []\n  },\n  \"latest_failure\": {\n    \"kind\": \"x\"\n  },\n  \"resume_cursor\": null\n}\n";

    #[test]
    fn the_harness_style_is_kept() {
        let set = StateChange::Set { key: "current_state".into(), value: Node::text("executed") };
        let removed = ["latest_failure", "resume_cursor", "active_step"]
            .map(|key| StateChange::Remove { key: key.into() });
        let mut changes = vec![append("overrides", &[("action", "a\u{e9}")]), set];
        changes.extend(removed);
        let (after, edits) = edit(STATE, &changes).unwrap();
        assert_eq!(
            after,
            "{\n  \"current_state\": \"executed\",\n  \"meta\": {\n    \"overrides\": [\n      {\n        \"action\": \"a\\u00e9\"\n      }\n    ]\n  }\n}\n"
        );
        let pointers: Vec<_> = edits.iter().map(|edit| edit.pointer.as_deref().unwrap()).collect();
        assert_eq!(pointers, ["/meta/overrides/0", "/current_state", "/latest_failure", "/resume_cursor"]);
    }

    #[test]
    fn lists_grow_and_are_made() {
        let twice = [append("overrides", &[("a", "1")]), append("overrides", &[("a", "2")])];
        assert!(edited(STATE, &twice).contains(
            "      {\n        \"a\": \"1\"\n      },\n      {\n        \"a\": \"2\"\n      }\n    ]"
        ));
        let made = edited("{\n  \"meta\": {}\n}\n", &[append("notes", &[("a", "1")])]);
        assert_eq!(
            made,
            "{\n  \"meta\": {\n    \"notes\": [\n      {\n        \"a\": \"1\"\n      }\n    ]\n  }\n}\n"
        );
        assert_eq!(
            edited("{\"a\":1}", &[append("notes", &[("b", "2")])]),
            "{\"a\":1,\"meta\":{\"notes\":[{\"b\":\"2\"}]}}"
        );
    }

    #[test]
    fn members_go_from_any_place() {
        let gone = |text: &str| edited(text, &[StateChange::Remove { key: "a".into() }]);
        assert_eq!(gone("{\"a\": 1, \"b\": 2}"), "{\"b\": 2}");
        assert_eq!(gone("{\"b\": 2, \"a\": 1}"), "{\"b\": 2}");
        assert_eq!(gone("{\n  \"a\": 1\n}"), "{}");
        assert_eq!(gone("{\"b\": 2}"), "{\"b\": 2}");
    }

    #[test]
    fn what_is_not_the_harness_s_is_refused() {
        let change = [append("overrides", &[])];
        assert!(matches!(edit("{\"meta\": []}", &change), Err(StateError::Shape { .. })));
        assert!(matches!(edit("{\"meta\": {\"overrides\": 3}}", &change), Err(StateError::Shape { .. })));
        assert!(matches!(edit("{\"a\": NaN}", &change), Err(StateError::NotEditable { .. })));
        assert!(matches!(edit("[]", &change), Err(StateError::Shape { .. })));
        assert!(matches!(edit("{", &change), Err(StateError::NotJson(_))));
    }
}
