//! Why one task was decided as it was, and what would change that.

use super::attribution::{Attribution, Outcome, TaskQuestion};
use super::finding::Finding;
use super::history::{ChangeKind, Content, Patch};
use super::oid::Oid;

/// Everything there is to say about one task.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// What the task was to do.
    pub description: String,
    /// The answer about the task, with every candidate.
    pub attribution: Attribution,
    /// What is asked about it, if anything.
    pub question: Option<TaskQuestion>,
    /// What would change the answer, in the order of the probes.
    pub changes: Vec<WhatIf>,
    /// What git shows of the files, in their order, oldest first.
    pub diffs: Vec<WitnessDiff>,
    /// What a person should know about the task's own row.
    pub findings: Vec<Finding>,
}

/// Something that would change the answer, found by attributing again as if it were so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatIf {
    /// The probe's stable name, such as `answer_first`.
    pub probe: &'static str,
    /// One sentence: what to do or to know, and what follows.
    pub advice: String,
    /// What would then be done about the task.
    pub outcome: Outcome,
    /// Paths of the files that would then be filled.
    pub files: Vec<String>,
    /// Commands that would then be filled.
    pub commands: Vec<String>,
}

/// One change of a candidate's file, with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessDiff {
    /// The candidate's path.
    pub path: String,
    /// The commit; `None` for an uncommitted change.
    pub commit: Option<Oid>,
    /// First line of its message; empty for an uncommitted change.
    pub subject: String,
    /// Author time, seconds since 1970.
    pub time: Option<i64>,
    /// What was done to the file.
    pub kind: ChangeKind,
    /// Its lines, as far as they can be read and are worth showing; the counts of the hunks are git's.
    pub content: Content<Patch>,
}

/// The lines of the witnesses of a whole plan, as many as there was room for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WitnessLines {
    /// Each change once; hunks and lines may be cut off, and the counts of the hunks are git's.
    pub diffs: Vec<WitnessDiff>,
    /// How many changes there was no room for.
    pub left_out: usize,
}
