//! The terms that tasks are told by, and how telling each is.
//!
//! Only terms of task texts are terms: whatever else a repository says cannot link a change to a task. This
//! inverted view is what makes reading a hunk cost its length and not its length times the tasks.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::text::{each_word, is_identifier, tokens, words};

/// Index of a term.
pub(super) type Term = u32;

/// A set of terms in rising order.
pub(super) type Terms = Vec<Term>;

/// The terms of a plan's task texts.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// Words and identifiers are told apart, also where they are spelled alike.
    words: HashMap<String, Term>,
    identifiers: HashMap<String, Term>,
    /// By term: how it is spelled, and whether it is an identifier.
    spelled: Vec<(String, bool)>,
    /// Weight of each term: its inverse document frequency over tasks, then also over changed paths.
    weights: Vec<f64>,
}

impl Vocabulary {
    /// The terms of a task text; those not met before are added.
    pub(super) fn learn(&mut self, text: &str) -> Terms {
        let mut found = BTreeSet::new();
        for (_, token) in tokens(text) {
            if is_identifier(token) {
                found.insert(self.intern(token.to_owned(), true));
            }
            for word in words(token) {
                found.insert(self.intern(word, false));
            }
        }
        found.into_iter().collect()
    }

    fn intern(&mut self, text: String, is_identifier: bool) -> Term {
        let next = Term::try_from(self.spelled.len()).unwrap_or(Term::MAX);
        let ids = if is_identifier { &mut self.identifiers } else { &mut self.words };
        let id = *ids.entry(text.clone()).or_insert(next);
        if id == next {
            self.spelled.push((text, is_identifier));
            self.weights.push(1.0);
        }
        id
    }

    /// The known terms of any text.
    pub(super) fn terms<'a>(&self, lines: impl Iterator<Item = &'a str>) -> Terms {
        let mut met: HashSet<&'a str> = HashSet::new();
        let mut found = Vec::new();
        let mut buffer = String::new();
        for (_, token) in lines.flat_map(tokens) {
            if met.insert(token) {
                if is_identifier(token) {
                    found.extend(self.identifiers.get(token));
                }
                each_word(token, &mut buffer, |word| found.extend(self.words.get(word)));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// How many terms there are.
    pub(super) fn len(&self) -> usize {
        self.weights.len()
    }

    pub(super) fn is_identifier(&self, term: Term) -> bool {
        self.spelled.get(term as usize).is_some_and(|(_, is_identifier)| *is_identifier)
    }

    /// Weighs every term by how few tasks and how few changed paths have it.
    pub(super) fn weigh<'a>(
        &mut self,
        tasks: impl Iterator<Item = &'a Terms>,
        paths: impl Iterator<Item = &'a Terms>,
    ) {
        let by_tasks = inverse_document_frequencies(self.weights.len(), tasks);
        let by_paths = inverse_document_frequencies(self.weights.len(), paths);
        for (weight, (task, path)) in self.weights.iter_mut().zip(by_tasks.into_iter().zip(by_paths)) {
            *weight = task * path;
        }
    }

    pub(super) fn weight(&self, term: Term) -> f64 {
        self.weights.get(term as usize).copied().unwrap_or(0.0)
    }

    /// Sum of the weights of a set.
    pub(super) fn total(&self, terms: &Terms) -> f64 {
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
pub(super) fn common<'a>(left: &'a Terms, right: &'a Terms) -> impl Iterator<Item = Term> + 'a {
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
