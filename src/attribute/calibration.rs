//! How often each rung was right: the one place where confidences come from.

use crate::model::Rung;

use super::standing::Standing;

/// Values at or above this confidence are written unless `--min-confidence` says otherwise.
pub const THRESHOLD: f64 = 0.95;

/// Probability that a value a rung decided is the task's, given what git says of it.
pub(super) fn decided(rung: Rung, standing: Standing) -> f64 {
    use Standing::{Changed, Contradicted, Unchanged, Unverifiable};
    match (rung, standing) {
        (_, Contradicted) => 0.05,
        (Rung::Operator, _) => 1.0,
        (Rung::TaskRow, Changed) => 0.998,
        (Rung::TaskRow, Unverifiable) => 0.99,
        (Rung::TaskRow, Unchanged) => 0.96,
        (Rung::BatchList, Changed) => 0.99,
        (Rung::BatchList, Unverifiable) => 0.97,
        (Rung::CommitId, _) => 0.98,
        (Rung::Review, Changed) => 0.96,
        (Rung::Unclaimed, Changed) => 0.95,
        (Rung::BatchList | Rung::Review | Rung::Unclaimed, _) => 0.6,
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
