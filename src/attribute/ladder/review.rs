//! Rung D: files a reviewer cited for the task that changed in the range.
//!
//! Reviewers also cite what they merely read, and some cite one list for every task, so a file counts
//! only if no other task is cited with it or claims it.

use std::collections::BTreeSet;

use super::{Claim, Found};
use crate::attribute::context::Context;
use crate::attribute::noise::is_shared;
use crate::attribute::standing::{Standing, standing};
use crate::model::{Place, Task, TaskId};

pub(super) fn files(task: &Task, context: &Context<'_>) -> Found<Place> {
    let cited = citations(context);
    let mut found = Found::nothing();
    for (_, place, detail) in cited.iter().filter(|(id, ..)| **id == task.id) {
        if standing(place, context) != Standing::Changed {
            continue;
        }
        let others: BTreeSet<&TaskId> = cited
            .iter()
            .filter(|(id, other, _)| **id != task.id && other.path == place.path)
            .map(|(id, ..)| *id)
            .collect();
        let is_shared = !others.is_empty()
            || is_shared(&place.path)
            || context.is_claimed_by_another(&place.path, &task.id);
        let list = if is_shared { &mut found.open } else { &mut found.decided };
        if list.iter().all(|claim| claim.value != *place) {
            list.push(Claim { value: place.clone(), signal: "review_evidence", detail: detail.clone() });
        }
    }
    found
}

/// Task, cited place, and where it is cited: in the last review, or in an older plan's own rows.
fn citations<'a>(context: &Context<'a>) -> Vec<(&'a TaskId, Place, String)> {
    let plan = context.input.plan;
    let reviewed = plan.review.iter().flat_map(|review| {
        review.evidence.iter().map(|(id, files, pointer)| (id, files, format!("review.json {pointer}")))
    });
    let rows = plan.tasks.iter().map(|task| {
        (&task.id, &task.evidence_files, format!("finalize.json {}/evidence_files", task.pointer))
    });
    reviewed
        .chain(rows)
        .flat_map(|(id, files, detail)| {
            context.places(files).map(move |place| (id, place, detail.clone())).collect::<Vec<_>>()
        })
        .collect()
}
