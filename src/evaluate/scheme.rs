//! Which tasks are masked, and how.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::absent::{is_named, without};
use super::case::{Case, Subject};
use super::mask::{Lists, hide, silence};
use super::truth::{Truth, is_left_over, placed, truths};
use crate::digest::sha256_hex;
use crate::gate;
use crate::model::{Field, History, Plan, TaskId};

/// Of all tasks that can be masked, one in so many is, and of whole batches likewise: about 30 %.
const ONE_IN: f64 = 0.3;

/// A way to lose evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scheme {
    choice: Choice,
    git_only: bool,
}

/// Which tasks lose theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Choice {
    OnePerBatch,
    Several,
    WholeBatches,
    Absent,
}

impl Scheme {
    /// Every scheme, in the order of reports.
    pub const ALL: [Self; 8] = [
        Self { choice: Choice::OnePerBatch, git_only: false },
        Self { choice: Choice::OnePerBatch, git_only: true },
        Self { choice: Choice::Several, git_only: false },
        Self { choice: Choice::Several, git_only: true },
        Self { choice: Choice::WholeBatches, git_only: false },
        Self { choice: Choice::WholeBatches, git_only: true },
        Self { choice: Choice::Absent, git_only: false },
        Self { choice: Choice::Absent, git_only: true },
    ];

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match (self.choice, self.git_only) {
            (Choice::OnePerBatch, false) => "one-per-batch",
            (Choice::OnePerBatch, true) => "one-per-batch, git only",
            (Choice::Several, false) => "several",
            (Choice::Several, true) => "several, git only",
            (Choice::WholeBatches, false) => "whole-batches",
            (Choice::WholeBatches, true) => "whole-batches, git only",
            (Choice::Absent, false) => "absent",
            (Choice::Absent, true) => "absent, git only",
        }
    }
}

/// The plan once for every scheme that it has anything for: one task per batch, several anywhere, whole
/// batches, each with the lists of the batches and with git alone, and tasks without any trace.
///
/// Lazy: a case is made when it is asked for, and only those without a trace copy the history.
pub fn masked(subject: &Subject) -> impl Iterator<Item = Case> + '_ {
    let truths = maskable(subject);
    Scheme::ALL.into_iter().filter_map(move |scheme| case(scheme, subject, &truths))
}

/// Tasks whose evidence is known and would be missed by the harness.
fn maskable(subject: &Subject) -> BTreeMap<TaskId, Truth> {
    let mut truths = truths(&subject.plan, &subject.paths);
    let all: BTreeSet<TaskId> = truths.keys().cloned().collect();
    let bare = hide(&subject.plan, &all, Lists::Kept, &subject.paths);
    let is_missed = |id: &TaskId| {
        bare.task(id).is_some_and(|task| gate::assess(task, &bare.mode).missing.contains(&Field::Files))
    };
    truths.retain(|id, _| is_missed(id));
    truths
}

fn case(scheme: Scheme, subject: &Subject, truths: &BTreeMap<TaskId, Truth>) -> Option<Case> {
    let case = match scheme.choice {
        Choice::Absent => absent(scheme, subject, truths),
        _ => recoverable(scheme, subject, truths),
    };
    (!case.hidden.is_empty()).then_some(case)
}

fn recoverable(scheme: Scheme, subject: &Subject, truths: &BTreeMap<TaskId, Truth>) -> Case {
    let chosen = choose(scheme.choice, &subject.plan, truths);
    let known = truths.iter().filter(|(id, _)| chosen.contains(*id));
    let hidden = known.map(|(id, truth)| (id.clone(), truth.clone()));
    let (lists, hidden) = match scheme.git_only {
        false => (Lists::Kept, hidden.collect()),
        true => (Lists::Emptied, changed_only(hidden, &subject.history)),
    };
    let plan = hide(&subject.plan, &chosen, lists, &subject.paths);
    Case { hidden, ..new_case(scheme, subject, plan, Arc::clone(&subject.history)) }
}

/// Without lists, only git can tell, and only of what changed. Commands leave no trace there.
fn changed_only(truths: impl Iterator<Item = (TaskId, Truth)>, history: &History) -> BTreeMap<TaskId, Truth> {
    let changed = history.changed_paths();
    let seen = |truth: Truth| {
        let (files, unsure) =
            truth.files.into_iter().partition(|path: &String| changed.contains_key(path.as_str()));
        Truth { files, unsure, ..Truth::default() }
    };
    truths.map(|(id, truth)| (id, seen(truth))).filter(|(_, truth)| !truth.files.is_empty()).collect()
}

/// The negative control: no record and no commit is left of what some tasks did.
fn absent(scheme: Scheme, subject: &Subject, truths: &BTreeMap<TaskId, Truth>) -> Case {
    let owners = owners(subject);
    let is_own = |truth: &Truth| truth.files.iter().all(|file| owners.get(file).is_none_or(|n| n.len() == 1));
    let alone: BTreeMap<_, _> = truths.iter().filter(|(_, truth)| is_own(truth)).collect();
    let chosen = share(&subject.plan, Choice::Absent, alone.keys().map(|id| (**id).clone()));
    let own: BTreeSet<String> =
        chosen.iter().filter_map(|id| truths.get(id)).flat_map(|truth| truth.files.iter().cloned()).collect();
    let others: BTreeSet<String> = owners.into_keys().filter(|path| !own.contains(path)).collect();
    let history = match subject.history.is_present() && !chosen.is_empty() {
        true => Arc::new(without(&subject.history, &own, &others)),
        false => Arc::clone(&subject.history),
    };
    let lists = if scheme.git_only { Lists::Emptied } else { Lists::Claimed };
    let mut plan = hide(&subject.plan, &chosen, lists, &subject.paths);
    silence(&mut plan, &chosen);
    let unnamed = chosen.into_iter().filter(|id| !is_named(id, &history));
    let hidden = unnamed.map(|id| (id, Truth::absent())).collect();
    Case { hidden, ..new_case(scheme, subject, plan, history) }
}

fn new_case(scheme: Scheme, subject: &Subject, plan: Plan, history: Arc<History>) -> Case {
    Case {
        name: subject.plan.name.clone(),
        group: subject.group.clone(),
        scenario: scheme.name().to_owned(),
        plan,
        history,
        paths: Arc::clone(&subject.paths),
        hidden: BTreeMap::new(),
    }
}

/// Which tasks claim a path, in any record and under any status.
fn owners(subject: &Subject) -> BTreeMap<String, BTreeSet<&TaskId>> {
    let plan = &subject.plan;
    let recorded = plan.tasks.iter().map(|task| (&task.id, &task.files_changed));
    let scopes = gate::scopes(plan);
    let rows = plan.rows.iter().filter(|row| !is_left_over(row, &scopes));
    let rows = rows.map(|row| (&row.task_id, &row.files));
    let mut owners: BTreeMap<String, BTreeSet<&TaskId>> = BTreeMap::new();
    for (task, files) in recorded.chain(rows) {
        for path in placed(files, &subject.paths) {
            owners.entry(path).or_default().insert(task);
        }
    }
    owners
}

/// The tasks to mask: the same ones with lists and without.
fn choose(choice: Choice, plan: &Plan, truths: &BTreeMap<TaskId, Truth>) -> BTreeSet<TaskId> {
    let numbers = gate::scopes(plan).batch_of;
    let mut batches: BTreeMap<u32, Vec<TaskId>> = BTreeMap::new();
    for id in truths.keys() {
        batches.entry(numbers.get(id).copied().unwrap_or(0)).or_default().push(id.clone());
    }
    match choice {
        Choice::OnePerBatch => {
            let first = |ids: Vec<TaskId>| ids.into_iter().min_by_key(|id| rank(plan, choice, &id.0));
            batches.into_values().filter_map(first).collect()
        }
        Choice::Several | Choice::Absent => share(plan, choice, truths.keys().cloned()),
        Choice::WholeBatches => {
            // A batch of one is the business of another scheme.
            let several = batches.into_iter().filter(|(_, ids)| ids.len() > 1);
            let mut ranked: Vec<_> =
                several.map(|(number, _)| (rank(plan, choice, &number.to_string()), number)).collect();
            ranked.sort_unstable();
            ranked.truncate(portion(ranked.len()));
            let is_chosen = |id: &TaskId| {
                let number = numbers.get(id).copied().unwrap_or(0);
                ranked.iter().any(|(_, chosen)| *chosen == number)
            };
            plan.tasks.iter().map(|task| task.id.clone()).filter(is_chosen).collect()
        }
    }
}

/// About 30 % of the tasks, at least one if there are any.
fn share(plan: &Plan, choice: Choice, ids: impl Iterator<Item = TaskId>) -> BTreeSet<TaskId> {
    let mut ranked: Vec<(String, TaskId)> = ids.map(|id| (rank(plan, choice, &id.0), id)).collect();
    ranked.sort_unstable();
    ranked.truncate(portion(ranked.len()));
    ranked.into_iter().map(|(_, id)| id).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a share of a small number of tasks"
)]
fn portion(all: usize) -> usize {
    (all as f64 * ONE_IN).ceil() as usize
}

/// A fixed shuffle that knows nothing of the plan's order.
fn rank(plan: &Plan, choice: Choice, name: &str) -> String {
    sha256_hex(format!("{}\0{choice:?}\0{name}", plan.name).as_bytes())
}
