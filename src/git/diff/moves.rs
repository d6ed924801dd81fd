//! Which files were moved or copied, as `git diff -M -C` finds it: identical ones first, then the most
//! similar pairs of those that are similar enough.

use std::cmp::Reverse;

use hashbrown::HashMap;

use super::Pair;
use super::files::{Desk, File};
use super::similarity::LEAST;
use crate::git::limits::Limits;
use crate::git::objects::ObjectStore;
use crate::model::Oid;

/// Of every new file, this many of the best sources are remembered.
const BEST: usize = 4;
/// Of identical sources, this many are looked at.
const IDENTICAL: usize = 100;

/// What becomes of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It is what it was.
    Stays,
    /// A deletion that is the other end of a move.
    Left,
    /// New, and made from the old side of another pair.
    From {
        /// Which pair.
        source: usize,
        /// The source stays, or another file was made from it too.
        is_copy: bool,
    },
}

/// No moves at all.
pub(super) fn none(pairs: &[Pair]) -> Vec<Step> {
    vec![Step::Stays; pairs.len()]
}

/// Finds moves and copies among the changes of one commit, which are in git's order.
pub(super) fn find(store: &mut dyn ObjectStore, pairs: &[Pair], limits: &Limits) -> Vec<Step> {
    let targets: Vec<usize> = (0..pairs.len()).filter(|at| pairs[*at].old.is_none()).collect();
    let sources: Vec<usize> = (0..pairs.len()).filter(|at| pairs[*at].old.is_some()).collect();
    let mut steps = none(pairs);
    if targets.is_empty() || sources.is_empty() {
        return steps;
    }
    // A source that stays has one user already: itself.
    let uses = pairs.iter().map(|pair| usize::from(pair.old.is_some() && pair.new.is_some())).collect();
    let mut found = Moves { pairs, origin: HashMap::new(), uses };
    found.identical(&sources, &targets);
    found.similar(store, &sources, &targets, limits);
    found.describe(&mut steps);
    steps
}

struct Moves<'a> {
    pairs: &'a [Pair],
    /// From new files to their sources.
    origin: HashMap<usize, usize>,
    /// How many files every source became.
    uses: Vec<usize>,
}

/// A source and a target, and how well they fit.
#[derive(Debug, Clone, Copy)]
struct Match {
    score: u64,
    same_name: bool,
    source: usize,
    target: usize,
}

impl Match {
    /// Smaller is better.
    fn rank(&self) -> Reverse<(u64, bool)> {
        Reverse((self.score, self.same_name))
    }
}

impl Moves<'_> {
    fn record(&mut self, source: usize, target: usize) {
        self.origin.insert(target, source);
        self.uses[source] += 1;
    }

    /// Files with the content of a source. Those that are free and have the same name are preferred.
    fn identical(&mut self, sources: &[usize], targets: &[usize]) {
        let mut by_content: HashMap<Oid, Vec<usize>> = HashMap::new();
        for &source in sources {
            if let Some(old) = self.pairs[source].old {
                by_content.entry(old.id).or_default().push(source);
            }
        }
        for &target in targets {
            let Some(new) = self.pairs[target].new else { continue };
            let mut best: Option<(usize, usize)> = None;
            for &source in by_content.get(&new.id).into_iter().flatten().take(IDENTICAL) {
                let fits = self.pairs[source]
                    .old
                    .is_some_and(|old| old.mode == new.mode || old.is_regular() && new.is_regular());
                let points =
                    usize::from(self.uses[source] == 0) + usize::from(self.same_name(source, target));
                if fits && best.is_none_or(|(most, _)| points > most) {
                    best = Some((points, source));
                }
            }
            if let Some((_, source)) = best {
                self.record(source, target);
            }
        }
    }

    /// Files that are similar to a source: the best pairs first, sources that are free before others.
    fn similar(
        &mut self,
        store: &mut dyn ObjectStore,
        sources: &[usize],
        targets: &[usize],
        limits: &Limits,
    ) {
        let left: Vec<usize> =
            targets.iter().copied().filter(|target| !self.origin.contains_key(target)).collect();
        let most = limits.rename_files.saturating_mul(limits.rename_files);
        if left.is_empty() || left.len().saturating_mul(sources.len()) > most {
            return;
        }
        let Some(mut matches) = self.matches(store, sources, &left, limits) else { return };
        matches.sort_by_key(Match::rank);
        for free_only in [true, false] {
            for found in matches.iter().filter(|found| found.score >= LEAST) {
                let is_free = self.uses[found.source] == 0;
                if !self.origin.contains_key(&found.target) && (is_free || !free_only) {
                    self.record(found.source, found.target);
                }
            }
        }
    }

    /// The best matches of every target; `None` if looking for them takes too much.
    fn matches(
        &self,
        store: &mut dyn ObjectStore,
        sources: &[usize],
        targets: &[usize],
        limits: &Limits,
    ) -> Option<Vec<Match>> {
        let mut files: Vec<File> = sources.iter().map(|source| File::new(self.pairs[*source].old)).collect();
        let (mut matches, mut kept) = (Vec::new(), vec![0; files.len()]);
        let mut desk = Desk::new(store, limits);
        for &target in targets {
            let mut new = File::new(self.pairs[target].new);
            desk.compare(&mut files, &mut new, &mut kept).ok()?;
            let mut best: Vec<Match> = Vec::with_capacity(BEST);
            for ((&source, old), kept) in sources.iter().zip(&files).zip(&kept) {
                let points = old.likeness(&new, *kept);
                let same_name = self.same_name(source, target);
                keep(&mut best, Match { score: points, same_name, source, target });
            }
            matches.append(&mut best);
        }
        Some(matches)
    }

    fn same_name(&self, source: usize, target: usize) -> bool {
        let name = |at: usize| self.pairs[at].path.rsplit(|byte| *byte == b'/').next();
        name(source) == name(target)
    }

    /// Of several files made from one source that is gone, the last one is the move.
    fn describe(mut self, steps: &mut [Step]) {
        for (at, step) in steps.iter_mut().enumerate() {
            let pair = &self.pairs[at];
            if pair.new.is_none() && self.uses[at] > 0 {
                *step = Step::Left;
            }
        }
        for (target, step) in steps.iter_mut().enumerate() {
            if let Some(&source) = self.origin.get(&target) {
                self.uses[source] -= 1;
                *step = Step::From { source, is_copy: self.uses[source] > 0 };
            }
        }
    }
}

/// Remembers a match if it is better than the worst of the best.
fn keep(best: &mut Vec<Match>, found: Match) {
    if best.len() < BEST {
        best.push(found);
        return;
    }
    // Of equally bad ones the first is replaced.
    let mut worst = 0;
    for at in 1..best.len() {
        if best[at].rank() > best[worst].rank() {
            worst = at;
        }
    }
    if best[worst].rank() > found.rank() {
        best[worst] = found;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::objects::testing::Memory;
    use crate::git::objects::{Kind, Side};

    const FILE: u32 = 0o100_644;

    fn side(mode: u32, id: u8) -> Side {
        Side { mode, id: Oid([id; 20]) }
    }

    fn pair(path: &str, old: impl Into<Option<Side>>, new: impl Into<Option<Side>>) -> Pair {
        Pair { path: path.as_bytes().to_vec(), old: old.into(), new: new.into() }
    }

    fn text(from: usize, to: usize) -> Vec<u8> {
        (from..to).flat_map(|line| format!("line {line} of a file\n").into_bytes()).collect()
    }

    fn from(source: usize, is_copy: bool) -> Step {
        Step::From { source, is_copy }
    }

    #[test]
    fn identical_files_prefer_free_sources_of_the_same_name() {
        let pairs = [
            pair("a/x", side(FILE, 1), None),
            pair("b/y", side(FILE, 1), None),
            pair("c/y", None, side(FILE, 1)),
            pair("d/z", None, side(FILE, 1)),
            pair("e/z", None, side(FILE, 1)),
        ];
        let steps = find(&mut Memory::default(), &pairs, &Limits::default());
        assert_eq!(steps, [Step::Left, Step::Left, from(1, false), from(0, true), from(0, false)]);
    }

    #[test]
    fn symlinks_are_moved_only_as_what_they_are() {
        let link = 0o120_000;
        let pairs =
            [pair("a", side(link, 1), None), pair("b", None, side(FILE, 1)), pair("c", None, side(link, 1))];
        let steps = find(&mut Memory::default(), &pairs, &Limits::default());
        assert_eq!(steps, [Step::Left, Step::Stays, from(0, false)]);
    }

    #[test]
    fn the_most_similar_pair_is_joined_first() {
        let mut memory = Memory::default();
        for (id, content) in [(1, text(0, 40)), (2, text(0, 41)), (3, text(0, 55)), (4, text(500, 540))] {
            memory.put(id, Kind::Blob, &content);
        }
        let pairs = [
            pair("far", None, side(FILE, 3)),
            pair("near", None, side(FILE, 2)),
            pair("old", side(FILE, 1), None),
            pair("other", None, side(FILE, 4)),
        ];
        let steps = find(&mut memory, &pairs, &Limits::default());
        assert_eq!(steps, [from(2, true), from(2, false), Step::Left, Step::Stays]);
        let few = Limits { rename_files: 1, ..Limits::default() };
        assert_eq!(find(&mut memory, &pairs, &few), none(&pairs));
        let small = Limits { blob_bytes: 10, ..Limits::default() };
        assert_eq!(find(&mut memory, &pairs, &small), none(&pairs));
    }

    #[test]
    fn a_source_that_stays_is_copied() {
        let mut memory = Memory::default();
        memory.put(1, Kind::Blob, &text(0, 40));
        memory.put(2, Kind::Blob, &text(0, 42));
        let pairs = [pair("kept", side(FILE, 1), side(FILE, 9)), pair("new", None, side(FILE, 2))];
        assert_eq!(find(&mut memory, &pairs, &Limits::default()), [Step::Stays, from(0, true)]);
    }
}
