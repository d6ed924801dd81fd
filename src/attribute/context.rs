//! What every task's attribution looks up, computed once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::gate::{self, Scopes};
use crate::model::{
    Attribution, BaseSource, Change, ChangePlaces, Code, Commit, Decision, Finding, History, Oid, Origin,
    Outcome, Place, Plan, Row, SenseCheck, Status, Task, TaskId,
};

use super::Input;
use super::batches::{BatchView, Claims, batches, claimants, weigh};
use super::branches::branches;
use super::citations::Citations;
use super::commit_kind::{CommitKind, alone, kinds};
use super::engine::commands::Estimates;
use super::ids::{Naming, namings, reverted};
use super::noise::{is_noise, is_shared, places};

/// Lookups over the whole plan and history.
pub(super) struct Context<'a> {
    pub(super) input: &'a Input<'a>,
    /// Batches and what their artifacts can prove.
    pub(super) scopes: Scopes,
    /// Changes by path.
    pub(super) changed: BTreeMap<&'a str, Changes<'a>>,
    /// Where each path changed, noise included.
    pub(super) change_places: ChangePlaces<'a>,
    /// Which tasks claim a path, in any record and under any status.
    pub(super) claims: Claims<'a>,
    /// Batch artifacts and what they can prove.
    batches: Vec<BatchView<'a>>,
    /// Which of them speak of a task.
    batches_of: HashMap<&'a TaskId, Vec<usize>>,
    /// Rows by task, in the order of the files, without those left over from an earlier plan.
    rows: HashMap<&'a TaskId, Vec<&'a Row>>,
    /// Sense checks by task, in the order of the record.
    checks: HashMap<&'a TaskId, Vec<&'a SenseCheck>>,
    /// Files that the planner expected a task to change.
    predictions: HashMap<&'a TaskId, Vec<&'a [String]>>,
    /// Tasks with files, in the canonical record or by what was decided so far.
    owners: HashSet<&'a TaskId>,
    /// Changed paths that nobody claims, everybody's and carried ones left out.
    pub(super) unclaimed: Vec<&'a str>,
    /// Tasks that the gate blocks on, and whose gap nothing has closed so far.
    hollow: HashSet<&'a TaskId>,
    /// Files that reviewers cited.
    pub(super) citations: Citations<'a>,
    /// Commits that name a task, by task.
    namings: HashMap<&'a TaskId, Vec<Naming<'a>>>,
    /// Per commit, the task that the branch names on which it was made.
    branches: Vec<Option<&'a TaskId>>,
    /// Paths an earlier milestone left behind.
    pub(super) carried: BTreeSet<String>,
    /// Places of commits in the history, by their ids.
    commit_numbers: HashMap<Oid, usize>,
    /// What sort of work each commit is by itself.
    alone: Vec<CommitKind>,
    /// What sort of work each commit is, as far as the claims tell.
    commit_kinds: Vec<CommitKind>,
    /// Commands that were decided so far, by task.
    decided_commands: HashMap<&'a TaskId, Vec<String>>,
    /// What the engine makes of commands that no rung decides.
    pub(super) estimates: Estimates,
}

/// The changes of a path, each with its commit unless it is not committed.
type Changes<'a> = Vec<(Option<&'a Commit>, &'a Change)>;

impl<'a> Context<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        let scopes = gate::scopes(input.plan);
        let reverted = reverted(&input.history.commits);
        let (((change_places, changed), namings), (alone, branches, commit_numbers)) = rayon::join(
            || rayon::join(|| changed(input.history), || namings(input.plan, input.history, &reverted)),
            || {
                let branches = branches(input.plan, input.history);
                (alone(input.history, &reverted), branches, numbers(&input.history.commits))
            },
        );
        let mut context = Self {
            input,
            scopes,
            batches: Vec::new(),
            batches_of: HashMap::new(),
            owners: owners(input.plan),
            unclaimed: Vec::new(),
            change_places,
            changed,
            claims: Claims::new(),
            rows: HashMap::new(),
            checks: checks_by_task(input.plan),
            predictions: by_task(input.plan.predictions.iter().map(|(task, files)| (task, files.as_slice()))),
            hollow: hollow(input.plan),
            citations: Citations::new(input.plan, input.paths),
            namings,
            branches,
            carried: BTreeSet::new(),
            commit_numbers,
            alone,
            commit_kinds: Vec::new(),
            decided_commands: HashMap::new(),
            estimates: Estimates::new(),
        };
        context.carried = context.places(&input.plan.carried_forward).map(|place| place.path).collect();
        context.claims = context.all_claims();
        context.rows = rows_by_task(input.plan, &context.scopes);
        (context.batches, context.batches_of) =
            batches(input.plan, input.paths, &context.scopes, &context.claims);
        context.weigh();
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
                is_new |= self.owners.insert(&task.id);
            }
            if attribution.outcome == Outcome::Backfill {
                is_new |= self.hollow.remove(&task.id);
            }
        }
        if is_new {
            self.weigh();
        }
        is_new
    }

    /// Takes the commands that the ladder decided as recorded. `attributions` are in plan order.
    pub(super) fn learn_commands<'b>(&mut self, attributions: impl Iterator<Item = &'b Attribution>) {
        for (task, attribution) in self.input.plan.tasks.iter().zip(attributions) {
            let filled = attribution.commands.iter().filter(|command| command.decision == Decision::Backfill);
            let filled: Vec<String> = filled.map(|command| command.command.clone()).collect();
            if !filled.is_empty() {
                self.decided_commands.insert(&task.id, filled);
            }
        }
    }

    /// Commands that were decided for a task.
    pub(super) fn decided_commands(&self, task: &TaskId) -> &[String] {
        self.decided_commands.get(task).map_or(&[], Vec::as_slice)
    }

    /// Works out what depends on the claims and owners, which grow as tasks are decided.
    fn weigh(&mut self) {
        weigh(&mut self.batches, self.input.plan, &self.owners, &self.claims);
        let working = self.input.plan.tasks.iter().filter(|task| task.status != Status::Pending).count();
        let commits_of = |path: &str| self.commits_of(path).collect();
        self.commit_kinds = kinds(self.input.history, &self.alone, &self.claims, commits_of, working);
        let is_free = |path: &&&str| {
            !self.claims.contains_key(**path) && !is_shared(path) && !self.carried.contains(**path)
        };
        self.unclaimed = self.changed.keys().filter(is_free).copied().collect();
    }

    /// A changed path as the harness spells it: from the project, climbing out of it where it must.
    pub(super) fn changed_place(&self, path: &str) -> Place {
        let paths = self.input.paths;
        let below = path.strip_prefix(&paths.prefix).and_then(|rest| rest.strip_prefix('/'));
        let written = match below {
            _ if paths.prefix.is_empty() => path.to_owned(),
            Some(rest) => rest.to_owned(),
            None => format!("{}{path}", "../".repeat(paths.prefix.split('/').count())),
        };
        Place { path: path.to_owned(), written, inside: true }
    }

    /// Whether the range is known to be the plan's: without a base it may be all of history, in which the
    /// ids and files of a plan mean nothing in particular.
    pub(super) fn is_bounded(&self) -> bool {
        self.input.history.base_source != BaseSource::None || self.input.history.commits.is_empty()
    }

    /// The places of claims, without noise and without those that name nothing.
    pub(super) fn places<'b>(&'b self, claims: &'b [String]) -> impl Iterator<Item = Place> + 'b {
        places(claims, self.input.paths)
    }

    /// Rows that can prove something about a task ([`rows_by_task`]).
    pub(super) fn rows_of(&self, task: &Task) -> &[&'a Row] {
        self.rows.get(&task.id).map_or(&[], Vec::as_slice)
    }

    /// Sense checks of a task.
    pub(super) fn checks_of(&self, task: &Task) -> &[&'a SenseCheck] {
        self.checks.get(&task.id).map_or(&[], Vec::as_slice)
    }

    /// Files that the planner expected a task to change, as it wrote them.
    pub(super) fn predictions_of(&self, task: &Task) -> &[&'a [String]] {
        self.predictions.get(&task.id).map_or(&[], Vec::as_slice)
    }

    /// Batch artifacts that speak of a task.
    pub(super) fn batches_of(&self, task: &Task) -> impl Iterator<Item = &BatchView<'a>> {
        self.batch_places_of(task).iter().map(|at| &self.batches[*at])
    }

    /// Which they are: the same for tasks that the same artifacts speak of.
    pub(super) fn batch_places_of(&self, task: &Task) -> &[usize] {
        self.batches_of.get(&task.id).map_or(&[], Vec::as_slice)
    }

    /// Commits that name a task.
    pub(super) fn namings_of(&self, task: &Task) -> &[Naming<'a>] {
        self.namings.get(&task.id).map_or(&[], Vec::as_slice)
    }

    /// Commits that name a task, for every task that any names.
    pub(super) fn namings(&self) -> &HashMap<&'a TaskId, Vec<Naming<'a>>> {
        &self.namings
    }

    /// Per commit, the task that the branch names on which it was made; nothing for uncommitted changes.
    pub(super) fn branches(&self) -> &[Option<&'a TaskId>] {
        &self.branches
    }

    /// The place of a commit in the history; of uncommitted changes, the place after the last.
    pub(super) fn commit_number(&self, commit: Option<&Commit>) -> usize {
        let number = commit.and_then(|commit| self.commit_numbers.get(&commit.id));
        number.copied().unwrap_or(self.input.history.commits.len())
    }

    /// The places of the commits that change a path.
    fn commits_of(&self, path: &str) -> impl Iterator<Item = usize> {
        let changes =
            self.changed.get(path).into_iter().flatten().filter(move |(_, change)| change.path == path);
        changes.filter_map(|(commit, _)| commit.map(|commit| self.commit_number(Some(commit))))
    }

    /// What sort of work the commit at that place of the history is; `None` for uncommitted changes.
    pub(super) fn commit_kind(&self, number: usize) -> Option<CommitKind> {
        self.commit_kinds.get(number).copied()
    }

    /// Whether any task but `task` claims the path.
    pub(super) fn is_claimed_by_another(&self, path: &str, task: &TaskId) -> bool {
        self.claims.get(path).is_some_and(|owners| owners.iter().any(|owner| *owner != task))
    }

    /// Whether any of `members` but `task` claims the path, or a directory above it.
    pub(super) fn is_claimed_within(&self, path: &str, members: &HashSet<&TaskId>, task: &TaskId) -> bool {
        claimants(path, &self.claims).any(|id| *id != *task && members.contains(id))
    }

    /// Whether a task is the only one whose gap is still open.
    pub(super) fn is_only_hollow(&self, task: &TaskId) -> bool {
        self.hollow.len() == 1 && self.hollow.contains(task)
    }

    /// A directory stands for files that may be several tasks'.
    pub(super) fn is_directory(&self, place: &Place) -> bool {
        let below = format!("{}/", place.path);
        let mut next = self.input.paths.known.range(below.clone()..);
        place.written.ends_with('/') || next.next().is_some_and(|path| path.starts_with(&below))
    }

    /// Findings about the plan as a whole.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let left_over = self.input.plan.batches.iter().filter(|batch| self.scopes.is_left_over(batch.number));
        let left_over = left_over.map(|batch| {
            let message = format!(
                "the plan has {} batches at most: left over from an earlier version of the plan, and not read",
                self.scopes.count
            );
            Finding::new(Code::LeftOver, &batch.artifact, message)
        });
        let layers = self.scopes.error.as_ref().map(|error| {
            let message = format!("{error}; batches are known by their rows alone");
            let finding = Finding::new(Code::NoLayers, self.input.plan.layout.record(), message);
            if self.input.plan.layout.is_task_list() { finding } else { finding.at("/tasks") }
        });
        layers.into_iter().chain(left_over).collect()
    }

    fn all_claims(&self) -> Claims<'a> {
        let plan = self.input.plan;
        // What was inferred proves nothing about others; a second run must see what the first one saw.
        let proven = plan.tasks.iter().filter(|task| !task.inferred_files);
        let recorded = proven.map(|task| (&task.id, &task.files_changed));
        let rows = plan.rows.iter().filter(|row| !is_left_over(row, &self.scopes) && !row.inferred_files);
        let rows = rows.map(|row| (&row.task_id, &row.files));
        let mut claims = Claims::new();
        for (task, files) in recorded.chain(rows) {
            for place in self.places(files) {
                claims.entry(place.path).or_default().insert(task);
            }
        }
        claims
    }
}

/// Rows by task, in the order of the files, without those left over from an earlier plan, whose ids meant other tasks
/// (spec edge 32).
pub(super) fn rows_by_task<'a>(plan: &'a Plan, scopes: &Scopes) -> HashMap<&'a TaskId, Vec<&'a Row>> {
    let rows = plan.rows.iter().filter(|row| !is_left_over(row, scopes));
    by_task(rows.map(|row| (&row.task_id, row)))
}

/// Sense checks by the task that they are about.
pub(super) fn checks_by_task(plan: &Plan) -> HashMap<&TaskId, Vec<&SenseCheck>> {
    by_task(plan.sense_checks.iter().map(|check| (&check.task_id, check)))
}

fn by_task<'a, T>(items: impl Iterator<Item = (&'a TaskId, T)>) -> HashMap<&'a TaskId, Vec<T>> {
    let mut found: HashMap<&TaskId, Vec<T>> = HashMap::new();
    for (task, item) in items {
        found.entry(task).or_default().push(item);
    }
    found
}

fn is_left_over(row: &Row, scopes: &Scopes) -> bool {
    matches!(row.origin, Origin::Batch(number) if scopes.is_left_over(number))
}

fn numbers(commits: &[Commit]) -> HashMap<Oid, usize> {
    commits.iter().enumerate().map(|(at, commit)| (commit.id, at)).collect()
}

fn hollow(plan: &Plan) -> HashSet<&TaskId> {
    let is_hollow = |task: &&Task| {
        let has_commands_alone = task.inferred_commands && !task.truthy.files && task.status == Status::Done;
        task.inferred_files || has_commands_alone || gate::is_gap(&gate::assess(task, &plan.mode))
    };
    plan.tasks.iter().filter(is_hollow).map(|task| &task.id).collect()
}

fn owners(plan: &Plan) -> HashSet<&TaskId> {
    let is_owner = |task: &&Task| !task.files_changed.is_empty() && !task.inferred_files;
    plan.tasks.iter().filter(is_owner).map(|task| &task.id).collect()
}

/// Where what changed, by path, and what it is, without noise.
fn changed(history: &History) -> (ChangePlaces<'_>, BTreeMap<&str, Changes<'_>>) {
    let places = history.change_places();
    let of = |places: &Vec<(usize, usize)>| places.iter().map(|place| history.change(*place)).collect();
    let loud = places.iter().filter(|(path, _)| !is_noise(path));
    let changed = loud.map(|(path, places)| (*path, of(places))).collect();
    (places, changed)
}
