//! Rung D: files a reviewer cited for the task that changed in the range.
//!
//! Reviewers also cite what they merely read, and some cite one list for every task, so a file counts
//! only if no other task is cited with it or claims it.

use super::{Claim, Found};
use crate::attribute::context::Context;
use crate::attribute::noise::is_shared;
use crate::attribute::standing::{Standing, standing};
use crate::model::{Place, Task};

pub(super) fn files(task: &Task, context: &Context<'_>) -> Found<Place> {
    let mut found = Found::nothing();
    for citation in context.citations.of(&task.id) {
        let path = &citation.place.path;
        if standing(&citation.place, context) != Standing::Changed {
            continue;
        }
        let is_open = !context.is_bounded()
            || context.citations.is_shared(path)
            || is_shared(path)
            || context.is_claimed_by_another(path, &task.id);
        let list = if is_open { &mut found.open } else { &mut found.decided };
        let detail = citation.detail.clone();
        list.push(Claim { value: citation.place.clone(), signal: "review_evidence", detail });
    }
    found.once(|place| place.path.clone())
}
