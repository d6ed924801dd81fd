//! Whether claims still hold: observed facts, a list of rules over them, and what each rule's answers were worth.

mod confidence;
mod everywhere;
mod facts;
mod kind;
mod rules;
mod witness;

pub use confidence::{BUILT_IN, Count, Counts, confidence};
pub use facts::{AtomFacts, Facts, Hit};
use rayon::prelude::*;
pub use rules::Answer;

use super::Sources;
use super::locate::Shelf;
use super::parse::MAX_TEXT;
use crate::model::{Claim, ClaimKind, Ruling, Verdict};

/// A rule that is right less often is not believed.
const LEAST: f64 = 0.75;

/// Decides every claim, in order. The answer does not depend on the number of threads, nor on the other claims.
pub fn rulings(claims: &[Claim], sources: &dyn Sources) -> Vec<Ruling> {
    let shelf = Shelf::new(sources);
    let facts = gather(claims, &shelf);
    facts.par_iter().map(|facts| rule(facts, &shelf, &BUILT_IN)).collect()
}

/// Observes every claim, and tells what the first rule that answers says. For counting answers.
pub fn answers(claims: &[Claim], sources: &dyn Sources) -> Vec<(Facts, Option<Answer>)> {
    let shelf = Shelf::new(sources);
    let facts = gather(claims, &shelf);
    facts
        .into_iter()
        .map(|facts| {
            let answer = answer(&facts, &shelf);
            (facts, answer)
        })
        .collect()
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
    let confidence = confidence(counts, answer.name);
    if answer.verdict == Verdict::CannotTell {
        return Ruling { confidence, ..undecided(kind, answer.reason) };
    }
    if confidence < LEAST {
        return undecided(kind, "Claims like this one turned out both ways.".to_owned());
    }
    let witness = answer.pointer.map(|pointer| witness::read(pointer, shelf));
    Ruling { kind, verdict: answer.verdict, confidence, reason: answer.reason, witness }
}

/// Nobody can tell, and why.
fn undecided(kind: ClaimKind, reason: String) -> Ruling {
    Ruling { kind, verdict: Verdict::CannotTell, confidence: 0.5, reason, witness: None }
}
