//! Exit codes: a contract with scripts and CI.

use std::process::ExitCode;

use taskproof::model::PlanStatus;
use taskproof::report::Report;

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
        match report.status {
            PlanStatus::Complete => Self::Complete,
            PlanStatus::BlockedMetadata if report.repair_request.is_none() => Self::Fillable,
            PlanStatus::BlockedMetadata => Self::NeedsAnswer,
            PlanStatus::BlockedImplementation => Self::Unfinished,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
