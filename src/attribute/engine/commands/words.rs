//! Which tasks speak of what a command is about, by the words both use.

use std::collections::HashMap;

use crate::attribute::engine::vocabulary::{Term, Terms, Vocabulary};

/// The words of all tasks, and who uses which.
#[derive(Debug, Default)]
pub(super) struct Words {
    vocabulary: Vocabulary,
    of_task: Vec<Terms>,
    users: HashMap<Term, Vec<usize>>,
}

impl Words {
    /// Adds the next task of the plan.
    pub(super) fn learn(&mut self, texts: &[&str]) {
        let mut terms: Terms = texts.iter().flat_map(|text| self.vocabulary.learn(text).terms()).collect();
        terms.sort_unstable();
        terms.dedup();
        for term in &terms {
            self.users.entry(*term).or_default().push(self.of_task.len());
        }
        self.of_task.push(terms);
    }

    /// Weighs words by how few tasks use them; after the last task was added.
    pub(super) fn weigh(&mut self) {
        self.vocabulary.weigh(self.of_task.iter(), std::iter::empty(), std::iter::empty());
    }

    /// For each task that shares words with a command, the share of the command's words it uses, by weight.
    /// Paths do not count: whoever owns a file is asked elsewhere.
    pub(super) fn shares(&self, command: &str) -> HashMap<usize, f64> {
        /// Below this weight, the words in common are everybody's.
        const LEAST: f64 = 0.3;
        let plain: Vec<&str> = command.split_whitespace().filter(|word| !word.contains('/')).collect();
        let terms = self.vocabulary.terms(&plain.join(" "));
        let total = self.vocabulary.total(&terms).max(LEAST);
        let mut shares: HashMap<usize, f64> = HashMap::new();
        for term in terms {
            let weight = self.vocabulary.weight(term) / total;
            for task in self.users.get(&term).into_iter().flatten() {
                *shares.entry(*task).or_default() += weight;
            }
        }
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_link_and_paths_do_not() {
        let mut words = Words::default();
        for text in ["Add `startClock` to the board", "Paint the board", "Sweep the board"] {
            words.learn(&[text]);
        }
        words.weigh();
        let shares = words.shares("rg -n startClock src/board.ts");
        assert!(shares[&0] > 0.9 && !shares.contains_key(&1));
    }
}
