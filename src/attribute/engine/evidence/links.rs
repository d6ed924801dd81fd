//! Links tasks with the paths that records name for them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::Evidence;
use crate::attribute::context::Context;
use crate::model::TaskId;

fn task_numbers<'a>(context: &Context<'a>) -> HashMap<&'a TaskId, usize> {
    context.input.plan.tasks.iter().enumerate().map(|(at, task)| (&task.id, at)).collect()
}

impl Evidence {
    fn number(&self, path: &str) -> Option<usize> {
        self.paths.binary_search_by(|known| known.place.path.as_str().cmp(path)).ok()
    }
}

pub(super) fn link_claims(evidence: &mut Evidence, context: &Context<'_>) {
    let numbers = task_numbers(context);
    evidence.tasks.iter_mut().for_each(|task| task.certain.clear());
    evidence.paths.iter_mut().for_each(|path| path.claimants.clear());
    for (path, claimants) in &context.claims {
        let Some(path) = evidence.number(path) else { continue };
        for task in claimants.iter().filter_map(|task| numbers.get(*task)) {
            evidence.paths[path].claimants.push(*task);
            evidence.tasks[*task].certain.push(path);
        }
        evidence.paths[path].claimants.sort_unstable();
    }
    evidence.tasks.iter_mut().for_each(|task| task.certain.sort_unstable());
}

pub(super) fn link_lists(evidence: &mut Evidence, context: &Context<'_>) {
    let numbers = task_numbers(context);
    // Tasks of one batch share what is said of all of them: there may be very many.
    let mut groups: HashMap<&[usize], Arc<[usize]>> = HashMap::new();
    for (at, task) in context.input.plan.tasks.iter().enumerate() {
        let mut list = BTreeSet::new();
        let mut is_faithful = true;
        for view in context.batches_of(task) {
            list.extend(view.files.iter().filter_map(|place| evidence.number(&place.path)));
            is_faithful &= view.is_faithful;
        }
        for path in &list {
            evidence.paths[*path].listed.push(at);
        }
        let group = groups.entry(context.batch_places_of(task)).or_insert_with(|| {
            let members = context.batches_of(task).flat_map(|view| &view.members);
            members.filter_map(|id| numbers.get(*id)).copied().collect::<BTreeSet<_>>().into_iter().collect()
        });
        let known = &mut evidence.tasks[at];
        known.list = list.into_iter().collect();
        known.number = at;
        known.group = Arc::clone(group);
        known.list_is_faithful = is_faithful;
    }
}

pub(super) fn link_reviews(evidence: &mut Evidence, context: &Context<'_>) {
    let plan = context.input.plan;
    let numbers = task_numbers(context);
    for (at, task) in plan.tasks.iter().enumerate() {
        for citation in context.citations.of(&task.id) {
            if let Some(path) = evidence.number(&citation.place.path) {
                evidence.paths[path].cited.push(at);
            }
        }
    }
    for (task, files) in &plan.predictions {
        for place in context.places(files) {
            if let (Some(task), Some(path)) = (numbers.get(task), evidence.number(&place.path)) {
                evidence.paths[path].predicted.push(*task);
            }
        }
    }
    for path in &mut evidence.paths {
        for tasks in [&mut path.cited, &mut path.predicted] {
            tasks.sort_unstable();
            tasks.dedup();
        }
    }
}

/// Links commits with the tasks that they name, or that their branches do.
pub(super) fn link_names(evidence: &mut Evidence, context: &Context<'_>) {
    let numbers = task_numbers(context);
    for (task, namings) in context.namings() {
        for naming in namings {
            evidence.commits[context.commit_number(Some(naming.commit))].names.extend(numbers.get(task));
        }
    }
    for (commit, task) in context.branches().iter().enumerate() {
        evidence.commits[commit].branch = task.and_then(|task| numbers.get(task)).copied();
    }
}
