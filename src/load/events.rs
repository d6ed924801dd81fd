//! `events.ndjson`: the journal of a run, one JSON object a line (spec section 5).

use super::time::parse_timestamp;
use crate::json::{Limits, Node, parse};
use crate::model::{Artifact, Code, Event, Finding};

/// The events that can be read; a bad line is one finding, as readers of the harness skip it too.
pub(super) fn read_events(artifact: &Artifact, findings: &mut Vec<Finding>) -> Vec<Event> {
    let mut events = Vec::new();
    for (line, text) in (1..).zip(artifact.text.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        match parse(text, Limits::default()) {
            Ok(document) => events.extend(read_event(&document.root)),
            Err(error) => {
                let message = format!("not an event: {}", error.message);
                findings.push(Finding::new(Code::MalformedRow, &artifact.name, message).on_line(line));
            }
        }
    }
    events
}

fn read_event(node: &Node) -> Option<Event> {
    let text = |key: &str| node.get(key).and_then(Node::as_str);
    Some(Event {
        time: parse_timestamp(text("ts_utc")?)?,
        kind: text("kind")?.to_owned(),
        phase: text("phase").map(str::to_owned),
    })
}
