//! Commands that stand elsewhere than in a list of commands: what a batch's artifact tells besides its rows and lists
//! (`verification`, `tests_run`, `output`, …), and the worker's transcripts (spec section 4).
//!
//! Nothing is decided by these alone, so whatever cannot be read is passed over in silence.

use crate::json::{Limits, Node, Value, child, parse};
use crate::model::{Artifact, Told};

/// Rows and lists, which are read as what they are.
const KNOWN: [&str; 6] = [
    "task_updates",
    "tasks",
    "sense_check_acknowledgments",
    "files_changed",
    "commands_run",
    "sections_written",
];
/// More texts, or commands, of one file are not read.
const MOST: usize = 4000;
/// A longer text is somebody's output.
const LONGEST: usize = 16 << 10;
/// A longer line of a transcript is skipped.
const LONGEST_LINE: usize = 4 << 20;

/// Every text of an execution artifact outside its rows and lists, in the order of the file.
pub(super) fn read_told(artifact: &Artifact, batch: Option<u32>) -> Vec<Told> {
    let mut found = Vec::new();
    let root = artifact.document.as_ref().map(|document| &document.root.value);
    if let Some(Value::Object(members)) = root {
        for member in members.iter().filter(|member| !KNOWN.contains(&member.key.as_str())) {
            let mut add = |place: String, text: &str| {
                let artifact = artifact.name.clone();
                found.push(Told { artifact, place, batch, text: text.to_owned(), is_command: false });
                found.len() < MOST
            };
            if !each_text(&member.value, &child("", &member.key), &mut add) {
                break;
            }
        }
    }
    found
}

/// Calls `add` for every string below a node until it says that it has enough; whether it wants more. Nesting is
/// bounded by what the parser accepts.
fn each_text(node: &Node, place: &str, add: &mut impl FnMut(String, &str) -> bool) -> bool {
    match &node.value {
        Value::String(text) if text.trim().is_empty() || text.len() > LONGEST => true,
        Value::String(text) => add(place.to_owned(), text),
        Value::Array(items) => {
            items.iter().enumerate().all(|(at, item)| each_text(item, &child(place, at), add))
        }
        Value::Object(members) => {
            members.iter().all(|member| each_text(&member.value, &child(place, &member.key), add))
        }
        _ => true,
    }
}

/// The commands of a transcript, one JSON value a line, each once: whatever is called `command` there. Lines of other
/// text are passed over.
pub(super) fn read_transcript(artifact: &Artifact) -> Vec<Told> {
    let mut seen = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    for (line, text) in (1..).zip(artifact.text.lines()) {
        let may_tell = text.len() <= LONGEST_LINE && text.starts_with('{') && text.contains("\"command\"");
        let Some(document) = may_tell.then(|| parse(text, Limits::default()).ok()).flatten() else {
            continue;
        };
        each_command(&document.root, &mut |command: String| {
            if found.len() < MOST && command.len() <= LONGEST && seen.insert(command.clone()) {
                found.push(Told {
                    artifact: artifact.name.clone(),
                    place: format!("line {line}"),
                    batch: None,
                    text: command,
                    is_command: true,
                });
            }
        });
    }
    found
}

fn each_command(node: &Node, add: &mut impl FnMut(String)) {
    match &node.value {
        Value::Array(items) => items.iter().for_each(|item| each_command(item, add)),
        Value::Object(members) => {
            for member in members {
                match member.key.as_str() {
                    "command" => command(&member.value).into_iter().for_each(&mut *add),
                    _ => each_command(&member.value, add),
                }
            }
        }
        _ => {}
    }
}

/// A command line, or one that is split into words already.
fn command(node: &Node) -> Option<String> {
    if let Some(words) = node.as_array() {
        let words: Vec<&str> = words.iter().map(Node::as_str).collect::<Option<_>>()?;
        return shlex::try_join(words).ok();
    }
    node.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(name: &str, text: &str) -> Artifact {
        let document = name.ends_with(".json").then(|| parse(text, Limits::default()).unwrap());
        Artifact { name: name.into(), text: text.into(), document }
    }

    #[test]
    fn texts_outside_rows_and_lists_are_kept_with_their_places() {
        let text = r#"{"commands_run": ["make a"], "task_updates": [{"task_id": "T1", "x": "make b"}],
            "verification": {"unit": ["make c: passed", " "], "n": 3}, "tests_run": "make d"}"#;
        let told = read_told(&artifact("execution_batch_2.json", text), Some(2));
        let found: Vec<_> = told.iter().map(|told| (told.place.as_str(), told.text.as_str())).collect();
        assert_eq!(found, [("/verification/unit/0", "make c: passed"), ("/tests_run", "make d")]);
        assert!(told.iter().all(|told| told.batch == Some(2) && !told.is_command));
    }

    #[test]
    fn a_transcript_may_hold_anything() {
        let text = concat!(
            "hello\n{\"type\": \"x\", \"item\": {\"command\": \"sh -c 'make a'\", \"out\": \"command\"}}\n",
            "{\"command\": [\"sh\", \"-c\", \"make b\"]}\n{\"command\": \n{\"command\": 3}\n",
            "{\"a\": [{\"command\": \"sh -c 'make a'\"}]}\n",
        );
        let told = read_transcript(&artifact("execution_trace.jsonl", text));
        let found: Vec<_> = told.iter().map(|told| (told.place.as_str(), told.text.as_str())).collect();
        assert_eq!(found, [("line 2", "sh -c 'make a'"), ("line 3", "sh -c 'make b'")]);
    }
}
