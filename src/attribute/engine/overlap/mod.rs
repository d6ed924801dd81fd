//! What texts and changes have in common, gathered through an inverted index of terms.
//!
//! Every set of terms is walked once, and each term leads to the tasks that have it: the cost grows with the
//! evidence, and not with tasks times hunks. Of each commit and path only the tasks that are most alike are kept, so
//! that memory does not grow with tasks times commits where all texts are alike.

mod postings;

use rayon::prelude::*;

use super::count;
use super::evidence::{CommitEvidence, PathEvidence, TaskEvidence};
use super::reading::{CommitReading, set};
use super::vocabulary::{Term, Terms, Vocabulary};
use postings::{Posting, Postings, Sums};

/// What one task has in common with one commit: sums of the weights of shared terms.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct CommitOverlap {
    /// Description and changes, all terms.
    pub(super) words: f64,
    /// Description and changes, identifiers.
    pub(super) identifiers: f64,
    /// Description and message.
    pub(super) message: f64,
    /// Description and message: Okapi BM25 of the message as a query against the description.
    pub(super) bm25: f64,
    /// Title and message.
    pub(super) title: f64,
    /// Description and the names of the paths.
    pub(super) path_words: f64,
    /// How far the likeness to the changes stands out from the task's to other commits, in standard scores.
    pub(super) words_stand_out: f64,
}

/// What one task has in common with one path: sums of the weights of shared terms.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct PathOverlap {
    /// Description and changes, all terms.
    pub(super) words: f64,
    /// Notes and changes, all terms.
    pub(super) noted_words: f64,
    /// Description and changes, identifiers.
    pub(super) identifiers: f64,
    /// Notes and changes, identifiers.
    pub(super) noted_identifiers: f64,
    /// Description and the name of the path.
    pub(super) path_words: f64,
    /// Notes and the name of the path.
    pub(super) noted_path_words: f64,
    /// The largest share of one hunk's identifiers, by description.
    pub(super) hunk: f64,
    /// The largest share of one hunk's identifiers, by notes.
    pub(super) noted_hunk: f64,
}

/// Overlaps of one commit or path, by rising task.
type ByTask<T> = Vec<(usize, T)>;

/// What all tasks have in common with all commits and paths.
#[derive(Debug, Default)]
pub(super) struct Overlaps {
    commits: Vec<ByTask<CommitOverlap>>,
    paths: Vec<ByTask<PathOverlap>>,
    /// Sums over tasks, for shares.
    commit_totals: Vec<Totals>,
    path_totals: Vec<Totals>,
    /// Per task, the standing of a commit with which it has nothing in common.
    floor: Vec<f64>,
}

/// Sums over all active tasks.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Totals {
    pub(super) identifiers: f64,
    pub(super) path_words: f64,
    /// Of the squares, each by the length of the description.
    pub(super) words: f64,
    /// Of the squares, each by the length of the notes.
    pub(super) noted_words: f64,
    /// Of the squares.
    pub(super) message: f64,
    /// Of the squares.
    pub(super) bm25: f64,
}

/// Weight that a text could share with a hunk by chance: a hunk that shares less belongs to nobody.
pub(super) const CHANCE: f64 = 6.0;

/// What overlaps are worked out from.
pub(super) struct Sources<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) tasks: &'a [TaskEvidence],
    pub(super) commits: &'a [CommitEvidence],
    pub(super) readings: &'a [CommitReading],
    pub(super) paths: &'a [PathEvidence],
    /// Terms of all changes of each path.
    pub(super) changed: &'a [Terms],
}

impl Overlaps {
    /// In parallel over commits and over paths.
    pub(super) fn new(sources: &Sources<'_>) -> Self {
        let Sources { vocabulary, tasks, commits, paths, .. } = *sources;
        let postings = Postings::new(vocabulary.len(), tasks);
        let number = tasks.len();
        let of_commit = |sums: &mut Sums<CommitOverlap>, at: usize| of_commit(at, sources, &postings, sums);
        let (mut by_commit, lengths): (Vec<_>, Vec<f64>) = (0..commits.len())
            .into_par_iter()
            .map_init(|| Sums::new(number), of_commit)
            .collect::<Vec<_>>()
            .into_iter()
            .unzip();
        let of_path = |sums: &mut Sums<PathOverlap>, at: usize| of_path(at, sources, &postings, sums);
        let by_path: Vec<_> =
            (0..paths.len()).into_par_iter().map_init(|| Sums::new(number), of_path).collect();
        let floor = stand_out(&mut by_commit, &lengths, number);
        let total = |text: fn(&TaskEvidence) -> &Terms| -> Vec<f64> {
            tasks.iter().map(|task| vocabulary.total(text(task)).max(1.0)).collect()
        };
        let (described, noted) = (total(|task| &task.description), total(|task| &task.notes));
        Self {
            commit_totals: by_commit
                .par_iter()
                .map(|by_task| totals_of_commit(by_task, &described))
                .collect(),
            path_totals: by_path
                .par_iter()
                .map(|by_task| totals_of_path(by_task, &described, &noted))
                .collect(),
            commits: by_commit,
            paths: by_path,
            floor,
        }
    }

    pub(super) fn of_commit(&self, commit: usize, task: usize) -> CommitOverlap {
        let nothing = CommitOverlap { words_stand_out: self.floor[task], ..CommitOverlap::default() };
        find(&self.commits[commit], task).unwrap_or(nothing)
    }

    pub(super) fn of_path(&self, path: usize, task: usize) -> PathOverlap {
        find(&self.paths[path], task).unwrap_or_default()
    }

    pub(super) fn commit_totals(&self, commit: usize) -> Totals {
        self.commit_totals[commit]
    }

    pub(super) fn path_totals(&self, path: usize) -> Totals {
        self.path_totals[path]
    }

    /// Tasks that have anything in common with a commit.
    pub(super) fn tasks_of_commit(&self, commit: usize) -> impl Iterator<Item = usize> + '_ {
        self.commits[commit].iter().map(|(task, _)| *task)
    }

    /// Tasks that have anything in common with a path.
    pub(super) fn of_path_by_task(&self, path: usize) -> impl Iterator<Item = (usize, &PathOverlap)> + '_ {
        self.paths[path].iter().map(|(task, overlap)| (*task, overlap))
    }
}

fn find<T: Copy>(by_task: &ByTask<T>, task: usize) -> Option<T> {
    by_task.binary_search_by_key(&task, |(whose, _)| *whose).ok().map(|at| by_task[at].1)
}

/// Overlaps of a commit, and the length by which its likeness is judged.
fn of_commit(
    at: usize,
    sources: &Sources<'_>,
    postings: &Postings,
    sums: &mut Sums<CommitOverlap>,
) -> (ByTask<CommitOverlap>, f64) {
    /// Changes that share little with any text are not short of words.
    const SHORTEST: f64 = 30.0;
    let Sources { vocabulary, readings, paths, .. } = *sources;
    let (reading, commit) = (&readings[at], &sources.commits[at]);
    let terms = reading.terms();
    let names = set(commit.paths.iter().flat_map(|path| &paths[*path].words).copied().collect());
    for term in &terms {
        let weight = vocabulary.weight(*term);
        let identifier = if vocabulary.is_identifier(*term) { weight } else { 0.0 };
        for posting in postings.described[*term as usize].iter().filter(|_| weight > 0.0) {
            let overlap = sums.of(posting.task);
            overlap.words += weight;
            overlap.identifiers += identifier;
        }
    }
    for term in &reading.message {
        let weight = vocabulary.weight(*term);
        for posting in postings.described[*term as usize].iter().filter(|_| weight > 0.0) {
            let overlap = sums.of(posting.task);
            overlap.message += weight;
            overlap.bm25 += vocabulary.task_weight(*term) * posting.saturation;
        }
        for posting in postings.titled[*term as usize].iter().filter(|_| weight > 0.0) {
            sums.of(posting.task).title += weight;
        }
    }
    for term in &names {
        let weight = vocabulary.name_weight(*term);
        for posting in postings.described[*term as usize].iter().filter(|_| weight > 0.0) {
            sums.of(posting.task).path_words += weight;
        }
    }
    let found = sums.take(|overlap| overlap.words + overlap.message + overlap.path_words);
    (found, (vocabulary.total(&terms) + SHORTEST).sqrt())
}

fn of_path(
    at: usize,
    sources: &Sources<'_>,
    postings: &Postings,
    sums: &mut Sums<PathOverlap>,
) -> ByTask<PathOverlap> {
    let Sources { vocabulary, paths, changed, readings, .. } = *sources;
    let path = &paths[at];
    for term in &changed[at] {
        let weight = vocabulary.weight(*term);
        let identifier = if vocabulary.is_identifier(*term) { weight } else { 0.0 };
        for posting in postings.described[*term as usize].iter().filter(|_| weight > 0.0) {
            let overlap = sums.of(posting.task);
            overlap.words += weight;
            overlap.identifiers += identifier;
        }
        for posting in postings.noted[*term as usize].iter().filter(|_| weight > 0.0) {
            let overlap = sums.of(posting.task);
            overlap.noted_words += weight;
            overlap.noted_identifiers += identifier;
        }
    }
    for term in &path.words {
        let weight = vocabulary.name_weight(*term);
        for posting in postings.described[*term as usize].iter().filter(|_| weight > 0.0) {
            sums.of(posting.task).path_words += weight;
        }
        for posting in postings.noted[*term as usize].iter().filter(|_| weight > 0.0) {
            sums.of(posting.task).noted_path_words += weight;
        }
    }
    for hunk in path.changes.iter().flat_map(|change| change.reading(readings).hunks()) {
        for (task, share) in hunk_shares(hunk, vocabulary, &postings.described) {
            let overlap = sums.of(task);
            overlap.hunk = overlap.hunk.max(share);
        }
        for (task, share) in hunk_shares(hunk, vocabulary, &postings.noted) {
            let overlap = sums.of(task);
            overlap.noted_hunk = overlap.noted_hunk.max(share);
        }
    }
    sums.take(|overlap| overlap.words + overlap.noted_words + overlap.path_words + overlap.noted_path_words)
}

/// How much of one hunk's identifiers each task has, among all tasks and chance; by rising task.
fn hunk_shares(hunk: &[Term], vocabulary: &Vocabulary, lists: &[Vec<Posting>]) -> ByTask<f64> {
    let mut all = CHANCE;
    let mut sums: ByTask<f64> = Vec::new();
    for term in hunk.iter().filter(|term| vocabulary.is_identifier(**term)) {
        let weight = vocabulary.weight(*term);
        let postings = lists[*term as usize].iter();
        sums.extend(postings.filter(|_| weight > 0.0).map(|posting| (posting.task, weight)));
    }
    // A stable sort: each task's weights are added up in the order of the terms.
    sums.sort_by_key(|(task, _)| *task);
    let mut shares: ByTask<f64> = Vec::new();
    for (task, weight) in sums {
        all += weight;
        match shares.last_mut().filter(|(last, _)| *last == task) {
            Some((_, sum)) => *sum += weight,
            None => shares.push((task, weight)),
        }
    }
    for (_, sum) in &mut shares {
        *sum /= all;
    }
    shares
}

/// Standard scores of each task's likeness to the changes of all commits, whose lengths are given; returns that of no
/// likeness at all.
fn stand_out(found: &mut [ByTask<CommitOverlap>], lengths: &[f64], tasks: usize) -> Vec<f64> {
    let number = count(lengths.len().max(1));
    let mut sums = vec![(0.0, 0.0); tasks];
    for (by_task, length) in found.iter().zip(lengths) {
        for (task, overlap) in by_task {
            let likeness = overlap.words / length;
            sums[*task].0 += likeness;
            sums[*task].1 += likeness * likeness;
        }
    }
    let moments: Vec<(f64, f64)> = sums
        .into_iter()
        .map(|(sum, squares)| {
            let mean = sum / number;
            let deviation = (squares / number - mean * mean).max(0.0).sqrt();
            (mean, deviation + 0.25 * mean + 0.05)
        })
        .collect();
    let score =
        |likeness: f64, (mean, deviation): (f64, f64)| ((likeness - mean) / deviation).clamp(-3.0, 6.0) / 3.0;
    found.par_iter_mut().zip(lengths).for_each(|(by_task, length)| {
        for (task, overlap) in by_task {
            overlap.words_stand_out = score(overlap.words / length, moments[*task]);
        }
    });
    moments.into_iter().map(|moments| score(0.0, moments)).collect()
}

fn totals_of_commit(by_task: &ByTask<CommitOverlap>, lengths: &[f64]) -> Totals {
    let mut totals = Totals::default();
    for (task, overlap) in by_task {
        totals.identifiers += overlap.identifiers;
        totals.path_words += overlap.path_words;
        totals.words += overlap.words * overlap.words / lengths[*task];
        totals.message += overlap.message * overlap.message;
        totals.bm25 += overlap.bm25 * overlap.bm25;
    }
    totals
}

fn totals_of_path(by_task: &ByTask<PathOverlap>, described: &[f64], noted: &[f64]) -> Totals {
    let mut totals = Totals::default();
    for (task, overlap) in by_task {
        totals.identifiers += overlap.identifiers;
        totals.path_words += overlap.path_words;
        totals.words += overlap.words * overlap.words / described[*task];
        totals.noted_words += overlap.noted_words * overlap.noted_words / noted[*task];
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_a_hunk_leave_room_for_chance() {
        let mut vocabulary = Vocabulary::default();
        let bag = vocabulary.learn("drawClock");
        let terms = bag.terms();
        let identifier = *terms.iter().find(|term| vocabulary.is_identifier(**term)).unwrap();
        let mut lists: Vec<Vec<Posting>> = Vec::new();
        lists.resize_with(vocabulary.len(), Vec::new);
        lists[identifier as usize] = vec![Posting { task: 4, saturation: 1.0 }];
        let shares = hunk_shares(&terms, &vocabulary, &lists);
        assert_eq!(shares, [(4, 1.0 / (1.0 + CHANCE))]);
    }
}
