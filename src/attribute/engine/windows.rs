//! Where the tasks of each batch begin, by what is known of the batches before and after it.

use std::collections::{BTreeMap, HashMap};

use super::count;

/// More tasks that begin out of order tell nothing new.
pub(super) const ENOUGH: usize = 3;

/// Where the tasks of a batch begin: after every earlier batch's have, and before any later one's.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Window {
    /// The last commits with which tasks of earlier batches begin, the latest first; a few.
    pub(super) earlier: Vec<usize>,
    /// The first commits with which tasks of later batches begin, the earliest first; a few.
    pub(super) later: Vec<usize>,
    /// Log-odds that a commit within is an open task's of the batch.
    pub(super) odds: f64,
}

impl Window {
    pub(super) fn holds(&self, commit: usize) -> bool {
        self.earlier.first().is_none_or(|after| commit > *after)
            && self.later.first().is_none_or(|before| commit < *before)
    }
}

/// The window of every batch, from how many of its tasks are open (`batches`), the batch and first commit of every task
/// whose first commit is known (`begun`), and which commits nobody explains.
///
/// One look at each in either direction, however many batches there are.
pub(super) fn windows(
    batches: &BTreeMap<u32, usize>,
    mut begun: Vec<(u32, usize)>,
    unexplained: &[bool],
) -> HashMap<u32, Window> {
    begun.sort_unstable();
    let mut windows: HashMap<u32, Window> = HashMap::with_capacity(batches.len());
    let mut latest = Few::default();
    let mut next = begun.iter().peekable();
    for batch in batches.keys() {
        while let Some((_, commit)) = next.next_if(|(of, _)| of < batch) {
            latest.insert(*commit, |kept, new| kept >= new);
        }
        windows.insert(*batch, Window { earlier: latest.0.clone(), later: Vec::new(), odds: 0.0 });
    }
    let before: Vec<usize> = before(unexplained);
    let mut earliest = Few::default();
    let mut next = begun.iter().rev().peekable();
    for (batch, open) in batches.iter().rev() {
        while let Some((_, commit)) = next.next_if(|(of, _)| of > batch) {
            earliest.insert(*commit, |kept, new| kept <= new);
        }
        if let Some(window) = windows.get_mut(batch) {
            window.later.clone_from(&earliest.0);
            let from = window.earlier.first().map_or(0, |after| after + 1);
            let to = window.later.first().copied().unwrap_or(unexplained.len());
            let held = before[to].saturating_sub(before[from]);
            window.odds = ((count(*open) + 0.5) / (count(held) + 0.5)).ln();
        }
    }
    windows
}

/// The first few of what was inserted, in order.
#[derive(Default)]
struct Few(Vec<usize>);

impl Few {
    fn insert(&mut self, new: usize, stays_before: impl Fn(usize, usize) -> bool) {
        let at = self.0.partition_point(|kept| stays_before(*kept, new));
        self.0.insert(at, new);
        self.0.truncate(ENOUGH);
    }
}

/// How many are true before each place, and in all.
fn before(flags: &[bool]) -> Vec<usize> {
    let mut sum = 0;
    let sums = flags.iter().map(|flag| {
        sum += usize::from(*flag);
        sum
    });
    std::iter::once(0).chain(sums).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As it is defined, batch by batch.
    fn defined(batch: u32, open: usize, begun: &[(u32, usize)], unexplained: &[bool]) -> Window {
        let commits = |is_wanted: &dyn Fn(u32) -> bool| {
            let mut found: Vec<usize> =
                begun.iter().filter(|(of, _)| is_wanted(*of)).map(|(_, commit)| *commit).collect();
            found.sort_unstable();
            found
        };
        let earlier = commits(&|of| of < batch).into_iter().rev().take(ENOUGH).collect();
        let later = commits(&|of| of > batch).into_iter().take(ENOUGH).collect();
        let window = Window { earlier, later, odds: 0.0 };
        let held = (0..unexplained.len()).filter(|at| window.holds(*at) && unexplained[*at]).count();
        Window { odds: ((count(open) + 0.5) / (count(held) + 0.5)).ln(), ..window }
    }

    proptest! {
        #[test]
        fn each_is_what_it_is_defined_to_be(
            batches in prop::collection::btree_map(0_u32..9, 0_usize..4, 0..7),
            begun in prop::collection::vec((0_u32..9, 0_usize..12), 0..12),
            unexplained in prop::collection::vec(any::<bool>(), 12),
        ) {
            let found = windows(&batches, begun.clone(), &unexplained);
            prop_assert_eq!(found.len(), batches.len());
            for (batch, open) in &batches {
                prop_assert_eq!(&found[batch], &defined(*batch, *open, &begun, &unexplained));
            }
        }
    }
}
