//! Carries out changes on the text of `state.json`: every other byte stays.

use std::ops::Range;

use super::STATE;
use super::records::kept;
use super::spell::{Style, indentation};
use super::verify::verify;
use crate::json::{Defect, Document, Limits, Node, ParseError, Value, child, parse};
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
    #[error("state.json has no {expected} at `{pointer}` but {found}; restore the file")]
    Shape {
        /// The place.
        pointer: String,
        /// What the harness keeps there.
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

/// Whether two changes are made at once: the text is read once for all records of one list.
fn is_together(a: &StateChange, b: &StateChange) -> bool {
    match (a, b) {
        (StateChange::Append { list: a, .. }, StateChange::Append { list: b, .. })
        | (StateChange::Withdraw { list: a, .. }, StateChange::Withdraw { list: b, .. }) => a == b,
        _ => false,
    }
}

pub(in crate::repair) fn read(text: &str) -> Result<Document, StateError> {
    let document = parse(text, Limits::READ_BEFORE).map_err(StateError::NotJson)?;
    if let Some(Defect { kind, line, .. }) = document.defects.first() {
        return Err(StateError::NotEditable { what: kind.describe(), line: *line });
    }
    expect_object(&document.root, "")?;
    Ok(document)
}

fn expect_object(node: &Node, pointer: &str) -> Result<(), StateError> {
    if node.is_object() { Ok(()) } else { Err(shape(pointer, "object", node)) }
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
        [StateChange::Append { list, .. }, ..] => Some(append(text, root, list, group, &style)?),
        [StateChange::Withdraw { list, .. }, ..] => Some(withdraw(text, root, list, &records(group))?),
        _ => None,
    })
}

/// What a group of changes appends or takes out.
pub(super) fn records(group: &[StateChange]) -> Vec<&Node> {
    let records = group.iter().filter_map(|change| match change {
        StateChange::Append { record, .. } | StateChange::Withdraw { record, .. } => Some(record),
        StateChange::Set { .. } | StateChange::Remove { .. } => None,
    });
    records.collect()
}

/// What to tell about records that go in: each of them, or all of them as the list that is made.
fn told_of(group: &[StateChange], place: &str, at: Option<usize>) -> Vec<Edit> {
    let each = group.iter().enumerate().filter_map(|(nth, change)| match change {
        StateChange::Append { record, task, confidence, .. } => {
            let pointer = child(place, at.unwrap_or_default() + nth);
            Some(Edit { task: task.clone(), confidence: *confidence, ..told(pointer, None, record) })
        }
        _ => None,
    });
    let each: Vec<Edit> = each.collect();
    if at.is_some() {
        return each;
    }
    let confidence = each.iter().map(|edit| edit.confidence).fold(1.0, f64::min);
    let task = each.into_iter().find_map(|edit| edit.task);
    vec![Edit { task, confidence, ..told(place.to_owned(), None, &whole(&records(group))) }]
}

fn whole(records: &[&Node]) -> Node {
    Node::new(Value::Array(records.iter().map(|record| (*record).clone()).collect()))
}

fn set(text: &str, root: &Node, key: &str, value: &Node, style: &Style) -> Splice {
    let old = root.get(key);
    let told = told(child("", key), old.map(|old| &text[old.span.clone()]), value);
    match old {
        Some(old) => {
            let outer = indentation(text, old.span.start);
            (old.span.clone(), style.value(value, outer), vec![told])
        }
        None => add_member(text, root, key, value, style, vec![told]),
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
fn add_member(text: &str, object: &Node, key: &str, value: &Node, style: &Style, told: Vec<Edit>) -> Splice {
    if let Some(last) = object.members().last() {
        let outer = indentation(text, last.key_span.start);
        let end = last.value.span.end;
        return (end..end, format!("{}{}", style.next(outer), style.member(key, value, outer)), told);
    }
    let outer = indentation(text, object.span.start);
    let member = style.member(key, value, &style.inner(outer));
    (object.span.clone(), style.block('{', &[member], '}', outer), told)
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
    let told = told(child("", key), old, &Node::new(Value::Null));
    Some((range, String::new(), vec![told]))
}

fn append(
    text: &str,
    root: &Node,
    list: &str,
    group: &[StateChange],
    style: &Style,
) -> Result<Splice, StateError> {
    let place = child("/meta", list);
    let records = records(group);
    let Some(meta) = root.get("meta") else {
        let value = Node::object([(list, whole(&records))]);
        return Ok(add_member(text, root, "meta", &value, style, told_of(group, &place, None)));
    };
    expect_object(meta, "/meta")?;
    let Some(node) = meta.get(list) else {
        return Ok(add_member(text, meta, list, &whole(&records), style, told_of(group, &place, None)));
    };
    let items = node.as_array().ok_or_else(|| shape(&place, "list", node))?;
    let told = told_of(group, &place, Some(items.len()));
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

/// The list without those records; what is kept stands as it stood.
fn withdraw(text: &str, root: &Node, list: &str, records: &[&Node]) -> Result<Splice, StateError> {
    let moved = || StateError::Moved { key: list.to_owned() };
    let node = root.get("meta").and_then(|meta| meta.get(list)).ok_or_else(moved)?;
    let items = node.as_array().ok_or_else(moved)?;
    let kept = kept(items, records).ok_or_else(moved)?;
    let place = child("/meta", list);
    let mut told = Vec::with_capacity(records.len());
    let mut after = String::new();
    for (at, item) in items.iter().enumerate() {
        let spelled = &text[item.span.clone()];
        if !kept[at] {
            told.push(self::told(child(&place, at), Some(spelled), &Node::new(Value::Null)));
            continue;
        }
        let is_first = after.is_empty();
        let gap = if is_first {
            node.span.start..items[0].span.start
        } else {
            items[at - 1].span.end..item.span.start
        };
        after.push_str(&text[gap]);
        after.push_str(spelled);
    }
    match items.last() {
        Some(end) if !after.is_empty() => after.push_str(&text[end.span.end..node.span.end]),
        _ => after.push_str("[]"),
    }
    Ok((node.span.clone(), after, told))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn append(list: &str, members: &[(&str, &str)]) -> StateChange {
        StateChange::append(list, record(members))
    }

    fn withdraw(list: &str, members: &[(&str, &str)]) -> StateChange {
        StateChange::Withdraw { list: list.into(), record: record(members) }
    }

    fn record(members: &[(&str, &str)]) -> Node {
        Node::object(members.iter().map(|(key, value)| (*key, Node::text(*value))))
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
    fn records_go_from_any_place() {
        let text = r#"{"meta": {"l": [ {"a": "1"} ,{"a": "2"},  {"a": "1"}, {"a": "3"} ], "m": 1}}"#;
        let gone = |ids: &[&str]| {
            let changes: Vec<_> = ids.iter().map(|id| withdraw("l", &[("a", id)])).collect();
            edit(text, &changes).map(|(after, _)| after[15..after.len() - 10].to_owned())
        };
        assert_eq!(gone(&["1"]).unwrap(), r#"[ {"a": "1"} ,{"a": "2"}, {"a": "3"} ]"#, "the newest");
        assert_eq!(gone(&["1", "1"]).unwrap(), r#"[ {"a": "2"}, {"a": "3"} ]"#);
        assert_eq!(gone(&["3", "2"]).unwrap(), r#"[ {"a": "1"},  {"a": "1"} ]"#);
        assert_eq!(gone(&["1", "2", "3", "1"]).unwrap(), "[]");
        for missing in [&["4"][..], &["2", "2"]] {
            assert!(matches!(gone(missing), Err(StateError::Moved { key }) if key == "l"));
        }
    }

    #[test]
    fn what_is_made_is_as_sure_as_the_least_sure_record() {
        let change = |task: &str, confidence| StateChange::Append {
            list: "l".into(),
            record: record(&[("a", task)]),
            task: Some(task.into()),
            confidence,
        };
        let changes = [change("T1", 0.98), change("T2", 0.96)];
        let told = |text: &str| {
            let told = edit(text, &changes).unwrap().1.into_iter();
            told.map(|edit| (edit.pointer.unwrap(), edit.task.unwrap().0, edit.confidence))
                .collect::<Vec<_>>()
        };
        assert_eq!(told(r#"{"meta": {}}"#), [("/meta/l".into(), "T1".into(), 0.96)]);
        let each = [("/meta/l/0".into(), "T1".into(), 0.98), ("/meta/l/1".into(), "T2".into(), 0.96)];
        assert_eq!(told(r#"{"meta": {"l": []}}"#), each);
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
