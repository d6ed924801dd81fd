//! The one order of a set of commits: parents first, then by time, then by id.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

use crate::model::Oid;

/// What ordering needs to know of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// Its id.
    pub(super) id: Oid,
    /// Committer time.
    pub(super) time: i64,
    /// Its parents, in the set or not.
    pub(super) parents: Vec<Oid>,
}

/// Ids of `nodes`, parents before children; among those that could come next, the oldest, then the
/// smallest id. Does not depend on the order of `nodes`.
pub(super) fn parents_first(nodes: &[Node]) -> Vec<Oid> {
    let places: HashMap<&Oid, usize> =
        nodes.iter().enumerate().map(|(place, node)| (&node.id, place)).collect();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut waiting = vec![0_usize; nodes.len()];
    for (place, node) in nodes.iter().enumerate() {
        let parents: BTreeSet<usize> = node.parents.iter().filter_map(|id| places.get(id).copied()).collect();
        waiting[place] = parents.len();
        for parent in parents {
            children[parent].push(place);
        }
    }
    let key = |place: usize| Reverse((nodes[place].time, &nodes[place].id, place));
    let mut ready: BinaryHeap<_> = (0..nodes.len()).filter(|place| waiting[*place] == 0).map(key).collect();
    let mut ordered = Vec::with_capacity(nodes.len());
    while let Some(Reverse((_, id, place))) = ready.pop() {
        ordered.push(id.clone());
        for &child in &children[place] {
            waiting[child] -= 1;
            if waiting[child] == 0 {
                ready.push(key(child));
            }
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: &str, time: i64, parents: &[&str]) -> Node {
        let oid = |id: &str| Oid(id.to_owned());
        Node { id: oid(id), time, parents: parents.iter().map(|id| oid(id)).collect() }
    }

    #[test]
    fn parents_come_first_even_when_clocks_lie() {
        let mut nodes = vec![
            node("d", 1, &["b", "c"]),
            node("c", 9, &["a"]),
            node("b", 9, &["a"]),
            node("a", 50, &["out"]),
        ];
        let expected = ["a", "b", "c", "d"].map(|id| Oid(id.to_owned()));
        assert_eq!(parents_first(&nodes), expected);
        nodes.reverse();
        assert_eq!(parents_first(&nodes), expected);
    }
}
