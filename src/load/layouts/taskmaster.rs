//! Taskmaster: `.taskmaster/tasks/tasks.json`, a list of tasks per tag.
//!
//! Tasks have subtasks, which are called `7.2` here as in its own commands; a task that has any is waited for by nobody
//! and stands beside them. What was noted while a task was carried out is appended to its `details`, each note between
//! marks of its own.

use std::path::{Path, PathBuf};

use super::Format;
use super::list::{self, Entry};
use crate::config::Config;
use crate::json::{Node, Value, child};
use crate::load::artifact::read_artifact;
use crate::load::error::LoadError;
use crate::load::fields::Reader;
use crate::model::{Artifact, Code, Finding, Layout, Plan, Status};

/// The directory that shows a project of Taskmaster.
pub(in crate::load) const FOLDER: &str = ".taskmaster";
/// The list.
const LIST: &str = "tasks.json";
/// Which tag is worked on.
const STATE: &str = "state.json";
/// The tag that every project has.
const MAIN_TAG: &str = "master";
/// Where a note begins and ends.
const NOTE: (&str, &str) = ("<info added on", "</info added on");

/// The format.
pub(super) struct Taskmaster;

impl Format for Taskmaster {
    fn marker(&self) -> &'static str {
        FOLDER
    }

    fn candidates(&self, root: &Path, _home: Option<&Path>) -> Result<Vec<PathBuf>, LoadError> {
        Ok(vec![root.join(FOLDER).join("tasks")])
    }

    fn is_plan(&self, directory: &Path) -> bool {
        // Editors keep files of that name, too. Before it had a directory of its own, the list lay in `tasks/`.
        let place = place(directory);
        let resolved = std::fs::canonicalize(&place).unwrap_or_else(|_| place.clone());
        resolved.ends_with("tasks") && place.join(LIST).is_file()
    }

    fn is_over(&self, directory: &Path, config: &Config) -> bool {
        list::is_over(self.load(directory, config))
    }

    fn load(&self, directory: &Path, config: &Config) -> Result<(Plan, Vec<Finding>), LoadError> {
        let directory = &place(directory);
        let artifact = read_artifact(directory, LIST, config)?
            .ok_or_else(|| LoadError::NotAPlan { directory: directory.clone(), missing: LIST })?;
        let mut findings = vec![list::read_only(LIST, "a Taskmaster list")];
        let tag = tag(directory, &artifact, config, &mut findings);
        let mut reading = Reading { findings: &mut findings, entries: Vec::new(), unreadable: 0 };
        let pointer = tag.as_ref().map_or_else(String::new, |tag| child("", tag));
        reading.tasks(&artifact, &pointer);
        let Reading { mut entries, mut unreadable, .. } = reading;
        unreadable += list::without_twins(&mut entries, |entry| {
            let message = format!("another task is called `{}`; the row was left out", entry.id);
            findings.push(Finding::new(Code::MalformedRow, LIST, message).at(entry.pointer.clone()));
        });
        list::require_some(&entries, &directory.join(LIST), &format!("{pointer}/tasks"))?;
        let root = root(directory);
        let project = root.file_name().unwrap_or_default().to_string_lossy();
        let name = tag
            .filter(|tag| tag != MAIN_TAG)
            .map_or_else(|| project.to_string(), |tag| format!("{project}-{tag}"));
        let plan = list::plan(directory, Layout::Taskmaster, artifact, &root, name, entries, unreadable);
        Ok((plan, findings))
    }
}

/// The directory of the list, also where the one around it was named.
fn place(directory: &Path) -> PathBuf {
    if directory.ends_with(FOLDER) { directory.join("tasks") } else { directory.to_path_buf() }
}

/// The project: around `.taskmaster/tasks`, or around the directory of a list that is kept elsewhere.
fn root(directory: &Path) -> PathBuf {
    let directory = std::fs::canonicalize(directory).unwrap_or_else(|_| directory.to_path_buf());
    let outer = directory.parent().unwrap_or(&directory);
    let root = if outer.ends_with(FOLDER) { outer.parent() } else { Some(outer) };
    root.unwrap_or(&directory).to_path_buf()
}

/// The tag that is worked on, else the main one, else the first; `None` for a list that knows no tags.
fn tag(
    directory: &Path,
    artifact: &Artifact,
    config: &Config,
    findings: &mut Vec<Finding>,
) -> Option<String> {
    let root = &artifact.document.as_ref()?.root;
    if root.get("tasks").is_some_and(|tasks| tasks.as_array().is_some()) {
        return None;
    }
    let tags: Vec<&str> = root.members().iter().map(|member| member.key.as_str()).collect();
    let state = directory.parent().and_then(|outer| read_artifact(outer, STATE, config).ok().flatten());
    let current = state.and_then(|state| Some(state.document?.root.get("currentTag")?.as_str()?.to_owned()));
    let chosen = current.filter(|current| tags.contains(&current.as_str())).or_else(|| {
        tags.iter().find(|tag| **tag == MAIN_TAG).or(tags.first()).map(|tag| (*tag).to_owned())
    })?;
    if tags.len() > 1 {
        let message = format!("{} tags are kept here, and `{chosen}` was read", tags.len());
        findings.push(Finding::new(Code::PartOfAList, LIST, message).at(child("", &chosen)));
    }
    Some(chosen)
}

struct Reading<'a> {
    findings: &'a mut Vec<Finding>,
    entries: Vec<Entry>,
    /// Rows that say that something is open, and were left out.
    unreadable: usize,
}

impl Reading<'_> {
    fn tasks(&mut self, artifact: &Artifact, pointer: &str) {
        let Some(document) = &artifact.document else { return };
        let Some(list) = crate::json::resolve(&document.root, pointer) else { return };
        for (pointer, node) in rows(list, "tasks", pointer) {
            let Some(id) = self.task(node, &pointer, None) else { continue };
            for (pointer, node) in rows(node, "subtasks", &pointer) {
                self.task(node, &pointer, Some(&id));
            }
        }
    }

    /// Reads one row, and returns what it is called.
    fn task(&mut self, node: &Node, pointer: &str, parent: Option<&str>) -> Option<String> {
        let status_word = node.get("status").and_then(Node::as_str).unwrap_or("pending");
        let status = status(status_word);
        let mut reader = Reader::new(LIST, node, pointer, self.findings);
        let own = node.is_object().then(|| node.get("id").and_then(identifier)).flatten();
        let Some(own) = own else {
            reader.reject(if node.is_object() { "the task has no `id`" } else { "expected an object" });
            self.unreadable +=
                usize::from(node.is_object() && !matches!(status, Status::Done | Status::Skipped));
            return None;
        };
        let full = |own: &str| parent.map_or_else(|| own.to_owned(), |parent| format!("{parent}.{own}"));
        let (details, notes) = split_notes(&reader.text("details"));
        let texts = [reader.text("title"), reader.text("description"), details, reader.text("testStrategy")];
        let texts: Vec<&str> = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        let needed = node.get("dependencies").and_then(Node::as_array).unwrap_or_default();
        // Among subtasks a plain name means a sibling; `3.1` means the same everywhere.
        let depends_on = needed.iter().filter_map(identifier);
        let depends_on = depends_on.map(|id| if id.contains('.') { id } else { full(&id) });
        let id = full(&own);
        let entry = Entry {
            id: id.clone(),
            pointer: pointer.to_owned(),
            line: None,
            description: texts.join("\n"),
            notes,
            depends_on: depends_on.collect(),
            status,
        };
        self.entries.push(entry);
        Some(id)
    }
}

/// The rows of a list, each with its place. Anything but a list holds none.
fn rows<'a>(node: &'a Node, key: &str, pointer: &str) -> Vec<(String, &'a Node)> {
    let place = child(pointer, key);
    let items = node.get(key).and_then(Node::as_array).unwrap_or_default();
    items.iter().enumerate().map(|(at, item)| (child(&place, at), item)).collect()
}

/// A number or a text that names a task.
fn identifier(node: &Node) -> Option<String> {
    match &node.value {
        Value::Number(text) => Some(text.clone()),
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    }
}

/// Its own words for a status: what is being worked on or put off is not done.
fn status(word: &str) -> Status {
    match word {
        "pending" | "in-progress" | "review" | "deferred" => Status::Pending,
        "cancelled" => Status::Skipped,
        word => Status::parse(word),
    }
}

/// Details without the notes that were added to them, and the notes.
fn split_notes(details: &str) -> (String, String) {
    let (mut kept, mut notes) = (String::new(), Vec::new());
    let mut rest = details;
    while let Some(start) = rest.find(NOTE.0) {
        kept.push_str(&rest[..start]);
        let inner = &rest[start..];
        let inner = inner.split_once('>').map_or("", |(_, inner)| inner);
        let Some((note, after)) = inner.split_once(NOTE.1) else {
            notes.push(inner.trim().to_owned());
            return (kept, notes.join("\n"));
        };
        notes.push(note.trim().to_owned());
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    (kept, notes.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_told_from_details() {
        let details = "Write it.\n<info added on 2026-05-25T11:00:00Z>\nDone in src/a.rs.\n</info added on 2026-05-25T11:00:00Z>\nThen rest.";
        assert_eq!(
            split_notes(details),
            ("Write it.\n\nThen rest.".to_owned(), "Done in src/a.rs.".to_owned())
        );
        assert_eq!(split_notes("a <info added on x> b"), ("a ".to_owned(), "b".to_owned()));
        assert_eq!(split_notes("a <info added on"), ("a ".to_owned(), String::new()));
    }

    proptest::proptest! {
        #[test]
        fn nothing_of_the_details_is_lost_and_nothing_is_said_twice(
            pieces in proptest::collection::vec(("[a-z\n]{0,8}", "[A-Z]{0,8}"), 0..5),
        ) {
            let noted = |(text, note): &(String, String)| {
                format!("{text}<info added on 1>\n{note}\n</info added on 1>")
            };
            let details: String = pieces.iter().map(noted).collect();
            let (kept, notes) = split_notes(&details);
            let texts: String = pieces.iter().map(|(text, _)| text.as_str()).collect();
            proptest::prop_assert_eq!(kept, texts);
            let expected: Vec<&str> = pieces.iter().map(|(_, note)| note.as_str()).collect();
            proptest::prop_assert_eq!(notes, expected.join("\n"));
        }

        #[test]
        fn any_details_are_read(details in "(<info added on|</info added on|>|.|\n){0,30}") {
            let (kept, notes) = split_notes(&details);
            proptest::prop_assert!(kept.len() + notes.len() <= details.len());
        }
    }

    #[test]
    fn only_what_is_over_is_over() {
        let words =
            ["done", "completed", "cancelled", "deferred", "in-progress", "review", "blocked", "someday"];
        let read: Vec<String> = words.iter().map(|word| status(word).as_str().to_owned()).collect();
        assert_eq!(read, ["done", "done", "skipped", "pending", "pending", "pending", "blocked", "someday"]);
    }
}
