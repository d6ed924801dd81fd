//! The stable report as JSON: one document, or one object per line.

mod indented;
mod string;

use std::borrow::Cow;
use std::io::Write;

use rayon::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value};

use super::text::json_visible;
use super::{RenderError, Report, order, wire};

/// Items of a list that one thread puts into JSON at a time.
const PIECE: usize = 64;
/// About as many bytes as that takes.
const PIECE_BYTES: usize = 48 << 10;
/// Pieces that are made side by side before they are written.
const PIECES: usize = 32;
/// How deep an item of a list of the document stands.
const WITHIN_A_LIST: usize = 2;

/// Writes the whole report, indented, with a final newline. The longest lists are long because there are many claims: no more
/// of their text is in memory than threads are at work on.
pub fn write(report: &Report, out: &mut dyn Write) -> Result<(), RenderError> {
    let findings = order::masked(&report.findings);
    let mut text = pretty(&wire::Report::without_lists(report))?;
    // Line feeds stand between values only, so that nothing but the two lists can look like this.
    let after_findings = cut(&mut text, "\n  \"findings\": [", findings.is_empty());
    let after_claims = cut(&mut text, "\n  \"claims\": [", report.claims.is_empty());
    out.write_all(text.as_bytes())?;
    items(&report.claims, wire::Claim::masked, out)?;
    out.write_all(after_claims.as_bytes())?;
    items(&findings, |(finding, message)| wire::Finding::saying(message, finding), out)?;
    Ok(out.write_all(after_findings.as_bytes())?)
}

/// Cuts a document where a list opens that has no items yet, and returns what comes after its items, if it is to get some. The
/// lists stand near the end.
fn cut(document: &mut String, opening: &str, is_empty: bool) -> String {
    let Some(at) = memchr::memmem::rfind(document.as_bytes(), opening.as_bytes()) else {
        return String::new();
    };
    let rest = document.split_off(at + opening.len());
    if is_empty { rest } else { format!("\n  {rest}") }
}

/// Writes the items of a list of the document, with what stands before each of them. Putting long lists into JSON takes a
/// while, so threads share it.
fn items<'a, T: Sync, W: Serialize>(
    list: &'a [T],
    shown: impl Fn(&'a T) -> W + Sync,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    let mut pieces: Vec<Vec<u8>> = Vec::new();
    for (turn, part) in list.chunks(PIECE * PIECES).enumerate() {
        pieces.resize_with(part.len().div_ceil(PIECE), || Vec::with_capacity(PIECE_BYTES));
        let parts = pieces.par_iter_mut().zip(part.par_chunks(PIECE)).enumerate();
        parts.try_for_each(|(at, (piece, items))| fill(piece, items, turn + at == 0, &shown))?;
        pieces.iter().try_for_each(|piece| out.write_all(piece))?;
    }
    Ok(())
}

/// Puts items into JSON, in the place of what was in `piece`.
fn fill<'a, T, W: Serialize>(
    piece: &mut Vec<u8>,
    items: &'a [T],
    is_first: bool,
    shown: impl Fn(&'a T) -> W,
) -> Result<(), serde_json::Error> {
    piece.clear();
    for (at, item) in items.iter().enumerate() {
        let before: &[u8] = if is_first && at == 0 { b"\n    " } else { b",\n    " };
        piece.extend_from_slice(before);
        indented::write(&shown(item), WITHIN_A_LIST, piece)?;
    }
    Ok(())
}

fn visible(text: String) -> String {
    match json_visible(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(visible) => visible,
    }
}

/// Any document of ours, in the same way.
pub(super) fn pretty(document: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(document)?;
    text.push('\n');
    Ok(visible(text))
}

/// Any document of ours on one line.
pub(super) fn line(document: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string(document)?;
    text.push('\n');
    Ok(visible(text))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn lists_that_threads_share_are_put_in_their_places() {
        let mut report = sample::report();
        let (claims, findings) = (report.claims.clone(), report.findings.clone());
        for times in [0, 1, 300, 2 * PIECE * PIECES + 1] {
            report.claims = claims.iter().cycle().take(times).cloned().collect();
            report.findings = findings.iter().cycle().take(times).cloned().collect();
            report.plan.name = "\n  \"claims\": [ ##[error]".to_owned();
            let mut written = Vec::new();
            write(&report, &mut written).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), pretty(&wire::Report::from(&report)).unwrap());
        }
    }
}
