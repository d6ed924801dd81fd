//! Reading and splicing JSON, judged by serde_json.

use serde_json::Value;
use taskproof::json::{self, Limits, write::document};
use taskproof::model::{Artifact, FieldChange};
use taskproof::repair::apply::edit;
use taskproof::repair::json_edit::{Change, splices};

/// Depth up to which both readers must agree.
const DEEPEST: usize = 100;

/// The first byte chooses the key, the rest is the document.
pub fn json_splice(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let ours = json::parse(text, Limits::default());
    let theirs = serde_json::from_str::<Value>(text);
    let document = match (ours, &theirs) {
        (Ok(document), _) => document,
        (Err(error), Ok(value)) => {
            assert!(is_deep(value, 0), "serde_json reads it, we do not: {error}");
            return;
        }
        (Err(_), Err(_)) => return,
    };
    if let Ok(value) = &theirs {
        let again: Value =
            serde_json::from_str(&self::document(&document.root)).expect("what we write is JSON");
        assert_eq!(&again, value, "the value is read as serde_json reads it");
    }
    let artifact = Artifact { name: "finalize.json".into(), text: text.to_owned(), document: Some(document) };
    let mut objects = Vec::new();
    let root = &artifact.document.as_ref().expect("it was read").root;
    collect(root, &mut String::new(), &mut objects, 0);
    for (at, object) in objects.iter().enumerate().take(4) {
        let key = match (usize::from(*first) + at) % 4 {
            0 => "files_changed",
            1 => "a\"\u{e9}/~",
            2 => "",
            _ => "status",
        };
        let change = FieldChange::List(vec!["src/a.rs".into(), "\u{1f600}\"\\\u{1}".into()]);
        let change = Change { object: object.clone(), key: key.to_owned(), value: change };
        judge(&artifact, &theirs, change);
    }
}

fn judge(artifact: &Artifact, theirs: &Result<Value, serde_json::Error>, change: Change) {
    let changes = [change];
    let Ok(after) = edit(artifact, &changes) else { return };
    // What is outside the splice stands as it stood.
    let [splice] = &splices(artifact, &changes).expect("it was edited")[..] else {
        assert_eq!(after, artifact.text, "no splice, no change");
        return;
    };
    assert!(after.starts_with(&artifact.text[..splice.range.start]));
    assert!(after.ends_with(&artifact.text[splice.range.end..]));
    assert_eq!(after.len(), artifact.text.len() - splice.range.len() + splice.text.len());
    // Doing it again changes nothing.
    let document = Some(json::parse(&after, Limits::default()).expect("the result is JSON"));
    let again = Artifact { name: artifact.name.clone(), text: after.clone(), document };
    assert_eq!(edit(&again, &changes).expect("it can be edited again"), after, "idempotent");
    // And serde_json sees exactly this change.
    let Ok(value) = theirs else { return };
    let mut expected = value.clone();
    let [Change { object, key, .. }] = &changes;
    let object = expected.pointer_mut(object).expect("an object").as_object_mut().expect("an object");
    object.insert(key.clone(), serde_json::json!(["src/a.rs", "\u{1f600}\"\\\u{1}"]));
    let found: Value = serde_json::from_str(&after).expect("the result is JSON for serde_json");
    assert_eq!(found, expected);
}

/// Pointers of objects that both readers can name.
fn collect(node: &json::Node, pointer: &mut String, found: &mut Vec<String>, depth: usize) {
    if depth > DEEPEST || found.len() > 64 {
        return;
    }
    if node.is_object() {
        found.push(pointer.clone());
        for member in node.members() {
            let place = json::child(pointer, &member.key);
            collect(&member.value, &mut place.clone(), found, depth + 1);
        }
    }
    for (at, item) in node.as_array().unwrap_or_default().iter().enumerate() {
        let place = json::child(pointer, at);
        collect(item, &mut place.clone(), found, depth + 1);
    }
}

fn is_deep(value: &Value, depth: usize) -> bool {
    let next = |value: &Value| is_deep(value, depth + 1);
    depth > DEEPEST
        || match value {
            Value::Array(items) => items.iter().any(next),
            Value::Object(members) => members.values().any(next),
            _ => false,
        }
}
