//! Whether claims still hold: observed facts, a list of rules over them, and what each rule's answers were worth.

mod confidence;
mod everywhere;
mod facts;
mod kind;
mod rules;
mod witness;

pub use confidence::{BUILT_IN, Count, Counts, decide};
pub use facts::{AtomFacts, Facts, Hit};
pub use rules::Answer;

use std::borrow::Borrow;

use rayon::prelude::*;

use super::Sources;
use super::locate::Shelf;
use crate::config::MAX_CLAIM_BYTES;
use crate::model::{Claim, ClaimKind, Ruling, Verdict};

/// Decides every claim, in order; one of more than `most` bytes is not decided. The answer does not depend on the number
/// of threads, nor on the other claims.
pub fn rulings<C: Borrow<Claim> + Sync>(claims: &[C], sources: &dyn Sources, most: usize) -> Vec<Ruling> {
    each(claims, sources, most, |facts, shelf| rule(&facts, shelf, &BUILT_IN, most))
}

/// What the first rule that answers says of every claim, in order, whatever its answers are worth. For counting them.
pub fn answers<C: Borrow<Claim> + Sync>(claims: &[C], sources: &dyn Sources) -> Vec<Option<Answer>> {
    each(claims, sources, MAX_CLAIM_BYTES, |facts, shelf| answer(&facts, shelf))
}

/// Observes every claim, in order.
pub fn observe<C: Borrow<Claim> + Sync>(claims: &[C], sources: &dyn Sources) -> Vec<Facts> {
    each(claims, sources, MAX_CLAIM_BYTES, |facts, _| facts)
}

/// What `conclude` makes of the facts of every claim, in order.
///
/// Claims about one file are looked at together, and then its text is let go: it is read once, and memory does not
/// grow with the number of files. Only what has no place waits for the sweep over the whole tree.
fn each<C: Borrow<Claim> + Sync, R: Send>(
    claims: &[C],
    sources: &dyn Sources,
    most: usize,
    conclude: impl Fn(Facts, &Shelf<'_>) -> R + Sync,
) -> Vec<R> {
    let shelf = &Shelf::new(sources);
    let claim = |at: usize| claims[at].borrow();
    // In the order of paths, for the system finds files of one directory faster one after the other.
    let place = |at: usize| (claim(at).evidence_file.as_deref(), &claim(at).made_at, at);
    let mut order: Vec<_> = (0..claims.len()).map(place).collect();
    order.par_sort_unstable();
    let groups: Vec<_> = order.chunk_by(|(a, ..), (b, ..)| a == b).collect();
    let of_group = |group: &&[(Option<&str>, _, usize)]| {
        let of_claim = |&(.., at): &(Option<&str>, _, usize)| {
            let facts = Facts::gather(claim(at), shelf, most);
            (at, if facts.is_open() { Err(Box::new(facts)) } else { Ok(conclude(facts, shelf)) })
        };
        let met: Vec<_> = group.par_iter().map(of_claim).collect();
        if let Some(file) = group[0].0 {
            shelf.forget(file);
        }
        met
    };
    let met: Vec<Vec<_>> = groups.par_iter().map(of_group).collect();
    let mut done: Vec<Option<R>> = claims.iter().map(|_| None).collect();
    let mut open = (Vec::new(), Vec::new());
    for (at, met) in met.into_iter().flatten() {
        match met {
            Ok(concluded) => done[at] = Some(concluded),
            Err(facts) => {
                open.0.push(at);
                open.1.push(*facts);
            }
        }
    }
    everywhere::complete(&mut open.1, sources);
    let completed: Vec<R> = open.1.into_par_iter().map(|facts| conclude(facts, shelf)).collect();
    for (at, concluded) in open.0.into_iter().zip(completed) {
        done[at] = Some(concluded);
    }
    // None is missing, and so they stay where they are.
    done.into_iter().map_while(|concluded| concluded).collect()
}

fn answer(facts: &Facts, shelf: &Shelf<'_>) -> Option<Answer> {
    rules::RULES.iter().find_map(|rule| rule(facts, shelf))
}

fn rule(facts: &Facts, shelf: &Shelf<'_>, counts: &Counts, most: usize) -> Ruling {
    let kind = kind::kind(facts);
    if facts.reading.is_cut {
        return undecided(kind, format!("It is longer than {most} bytes or names too much to be read."));
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
