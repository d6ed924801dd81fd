//! The JSON document of `explain`: one task, what would change the answer, and the lines git shows.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::convert::each;
use super::{Finding, History, Plan, Question, SCHEMA_VERSION, Task, TaskDecision, Tool};
use crate::model::{self, Content, Oid};
use crate::report::{Explained, order, redact};

/// Why one task was decided as it was.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Explanation<'a> {
    /// Version of this format. Fields may be added within 1.x; none is renamed or removed.
    pub schema_version: String,
    /// The program that wrote it.
    pub tool: Tool,
    /// Always `explain`.
    pub command: String,
    /// The plan.
    pub plan: Plan,
    /// The history that was read.
    pub history: History,
    /// What the task was to do.
    pub description: String,
    /// The task as in a report, but with every candidate.
    pub task: Task,
    /// What is asked about it. Null when nothing is.
    pub question: Option<Question>,
    /// What would change the answer.
    pub changes: Vec<Change>,
    /// The lines that changed in the files of the task, files in their order, oldest first.
    pub hunks: Vec<Hunk>,
    /// What a person should know about the task's own row.
    pub findings: Vec<Finding<'a>>,
}

/// Something that would change the answer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Change {
    /// The probe's stable name, such as `answer_first`.
    pub probe: String,
    /// One sentence: what to do or to know, and what follows.
    pub advice: String,
    /// What would then be done about the task.
    pub decision: TaskDecision,
    /// Paths of all files that would then be filled.
    pub files: Vec<String>,
    /// All commands that would then be filled, obvious secrets masked as `***`.
    pub commands: Vec<String>,
}

/// Lines removed and added at one place of a file, without context.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Hunk {
    /// Path of the candidate.
    pub path: String,
    /// The commit. Null for an uncommitted change.
    pub commit: Option<String>,
    /// First line of its message. Empty for an uncommitted change.
    pub subject: String,
    /// Author time, RFC 3339. Null for an uncommitted change.
    pub time: Option<String>,
    /// First removed line, or the line before the insertion.
    pub old_start: u32,
    /// Number of removed lines.
    pub old_lines: u32,
    /// First added line, or the line before the removal.
    pub new_start: u32,
    /// Number of added lines.
    pub new_lines: u32,
    /// The enclosing function, as git finds it.
    pub header: String,
    /// Removed lines: at most the first 200, each at most 1000 characters long, obvious secrets masked as `***`.
    pub removed: Vec<String>,
    /// Added lines, in the same way.
    pub added: Vec<String>,
}

impl<'a> From<&'a Explained> for Explanation<'a> {
    fn from(explained: &'a Explained) -> Self {
        let explanation = redact::explanation(&explained.explanation);
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            tool: Tool::new(explained.tool_version.clone()),
            command: "explain".to_owned(),
            plan: explained.plan.clone().into(),
            history: explained.history.clone().into(),
            description: explanation.description.clone(),
            task: Task::from(&explanation.attribution),
            question: explanation.question.as_ref().map(Question::from),
            changes: each(&explanation.changes),
            hunks: in_order(&explanation).into_iter().flat_map(hunks).collect(),
            findings: Finding::all_masked(&explained.explanation.findings),
        }
    }
}

/// The changes in the order of the files as they are reported.
fn in_order(explanation: &model::Explanation) -> Vec<&model::WitnessDiff> {
    let files = order::files(&explanation.attribution.files);
    let places: HashMap<&str, usize> = files.iter().map(|file| file.path.as_str()).zip(0..).collect();
    let mut diffs: Vec<_> = explanation.diffs.iter().collect();
    diffs.sort_by_key(|diff| places.get(diff.path.as_str()));
    diffs
}

impl From<&model::WhatIf> for Change {
    fn from(change: &model::WhatIf) -> Self {
        Self {
            probe: change.probe.to_owned(),
            advice: change.advice.clone(),
            decision: change.outcome.into(),
            files: change.files.clone(),
            commands: change.commands.clone(),
        }
    }
}

fn hunks(diff: &model::WitnessDiff) -> Vec<Hunk> {
    let Content::Text(hunks) = &diff.content else { return Vec::new() };
    let time = diff.time.and_then(|time| jiff::Timestamp::from_second(time).ok());
    let hunk = |hunk: &model::PatchHunk| Hunk {
        path: diff.path.clone(),
        commit: diff.commit.map(Oid::to_hex),
        subject: diff.subject.clone(),
        time: time.map(|time| time.to_string()),
        old_start: hunk.at.old_start,
        old_lines: hunk.at.old_lines,
        new_start: hunk.at.new_start,
        new_lines: hunk.at.new_lines,
        header: hunk.header.clone(),
        removed: hunk.removed.iter().map(str::to_owned).collect(),
        added: hunk.added.iter().map(str::to_owned).collect(),
    };
    hunks.iter().map(hunk).collect()
}
