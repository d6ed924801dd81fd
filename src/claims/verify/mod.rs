//! Whether claims still hold.

mod facts;

pub use facts::{AtomFacts, Facts, Hit};
use rayon::prelude::*;

use super::Sources;
use super::locate::Shelf;
use crate::model::{Claim, ClaimKind, Ruling, Verdict};

/// Decides every claim, in order.
pub fn rulings(claims: &[Claim], _sources: &dyn Sources) -> Vec<Ruling> {
    claims.iter().map(|_| undecided("Reading files does not decide it.")).collect()
}

/// Observes every claim, in order.
pub fn observe(claims: &[Claim], sources: &dyn Sources) -> Vec<Facts> {
    let shelf = Shelf::new(sources);
    claims.par_iter().map(|claim| Facts::gather(claim, &shelf)).collect()
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
