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
use super::locate::{Later, Shelf, Wanted};
use crate::config::MAX_CLAIM_BYTES;
use crate::model::{Claim, ClaimKind, Ruling, Verdict};

/// Decides every claim, in order; one of more than `most` bytes is not decided. The answer does not depend on the number
/// of threads, nor on the other claims.
pub fn rulings<C: Borrow<Claim> + Sync>(claims: &[C], sources: &dyn Sources, most: usize) -> Vec<Ruling> {
    rulings_beside(claims, sources, most, || ()).0
}

/// Likewise, and does something else where not all threads are needed.
pub fn rulings_beside<C: Borrow<Claim> + Sync, T: Send>(
    claims: &[C],
    sources: &dyn Sources,
    most: usize,
    beside: impl FnOnce() -> T + Send,
) -> (Vec<Ruling>, T) {
    each(claims, sources, most, |facts, shelf| rule(&facts, shelf, &BUILT_IN, most), beside)
}

/// What the first rule that answers says of every claim, in order, whatever its answers are worth. For counting them.
pub fn answers<C: Borrow<Claim> + Sync>(claims: &[C], sources: &dyn Sources) -> Vec<Option<Answer>> {
    each(claims, sources, MAX_CLAIM_BYTES, |facts, shelf| answer(&facts, shelf), || ()).0
}

/// Observes every claim, in order.
pub fn observe<C: Borrow<Claim> + Sync>(claims: &[C], sources: &dyn Sources) -> Vec<Facts> {
    each(claims, sources, MAX_CLAIM_BYTES, |facts, _| facts, || ()).0
}

/// What `conclude` makes of the facts of every claim, in order. `beside` is done when the files that claims name were looked
/// into, for what is left then leaves other threads idle.
///
/// Claims about one file are looked at together, and then its text is let go: it is read once, and memory does not
/// grow with the number of files. Only what has no place waits for the sweep over the whole tree.
fn each<C: Borrow<Claim> + Sync, R: Send, T: Send>(
    claims: &[C],
    sources: &dyn Sources,
    most: usize,
    conclude: impl Fn(Facts, &Shelf<'_>) -> R + Sync,
    beside: impl FnOnce() -> T + Send,
) -> (Vec<R>, T) {
    let shelf = &Shelf::new(sources);
    let claim = |at: usize| claims[at].borrow();
    let of_claim = |at: usize| match Facts::gather(claim(at), shelf, most) {
        Err(Later) => Met::Waits,
        Ok(facts) if facts.is_open() => Met::Open(Box::new(facts)),
        Ok(facts) => Met::Done(conclude(facts, shelf)),
    };
    let look = |wanted: Vec<usize>| -> Vec<Vec<(usize, Met<R>)>> {
        // In the order of paths, for the system finds files of one directory faster one after the other.
        let place = |at: usize| (claim(at).evidence_file.as_deref(), &claim(at).made_at, at);
        let mut order: Vec<_> = wanted.into_iter().map(place).collect();
        order.par_sort_unstable();
        let groups: Vec<_> = order.chunk_by(|(a, ..), (b, ..)| a == b).collect();
        let of_group = |group: &&[(Option<&str>, _, usize)]| {
            let met: Vec<_> = group.par_iter().map(|&(.., at)| (at, of_claim(at))).collect();
            if let Some(file) = group[0].0 {
                shelf.forget(file);
            }
            met
        };
        groups.par_iter().with_max_len(AT_ONCE).map(of_group).collect()
    };
    let mut all = Sorted::of(claims.len());
    all.add(look((0..claims.len()).collect()));
    let finish = || {
        let waiting = std::mem::take(&mut all.waiting);
        // A sweep lists all files, and then these are among them.
        let has_sweep = !all.open.is_empty();
        let wanted = (!waiting.is_empty() && !has_sweep)
            .then(|| Wanted::by(waiting.iter().map(|&at| claim(at)), most));
        shelf.find(wanted.as_ref());
        all.add(look(waiting));
        all.complete(sources, |facts| conclude(facts, shelf))
    };
    let (told, done) = rayon::join(beside, finish);
    (done, told)
}

/// So many files are looked into by one thread before it looks whether another one is idle.
const AT_ONCE: usize = 32;

/// What becomes of a claim that was looked at.
enum Met<R> {
    Done(R),
    /// Some of its code has no place.
    Open(Box<Facts>),
    /// It asks for files by name.
    Waits,
}

/// Claims by what has become of them.
struct Sorted<R> {
    done: Vec<Option<R>>,
    /// Those whose facts are not complete, by number.
    open: Vec<(usize, Facts)>,
    waiting: Vec<usize>,
}

impl<R: Send> Sorted<R> {
    /// So many claims that were not looked at.
    fn of(count: usize) -> Self {
        Self { done: (0..count).map(|_| None).collect(), open: Vec::new(), waiting: Vec::new() }
    }

    fn add(&mut self, met: Vec<Vec<(usize, Met<R>)>>) {
        for (at, met) in met.into_iter().flatten() {
            match met {
                Met::Done(concluded) => self.done[at] = Some(concluded),
                Met::Open(facts) => self.open.push((at, *facts)),
                Met::Waits => self.waiting.push(at),
            }
        }
    }

    /// Sweeps the tree for what is open.
    fn complete(mut self, sources: &dyn Sources, conclude: impl Fn(Facts) -> R + Send + Sync) -> Vec<R> {
        debug_assert!(self.waiting.is_empty(), "nobody waits twice");
        let (numbers, mut facts): (Vec<usize>, Vec<Facts>) = self.open.into_iter().unzip();
        everywhere::complete(&mut facts, sources);
        let completed: Vec<R> = facts.into_par_iter().map(conclude).collect();
        for (at, concluded) in numbers.into_iter().zip(completed) {
            self.done[at] = Some(concluded);
        }
        // None is missing, and so they stay where they are.
        self.done.into_iter().map_while(|concluded| concluded).collect()
    }
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
