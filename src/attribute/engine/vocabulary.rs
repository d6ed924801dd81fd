//! The terms that tasks are told by, and how telling each is.
//!
//! Only terms of task texts are terms: whatever else a repository says cannot link a change to a task. This
//! inverted view is what makes reading a hunk cost its length and not its length times the tasks.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use crate::words::{Meaning, Word, each_word, tokens};

/// Index of a term.
pub(super) type Term = u32;

/// A set of terms in rising order.
pub(super) type Terms = Vec<Term>;

/// A text as how often each of its terms occurs: what BM25 needs of a document.
#[derive(Debug, Default, Clone)]
pub(super) struct Bag {
    /// By rising term.
    pub(super) counts: Vec<(Term, u32)>,
    /// How many words and identifiers there are in all.
    pub(super) length: u32,
}

impl Bag {
    /// The set of its terms.
    pub(super) fn terms(&self) -> Terms {
        self.counts.iter().map(|(term, _)| *term).collect()
    }

    /// How often a term occurs.
    pub(super) fn count(&self, term: Term) -> u32 {
        self.counts.binary_search_by_key(&term, |(known, _)| *known).map_or(0, |at| self.counts[at].1)
    }
}

/// The terms of a plan's task texts.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    terms: HashMap<Word, Term>,
    /// By term: how it is spelled, and whether it is an identifier.
    spelled: Vec<(String, bool)>,
    /// Weight of each term: its inverse document frequency over tasks, then also over changed paths.
    weights: Vec<f64>,
    /// Weight of each term in the name of a path: by tasks and by the names of all paths of the repository.
    name_weights: Vec<f64>,
    /// Inverse document frequency over tasks alone.
    task_weights: Vec<f64>,
}

impl Vocabulary {
    /// The terms of a task text; those not met before are added.
    pub(super) fn learn(&mut self, text: &str) -> Bag {
        let mut found: BTreeMap<Term, u32> = BTreeMap::new();
        let mut length = 0;
        for (_, token) in tokens(text) {
            each_word(token, |said| {
                *found.entry(self.intern(said)).or_default() += 1;
                length += 1;
            });
        }
        Bag { counts: found.into_iter().collect(), length }
    }

    fn intern(&mut self, said: Meaning<'_>) -> Term {
        let next = Term::try_from(self.spelled.len()).unwrap_or(Term::MAX);
        let id = *self.terms.entry(said.word).or_insert(next);
        if id == next {
            self.spelled.push((said.spelled.to_owned(), said.is_identifier));
            self.weights.push(1.0);
        }
        id
    }

    /// The known terms among words.
    pub(super) fn terms_of(&self, words: &[Word]) -> Terms {
        let mut found = Terms::new();
        self.add_terms_of(words, &mut found);
        found
    }

    /// The same, put after what `found` holds.
    pub(super) fn add_terms_of(&self, words: &[Word], found: &mut Terms) {
        let start = found.len();
        found.extend(words.iter().filter_map(|word| self.terms.get(word)));
        found[start..].sort_unstable();
    }

    /// The known terms of any text.
    pub(super) fn terms(&self, text: &str) -> Terms {
        let mut found = Vec::new();
        for (_, token) in tokens(text) {
            each_word(token, |said| found.extend(self.terms.get(&said.word)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether the terms are the same, one by one: then what was read for the one is as good for the other.
    pub(super) fn has_terms_of(&self, other: &Self) -> bool {
        self.spelled == other.spelled
    }

    /// The words that are terms, in no order.
    #[cfg(test)]
    pub(super) fn words(&self) -> impl Iterator<Item = Word> {
        self.terms.keys().copied()
    }

    /// How many terms there are.
    pub(super) fn len(&self) -> usize {
        self.weights.len()
    }

    pub(super) fn is_identifier(&self, term: Term) -> bool {
        self.spelled.get(term as usize).is_some_and(|(_, is_identifier)| *is_identifier)
    }

    /// Weighs every term by how few tasks and how few changed paths have it; `names` are the words of the names of
    /// all paths there are.
    pub(super) fn weigh<'a>(
        &mut self,
        tasks: impl Iterator<Item = &'a Terms>,
        paths: impl Iterator<Item = &'a Terms> + Send,
        names: impl Iterator<Item = &'a Terms> + Send,
    ) {
        let terms = self.weights.len();
        let by_tasks = inverse_document_frequencies(terms, tasks);
        let (by_paths, by_names) = rayon::join(
            || inverse_document_frequencies(terms, paths),
            || inverse_document_frequencies(terms, names),
        );
        let times = |left: &[f64], right: &[f64]| left.iter().zip(right).map(|(a, b)| a * b).collect();
        self.weights = times(&by_tasks, &by_paths);
        self.name_weights = times(&by_tasks, &by_names);
        self.task_weights = by_tasks;
    }

    pub(super) fn weight(&self, term: Term) -> f64 {
        self.weights.get(term as usize).copied().unwrap_or(0.0)
    }

    /// Weight of a term where it stands in the name of a path.
    pub(super) fn name_weight(&self, term: Term) -> f64 {
        self.name_weights.get(term as usize).copied().unwrap_or(0.0)
    }

    /// Inverse document frequency of a term over the tasks.
    pub(super) fn task_weight(&self, term: Term) -> f64 {
        self.task_weights.get(term as usize).copied().unwrap_or(0.0)
    }

    /// Sum of the weights of a set of terms of a path's name.
    pub(super) fn name_total(&self, terms: &[Term]) -> f64 {
        terms.iter().map(|term| self.name_weight(*term)).sum()
    }

    /// Sum of the weights of a set.
    pub(super) fn total(&self, terms: &[Term]) -> f64 {
        terms.iter().map(|term| self.weight(*term)).sum()
    }

    /// The heaviest of the given terms, as they are spelled, for explanations.
    pub(super) fn spell(&self, terms: impl Iterator<Item = Term>, most: usize) -> Vec<&str> {
        let mut wanted: Vec<Term> = terms.collect();
        wanted.sort_by(|a, b| self.weight(*b).total_cmp(&self.weight(*a)).then(a.cmp(b)));
        wanted.truncate(most);
        wanted.into_iter().filter_map(|term| Some(self.spelled.get(term as usize)?.0.as_str())).collect()
    }
}

/// `ln((n + 1) / (df + ½))` per term, never negative (Robertson and Sparck Jones, smoothed).
fn inverse_document_frequencies<'a>(terms: usize, documents: impl Iterator<Item = &'a Terms>) -> Vec<f64> {
    let mut frequencies = vec![0_u32; terms];
    let mut count = 0_u32;
    for document in documents {
        count += 1;
        for term in document {
            if let Some(frequency) = frequencies.get_mut(*term as usize) {
                *frequency += 1;
            }
        }
    }
    let all = f64::from(count) + 1.0;
    frequencies.into_iter().map(|df| (all / (f64::from(df) + 0.5)).ln().max(0.0)).collect()
}

/// Terms in both of two rising lists.
pub(super) fn common<'a>(left: &'a [Term], right: &'a [Term]) -> impl Iterator<Item = Term> + 'a {
    let (mut i, mut j) = (0, 0);
    std::iter::from_fn(move || {
        while i < left.len() && j < right.len() {
            match left[i].cmp(&right[j]) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    (i, j) = (i + 1, j + 1);
                    return Some(left[i - 1]);
                }
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bag_counts() {
        let mut vocabulary = Vocabulary::default();
        let bag = vocabulary.learn("Draw the clock; the clock ticks with drawClock");
        let clock = vocabulary.terms("clock")[0];
        assert_eq!((bag.count(clock), bag.count(999)), (3, 0));
        assert_eq!(bag.length, 7, "draw, clock, clock, tick, drawClock, draw, clock");
        assert!(bag.terms().is_sorted());
    }
}
