//! The probes: what might be otherwise.
//!
//! A probe is a pure function from what was decided to hypothetical inputs. It may be wrong about what matters:
//! attribution judges that. Adding one is a function and a line in [`PROBES`].

mod answers;
mod history;
mod records;
mod threshold;

use crate::attribute::Input;
use crate::model::{Attribution, Decision, FileCandidate, Outcome, Task, TaskId};

use super::world::World;

/// The decision that is asked about.
pub(super) struct Case<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) task: &'a Task,
    /// The answer about the task, as it is reported.
    pub(super) decided: &'a Attribution,
    /// The same with every candidate.
    pub(super) attribution: &'a Attribution,
    /// The answers about all tasks, in plan order.
    pub(super) all: &'a [Attribution],
}

/// What might be otherwise.
pub(super) struct Hypothesis<'a> {
    /// The first part of the sentence that attribution completes, with what stands between.
    pub(super) premise: String,
    /// Of the hypotheses of a group only the first that changes the decision is told.
    pub(super) group: String,
    /// What follows in words, where the task is settled and naming the values would be arbitrary.
    pub(super) so: Option<&'static str>,
    /// Makes it so. Carried out only when it is tried: a copy of a history may be large.
    pub(super) change: Box<dyn FnOnce(&mut World<'a>) + Send + 'a>,
}

/// A named probe.
pub(super) struct Probe {
    pub(super) name: &'static str,
    pub(super) ask: for<'a> fn(&Case<'a>) -> Vec<Hypothesis<'a>>,
    /// The probe that makes this one superfluous where it found something.
    pub(super) unless: &'static str,
}

/// Every probe, in the order of the report: what an operator can do at once comes first.
pub(super) const PROBES: &[Probe] = &[
    Probe { name: "answer_first", ask: answers::other_task, unless: "" },
    Probe { name: "answer_several_first", ask: answers::several, unless: "answer_first" },
    Probe { name: "executor_notes", ask: records::notes, unless: "" },
    Probe { name: "row_stands", ask: records::doubtful_rows, unless: "" },
    Probe { name: "done_row", ask: records::done_row, unless: "" },
    Probe { name: "bounded_range", ask: history::bounded, unless: "" },
    Probe { name: "shown_by_git", ask: history::shown, unless: "" },
    Probe { name: "committed_with_id", ask: history::committed, unless: "" },
    Probe { name: "commit_names_task", ask: history::named, unless: "" },
    Probe { name: "review_cites_file", ask: records::cited, unless: "" },
    Probe { name: "recorded_as_done", ask: records::recorded_as_done, unless: "" },
    Probe { name: "lower_threshold", ask: threshold::lower, unless: "" },
    Probe { name: "higher_threshold", ask: threshold::higher, unless: "" },
];

/// So many of the best candidates are tried where one is enough.
const TRIED: usize = 3;

impl<'a> Case<'a> {
    /// Whether something is missing that is not filled.
    fn is_open(&self) -> bool {
        self.decided.outcome != Outcome::Backfill && !self.decided.gap.missing.is_empty()
    }

    /// Files that are possible, best first.
    fn possible_files(&self) -> impl Iterator<Item = &'a FileCandidate> + use<'a> {
        possible(self.attribution)
    }
}

impl<'a> Hypothesis<'a> {
    /// In the group of those that have none.
    fn new(premise: String, change: impl FnOnce(&mut World<'a>) + Send + 'a) -> Self {
        Self { premise, group: String::new(), so: None, change: Box::new(change) }
    }
}

/// Files of a task that are possible, best first.
fn possible(attribution: &Attribution) -> impl Iterator<Item = &FileCandidate> {
    attribution.files.iter().filter(|file| file.decision == Decision::Candidate)
}

/// The row of the task in a hypothetical plan.
fn row_of<'p>(tasks: &'p mut [Task], id: &TaskId) -> Option<&'p mut Task> {
    tasks.iter_mut().find(|task| &task.id == id)
}
