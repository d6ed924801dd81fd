//! What every task's attribution looks up, computed once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::gate::{self, Scopes};
use crate::model::{
    Attribution, Change, Code, Commit, Decision, Finding, Origin, Outcome, Place, Plan, Row, Task, TaskId,
    place,
};

use super::Input;
use super::citations::{Citation, citations, tasks_by_path};
use super::ids::{Naming, namings};
use super::noise::is_noise;

/// Lookups over the whole plan and history.
pub(super) struct Context<'a> {
    pub(super) input: &'a Input<'a>,
    /// Batches and what their artifacts can prove.
    pub(super) scopes: Scopes,
    /// Changes by path.
    pub(super) changed: BTreeMap<&'a str, Vec<(Option<&'a Commit>, &'a Change)>>,
    /// Which tasks claim a path, in any record and under any status.
    pub(super) claims: BTreeMap<String, BTreeSet<&'a TaskId>>,
    /// Rows by task, in the order of the files, without those left over from an earlier plan.
    rows: HashMap<&'a TaskId, Vec<&'a Row>>,
    /// Tasks that claim any file at all, in any record.
    claimants: HashSet<&'a TaskId>,
    /// Tasks that the gate blocks on, and whose gap nothing has closed so far.
    pub(super) hollow: Vec<&'a TaskId>,
    /// Files that reviewers cited.
    pub(super) citations: Vec<Citation<'a>>,
    /// For which tasks a path is cited.
    pub(super) cited: BTreeMap<String, BTreeSet<&'a TaskId>>,
    /// Which commits name which task.
    pub(super) namings: Vec<Naming<'a>>,
    /// Paths an earlier milestone left behind.
    pub(super) carried: BTreeSet<String>,
}

impl<'a> Context<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        let citations = citations(input.plan, input.paths);
        let mut context = Self {
            input,
            scopes: gate::scopes(input.plan),
            changed: input.history.changed_paths(),
            claims: BTreeMap::new(),
            rows: HashMap::new(),
            claimants: HashSet::new(),
            hollow: hollow(input.plan),
            cited: tasks_by_path(&citations),
            citations,
            namings: namings(input.plan, input.history),
            carried: BTreeSet::new(),
        };
        context.changed.retain(|path, _| !is_noise(path));
        context.carried = context.places(&input.plan.carried_forward).map(|place| place.path).collect();
        context.claims = context.all_claims();
        context.claimants = context.claims.values().flatten().copied().collect();
        context.rows = context.rows_by_task();
        context
    }

    /// Takes what was decided as claimed and settled; whether any of it is new. `attributions` are in plan
    /// order.
    pub(super) fn learn<'b>(&mut self, attributions: impl Iterator<Item = &'b Attribution>) -> bool {
        let mut is_new = false;
        for (task, attribution) in self.input.plan.tasks.iter().zip(attributions) {
            let filled = attribution.files.iter().filter(|file| file.decision == Decision::Backfill);
            for file in filled {
                is_new |= self.claims.entry(file.path.clone()).or_default().insert(&task.id);
                self.claimants.insert(&task.id);
            }
            if attribution.outcome == Outcome::Backfill {
                let before = self.hollow.len();
                self.hollow.retain(|hollow| **hollow != task.id);
                is_new |= self.hollow.len() < before;
            }
        }
        is_new
    }

    /// The places of claims, without noise and without those that name nothing.
    pub(super) fn places<'b>(&'b self, claims: &'b [String]) -> impl Iterator<Item = Place> + 'b {
        claims
            .iter()
            .filter_map(|claim| place(claim, self.input.paths))
            .filter(|place| !is_noise(&place.path))
    }

    /// Rows that can prove something about a task: not those left over from an earlier plan, whose ids meant
    /// other tasks (spec edge 32).
    pub(super) fn rows_of(&self, task: &Task) -> &[&'a Row] {
        self.rows.get(&task.id).map_or(&[], Vec::as_slice)
    }

    /// Whether any task but `task` claims the path.
    pub(super) fn is_claimed_by_another(&self, path: &str, task: &TaskId) -> bool {
        self.claims.get(path).is_some_and(|owners| owners.iter().any(|owner| *owner != task))
    }

    /// Whether a task claims any file at all, in any record or by what was decided so far.
    pub(super) fn claims_files(&self, task: &TaskId) -> bool {
        self.claimants.contains(task)
    }

    /// Findings about the plan as a whole.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let layers = self.scopes.error.as_ref().map(|error| {
            let message = format!("{error}; batches are known by their rows alone");
            Finding::new(Code::NoLayers, "finalize.json", message).at("/tasks")
        });
        layers.into_iter().collect()
    }

    fn rows_by_task(&self) -> HashMap<&'a TaskId, Vec<&'a Row>> {
        let mut rows: HashMap<&TaskId, Vec<&Row>> = HashMap::new();
        for row in &self.input.plan.rows {
            let is_left_over =
                matches!(row.origin, Origin::Batch(number) if self.scopes.is_left_over(number));
            if !is_left_over {
                rows.entry(&row.task_id).or_default().push(row);
            }
        }
        rows
    }

    fn all_claims(&self) -> BTreeMap<String, BTreeSet<&'a TaskId>> {
        let plan = self.input.plan;
        let recorded = plan.tasks.iter().map(|task| (&task.id, &task.files_changed));
        let rows = plan.rows.iter().map(|row| (&row.task_id, &row.files));
        let mut claims: BTreeMap<String, BTreeSet<&TaskId>> = BTreeMap::new();
        for (task, files) in recorded.chain(rows) {
            for place in self.places(files) {
                claims.entry(place.path).or_default().insert(task);
            }
        }
        claims
    }
}

fn hollow(plan: &Plan) -> Vec<&TaskId> {
    let is_hollow = |task: &&Task| gate::is_gap(&gate::assess(task, &plan.mode));
    plan.tasks.iter().filter(is_hollow).map(|task| &task.id).collect()
}
