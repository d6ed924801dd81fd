//! What an old blocker id was about. Ids are hashes, so what was hashed is looked for: every text that the
//! plan's files hold, and the harness's templates over the plan's task sets.

use std::collections::{BTreeSet, HashMap};

use crate::gate::{blocker_id, task_openings};
use crate::model::{Blocker, Plan, TaskId};

/// Sets of tasks are tried up to this many tasks in all their subsets.
const SUBSETS_OF: usize = 10;
/// Pairs of tasks are tried in plans up to this size.
const PAIRS_OF: usize = 120;
/// Longer texts are no messages.
const LONGEST: usize = 64 << 10;

/// The messages behind `ids`, as far as they are found. `texts` are what the plan's files hold.
pub fn recall(ids: &BTreeSet<String>, plan: &Plan, texts: &[String]) -> HashMap<String, String> {
    let mut found = HashMap::new();
    if ids.is_empty() {
        return found;
    }
    let known = texts.iter().filter(|text| text.len() <= LONGEST);
    for message in known.cloned().chain(candidates(plan)) {
        if found.len() == ids.len() {
            break;
        }
        let id = id_of(&message);
        if ids.contains(&id) {
            found.entry(id).or_insert(message);
        }
    }
    found
}

fn id_of(message: &str) -> String {
    blocker_id(&Blocker {
        pointer: String::new(),
        kind: "quality_gate".to_owned(),
        message: message.to_owned(),
        task_id: None,
        explicit_id: None,
    })
}

/// Every template over every set worth trying.
fn candidates(plan: &Plan) -> impl Iterator<Item = String> {
    let sets = sets(plan);
    let openings = task_openings();
    let by_task = sets.into_iter().flat_map(move |set| {
        let openings = openings.clone();
        openings.into_iter().map(move |opening| format!("{opening}{set}"))
    });
    let checks: Vec<String> = plan.sense_checks.iter().map(|check| check.id.clone()).collect();
    let by_check = checks.into_iter().flat_map(|check| {
        let message = format!("Sense check {check} is missing an executor acknowledgment.");
        [format!("Advisory audit finding: {message}"), message]
    });
    by_task.chain(by_check)
}

/// Sets of task ids as messages list them: in the order of the file.
fn sets(plan: &Plan) -> Vec<String> {
    let ids: Vec<&TaskId> = plan.tasks.iter().map(|task| &task.id).collect();
    let mut sets: BTreeSet<Vec<usize>> = BTreeSet::new();
    let count = ids.len();
    if count <= SUBSETS_OF {
        sets.extend((1_u32..1 << count).map(|mask| (0..count).filter(|at| mask & (1 << at) != 0).collect()));
    } else {
        for first in 0..count {
            sets.insert(vec![first]);
            let others = if count <= PAIRS_OF { first + 1..count } else { 0..0 };
            sets.extend(others.map(|second| vec![first, second]));
            // Neighbours go hollow together: a batch is a run of rows.
            sets.extend((first + 1..=count.min(first + SUBSETS_OF)).map(|end| (first..end).collect()));
        }
        let done = |status: &str| -> Vec<usize> {
            (0..count).filter(|at| plan.tasks[*at].status_word == status).collect()
        };
        sets.extend(["done", "pending", "blocked", "skipped"].map(done));
        sets.insert((0..count).collect());
    }
    for batch in &plan.batches {
        let place = |id: &TaskId| ids.iter().position(|known| *known == id);
        let mut members: Vec<usize> = batch.task_ids.iter().filter_map(place).collect();
        members.sort_unstable();
        sets.insert(members);
    }
    let name = |set: &Vec<usize>| set.iter().map(|at| ids[*at].0.as_str()).collect::<Vec<_>>().join(", ");
    sets.iter().filter(|set| !set.is_empty()).map(name).collect()
}
