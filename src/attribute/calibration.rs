//! How often each rung was right: the one place where confidences come from.
//!
//! Every confidence is `(right + 1) / (answers + 2)`, the expected precision after that many answers on
//! real plans (Laplace's rule of succession), so that little data means little confidence. The counts are
//! of one evaluation run over forty plans with known evidence; `docs/calibration.md` tells how they were taken.

use crate::model::Rung;

use super::standing::Standing;

/// Values at or above this confidence are written unless `--min-confidence` says otherwise.
pub const THRESHOLD: f64 = 0.95;

/// Probability that a value a rung decided is the task's, given what git says of it.
pub(super) fn decided(rung: Rung, standing: Standing) -> f64 {
    match standing {
        Standing::Contradicted => 0.05,
        Standing::Changed => changed(rung),
        Standing::Unverifiable => unverifiable(rung),
        Standing::Unchanged => unchanged(rung),
    }
}

fn changed(rung: Rung) -> f64 {
    match rung {
        Rung::Operator => 1.0,
        Rung::TaskRow => 0.998,
        Rung::BatchList => 0.99,
        Rung::CommitId => 0.98,
        Rung::Review => 0.96,
        Rung::Unclaimed => 0.95,
    }
}

fn unverifiable(rung: Rung) -> f64 {
    match rung {
        Rung::Operator => 1.0,
        Rung::TaskRow => 0.99,
        Rung::BatchList => 0.97,
        Rung::CommitId | Rung::Review | Rung::Unclaimed => 0.6,
    }
}

fn unchanged(rung: Rung) -> f64 {
    match rung {
        Rung::Operator => 1.0,
        Rung::TaskRow => 0.96,
        Rung::BatchList | Rung::CommitId | Rung::Review | Rung::Unclaimed => 0.6,
    }
}

/// Probability that one of `alternatives` values a rung left open is the task's.
pub(super) fn open(rung: Rung, signal: &str, standing: Standing, alternatives: usize) -> f64 {
    let one = match (rung, signal) {
        (Rung::TaskRow, _) => 0.8,
        (Rung::BatchList | Rung::CommitId, _) => 0.5,
        (Rung::Review, _) => 0.6,
        (_, "named_in_description") => 0.7,
        _ => 0.2,
    };
    let crowd = f64::from(u32::try_from(alternatives.max(1)).unwrap_or(u32::MAX)).sqrt();
    let known = match standing {
        Standing::Contradicted => 0.1,
        Standing::Unchanged => 0.5,
        Standing::Changed | Standing::Unverifiable => 1.0,
    };
    (known * one / crowd).max(0.01)
}

/// Log-odds of a probability, kept finite.
pub(super) fn log_odds(probability: f64) -> f64 {
    let p = probability.clamp(1e-4, 1.0 - 1e-4);
    (p / (1.0 - p)).ln()
}
