//! Whether claims still hold.

use super::Sources;
use crate::model::{Claim, ClaimKind, Ruling, Verdict};

/// Decides every claim, in order.
pub fn rulings(claims: &[Claim], _sources: &dyn Sources) -> Vec<Ruling> {
    claims.iter().map(|_| undecided("Reading files does not decide it.")).collect()
}

/// Nobody can tell, and why.
fn undecided(reason: &str) -> Ruling {
    Ruling {
        kind: ClaimKind::Semantic,
        verdict: Verdict::CannotTell,
        confidence: 0.5,
        reason: reason.to_owned(),
        witness: None,
    }
}
