//! The inverted index: from a term to the tasks that have it, and sums by task while terms are walked.

use super::ByTask;
use crate::attribute::engine::count;
use crate::attribute::engine::evidence::TaskEvidence;
use crate::attribute::engine::vocabulary::{Term, Terms};

/// A term of more tasks than this, and of more than an eighth of them, links nothing.
const MOST_TASKS: usize = 32;

/// Of one commit or path, so many tasks are kept: those that are most alike. The rest counts as having nothing in
/// common with it, for it would not win against so many.
const MOST_ALIKE: usize = 64;

/// Which tasks have a term, and in which text.
#[derive(Default)]
pub(super) struct Postings {
    pub(super) described: Vec<Vec<Posting>>,
    pub(super) noted: Vec<Vec<Posting>>,
    pub(super) titled: Vec<Vec<Posting>>,
}

/// A task that has a term.
pub(super) struct Posting {
    pub(super) task: usize,
    /// How much the term counts by how often the text has it and how long that is (BM25); 1 for one use in a text of
    /// average length.
    pub(super) saturation: f64,
}

impl Postings {
    pub(super) fn new(terms: usize, tasks: &[TaskEvidence]) -> Self {
        let most = MOST_TASKS.max(tasks.len() / 8);
        let active = || tasks.iter().enumerate().filter(|(_, task)| task.is_active);
        let lengths: f64 = active().map(|(_, task)| f64::from(task.bag.length)).sum();
        let average = (lengths / count(active().count().max(1))).max(1.0);
        let post = |text: fn(&TaskEvidence) -> &Terms| {
            let mut lists: Vec<Vec<Posting>> = Vec::new();
            lists.resize_with(terms, Vec::new);
            for (at, task) in active() {
                for term in text(task) {
                    let saturation = saturation(task, *term, average);
                    lists[*term as usize].push(Posting { task: at, saturation });
                }
            }
            // What so many tasks say tells none of them, and would make every commit a candidate of all.
            for list in lists.iter_mut().filter(|list| list.len() > most) {
                *list = Vec::new();
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

/// The part of Okapi BM25 that depends on the document (Robertson and Zaragoza, 2009).
fn saturation(task: &TaskEvidence, term: Term, average: f64) -> f64 {
    const K1: f64 = 1.2;
    const B: f64 = 0.75;
    let often = f64::from(task.bag.count(term));
    let length = f64::from(task.bag.length) / average;
    often * (K1 + 1.0) / (often + K1 * (1.0 - B + B * length))
}

/// Sums by task while one set of terms is walked; its memory is used again for the next.
pub(super) struct Sums<T> {
    by_task: Vec<T>,
    met: Vec<usize>,
}

impl<T: Copy + Default + PartialEq> Sums<T> {
    pub(super) fn new(tasks: usize) -> Self {
        Self { by_task: vec![T::default(); tasks], met: Vec::new() }
    }

    pub(super) fn of(&mut self, task: usize) -> &mut T {
        if self.by_task[task] == T::default() {
            self.met.push(task);
        }
        &mut self.by_task[task]
    }

    /// The tasks that were met, by rising number; of too many, those with the highest rank. Forgets them.
    pub(super) fn take(&mut self, rank: impl Fn(&T) -> f64) -> ByTask<T> {
        self.met.sort_unstable();
        self.met.dedup();
        let mut found: ByTask<T> = self.met.iter().map(|task| (*task, self.by_task[*task])).collect();
        for task in self.met.drain(..) {
            self.by_task[task] = T::default();
        }
        if found.len() > MOST_ALIKE {
            found.sort_by(|a, b| rank(&b.1).total_cmp(&rank(&a.1)).then(a.0.cmp(&b.0)));
            found.truncate(MOST_ALIKE);
            found.sort_unstable_by_key(|(task, _)| *task);
        }
        found.shrink_to_fit();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_tasks_those_most_alike_are_kept() {
        let mut sums: Sums<f64> = Sums::new(100);
        for task in 0..100 {
            *sums.of(task) += f64::from(u32::try_from(task % 90).unwrap()) + 1.0;
        }
        let kept = sums.take(|sum| *sum);
        assert_eq!(kept.len(), MOST_ALIKE);
        assert!(kept.is_sorted_by_key(|(task, _)| *task) && kept[0] == (26, 27.0));
        *sums.of(3) += 1.0;
        assert_eq!(sums.take(|sum| *sum), [(3, 1.0)], "what was taken is forgotten");
    }
}
