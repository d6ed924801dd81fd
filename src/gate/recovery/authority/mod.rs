//! Whether the later harness's own authority vouches for the tasks, which its `override recover-blocked` asks about
//! the latest batch before it goes on (spec section 9).
//!
//! ```text
//!  a row was judged (`authority_validation`) ─► accepted: attempts that the authority accepted, dependencies closed
//!  none was                                  ─► evidence: what the records name for a task, as of the present commit
//! ```
//!
//! Either way a task has to have a record of its own in `finalize.json` that names something, or explains why not.
//! Two things are beyond the files that are read and are taken for the worse: receipts that an exhausted budget was
//! accepted, and an answer that somebody gave to the refusal itself.

mod accepted;
mod contracts;
mod evidence;
mod head;
mod record;

use std::collections::{BTreeSet, HashMap};

use crate::json::Node;
use crate::model::{Artifact, History, Plan, Task, TaskId};
use evidence::Evidence;
use record::{Record, has_substance};

/// Why the authority does not vouch for a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// Rows are judged, and no attempt at this task was accepted.
    #[error("it has accepted no attempt of it")]
    NoAttempt,
    /// Its attempt was accepted, and one of a task that it depends on was not.
    #[error("it has accepted no attempt of a task that comes before it")]
    Dependency,
    /// Its row names nothing, and its notes do not explain why.
    #[error("its row names no evidence, and its notes do not explain that")]
    Nothing,
    /// Its row names what no record of it holds.
    #[error("no record of finished work holds what its row names")]
    Uncorroborated,
    /// Everything about it was recorded at another commit.
    #[error("its evidence was recorded at another commit than the present one")]
    Stale,
    /// A record says that it is not satisfied, or does not say.
    #[error("a record of it says that it is not satisfied")]
    Contradicted,
}

/// The canonical record.
const FINALIZE: &str = "finalize.json";
/// Keys of a batch artifact by which a read-only selection is taken for the whole evidence of its plan.
const SELECTIONS: [&str; 2] = ["selected_shas", "verification_evidence"];

/// Tasks that are over and that the authority does not vouch for, in the plan's order.
///
/// Nothing is asked of a plan that has no batch artifact. `history` says which commit is the present one and which
/// came before it.
pub fn unvouched(plan: &Plan, history: &History) -> Vec<(TaskId, Doubt)> {
    let artifacts = batch_artifacts(plan);
    let is_selection = |root: &Node| SELECTIONS.iter().any(|key| root.get(key).is_some());
    if artifacts.is_empty() || artifacts.iter().filter_map(|it| root(it)).any(is_selection) {
        return Vec::new();
    }
    let view = View { plan, history, artifacts };
    let evidence = Evidence::new(&view);
    let records = view.records(&evidence);
    let doubts = accepted::doubts(plan, &records);
    let doubts = doubts.unwrap_or_else(|| records.iter().map(|record| evidence.doubt(record)).collect());
    let asked = plan.tasks.iter().zip(&records).zip(doubts);
    let doubtful = asked.filter(|((task, record), _)| is_over(task) && !view.lacks_baseline(task, record));
    doubtful
        .filter_map(|((task, record), doubt)| {
            let doubt = doubt.or_else(|| (!has_substance(record)).then_some(Doubt::Nothing))?;
            Some((task.id.clone(), doubt))
        })
        .collect()
}

fn is_over(task: &Task) -> bool {
    ["done", "completed", "skipped", "waived", "not_applicable"].contains(&task.status_word.as_str())
}

/// What the rule about evidence looks at.
struct View<'a> {
    plan: &'a Plan,
    history: &'a History,
    /// The batch artifacts that count, by rising number: of several attempts the newest.
    artifacts: Vec<&'a Artifact>,
}

impl<'a> View<'a> {
    /// The rows of `finalize.json`, in the plan's order. A row that names nothing stands behind what the latest batch
    /// that is corroborated says of its task.
    fn records(&self, evidence: &Evidence<'_>) -> Vec<Record<'a>> {
        let mut records: Vec<Record<'a>> =
            self.plan.tasks.iter().map(|task| Record::of_task(task, self.row(task))).collect();
        let places: HashMap<&str, usize> =
            records.iter().enumerate().map(|(at, record)| (record.task, at)).collect();
        for artifact in self.artifacts.iter().copied() {
            for row in record::rows(artifact, &["task_updates"]) {
                let place = places.get(row.task).filter(|at| !records[**at].is_settled);
                if let Some(at) = place.filter(|_| evidence.doubt(&row).is_none()) {
                    records[*at].replace(row);
                }
            }
        }
        records
    }

    /// The row of a task in `finalize.json`.
    fn row(&self, task: &Task) -> Option<&'a Node> {
        crate::json::resolve(root(self.plan.artifacts.get(FINALIZE)?)?, &task.pointer)
    }

    /// A check against a recorded baseline is not asked about where there is no baseline.
    fn lacks_baseline(&self, task: &Task, record: &Record<'_>) -> bool {
        let marker = "introduce no new failures vs the recorded baseline";
        let baseline = self.plan.artifacts.get(FINALIZE).and_then(root);
        let baseline = baseline.and_then(|root| root.get("baseline_test_failures"));
        baseline.is_none_or(Node::is_null)
            && ["audit", "proof", "verification"].contains(&record.kind)
            && task.description.to_lowercase().contains(marker)
    }
}

/// One artifact per batch, by rising number. `plan.batches` has attempts in the order in which they count, the one
/// that counts last.
fn batch_artifacts(plan: &Plan) -> Vec<&Artifact> {
    let numbers: BTreeSet<u32> = plan.batches.iter().map(|batch| batch.number).collect();
    let latest = |number: u32| plan.batches.iter().rev().find(|batch| batch.number == number);
    let named = numbers.into_iter().filter_map(latest);
    named.filter_map(|batch| plan.artifacts.get(&batch.artifact)).collect()
}

fn root(artifact: &Artifact) -> Option<&Node> {
    artifact.document.as_ref().map(|document| &document.root)
}

#[cfg(test)]
mod tests;
