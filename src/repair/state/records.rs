//! Records in the lists of `meta`: which are in both of two lists, and which in one alone.

use std::collections::HashMap;

use crate::json::Node;
use crate::json::write::document;

/// A list of `meta`, empty if there is none.
pub(super) fn items<'a>(root: &'a Node, list: &str) -> &'a [Node] {
    root.get("meta").and_then(|meta| meta.get(list)?.as_array()).unwrap_or_default()
}

/// Which items stay when those records are taken out, of equal ones the newest; `None` if one is not there.
pub(super) fn kept(items: &[Node], records: &[&Node]) -> Option<Vec<bool>> {
    let mut wanted = Bag::of(records.iter().copied());
    let mut kept: Vec<bool> = items.iter().rev().map(|item| !wanted.take(item)).collect();
    kept.reverse();
    wanted.is_empty().then_some(kept)
}

/// The items that another list does not have, or not as often.
pub(super) fn surplus<'a>(items: &'a [Node], others: &[Node]) -> Vec<&'a Node> {
    let mut known = Bag::of(others);
    items.iter().filter(|item| !known.take(item)).collect()
}

/// Records by what they say, and how often.
struct Bag(HashMap<String, usize>);

impl Bag {
    fn of<'a>(records: impl IntoIterator<Item = &'a Node>) -> Self {
        let mut counts = HashMap::new();
        for record in records {
            *counts.entry(document(record)).or_default() += 1;
        }
        Self(counts)
    }

    /// Takes one out, and tells whether there was one.
    fn take(&mut self, record: &Node) -> bool {
        let Some(count) = self.0.get_mut(&document(record)).filter(|count| **count > 0) else { return false };
        *count -= 1;
        true
    }

    fn is_empty(&self) -> bool {
        self.0.values().all(|count| *count == 0)
    }
}
