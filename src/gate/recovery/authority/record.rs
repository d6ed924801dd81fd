//! A record of a task as the authority reads it: a row of `finalize.json` or of a batch.

use std::collections::HashSet;

use crate::json::Node;
use crate::model::{Artifact, Task};

/// Fields by which a row names what came of its task.
pub(super) const OUTPUTS: [&str; 4] = ["files_changed", "commands_run", "evidence_files", "sections_written"];
/// Words for a task that is over.
pub(super) const TERMINAL: [&str; 5] = ["done", "completed", "skipped", "waived", "not_applicable"];
/// Words that acknowledge and say nothing.
const EMPTY_WORDS: [&str; 12] =
    ["ack", "checked", "confirmed", "done", "good", "looks good", "n/a", "na", "ok", "verified", "yes", ""];

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Record<'a> {
    pub(super) task: &'a str,
    pub(super) status: &'a str,
    pub(super) kind: &'a str,
    pub(super) notes: &'a str,
    pub(super) verdict: &'a str,
    /// What it names, field by field, blanks left out.
    pub(super) outputs: Vec<(&'static str, &'a str)>,
    /// The commit at which it was written, if it says.
    pub(super) head: Option<&'a str>,
    /// References of its own (`evidence`).
    pub(super) evidence: Option<&'a Node>,
    pub(super) depends_on: Vec<&'a str>,
    /// Whether no batch is heard about it: it is over and names something, or explains why not.
    pub(super) is_settled: bool,
}

impl<'a> Record<'a> {
    /// A task with the fills that it was given, and what its row says beyond the model.
    pub(super) fn of_task(task: &'a Task, row: Option<&'a Node>) -> Self {
        let fields = [&task.files_changed, &task.commands_run, &task.evidence_files, &task.sections_written];
        let outputs = OUTPUTS.into_iter().zip(fields);
        let outputs = outputs.flat_map(|(name, values)| values.iter().map(move |value| (name, value.trim())));
        let kind = row.map_or(task.kind.as_str(), |row| text(row, "kind"));
        Self {
            task: &task.id.0,
            status: &task.status_word,
            kind,
            notes: &task.executor_notes,
            verdict: &task.reviewer_verdict,
            outputs: outputs.collect(),
            head: row.and_then(head),
            evidence: row.and_then(|row| row.get("evidence")),
            depends_on: task.depends_on.iter().map(|id| id.0.as_str()).collect(),
            is_settled: false,
        }
        .settled()
    }

    fn of_row(row: &'a Node) -> Self {
        let named = [text(row, "task_id"), text(row, "id")];
        let outputs = OUTPUTS
            .into_iter()
            .flat_map(|name| values(row.get(name)).map(move |value| (name, value)).collect::<Vec<_>>());
        Self {
            task: named.into_iter().find(|id| !id.is_empty()).unwrap_or_default(),
            status: text(row, "status"),
            kind: text(row, "kind"),
            notes: text(row, "executor_notes"),
            verdict: text(row, "reviewer_verdict"),
            outputs: outputs.collect(),
            head: head(row),
            evidence: row.get("evidence"),
            depends_on: values(row.get("depends_on")).collect(),
            is_settled: false,
        }
        .settled()
    }

    fn settled(mut self) -> Self {
        self.is_settled = match self.status {
            "done" => !self.outputs.is_empty(),
            "skipped" => says_something(self.notes),
            status => ["waived", "not_applicable"].contains(&status),
        };
        self
    }

    /// Takes over what another record of the task says. What it leaves out of outputs is gone, the rest stays.
    pub(super) fn replace(&mut self, other: Record<'a>) {
        let keep = |new: &'a str, old: &'a str| if new.is_empty() { old } else { new };
        *self = Record {
            kind: keep(other.kind, self.kind),
            notes: keep(other.notes, self.notes),
            verdict: keep(other.verdict, self.verdict),
            head: other.head.or(self.head),
            depends_on: std::mem::take(&mut self.depends_on),
            is_settled: false,
            ..other
        };
    }

    fn names_something(&self) -> bool {
        !self.outputs.is_empty() || self.evidence.is_some_and(Node::is_truthy)
    }

    /// Whether a row of a batch may stand in for that of `finalize.json`.
    pub(super) fn may_stand_in(&self) -> bool {
        self.names_something() || ["done", "waived", "not_applicable", "skipped"].contains(&self.status)
    }

    /// Whether it is left out on purpose, with a reason.
    pub(super) fn is_explained_skip(&self) -> bool {
        self.status == "skipped"
            && (self.verdict == "deferred_baseline_unavailable" || says_something(self.notes))
    }

    /// Whether it is done, names nothing, and says why.
    pub(super) fn is_explained_nothing(&self) -> bool {
        ["done", "completed"].contains(&self.status) && self.outputs.is_empty() && says_something(self.notes)
    }

    /// Whether its notes are its evidence.
    pub(super) fn is_shown_by_notes(&self) -> bool {
        ["audit", "research"].contains(&self.kind)
            && self.notes.trim().chars().count() >= 100
            && says_something(self.notes)
    }
}

/// Whether a row of `finalize.json` carries anything that the authority may go by at all.
pub(super) fn has_substance(record: &Record<'_>) -> bool {
    record.names_something()
        || (record.status == "skipped" && says_something(record.notes))
        || record.is_explained_nothing()
        || record.verdict == "deferred_baseline_unavailable"
        || record.is_shown_by_notes()
        || ["waived", "not_applicable"].contains(&record.status)
}

/// The rows in those lists of an artifact.
pub(super) fn rows<'a>(
    artifact: &'a Artifact,
    lists: &'a [&'a str],
) -> impl Iterator<Item = Record<'a>> + use<'a> {
    let root = super::root(artifact);
    let lists = lists.iter().filter_map(move |list| root?.get(list)?.as_array());
    lists.flatten().filter(|row| row.is_object()).map(Record::of_row)
}

/// Whether a note is more than an acknowledgement: over twenty characters, four words, three of them different.
fn says_something(note: &str) -> bool {
    let trimmed = note.trim();
    let lower = trimmed.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let plain = words.join(" ");
    let plain = plain.trim_matches([' ', '.', '!', '?', ',', ';', ':']);
    let different: HashSet<&&str> = words.iter().collect();
    !EMPTY_WORDS.contains(&plain) && trimmed.chars().count() > 20 && words.len() >= 4 && different.len() >= 3
}

/// A text, or the texts of a list, blanks left out.
pub(super) fn values(node: Option<&Node>) -> impl Iterator<Item = &str> {
    let single = node.and_then(Node::as_str);
    let several = node.and_then(Node::as_array).unwrap_or_default().iter().filter_map(Node::as_str);
    single.into_iter().chain(several).map(str::trim).filter(|value| !value.is_empty())
}

pub(super) fn text<'a>(node: &'a Node, key: &str) -> &'a str {
    node.get(key).and_then(Node::as_str).unwrap_or_default()
}

pub(super) fn head(row: &Node) -> Option<&str> {
    ["head_sha", "head"].into_iter().map(|key| text(row, key)).find(|head| !head.is_empty())
}

#[cfg(test)]
mod tests {
    use super::says_something;

    #[test]
    fn an_acknowledgement_says_nothing() {
        for note in
            ["", "done", "Looks good!", "Verified.", "It was there already", "no no no no no no no no"]
        {
            assert!(!says_something(note), "{note}");
        }
        assert!(says_something("The quay stood before the plan began."));
    }
}
