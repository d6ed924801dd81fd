//! The stable report as JSON: one document, or one object per line.

use serde::Serialize;
use serde_json::{Map, Value};

use super::text::json_visible;
use super::{Report, wire};

/// The whole report, indented, with a final newline.
pub fn document(report: &Report) -> Result<String, serde_json::Error> {
    pretty(&wire::Report::from(report))
}

/// Any document of ours, in the same way.
pub(super) fn pretty(document: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(document)?;
    text.push('\n');
    Ok(json_visible(&text).into_owned())
}

/// Any document of ours on one line.
pub(super) fn line(document: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string(document)?;
    text.push('\n');
    Ok(json_visible(&text).into_owned())
}

/// One object per line, told apart by `type`: one `report` with everything but the three long lists,
/// then a `task` each, then a `claim` each, then a `finding` each.
pub fn lines(report: &Report) -> Result<String, serde_json::Error> {
    let mut head = serde_json::to_value(wire::Report::from(report))?;
    let tasks = take(&mut head, "tasks");
    let claims = take(&mut head, "claims");
    let findings = take(&mut head, "findings");
    let mut text = String::new();
    push(&mut text, "report", head);
    for task in tasks {
        push(&mut text, "task", task);
    }
    for claim in claims {
        push(&mut text, "claim", claim);
    }
    for finding in findings {
        push(&mut text, "finding", finding);
    }
    Ok(text)
}

/// The line of a plan that no report could be made of.
pub(super) fn failure(plan: &str, reason: &str) -> Result<String, serde_json::Error> {
    let mut text = String::new();
    push(&mut text, "failure", serde_json::to_value(Failure { plan, reason })?);
    Ok(text)
}

#[derive(Serialize)]
struct Failure<'a> {
    plan: &'a str,
    reason: &'a str,
}

fn take(object: &mut Value, key: &str) -> Vec<Value> {
    match object.as_object_mut().and_then(|members| members.shift_remove(key)) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

fn push(text: &mut String, kind: &str, value: Value) {
    let mut members = Map::new();
    members.insert("type".to_owned(), kind.into());
    if let Value::Object(rest) = value {
        members.extend(rest);
    }
    text.push_str(&json_visible(&Value::Object(members).to_string()));
    text.push('\n');
}
