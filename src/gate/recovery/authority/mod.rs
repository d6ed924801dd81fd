//! Whether the later harness's own authority vouches for the tasks, which its `override recover-blocked` asks about
//! the latest batch before it goes on (spec section 9).
//!
//! ```text
//!  a row was judged (`authority_validation`) ─► accepted: attempts that the authority accepted, dependencies closed
//!  none was                                  ─► evidence: what the records name for a task, as of the present commit
//! ```
//!
//! Either way a task has to have a record of its own in `finalize.json` that names something, or explains why not.
//! What it would say is a blocker like any other, and somebody may have answered it: its text is in `refusal`.

mod accepted;
mod contracts;
mod evidence;
mod head;
mod record;
mod refusal;

use std::collections::{BTreeMap, BTreeSet, HashMap};

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

/// Why the authority would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Tasks that are over and that it does not vouch for, in the plan's order; empty if it refuses over others alone.
    pub tasks: Vec<(TaskId, Doubt)>,
    /// Whether it is told of tasks that wait, and of nothing else until they are over.
    pub is_waiting: bool,
    /// The id under which the refusal is a blocker, where its text can be told from the files that are read.
    pub blocker: Option<String>,
}

/// What the authority refuses over; `None` if it does not.
///
/// Nothing is asked of a plan that has no batch artifact. `history` says which commit is the present one and which
/// came before it.
pub(super) fn refused(plan: &Plan, history: &History) -> Option<Refused> {
    let artifacts = batch_artifacts(plan);
    let is_selection = |root: &Node| SELECTIONS.iter().any(|key| root.get(key).is_some());
    if artifacts.is_empty() || artifacts.iter().filter_map(|it| root(it)).any(is_selection) {
        return None;
    }
    let view = View { plan, history, artifacts };
    let evidence = Evidence::new(&view);
    let (records, sources) = view.records(&evidence);
    let accepted = accepted::doubts(plan, &records);
    let is_judged = accepted.is_some();
    let verdicts: Vec<Option<Verdict>> = match accepted {
        Some(doubts) => doubts.into_iter().map(|doubt| doubt.map(Verdict::of_attempt)).collect(),
        None => records.iter().map(|record| evidence.verdict(record)).collect(),
    };
    let asked = plan.tasks.iter().zip(&records).zip(&verdicts);
    let asked: Vec<Asked<'_, '_>> = asked
        .filter(|((task, record), _)| !view.lacks_baseline(task, record))
        .map(|((task, record), verdict)| Asked { task, record, verdict: verdict.as_ref() })
        .collect();
    let is_doubtful = |asked: &&Asked<'_, '_>| asked.doubt().is_some();
    asked.iter().find(is_doubtful)?;
    let over = asked.iter().filter(|asked| is_over(asked.task));
    let tasks = over.filter_map(|asked| Some((asked.task.id.clone(), asked.doubt()?))).collect();
    let waiting = refusal::waiting(&view, &asked, &sources);
    let is_waiting = waiting.is_some();
    let message = waiting.or_else(|| refusal::unvouched(&view, &asked, &sources, is_judged));
    Some(Refused { tasks, is_waiting, blocker: message.map(refusal::blocker) })
}

/// What the authority says of a record that it does not take for finished work.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Verdict {
    doubt: Doubt,
    /// Its own words for the same: a status, and the first reason.
    status: &'static str,
    reason: String,
}

impl Verdict {
    /// Where rows were judged.
    fn of_attempt(doubt: Doubt) -> Self {
        let dependency = "accepted_attempt_dependency_unresolved";
        let reason = if doubt == Doubt::Dependency { dependency } else { "no_accepted_attempt" };
        Self { doubt, status: "unknown", reason: reason.to_owned() }
    }
}

/// A task that is asked about.
struct Asked<'v, 'a> {
    task: &'a Task,
    record: &'v Record<'a>,
    verdict: Option<&'v Verdict>,
}

impl Asked<'_, '_> {
    fn doubt(&self) -> Option<Doubt> {
        let told = self.verdict.map(|verdict| verdict.doubt);
        told.or_else(|| (!has_substance(self.record)).then_some(Doubt::Nothing))
    }
}

fn is_over(task: &Task) -> bool {
    record::TERMINAL.contains(&task.status_word.as_str())
}

/// What the rule about evidence looks at.
struct View<'a> {
    plan: &'a Plan,
    history: &'a History,
    /// The batch artifacts that count, of several attempts the newest, in the order in which rows stand over earlier
    /// ones.
    artifacts: Vec<&'a Artifact>,
}

impl<'a> View<'a> {
    /// The rows of `finalize.json`, in the plan's order. A row that names nothing stands behind what the latest batch
    /// that is corroborated says of its task. With them, by task, the artifact that could stand in so.
    fn records(&self, evidence: &Evidence<'_>) -> (Vec<Record<'a>>, BTreeMap<&'a str, &'a str>) {
        let mut records: Vec<Record<'a>> =
            self.plan.tasks.iter().map(|task| Record::of_task(task, self.row(task))).collect();
        let places: HashMap<&str, usize> =
            records.iter().enumerate().map(|(at, record)| (record.task, at)).collect();
        let mut latest: BTreeMap<&str, (&'a Artifact, Record<'a>)> = BTreeMap::new();
        for artifact in self.artifacts.iter().copied() {
            let rows = record::rows(artifact, &["task_updates"]);
            let counts = |row: &Record<'a>| row.may_stand_in() && evidence.verdict(row).is_none();
            latest.extend(rows.filter(counts).map(|row| (row.task, (artifact, row))));
        }
        let sources = latest.iter().map(|(task, (artifact, _))| (*task, artifact.name.as_str())).collect();
        for (task, (_, row)) in latest {
            if let Some(at) = places.get(task).filter(|at| !records[**at].is_settled) {
                records[*at].replace(row);
            }
        }
        (records, sources)
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

/// One artifact per batch, in the harness's order: those of directories by the name of the file, then flat ones by
/// number. `plan.batches` has attempts in the order in which they count, the one that counts last.
fn batch_artifacts(plan: &Plan) -> Vec<&Artifact> {
    let numbers: BTreeSet<u32> = plan.batches.iter().map(|batch| batch.number).collect();
    let latest = |number: u32| plan.batches.iter().rev().find(|batch| batch.number == number);
    let mut named: Vec<_> = numbers.into_iter().filter_map(latest).collect();
    named.sort_by_key(|batch| {
        let (directory, name) = batch.artifact.rsplit_once('/').unwrap_or(("", &batch.artifact));
        let number = directory.is_empty().then_some(batch.number);
        (number, name)
    });
    named.into_iter().filter_map(|batch| plan.artifacts.get(&batch.artifact)).collect()
}

fn root(artifact: &Artifact) -> Option<&Node> {
    artifact.document.as_ref().map(|document| &document.root)
}

#[cfg(test)]
mod tests;
