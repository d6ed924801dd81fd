//! What each batch artifact can prove, worked out once for all of its tasks.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::gate::{Mapping, Scopes};
use crate::model::{Batch, Place, Plan, ProjectPaths, Status, TaskId};

use super::noise::places;

/// Which tasks claim a path, in any record and under any status.
pub(super) type Claims<'a> = BTreeMap<String, BTreeSet<&'a TaskId>>;

/// A batch artifact and what follows from its rows and lists.
#[derive(Debug)]
pub(super) struct BatchView<'a> {
    pub(super) batch: &'a Batch,
    /// Tasks of its rows, and those it was dispatched for.
    pub(super) members: HashSet<&'a TaskId>,
    /// Its list of files, placed.
    pub(super) files: Vec<Place>,
    /// Whether its lists are the batch's own, and no re-run's.
    pub(super) is_faithful: bool,
    /// Members that may own what nobody claims.
    takers: HashSet<&'a TaskId>,
}

impl BatchView<'_> {
    /// Whether a member but `task` may own what nobody claims.
    pub(super) fn has_other_taker(&self, task: &TaskId) -> bool {
        self.takers.len() > usize::from(self.takers.contains(task))
    }
}

/// Batch artifacts by task: of each task its faithful ones, or the others if it has none. Those numbered
/// after the plan's last batch are left over from an earlier plan.
pub(super) fn batches<'a>(
    plan: &'a Plan,
    paths: &ProjectPaths,
    scopes: &Scopes,
    claims: &Claims<'_>,
) -> (Vec<BatchView<'a>>, HashMap<&'a TaskId, Vec<usize>>) {
    let views: Vec<BatchView<'a>> = plan
        .batches
        .iter()
        .filter(|batch| !scopes.is_left_over(batch.number))
        .map(|batch| {
            let mut seen = HashSet::new();
            let files = places(batch.files.as_deref().unwrap_or_default(), paths);
            let files: Vec<Place> = files.filter(|place| seen.insert(place.path.clone())).collect();
            let may_be_swollen = batch.number == 1 && batch.scope.is_none();
            let is_swollen = may_be_swollen && is_swollen(&files, scopes, claims);
            BatchView {
                batch,
                members: batch.task_ids.iter().chain(batch.scope.iter().flatten()).collect(),
                is_faithful: scopes.mapping(batch) == Mapping::Faithful && !is_swollen,
                files,
                takers: HashSet::new(),
            }
        })
        .collect();
    let mut by_task: HashMap<&TaskId, Vec<usize>> = HashMap::new();
    for is_faithful in [true, false] {
        let mut found: HashMap<&TaskId, Vec<usize>> = HashMap::new();
        for (at, view) in views.iter().enumerate().filter(|(_, view)| view.is_faithful == is_faithful) {
            view.members.iter().for_each(|task| found.entry(task).or_default().push(at));
        }
        for (task, places) in found {
            by_task.entry(task).or_insert(places);
        }
    }
    (views, by_task)
}

/// Works out who may own what nobody claims: members that are done, of a kind that changes files, and have no
/// files in the canonical record nor by what was decided so far (`owners`), or none of this list: then the list
/// does not tell what this member did. An unknown task may be anything.
pub(super) fn weigh<'a>(
    views: &mut [BatchView<'a>],
    plan: &'a Plan,
    owners: &HashSet<&'a TaskId>,
    claims: &Claims<'a>,
) {
    let cannot_take: HashSet<&TaskId> = plan
        .tasks
        .iter()
        .filter(|task| task.status != Status::Done || task.kind.is_shown_by_notes())
        .map(|task| &task.id)
        .collect();
    for view in views {
        let listed: HashSet<&TaskId> =
            view.files.iter().flat_map(|place| claimants(&place.path, claims)).collect();
        let is_settled = |task: &TaskId| owners.contains(task) && listed.contains(task);
        let may_take = |task: &&&TaskId| !cannot_take.contains(**task) && !is_settled(task);
        view.takers = view.members.iter().filter(may_take).copied().collect();
    }
}

/// Tasks that claim a path, or a directory above it.
pub(super) fn claimants<'a>(path: &str, claims: &Claims<'a>) -> impl Iterator<Item = &'a TaskId> {
    let above = path.match_indices('/').map(|(at, _)| &path[..at]);
    above.chain([path]).filter_map(|path| claims.get(path)).flatten().copied()
}

/// Whether a first batch's list holds most of what the tasks of later batches claim: then a re-run over
/// the whole plan wrote it, although it reports on this batch alone (spec fact 6).
fn is_swollen(files: &[Place], scopes: &Scopes, claims: &Claims<'_>) -> bool {
    let is_later = |id: &&TaskId| scopes.batch_of.get(*id).is_some_and(|number| *number > 1);
    let later = |path: &String| claims.get(path).is_some_and(|owners| owners.iter().all(is_later));
    let listed = files.iter().filter(|place| later(&place.path)).count();
    let all = claims.values().filter(|owners| owners.iter().all(is_later)).count();
    listed > 1 && listed * 2 > all
}
