//! What a batch artifact's lists can prove (spec section 6, "mapping").
//!
//! No batch scope is recorded in the flat layout; the later one records it. Without a record it is recomputed from the dependencies and compared
//! with the rows: where both agree the artifact is the batch's own; `execution_batch_1.json` that does not
//! agree was overwritten by a single-batch re-run over the whole plan (spec fact 6).

use std::collections::{BTreeMap, BTreeSet};

use super::layers::{LayerError, layers, split};
use crate::model::{Batch, Plan, TaskId};

/// How a batch artifact relates to the batch it is numbered after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mapping {
    /// Its rows are exactly the batch's tasks: its lists are the batch's.
    Faithful,
    /// A re-run over the whole plan took its place: its lists prove nothing about one task.
    Rerun,
    /// It belongs to another state of the plan, or covers something else.
    Drifted,
}

/// The batches of a plan, and what each artifact is.
#[derive(Debug, Clone, Default)]
pub struct Scopes {
    /// Batch number of each task, counted from 1; empty when tasks have no layers.
    pub batch_of: BTreeMap<TaskId, u32>,
    /// How many batches the plan has at most: with the size split.
    pub count: u32,
    /// By the artifact's path: one batch may have several attempts.
    mappings: BTreeMap<String, Mapping>,
    /// Why there are no layers.
    pub error: Option<LayerError>,
}

/// Recomputes the batches, with or without the size split, whichever explains more artifacts.
pub fn scopes(plan: &Plan) -> Scopes {
    let known: BTreeSet<&TaskId> = plan.tasks.iter().map(|task| &task.id).collect();
    let whole = match layers(&plan.tasks) {
        Ok(whole) => whole,
        Err(error) => {
            let recorded = |batch: &Batch| by_record(batch, &known).unwrap_or(Mapping::Drifted);
            let mappings =
                plan.batches.iter().map(|batch| (batch.artifact.clone(), recorded(batch))).collect();
            return Scopes {
                mappings,
                batch_of: recorded_batches(plan),
                error: Some(error),
                ..Scopes::default()
            };
        }
    };
    let parts = split(&whole, plan.max_tasks_per_batch);
    let batches =
        if fit(plan, &parts, &known) > fit(plan, &whole, &known) { parts.clone() } else { whole.clone() };
    let recomputed = |batch: &Batch| match is_batch(batch, &batches, &known) {
        true => Mapping::Faithful,
        false if batch.number == 1 => Mapping::Rerun,
        false => Mapping::Drifted,
    };
    let mapping = |batch: &Batch| by_record(batch, &known).unwrap_or_else(|| recomputed(batch));
    let recorded = recorded_batches(plan);
    let mut batch_of: BTreeMap<TaskId, u32> =
        (1..).zip(&batches).flat_map(|(n, ids)| ids.iter().map(move |id| (id.clone(), n))).collect();
    let last_recorded = recorded.values().copied().max().unwrap_or(0);
    batch_of.extend(recorded);
    Scopes {
        count: u32::try_from(parts.len().max(whole.len())).unwrap_or(u32::MAX).max(last_recorded),
        mappings: plan.batches.iter().map(|batch| (batch.artifact.clone(), mapping(batch))).collect(),
        batch_of,
        error: None,
    }
}

/// What a recorded scope settles: the lists are those of its tasks, as long as the plan still has them all and the
/// rows stay within it.
fn by_record(batch: &Batch, known: &BTreeSet<&TaskId>) -> Option<Mapping> {
    let scope = batch.scope.as_ref()?;
    let is_current = scope.iter().all(|id| known.contains(id));
    let is_within = batch.task_ids.iter().all(|id| scope.contains(id));
    Some(if is_current && is_within { Mapping::Faithful } else { Mapping::Drifted })
}

/// Batch numbers as recorded, of tasks that the plan has; of several attempts the last counts.
fn recorded_batches(plan: &Plan) -> BTreeMap<TaskId, u32> {
    let scoped = plan.batches.iter().filter_map(|batch| Some((batch.number, batch.scope.as_ref()?)));
    let numbered = scoped.flat_map(|(number, scope)| scope.iter().map(move |id| (id.clone(), number)));
    numbered.filter(|(id, _)| plan.task(id).is_some()).collect()
}

impl Scopes {
    /// What the artifact of that batch is.
    pub fn mapping(&self, batch: &Batch) -> Mapping {
        self.mappings.get(&batch.artifact).copied().unwrap_or(Mapping::Drifted)
    }

    /// Whether an artifact is numbered after a batch that the plan does not have: it is left over from an
    /// earlier version of the plan, whose task ids meant other tasks (spec edge 32).
    pub fn is_left_over(&self, number: u32) -> bool {
        self.error.is_none() && number > self.count
    }
}

/// How well a way of batching explains the artifacts. The first batch counts last: a re-run over the whole
/// plan may have taken its place and looks like a batch that was never split (spec fact 6).
fn fit(plan: &Plan, batches: &[Vec<TaskId>], known: &BTreeSet<&TaskId>) -> (usize, usize, usize) {
    let faithful = |first: bool| {
        let artifacts = plan.batches.iter().filter(|batch| (batch.number == 1) == first);
        artifacts.filter(|batch| is_batch(batch, batches, known)).count()
    };
    let numbered = plan.batches.iter().filter(|batch| batch.number as usize <= batches.len()).count();
    (faithful(false), numbered, faithful(true))
}

fn is_batch(batch: &Batch, batches: &[Vec<TaskId>], known: &BTreeSet<&TaskId>) -> bool {
    let rows: BTreeSet<&TaskId> = batch.task_ids.iter().filter(|id| known.contains(id)).collect();
    let index = (batch.number as usize).checked_sub(1);
    index.and_then(|index| batches.get(index)).is_some_and(|ids| ids.iter().collect::<BTreeSet<_>>() == rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{batch, ids, plan, task};

    fn planned(edges: &[(&str, &[&str])], files: &[(u32, &[&str])]) -> Scopes {
        let tasks = edges
            .iter()
            .map(|(id, needs)| {
                let mut row = task(id);
                row.depends_on = ids(needs);
                row
            })
            .collect();
        let mut plan = plan(tasks);
        plan.max_tasks_per_batch = Some(2);
        plan.batches = files.iter().map(|(number, rows)| batch(*number, rows)).collect();
        scopes(&plan)
    }

    fn mapping(scopes: &Scopes, number: u32) -> Mapping {
        scopes.mapping(&batch(number, &[]))
    }

    const EDGES: &[(&str, &[&str])] = &[("T1", &[]), ("T2", &["T1"]), ("T3", &["T1"]), ("T4", &["T1"])];

    #[test]
    fn rows_that_match_the_layer_are_faithful() {
        let scopes = planned(EDGES, &[(1, &["T1"]), (2, &["T4", "T2", "T3"])]);
        assert_eq!(mapping(&scopes, 1), Mapping::Faithful);
        assert_eq!(mapping(&scopes, 2), Mapping::Faithful);
        assert_eq!(scopes.batch_of[&"T4".into()], 2);
    }

    #[test]
    fn the_size_split_is_used_when_it_explains_more() {
        let scopes = planned(EDGES, &[(1, &["T1"]), (2, &["T2", "T3"]), (3, &["T4"])]);
        assert!(scopes.mappings.values().all(|mapping| *mapping == Mapping::Faithful));
        assert_eq!(scopes.batch_of[&"T4".into()], 3);
    }

    #[test]
    fn a_rerun_over_one_long_layer_does_not_pass_for_a_batch_that_was_never_split() {
        let edges: &[(&str, &[&str])] = &[("T1", &[]), ("T2", &[]), ("T3", &[])];
        let scopes = planned(edges, &[(1, &["T1", "T2", "T3"]), (2, &["T3"])]);
        assert_eq!(mapping(&scopes, 1), Mapping::Rerun);
        assert_eq!(mapping(&scopes, 2), Mapping::Faithful);
        let partial = planned(edges, &[(2, &["T2"])]);
        assert!(!partial.is_left_over(2), "with the split there is a second batch");
        assert!(partial.is_left_over(3));
    }

    #[test]
    fn a_first_batch_that_covers_the_plan_is_a_rerun() {
        let scopes = planned(EDGES, &[(1, &["T1", "T2", "T3", "T4"]), (2, &["T2", "T9"])]);
        assert_eq!(mapping(&scopes, 1), Mapping::Rerun);
        assert_eq!(mapping(&scopes, 2), Mapping::Drifted);
    }

    #[test]
    fn a_recorded_scope_settles_what_the_lists_are_of() {
        let tasks = ["T1", "T2", "T3"].map(task).to_vec();
        let mut recorded = plan(tasks);
        let attempt = |number, rows: &[&str], scope: &[&str], name: &str| Batch {
            scope: Some(ids(scope)),
            artifact: name.into(),
            ..batch(number, rows)
        };
        recorded.batches = vec![
            attempt(1, &["T1"], &["T1", "T2"], "a"),
            attempt(1, &["T3"], &["T1", "T2"], "b"),
            attempt(7, &["T3"], &["T3"], "c"),
            attempt(8, &["T9"], &["T9"], "d"),
        ];
        let scopes = scopes(&recorded);
        let found: Vec<Mapping> = recorded.batches.iter().map(|batch| scopes.mapping(batch)).collect();
        assert_eq!(found, [Mapping::Faithful, Mapping::Drifted, Mapping::Faithful, Mapping::Drifted]);
        assert_eq!((scopes.batch_of[&"T2".into()], scopes.batch_of[&"T3".into()]), (1, 7));
        assert!(!scopes.is_left_over(7) && scopes.is_left_over(8));
    }

    #[test]
    fn without_layers_nothing_is_faithful() {
        let scopes = planned(&[("T1", &["T1"])], &[(1, &["T1"])]);
        assert_eq!(mapping(&scopes, 1), Mapping::Drifted);
        assert!(scopes.error.is_some());
    }
}
