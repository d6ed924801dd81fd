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
use std::sync::OnceLock;

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
fn each<C: Borrow<Claim> + Sync, R: Send + Sync, T: Send>(
    claims: &[C],
    sources: &dyn Sources,
    most: usize,
    conclude: impl Fn(Facts, &Shelf<'_>) -> R + Sync,
    beside: impl FnOnce() -> T + Send,
) -> (Vec<R>, T) {
    let done = (0..claims.len()).into_par_iter().map(|_| OnceLock::new()).collect();
    let work = Work { claims, shelf: Shelf::new(sources), most, conclude, done };
    let left = work.look((0..claims.len()).collect());
    let (told, ()) = rayon::join(beside, || work.finish(left));
    // None is missing, and so they stay where they are.
    (work.done.into_iter().map_while(OnceLock::into_inner).collect(), told)
}

/// So many files are looked into by one thread before it looks whether another one is idle.
const AT_ONCE: usize = 32;

/// Claims about which something is to be concluded.
struct Work<'a, C, R, F> {
    claims: &'a [C],
    shelf: Shelf<'a>,
    /// The longest claim that is read, in bytes.
    most: usize,
    conclude: F,
    /// What was concluded, by the number of the claim.
    done: Vec<OnceLock<R>>,
}

impl<C, R, F> Work<'_, C, R, F>
where
    C: Borrow<Claim> + Sync,
    R: Send + Sync,
    F: Fn(Facts, &Shelf<'_>) -> R + Sync,
{
    /// Looks into the files that claims name, and says what is left to do.
    ///
    /// Claims about one file are looked at together, and then its text is let go: it is read once, and memory does not
    /// grow with the number of files. Only what has no place waits for the sweep over the whole tree.
    fn look(&self, wanted: Vec<usize>) -> Vec<Left> {
        // In the order of paths, for the system finds files of one directory faster one after the other.
        let place = |at: usize| (self.claim(at).evidence_file.as_deref(), &self.claim(at).made_at, at);
        let mut order: Vec<_> = wanted.into_par_iter().map(place).collect();
        order.par_sort_unstable();
        let groups: Vec<_> = order.chunk_by(|(a, ..), (b, ..)| a == b).collect();
        let of_group = |group: &&[(Option<&str>, _, usize)]| {
            let left: Vec<Left> = group.par_iter().filter_map(|&(.., at)| self.decide(at)).collect();
            if let Some(file) = group[0].0 {
                self.shelf.forget(file);
            }
            left
        };
        groups.par_iter().with_max_len(AT_ONCE).flat_map_iter(of_group).collect()
    }

    /// Concludes about a claim what can be concluded by now.
    fn decide(&self, at: usize) -> Option<Left> {
        match Facts::gather(self.claim(at), &self.shelf, self.most) {
            Err(Later) => Some(Left::Waits(at)),
            Ok(facts) if facts.is_open() => Some(Left::Open(at, Box::new(facts))),
            Ok(facts) => {
                self.conclude(at, facts);
                None
            }
        }
    }

    /// Does what is left: finds files by their names, and sweeps the tree for what has no place.
    fn finish(&self, left: Vec<Left>) {
        let (mut open, waiting) = sorted(left);
        // A sweep lists all files, and then these are among them.
        let has_sweep = !open.is_empty();
        let wanted = (!waiting.is_empty() && !has_sweep)
            .then(|| Wanted::by(waiting.iter().map(|&at| self.claim(at)), self.most));
        self.shelf.find(wanted.as_ref());
        let (more, still_waiting) = sorted(self.look(waiting));
        debug_assert!(still_waiting.is_empty(), "nobody waits twice");
        open.extend(more);
        let (numbers, mut facts): (Vec<usize>, Vec<Facts>) = open.into_iter().unzip();
        everywhere::complete(&mut facts, self.shelf.sources());
        facts.into_par_iter().zip(numbers).for_each(|(facts, at)| self.conclude(at, facts));
    }

    fn claim(&self, at: usize) -> &Claim {
        self.claims[at].borrow()
    }

    fn conclude(&self, at: usize, facts: Facts) {
        // Nobody concludes twice.
        _ = self.done[at].set((self.conclude)(facts, &self.shelf));
    }
}

/// A claim that nothing was concluded about yet, by its number.
enum Left {
    /// Some of its code has no place.
    Open(usize, Box<Facts>),
    /// It asks for files by name.
    Waits(usize),
}

/// Those with what is known of them, and those that wait.
fn sorted(all: Vec<Left>) -> (Vec<(usize, Facts)>, Vec<usize>) {
    let (mut open, mut waiting) = (Vec::new(), Vec::new());
    for left in all {
        match left {
            Left::Open(at, facts) => open.push((at, *facts)),
            Left::Waits(at) => waiting.push(at),
        }
    }
    (open, waiting)
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
