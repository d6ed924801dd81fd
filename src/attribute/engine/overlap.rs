//! What texts and changes have in common, gathered through an inverted index of terms.
//!
//! Every set of terms is walked once, and each term leads to the tasks that have it: the cost grows with the
//! evidence, and not with tasks times hunks.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::count;
use super::evidence::{CommitEvidence, PathEvidence, TaskEvidence};
use super::vocabulary::{Term, Terms, Vocabulary};

/// What one task has in common with one commit or path: sums of the weights of shared terms.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Overlap {
    /// Description and changes, all terms.
    pub(super) words: f64,
    /// Description and changes, identifiers.
    pub(super) identifiers: f64,
    /// Notes and changes, identifiers.
    pub(super) noted_identifiers: f64,
    /// Description and message.
    pub(super) message: f64,
    /// Title and message.
    pub(super) title: f64,
    /// Description and the names of the paths.
    pub(super) path_words: f64,
    /// The largest share of one hunk's identifiers, by description.
    pub(super) hunk: f64,
    /// The largest share of one hunk's identifiers, by notes.
    pub(super) noted_hunk: f64,
    /// How far the likeness to the changes stands out from the task's to other commits, in standard scores.
    pub(super) words_stand_out: f64,
}

/// Overlaps of one commit or path, by task.
type ByTask = BTreeMap<usize, Overlap>;

/// What all tasks have in common with all commits and paths.
#[derive(Debug, Default)]
pub(super) struct Overlaps {
    commits: Vec<ByTask>,
    paths: Vec<ByTask>,
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
    /// Of the squares.
    pub(super) message: f64,
}

/// Weight that a text could share with a hunk by chance: a hunk that shares less belongs to nobody.
pub(super) const CHANCE: f64 = 6.0;

/// A term of more tasks than this, and of more than an eighth of them, links nothing.
const MOST_TASKS: usize = 32;

/// Which tasks have a term, and in which text.
#[derive(Default)]
struct Postings {
    described: Vec<Vec<usize>>,
    noted: Vec<Vec<usize>>,
    titled: Vec<Vec<usize>>,
}

impl Postings {
    fn new(terms: usize, tasks: &[TaskEvidence]) -> Self {
        let most = MOST_TASKS.max(tasks.len() / 8);
        let post = |text: fn(&TaskEvidence) -> &Terms| {
            let mut lists = vec![Vec::new(); terms];
            for (at, task) in tasks.iter().enumerate().filter(|(_, task)| task.is_active) {
                for term in text(task) {
                    lists[*term as usize].push(at);
                }
            }
            // What so many tasks say tells none of them, and would make every commit a candidate of all.
            for list in lists.iter_mut().filter(|list| list.len() > most) {
                list.clear();
            }
            lists
        };
        Self {
            described: post(|task| &task.description),
            noted: post(|task| &task.notes),
            titled: post(|task| &task.title),
        }
    }
}

impl Overlaps {
    pub(super) fn new(
        vocabulary: &Vocabulary,
        tasks: &[TaskEvidence],
        commits: &[CommitEvidence],
        paths: &[PathEvidence],
    ) -> Self {
        let postings = Postings::new(vocabulary.len(), tasks);
        let mut overlaps = Self {
            commits: commits.par_iter().map(|commit| of_commit(commit, vocabulary, &postings)).collect(),
            paths: paths.par_iter().map(|path| of_path(path, vocabulary, &postings)).collect(),
            ..Self::default()
        };
        overlaps.floor = stand_out(&mut overlaps.commits, commits, tasks.len(), vocabulary);
        let lengths: Vec<f64> = tasks.iter().map(|task| vocabulary.total(&task.description)).collect();
        overlaps.commit_totals = overlaps.commits.iter().map(|by_task| totals(by_task, &lengths)).collect();
        overlaps.path_totals = overlaps.paths.iter().map(|by_task| totals(by_task, &lengths)).collect();
        overlaps
    }

    pub(super) fn of_commit(&self, commit: usize, task: usize) -> Overlap {
        let nothing = Overlap { words_stand_out: self.floor[task], ..Overlap::default() };
        self.commits[commit].get(&task).copied().unwrap_or(nothing)
    }

    pub(super) fn of_path(&self, path: usize, task: usize) -> Overlap {
        self.paths[path].get(&task).copied().unwrap_or_default()
    }

    pub(super) fn commit_totals(&self, commit: usize) -> Totals {
        self.commit_totals[commit]
    }

    pub(super) fn path_totals(&self, path: usize) -> Totals {
        self.path_totals[path]
    }

    /// Tasks that have anything in common with a commit.
    pub(super) fn tasks_of_commit(&self, commit: usize) -> impl Iterator<Item = usize> + '_ {
        self.commits[commit].keys().copied()
    }

    /// Tasks that have anything in common with a path.
    pub(super) fn of_path_by_task(&self, path: usize) -> impl Iterator<Item = (usize, &Overlap)> {
        self.paths[path].iter().map(|(task, overlap)| (*task, overlap))
    }
}

fn of_commit(commit: &CommitEvidence, vocabulary: &Vocabulary, postings: &Postings) -> ByTask {
    let mut found = ByTask::new();
    let add = |found: &mut ByTask, terms: &Terms, lists: &[Vec<usize>], sum: fn(&mut Overlap, f64, bool)| {
        for term in terms {
            let weight = vocabulary.weight(*term);
            for task in lists[*term as usize].iter().filter(|_| weight > 0.0) {
                sum(found.entry(*task).or_default(), weight, vocabulary.is_identifier(*term));
            }
        }
    };
    add(&mut found, &commit.terms, &postings.described, |overlap, weight, is_identifier| {
        overlap.words += weight;
        overlap.identifiers += if is_identifier { weight } else { 0.0 };
    });
    add(&mut found, &commit.message, &postings.described, |overlap, weight, _| overlap.message += weight);
    add(&mut found, &commit.message, &postings.titled, |overlap, weight, _| overlap.title += weight);
    add(&mut found, &commit.words, &postings.described, |overlap, weight, _| overlap.path_words += weight);
    found
}

fn of_path(path: &PathEvidence, vocabulary: &Vocabulary, postings: &Postings) -> ByTask {
    let mut found = ByTask::new();
    for term in path.terms() {
        let weight = vocabulary.weight(term);
        let identifier = if vocabulary.is_identifier(term) { weight } else { 0.0 };
        for task in postings.described[term as usize].iter().filter(|_| weight > 0.0) {
            let overlap = found.entry(*task).or_default();
            overlap.words += weight;
            overlap.identifiers += identifier;
        }
        for task in postings.noted[term as usize].iter().filter(|_| identifier > 0.0) {
            found.entry(*task).or_default().noted_identifiers += identifier;
        }
    }
    for term in &path.words {
        let weight = vocabulary.weight(*term);
        for task in &postings.described[*term as usize] {
            found.entry(*task).or_default().path_words += weight;
        }
    }
    for hunk in path.changes.iter().flat_map(|change| &change.hunks) {
        for (task, share) in hunk_shares(hunk, vocabulary, &postings.described) {
            let overlap = found.entry(task).or_default();
            overlap.hunk = overlap.hunk.max(share);
        }
        for (task, share) in hunk_shares(hunk, vocabulary, &postings.noted) {
            let overlap = found.entry(task).or_default();
            overlap.noted_hunk = overlap.noted_hunk.max(share);
        }
    }
    found
}

/// How much of one hunk's identifiers each task has, among all tasks and chance.
fn hunk_shares(hunk: &Terms, vocabulary: &Vocabulary, lists: &[Vec<usize>]) -> BTreeMap<usize, f64> {
    let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
    for term in hunk.iter().filter(|term| vocabulary.is_identifier(**term)) {
        let weight = vocabulary.weight(*term);
        for task in &lists[*term as usize] {
            *sums.entry(*task).or_default() += weight;
        }
    }
    let all: f64 = sums.values().sum::<f64>() + CHANCE;
    for sum in sums.values_mut() {
        *sum /= all;
    }
    sums
}

/// Standard scores of each task's likeness to the changes of all commits; returns that of no likeness at all.
fn stand_out(
    found: &mut [ByTask],
    commits: &[CommitEvidence],
    tasks: usize,
    vocabulary: &Vocabulary,
) -> Vec<f64> {
    let lengths: Vec<f64> =
        commits.iter().map(|commit| (vocabulary.total(&commit.terms) + 30.0).sqrt()).collect();
    let number = count(commits.len().max(1));
    let mut sums = vec![(0.0, 0.0); tasks];
    for (at, by_task) in found.iter().enumerate() {
        for (task, overlap) in by_task {
            let likeness = overlap.words / lengths[at];
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
    for (at, by_task) in found.iter_mut().enumerate() {
        for (task, overlap) in by_task {
            overlap.words_stand_out = score(overlap.words / lengths[at], moments[*task]);
        }
    }
    moments.into_iter().map(|moments| score(0.0, moments)).collect()
}

fn totals(by_task: &ByTask, lengths: &[f64]) -> Totals {
    let mut totals = Totals::default();
    for (task, overlap) in by_task {
        totals.identifiers += overlap.identifiers;
        totals.path_words += overlap.path_words;
        totals.words += overlap.words * overlap.words / lengths[*task].max(1.0);
        totals.message += overlap.message * overlap.message;
    }
    totals
}

/// Terms of a text that one set has, for explanations.
pub(super) fn shared_terms<'a>(text: &'a Terms, terms: &'a Terms) -> impl Iterator<Item = Term> + 'a {
    super::vocabulary::common(text, terms)
}
