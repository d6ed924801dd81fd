//! Whether claims still hold: observed facts, a list of rules over them, and what each rule's answers were worth.

mod confidence;
mod everywhere;
mod facts;
mod kind;
mod rules;
mod witness;

pub use confidence::{BUILT_IN, Count, Counts, decide};
pub use facts::{AtomFacts, Facts, Hit};
use rayon::prelude::*;
pub use rules::Answer;

use super::Sources;
use super::locate::Shelf;
use super::parse::MAX_TEXT;
use crate::model::{Claim, ClaimKind, Ruling, Verdict};

/// Decides every claim, in order. The answer does not depend on the number of threads, nor on the other claims.
pub fn rulings(claims: &[Claim], sources: &dyn Sources) -> Vec<Ruling> {
    let shelf = Shelf::new(sources);
    let facts = gather(claims, &shelf);
    facts.par_iter().map(|facts| rule(facts, &shelf, &BUILT_IN)).collect()
}

/// What the first rule that answers says of every claim, in order, whatever its answers are worth. For counting them.
pub fn answers(claims: &[Claim], sources: &dyn Sources) -> Vec<Option<Answer>> {
    let shelf = Shelf::new(sources);
    gather(claims, &shelf).par_iter().map(|facts| answer(facts, &shelf)).collect()
}

/// Observes every claim, in order.
pub fn observe(claims: &[Claim], sources: &dyn Sources) -> Vec<Facts> {
    gather(claims, &Shelf::new(sources))
}

fn gather(claims: &[Claim], shelf: &Shelf<'_>) -> Vec<Facts> {
    // Claims about one file are neighbours, so that it is read once.
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by_key(|&at| (claims[at].evidence_file.as_deref(), &claims[at].made_at, at));
    let gathered: Vec<(usize, Facts)> =
        order.into_par_iter().map(|at| (at, Facts::gather(&claims[at], shelf))).collect();
    let mut gathered = gathered;
    gathered.sort_by_key(|(at, _)| *at);
    let mut facts: Vec<Facts> = gathered.into_iter().map(|(_, facts)| facts).collect();
    everywhere::complete(&mut facts, shelf.sources());
    facts
}

fn answer(facts: &Facts, shelf: &Shelf<'_>) -> Option<Answer> {
    rules::RULES.iter().find_map(|rule| rule(facts, shelf))
}

fn rule(facts: &Facts, shelf: &Shelf<'_>, counts: &Counts) -> Ruling {
    let kind = kind::kind(facts);
    if facts.reading.is_cut {
        return undecided(kind, format!("It is longer than {MAX_TEXT} bytes or names too much to be read."));
    }
    let Some(answer) = answer(facts, shelf) else {
        return undecided(kind, "What it says is not decided by what the files say.".to_owned());
    };
    let (verdict, confidence) = decide(&answer, counts);
    if verdict == Verdict::CannotTell {
        let reason = match answer.verdict {
            Verdict::CannotTell => answer.reason,
            Verdict::Holds | Verdict::Stale => "Claims like this one turned out both ways.".to_owned(),
        };
        return Ruling { confidence, ..undecided(kind, reason) };
    }
    let witness = answer.pointer.map(|pointer| witness::read(pointer, shelf));
    Ruling { kind, verdict, confidence, reason: answer.reason, witness }
}

/// Nobody can tell, and why.
fn undecided(kind: ClaimKind, reason: String) -> Ruling {
    Ruling { kind, verdict: Verdict::CannotTell, confidence: 0.5, reason, witness: None }
}

#[cfg(test)]
mod tests;
