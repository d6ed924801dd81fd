//! Exit codes: a contract with scripts and CI.

use std::process::ExitCode;

use taskproof::report::Report;
use taskproof::report::wire::PlanStatus;

/// Why the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// No gap.
    Complete = 0,
    /// Unreadable or corrupt input, git error, I/O error.
    Failed = 1,
    /// Usage or configuration error.
    Usage = 2,
    /// No plan found.
    NoPlan = 3,
    /// Plan locked, step live, or inputs changed since they were read.
    Refused = 4,
    /// Bookkeeping is missing, and all of it can be filled.
    Fillable = 10,
    /// Bookkeeping is missing, and some of it needs an answer.
    NeedsAnswer = 11,
    /// Work is missing.
    Unfinished = 12,
}

impl Exit {
    /// The code a report stands for.
    pub(crate) fn of(report: &Report) -> Self {
        Self::of_status(report.status.into(), report.repair_request.is_some())
    }

    /// The code for a plan that has a status, and questions or none.
    pub(crate) fn of_status(status: PlanStatus, has_questions: bool) -> Self {
        match status {
            PlanStatus::Complete => Self::Complete,
            PlanStatus::BlockedMetadata if has_questions => Self::NeedsAnswer,
            PlanStatus::BlockedMetadata => Self::Fillable,
            PlanStatus::BlockedImplementation => Self::Unfinished,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
