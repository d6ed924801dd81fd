//! Answers appended to `state.json`, and taken out again: byte splices in the style of the file, and the proof
//! that nothing else changed.

use super::apply::{EditError, apply, same};
use super::events::NewEvent;
use super::json_edit::Splice;
use super::propose::ProposeError;
use crate::json::write::{Spread, string, string_list};
use crate::json::{Document, Limits, Node, child, parse, resolve};
use crate::model::{Artifact, Edit, FieldChange, Plan, Repair};

const STATE: &str = "state.json";
const META: &str = "/meta";
const KEY: &str = "quality_gate_resolutions";

/// What recording these answers would change.
pub fn propose_events(plan: &Plan, events: &[NewEvent]) -> Result<Repair, ProposeError> {
    if events.is_empty() {
        return Ok(Repair::default());
    }
    let missing = || ProposeError::Missing { artifact: STATE.to_owned() };
    append(plan.artifacts.get(STATE).ok_or_else(missing)?, events)
}

/// Appends answers to the list in a `state.json`, which is made where it is missing.
pub(super) fn append(state: &Artifact, events: &[NewEvent]) -> Result<Repair, ProposeError> {
    let document = state.document.as_ref().ok_or_else(no_list)?;
    if let Some(defect) = document.defects.first() {
        let (what, line) = (defect.kind.describe(), defect.line);
        return Err(ProposeError::NotEditable { artifact: state.name.clone(), what, line });
    }
    let meta = resolve(&document.root, META).filter(|meta| meta.is_object()).ok_or_else(no_list)?;
    let layout = Layout::of(&state.text, meta);
    let (splice, edits) = match meta.get(KEY) {
        Some(list) => {
            let items = list.as_array().ok_or_else(no_list)?;
            (added(list, items, events, &layout), appended(items.len(), events))
        }
        None => (created(meta, events, &layout), vec![made(events)]),
    };
    let after = apply(&state.text, &[splice])
        .map_err(|source| EditError::Apply { artifact: state.name.clone(), source })?;
    verify(document, &after, events)?;
    Ok(Repair { edits, artifacts: vec![(state.name.clone(), state.text.clone(), after)], is_guarded: false })
}

/// Takes exactly these answers out of a `state.json` that has gone on since; `None` if one of them is not there
/// any more as it was written.
pub(super) fn take_out(text: &str, events: &[serde_json::Value]) -> Option<String> {
    let document = parse(text, Limits::default()).ok().filter(|document| document.defects.is_empty())?;
    let list = resolve(&document.root, &child(META, KEY))?;
    let items = list.as_array()?;
    let value = |node: &Node| serde_json::from_str::<serde_json::Value>(&text[node.span.clone()]).ok();
    let mut gone = vec![false; items.len()];
    for event in events {
        let at = (0..items.len()).rev().find(|&at| !gone[at] && value(&items[at]).as_ref() == Some(event))?;
        gone[at] = true;
    }
    let kept: Vec<&Node> =
        items.iter().zip(&gone).filter(|(_, gone)| !**gone).map(|(item, _)| item).collect();
    let mut out = text[..list.span.start].to_owned();
    match (kept.first(), kept.last(), items.first(), items.last()) {
        (Some(_), Some(_), Some(first), Some(end)) => {
            out.push_str(&text[list.span.start..first.span.start]);
            let gap = items.get(1).map_or(", ", |second| &text[first.span.end..second.span.start]);
            let spelled: Vec<&str> = kept.iter().map(|item| &text[item.span.clone()]).collect();
            out.push_str(&spelled.join(gap));
            out.push_str(&text[end.span.end..]);
        }
        _ => {
            out.push_str("[]");
            out.push_str(&text[list.span.end..]);
        }
    }
    Some(out)
}

fn no_list() -> ProposeError {
    ProposeError::NoList { artifact: STATE.to_owned(), pointer: child(META, KEY) }
}

/// How the members of `meta` stand.
struct Layout {
    /// Line ending and one step of indentation, unless everything is on one line.
    lines: Option<(String, String)>,
    /// Indentation of the members of `meta`.
    inner: String,
    ascii: bool,
    /// Between a key and its value.
    colon: &'static str,
    /// Between two items on one line.
    comma: &'static str,
}

impl Layout {
    fn of(text: &str, meta: &Node) -> Self {
        let ascii = text.bytes().all(|byte| byte < 0x7f);
        let first = meta.members().first();
        let gap = first.map_or("\n    ", |member| &text[meta.span.start + 1..member.key_span.start]);
        let tight = first.is_some_and(|member| text[member.key_span.end..member.value.span.start] == *":");
        let (colon, comma) = if tight { (":", ",") } else { (": ", ", ") };
        let Some(end) = gap.rfind('\n') else {
            return Self { lines: None, inner: String::new(), ascii, colon, comma };
        };
        let inner = gap[end + 1..].to_owned();
        let line = text[..meta.span.start].rfind('\n').map_or(0, |at| at + 1);
        let outer: String = text[line..].chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
        let unit = inner.strip_prefix(outer.as_str()).unwrap_or("  ").to_owned();
        let newline = if gap[..end].ends_with('\r') { "\r\n" } else { "\n" };
        Self { lines: Some((newline.to_owned(), unit)), inner, ascii, colon, comma }
    }

    /// A break before an item that stands `depth` levels below the members of `meta`.
    fn line(&self, depth: usize) -> String {
        match &self.lines {
            Some((newline, unit)) => format!("{newline}{}{}", self.inner, unit.repeat(depth)),
            None => String::new(),
        }
    }

    /// Between two items at a depth.
    fn between(&self, depth: usize) -> String {
        match self.lines {
            Some(_) => format!(",{}", self.line(depth)),
            None => self.comma.to_owned(),
        }
    }

    fn event(&self, event: &NewEvent) -> String {
        let members: Vec<String> = event
            .members
            .iter()
            .map(|(key, value)| format!("{}{}{}", string(key, self.ascii), self.colon, self.value(value)))
            .collect();
        format!("{{{}{}{}}}", self.line(2), members.join(&self.between(2)), self.line(1))
    }

    fn value(&self, value: &FieldChange) -> String {
        match value {
            FieldChange::Text(text) => string(text, self.ascii),
            FieldChange::Bool(value) => value.to_string(),
            FieldChange::List(items) => string_list(items, self.ascii, &self.spread()),
            FieldChange::Object(_) | FieldChange::Array(_) | FieldChange::Json(_) => "null".to_owned(),
        }
    }

    fn spread(&self) -> Spread {
        match &self.lines {
            Some((newline, unit)) => Spread::Lines {
                newline: newline.clone(),
                outer: format!("{}{}", self.inner, unit.repeat(2)),
                unit: unit.clone(),
            },
            None => Spread::Line { padding: String::new(), separator: self.comma.to_owned() },
        }
    }

    fn events(&self, events: &[NewEvent]) -> String {
        events.iter().map(|event| self.event(event)).collect::<Vec<_>>().join(&self.between(1))
    }
}

/// The list with more items.
fn added(list: &Node, items: &[Node], events: &[NewEvent], layout: &Layout) -> Splice {
    match items.last() {
        Some(end) => Splice {
            range: end.span.end..end.span.end,
            text: format!("{}{}", layout.between(1), layout.events(events)),
        },
        None => Splice { range: list.span.clone(), text: whole(events, layout) },
    }
}

/// The list as a new member of `meta`.
fn created(meta: &Node, events: &[NewEvent], layout: &Layout) -> Splice {
    let member = format!("{}{}{}", string(KEY, layout.ascii), layout.colon, whole(events, layout));
    match meta.members().last() {
        Some(last) => {
            let end = last.value.span.end;
            Splice { range: end..end, text: format!("{}{member}", layout.between(0)) }
        }
        None => {
            let closing = layout.lines.as_ref().map_or(String::new(), |(newline, unit)| {
                format!("{newline}{}", layout.inner.strip_suffix(unit.as_str()).unwrap_or_default())
            });
            let inside = meta.span.start + 1..meta.span.end - 1;
            Splice { range: inside, text: format!("{}{member}{closing}", layout.line(0)) }
        }
    }
}

fn whole(events: &[NewEvent], layout: &Layout) -> String {
    format!("[{}{}{}]", layout.line(1), layout.events(events), layout.line(0))
}

fn appended(before: usize, events: &[NewEvent]) -> Vec<Edit> {
    let place = |at: usize| child(&child(META, KEY), before + at);
    let edit = |(at, event): (usize, &NewEvent)| {
        edit(place(at), FieldChange::Object(event.members.clone()), event.confidence, event)
    };
    events.iter().enumerate().map(edit).collect()
}

fn made(events: &[NewEvent]) -> Edit {
    let items = events.iter().map(|event| FieldChange::Object(event.members.clone())).collect();
    let least = events.iter().map(|event| event.confidence).fold(1.0, f64::min);
    edit(child(META, KEY), FieldChange::Array(items), least, &events[0])
}

fn edit(pointer: String, new: FieldChange, confidence: f64, event: &NewEvent) -> Edit {
    Edit {
        artifact: STATE.to_owned(),
        pointer: Some(pointer),
        old: None,
        new,
        task: event.task.clone(),
        rung: None,
        confidence,
        signals: Vec::new(),
    }
}

/// The edited text holds every old answer, then the new ones, and is otherwise what it was.
fn verify(before: &Document, after: &str, events: &[NewEvent]) -> Result<(), ProposeError> {
    let artifact = || STATE.to_owned();
    let edited = parse(after, Limits::default())
        .map_err(|source| EditError::NotJson { artifact: artifact(), source })?;
    let place = child(META, KEY);
    let differs = |pointer: String| EditError::Differs { artifact: artifact(), pointer };
    same(&before.root, &edited.root, "", &[(META, KEY)]).map_err(differs)?;
    let items = |root| resolve(root, &place).and_then(Node::as_array).unwrap_or_default();
    let (old, new) = (items(&before.root), items(&edited.root));
    let kept = old.len() + events.len() == new.len()
        && old.iter().zip(new).all(|(old, new)| same(old, new, &place, &[]).is_ok())
        && new[old.len()..].iter().zip(events).all(|(node, event)| {
            node.get("blocker_id").and_then(Node::as_str) == Some(event.blocker_id.as_str())
                && node.members().len() == event.members.len()
        });
    if kept { Ok(()) } else { Err(differs(place).into()) }
}
