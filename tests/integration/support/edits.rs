//! Whether a written artifact is the old one with the reported edits and nothing else.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;
use taskproof::json::{self, Limits, Member, Node, child};

/// Compares two versions of an artifact with the report's `edits`.
pub(crate) fn check(artifact: &str, before: &str, after: &str, report: &Value) -> Vec<String> {
    let edits = report["edits"].as_array().into_iter().flatten();
    let edits: Vec<&Value> = edits.filter(|edit| edit["artifact"] == artifact).collect();
    if !artifact.ends_with(".json") {
        return check_text(artifact, before, after, &edits);
    }
    let edits: BTreeMap<&str, &Value> =
        edits.into_iter().map(|edit| (edit["pointer"].as_str().expect("a pointer"), edit)).collect();
    let (old, new) = (parse(before), parse(after));
    let mut walk = Walk { before, after, edits, problems: Vec::new() };
    walk.node(&old, &new, "");
    walk.problems.extend(walk.edits.keys().map(|left| format!("{left} is reported, but was not written")));
    walk.problems.into_iter().map(|problem| format!("{artifact}: {problem}")).collect()
}

/// Text is inserted, edit by edit, and nothing goes away.
fn check_text(artifact: &str, before: &str, after: &str, edits: &[&Value]) -> Vec<String> {
    let mut rest = after.to_owned();
    for edit in edits {
        rest = rest.replacen(edit["new"].as_str().expect("a text"), "", 1);
    }
    let problem = format!("{artifact}: without what was inserted it is not what it was");
    if rest == before { Vec::new() } else { vec![problem] }
}

struct Walk<'a> {
    before: &'a str,
    after: &'a str,
    /// Those that were not met yet.
    edits: BTreeMap<&'a str, &'a Value>,
    problems: Vec<String>,
}

impl Walk<'_> {
    fn node(&mut self, old: &Node, new: &Node, pointer: &str) {
        if let Some(edit) = self.edits.remove(pointer) {
            let (was, is) = (value(self.before, old), value(self.after, new));
            if was != edit["old"] || is != edit["new"] {
                self.problems.push(format!("{pointer} went from {was} to {is}, and the report says {edit}"));
            }
        } else if old.is_object() && new.is_object() {
            self.members(old, new, pointer);
        } else if let (Some(old), Some(new)) = (old.as_array(), new.as_array()) {
            let added = new.iter().enumerate().skip(old.len());
            for (place, item) in added.map(|(at, item)| (child(pointer, at), item)) {
                let reported = self
                    .edits
                    .get(place.as_str())
                    .is_some_and(|edit| edit["old"].is_null() && edit["new"] == value(self.after, item));
                if reported {
                    self.edits.remove(place.as_str());
                } else {
                    self.problems.push(format!("{place} was added without an edit"));
                }
            }
            if old.len() > new.len() {
                self.problems.push(format!("{pointer} has {} items instead of {}", new.len(), old.len()));
            }
            for (at, (old, new)) in old.iter().zip(new).enumerate() {
                self.node(old, new, &child(pointer, at));
            }
        } else if self.before[old.span.clone()] != self.after[new.span.clone()] {
            self.problems.push(format!("{pointer} changed without an edit"));
        }
    }

    /// Old members stay in their order, but for those that are reported gone; new ones, each reported, follow.
    fn members(&mut self, old: &Node, new: &Node, pointer: &str) {
        let kept: Vec<_> =
            old.members().iter().filter(|member| !self.is_gone(member, new, pointer)).collect();
        let new = new.members();
        for (at, member) in new.iter().enumerate() {
            let place = child(pointer, &member.key);
            match kept.get(at) {
                Some(was) if self.before[was.key_span.clone()] == self.after[member.key_span.clone()] => {
                    self.node(&was.value, &member.value, &place);
                }
                None if self.edits.get(place.as_str()).is_some_and(|edit| {
                    edit["old"].is_null() && edit["new"] == value(self.after, &member.value)
                }) =>
                {
                    self.edits.remove(place.as_str());
                }
                _ => self.problems.push(format!("{place} stands where it did not stand before")),
            }
        }
        if new.len() < kept.len() {
            self.problems.push(format!("{pointer} lost members"));
        }
    }

    /// Whether a member went away as reported.
    fn is_gone(&mut self, member: &Member, new: &Node, pointer: &str) -> bool {
        let place = child(pointer, &member.key);
        let reported = self
            .edits
            .get(place.as_str())
            .is_some_and(|edit| edit["new"].is_null() && edit["old"] == value(self.before, &member.value));
        let is_gone = reported && new.get(&member.key).is_none();
        if is_gone {
            self.edits.remove(place.as_str());
        }
        is_gone
    }
}

fn parse(text: &str) -> Node {
    json::parse(text, Limits::default()).expect("JSON").root
}

fn value(text: &str, node: &Node) -> Value {
    serde_json::from_str(&text[node.span.clone()]).expect("JSON")
}

/// Whether a text is what the harness's serialiser writes for the document it holds.
pub(crate) fn is_harness_style(text: &str) -> bool {
    json::parse(text, Limits::default())
        .is_ok_and(|document| json::write::document(&document.root) + "\n" == text)
}

/// The same, asked of Python itself; `None` where there is none.
pub(crate) fn is_python_style(text: &str) -> Option<bool> {
    const SCRIPT: &str = "import json, sys\n\
                          text = sys.stdin.buffer.read().decode()\n\
                          sys.exit(json.dumps(json.loads(text), indent=2) + '\\n' != text)";
    let mut python = Command::new("python3").args(["-c", SCRIPT]).stdin(Stdio::piped()).spawn().ok()?;
    python.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("Python reads");
    Some(python.wait().expect("Python ends").success())
}
