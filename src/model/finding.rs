//! Things a person should know, each with a stable code and a place.

use std::fmt;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something must be done.
    Error,
    /// Something is off and may mislead.
    Warning,
    /// Good to know.
    Note,
}

/// Where a finding is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// File name within the plan directory, or a repository path.
    pub path: String,
    /// JSON pointer within it.
    pub pointer: Option<String>,
    /// One-based line within it.
    pub line: Option<usize>,
}

/// Something a person should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What sort of thing.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// One sentence that says what and what to do.
    pub message: String,
    /// Where.
    pub location: Location,
}

impl Finding {
    /// A finding of that code with its usual severity, in a file of the plan.
    pub fn new(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        let location = Location { path: path.into(), pointer: None, line: None };
        Self { code, severity: code.severity(), message: message.into(), location }
    }

    /// The same at a JSON pointer.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.location.pointer = Some(pointer.into());
        self
    }

    /// The same at a line.
    #[must_use]
    pub fn on_line(mut self, line: usize) -> Self {
        self.location.line = Some(line);
        self
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $severity:ident;)+) => {
        /// The kinds of findings. A code is never reused for something else.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable name, such as `TP101`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// How bad such a finding usually is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),+ }
            }

            /// What it means, in a paragraph.
            pub fn description(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc, "\n"),+)),+ }
            }
        }
    };
}

codes! {
    /// A row of an artifact is malformed and was left out; its neighbours were read.
    MalformedRow = "TP101", Warning;
    /// A field of a row has another type than the harness writes; it was read as empty.
    MalformedField = "TP102", Warning;
    /// An artifact holds something the harness tolerates and no standard JSON reader does; it can be
    /// read, but an edit of it is refused.
    TolerantJson = "TP103", Warning;
    /// The checkpoint, `final.md` or the event log could not be read; the other artifacts were.
    UnreadableArtifact = "TP104", Warning;
    /// A row names a task that the plan does not have.
    UnknownTask = "TP105", Note;
    /// A row carries a canonical key and an alias that disagree; the canonical one was taken.
    AliasConflict = "TP106", Warning;
    /// Several rows of one artifact are about the same task.
    DuplicateRow = "TP107", Note;
    /// Tasks cannot be put into layers, because a dependency is unknown or circular.
    NoLayers = "TP108", Warning;
    /// The plan is kept by the newer harness in batch directories: it guards `finalize.json` itself, and only
    /// `recover --write --allow-authority` writes there, by its rules.
    ReadOnlyLayout = "TP109", Warning;
    /// A done task is recorded under a word that the harness does not check, such as `completed`.
    UncheckedStatus = "TP110", Note;
    /// A batch artifact is numbered after the plan's last batch: it is left over from an earlier version of
    /// the plan, whose task ids meant other tasks, and proves nothing.
    LeftOver = "TP111", Warning;
    /// The plan is a plain task list, which has no place for evidence: it is attributed and checked, and never
    /// written to.
    NoPlaceForEvidence = "TP112", Note;
    /// A file keeps several lists of tasks, and one of them was read.
    PartOfAList = "TP113", Note;
    /// There is no usable git history; attribution went on with the records alone.
    NoHistory = "TP201", Warning;
    /// Part of the history could not be read, such as a missing object.
    PartialHistory = "TP202", Warning;
    /// A changed file is larger than the limit: that it changed counts, and its lines were not compared.
    NotCompared = "TP203", Note;
    /// A done task lacks its evidence and the records supply it.
    GapFillable = "TP301", Error;
    /// A done task lacks its evidence and several answers are possible.
    GapAmbiguous = "TP302", Error;
    /// A done task lacks its evidence and nothing was found anywhere.
    GapUnexplained = "TP303", Error;
    /// Evidence that the harness does not insist on is missing.
    Advisory = "TP304", Note;
    /// A claim that git contradicts: the path neither changed in the range nor exists.
    Contradicted = "TP305", Warning;
    /// A row that is not done holds evidence for a task that is; it may be stale or the status may be.
    StaleStatus = "TP306", Note;
    /// A task is pending or blocked: work is missing, not bookkeeping.
    Unfinished = "TP307", Error;
    /// An answer of the operator was not needed.
    UnusedAnswer = "TP308", Note;
    /// The harness guessed recorded files without naming a source: a claim to check, not evidence.
    Guessed = "TP309", Note;
    /// Not everything that might change the answer about a task was tried, because the plan has too many tasks.
    Untried = "TP310", Note;
    /// The task's block in `final.md` was not recognised and left alone.
    FinalMarkdown = "TP401", Note;
    /// An artifact would have to be edited but holds what a strict reader refuses.
    NotEditable = "TP402", Error;
    /// An earlier run did not finish; the next one that writes will.
    UnfinishedRun = "TP403", Warning;
    /// The evidence is complete, but the harness still records the block: `taskproof recover` is next.
    StillBlocked = "TP501", Warning;
    /// A claim of the gate or a review about the work itself holds.
    ImplementationClaim = "TP502", Error;
    /// A sense check of a done task has no executor acknowledgment, on which the harness blocks, too.
    Unacknowledged = "TP503", Warning;
    /// Somebody recorded for a blocker that a person has to look at it, or said no: only they can take that back.
    HeldBlocker = "TP504", Error;
    /// A claim names a revision that the repository does not have: when it was made counts as unknown.
    UnknownRevision = "TP601", Warning;
    /// A claim about the work could not be decided by reading files and records.
    UndecidedClaim = "TP602", Warning;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_described() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|code| code.description().len() > 20));
    }
}
