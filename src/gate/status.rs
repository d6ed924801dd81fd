//! What the plan as a whole waits for.

use super::evidence::is_gap;
use crate::model::{Gap, PlanStatus, Status, Task};

/// The status of a plan from its tasks and what the rules say of each, in the same order. `unreadable` is the
/// number of rows that are no task: work that nobody can vouch for.
///
/// A pending or blocked task, or one under a word the harness does not know, is work that is missing;
/// a hollow row of a done task is bookkeeping. The first outweighs the second.
pub fn status<'a>(tasks: impl IntoIterator<Item = (&'a Task, &'a Gap)>, unreadable: usize) -> PlanStatus {
    if unreadable > 0 {
        return PlanStatus::BlockedImplementation;
    }
    let mut status = PlanStatus::Complete;
    for (task, gap) in tasks {
        match task.status {
            Status::Done | Status::Skipped if is_gap(gap) => status = PlanStatus::BlockedMetadata,
            Status::Done | Status::Skipped => {}
            Status::Pending | Status::Blocked | Status::Other(_) => return PlanStatus::BlockedImplementation,
        }
    }
    status
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::assess;
    use crate::model::{Mode, testing::task};

    fn of(tasks: &[Task]) -> PlanStatus {
        let gaps: Vec<Gap> = tasks.iter().map(|task| assess(task, &Mode::Code)).collect();
        status(tasks.iter().zip(&gaps), 0)
    }

    #[test]
    fn missing_work_outweighs_missing_bookkeeping() {
        let hollow = task("T1");
        let mut full = task("T2");
        full.truthy.files = true;
        let mut pending = task("T3");
        pending.status = Status::Pending;
        pending.status_word = "pending".into();
        assert_eq!(of(&[]), PlanStatus::Complete);
        assert_eq!(of(std::slice::from_ref(&full)), PlanStatus::Complete);
        assert_eq!(of(&[hollow.clone(), full]), PlanStatus::BlockedMetadata);
        assert_eq!(status(std::iter::empty(), 1), PlanStatus::BlockedImplementation);
        assert_eq!(of(&[hollow, pending]), PlanStatus::BlockedImplementation);
    }
}
