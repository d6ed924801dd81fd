//! The one order of a set of commits: parents first, then by time, then by id.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hashbrown::HashMap;

use super::members::Node;
use crate::model::Oid;

/// Places in `nodes`, parents before children; among those that could come next, the oldest, then the
/// smallest id. Does not depend on the order of `nodes`.
pub(super) fn parents_first(nodes: &[Node]) -> Vec<usize> {
    let places: HashMap<Oid, usize> =
        nodes.iter().enumerate().map(|(place, node)| (node.id, place)).collect();
    let mut waiting = vec![0_usize; nodes.len()];
    // Each parent with its child, by parent.
    let mut births: Vec<(usize, usize)> = Vec::with_capacity(nodes.len());
    for (child, node) in nodes.iter().enumerate() {
        births.extend(node.parents.iter().filter_map(|id| Some((*places.get(id)?, child))));
    }
    births.sort_unstable();
    births.dedup();
    for (_, child) in &births {
        waiting[*child] += 1;
    }
    let children = |parent: usize| {
        let first = births.partition_point(|birth| birth.0 < parent);
        births[first..].iter().take_while(move |birth| birth.0 == parent).map(|birth| birth.1)
    };
    let key = |place: usize| Reverse((nodes[place].time, nodes[place].id, place));
    let mut ready: BinaryHeap<_> = (0..nodes.len()).filter(|place| waiting[*place] == 0).map(key).collect();
    let mut ordered = Vec::with_capacity(nodes.len());
    while let Some(Reverse((_, _, place))) = ready.pop() {
        ordered.push(place);
        for child in children(place) {
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

    fn oid(name: &str) -> Oid {
        Oid([name.as_bytes()[0]; 20])
    }

    fn node(id: &str, time: i64, parents: &[&str]) -> Node {
        let parents = parents.iter().map(|id| oid(id)).collect();
        Node { id: oid(id), time, parents, is_new: true, tree: None, commit: None }
    }

    #[test]
    fn parents_come_first_even_when_clocks_lie() {
        let mut nodes = vec![
            node("d", 1, &["b", "c"]),
            node("c", 9, &["a"]),
            node("b", 9, &["a"]),
            node("a", 50, &["out"]),
        ];
        let expected = ["a", "b", "c", "d"].map(oid);
        let ordered = |nodes: &[Node]| -> Vec<Oid> {
            parents_first(nodes).into_iter().map(|place| nodes[place].id).collect()
        };
        assert_eq!(ordered(&nodes), expected);
        nodes.reverse();
        assert_eq!(ordered(&nodes), expected);
    }
}
