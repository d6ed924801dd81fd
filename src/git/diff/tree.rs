//! Paths that differ between trees.

use std::sync::Arc;

use hashbrown::HashSet;

use super::Pair;
use crate::git::limits::{Room, TooMuch};
use crate::git::objects::{Entry, ObjectStore, Side, TreeEntries, Unreadable, read_tree};
use crate::model::Oid;

/// Directories nested deeper than this are not looked into: nobody works like that, and the stack ends.
const MOST_DEPTH: usize = 256;

/// Paths that differ between `tree` and the first of `parents`, and from all others too, in git's order.
/// Without parents, everything is new. Subtrees that cannot be read are left out and named. [`TooMuch`] if there is no `room`
/// for those paths and the directories on the way.
pub(super) fn compare(
    store: &mut dyn ObjectStore,
    parents: &[Oid],
    tree: Oid,
    room: &mut Room,
    unreadable: &mut Vec<Unreadable>,
) -> Result<Vec<Pair>, TooMuch> {
    let (first, others) = match parents {
        [] => (None, &[] as &[Oid]),
        [first, others @ ..] => (Some(*first), others),
    };
    let others = once(others.iter().copied().map(Some), first);
    let (pairs, path) = (Vec::new(), Vec::new());
    let mut comparison = Comparison { store, unreadable, pairs, path, depth: 0, room };
    if !others.contains(&Some(tree)) {
        comparison.trees(first, Some(tree), &others)?;
    }
    Ok(comparison.pairs)
}

/// Each of the other sides once, and without the first: a merge may name one parent very often.
fn once(others: impl Iterator<Item = Option<Oid>>, first: Option<Oid>) -> Vec<Option<Oid>> {
    let mut seen: HashSet<Option<Oid>> = HashSet::new();
    others.filter(|other| *other != first && seen.insert(*other)).collect()
}

struct Comparison<'a> {
    store: &'a mut dyn ObjectStore,
    unreadable: &'a mut Vec<Unreadable>,
    pairs: Vec<Pair>,
    /// The directory being compared, with a slash at its end.
    path: Vec<u8>,
    depth: usize,
    room: &'a mut Room,
}

impl Comparison<'_> {
    /// Compares two trees of one directory; what equals its counterpart in one of `others` is left out.
    fn trees(&mut self, old: Option<Oid>, new: Option<Oid>, others: &[Option<Oid>]) -> Result<(), TooMuch> {
        if old == new {
            return Ok(());
        }
        self.room.take(&self.path)?;
        let (Some(old), Some(new)) = (self.read(old)?, self.read(new)?) else { return Ok(()) };
        let others = others.iter().map(|other| Ok(self.read(*other)?.unwrap_or_default()));
        let others: Vec<Arc<Vec<u8>>> = others.collect::<Result<_, TooMuch>>()?;
        let mut others: Vec<TreeEntries<'_>> = others.iter().map(|other| TreeEntries::new(other)).collect();
        let (mut left, mut right) = (TreeEntries::new(&old), TreeEntries::new(&new));
        loop {
            left.skip_common(&mut right);
            let (old, new) = (left.peek(), right.peek());
            let order = match (&old, &new) {
                (None, None) => return Ok(()),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(old), Some(new)) => old.order(new),
            };
            let old = old.filter(|_| order.is_le());
            let new = new.filter(|_| order.is_ge());
            if old.is_some() {
                left.next();
            }
            if new.is_some() {
                right.next();
            }
            self.entries(old, new, &mut others)?;
        }
    }

    /// Compares what one name stands for.
    fn entries(
        &mut self,
        old: Option<Entry<'_>>,
        new: Option<Entry<'_>>,
        others: &mut [TreeEntries<'_>],
    ) -> Result<(), TooMuch> {
        let Some(entry) = old.or(new) else { return Ok(()) };
        let (name, is_tree) = (entry.name, entry.side.is_tree());
        let (old, new) = (old.map(|entry| entry.side), new.map(|entry| entry.side));
        self.room.beside(others.len())?;
        let others: Vec<Option<Side>> = others.iter_mut().map(|tree| tree.beside(&entry)).collect();
        if old == new || others.contains(&new) {
            return Ok(());
        }
        let parent = self.path.len();
        self.path.extend_from_slice(name);
        if is_tree {
            self.path.push(b'/');
            let id = |side: Option<Side>| side.map(|side| side.id);
            if self.depth < MOST_DEPTH {
                self.depth += 1;
                let others = once(others.into_iter().map(id), id(old));
                self.trees(id(old), id(new), &others)?;
                self.depth -= 1;
            } else if let Some(id) = id(new).or(id(old)) {
                self.unreadable.push(Unreadable { id, why: "is nested too deep".to_owned() });
            }
        } else {
            self.room.take(&self.path)?;
            self.pairs.push(Pair { path: self.path.clone(), old, new });
        }
        self.path.truncate(parent);
        Ok(())
    }

    /// A tree, or nothing where there is none; `None` if it cannot be read.
    fn read(&mut self, id: Option<Oid>) -> Result<Option<Arc<Vec<u8>>>, TooMuch> {
        let Some(id) = id else { return Ok(Some(Arc::default())) };
        match read_tree(self.store, id) {
            Ok(content) => self.room.tree(&content).map(|()| Some(content)),
            Err(unreadable) => {
                self.unreadable.push(unreadable);
                Ok(None)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::limits::Limits;
    use crate::git::objects::Kind;
    use crate::git::objects::testing::Memory;

    fn tree(memory: &mut Memory, id: u8, entries: &[(&str, &str, u8)]) -> Oid {
        let mut content = Vec::new();
        for (mode, name, id) in entries {
            content.extend(format!("{mode} {name}\0").bytes());
            content.extend([*id; 20]);
        }
        memory.put(id, Kind::Tree, &content)
    }

    fn names(memory: &mut Memory, parents: &[Oid], new: Oid) -> (Vec<String>, usize) {
        let mut unreadable = Vec::new();
        let pairs =
            compare(memory, parents, new, &mut Room::of(&Limits::default()), &mut unreadable).expect("paths");
        let letter = |pair: &Pair| match (pair.old, pair.new) {
            (None, _) => 'A',
            (_, None) => 'D',
            _ => 'M',
        };
        let name = |pair: &Pair| format!("{}{}", letter(pair), String::from_utf8_lossy(&pair.path));
        (pairs.iter().map(name).collect(), unreadable.len())
    }

    #[test]
    fn files_directories_and_modes() {
        let mut memory = Memory::default();
        tree(&mut memory, 1, &[("100644", "in", 11), ("100644", "same", 12)]);
        tree(&mut memory, 2, &[("100644", "in", 13), ("100644", "same", 12)]);
        let old = tree(&mut memory, 3, &[("100644", "a", 14), ("40000", "dir", 1), ("40000", "gone", 1)]);
        let new = tree(&mut memory, 4, &[("100755", "a", 14), ("40000", "dir", 2), ("100644", "gone", 15)]);
        let (found, unreadable) = names(&mut memory, &[old], new);
        assert_eq!(found, ["Ma", "Mdir/in", "Agone", "Dgone/in", "Dgone/same"]);
        assert_eq!(unreadable, 0);
        assert_eq!(names(&mut memory, &[], new).0, ["Aa", "Adir/in", "Adir/same", "Agone"]);
    }

    #[test]
    fn a_missing_subtree_hides_its_own_paths_only() {
        let mut memory = Memory::default();
        let old = tree(&mut memory, 1, &[("40000", "dir", 99), ("100644", "z", 11)]);
        let new = tree(&mut memory, 2, &[("40000", "dir", 98), ("100644", "z", 12)]);
        assert_eq!(names(&mut memory, &[old], new), (vec!["Mz".to_owned()], 2));
        assert_eq!(names(&mut memory, &[Oid([77; 20])], new), (vec![], 1));
    }

    #[test]
    fn merges_show_what_is_in_no_parent() {
        let mut memory = Memory::default();
        tree(&mut memory, 1, &[("100644", "x", 11), ("100644", "y", 11)]);
        tree(&mut memory, 2, &[("100644", "x", 12), ("100644", "y", 11)]);
        tree(&mut memory, 3, &[("100644", "x", 12), ("100644", "y", 13)]);
        let first = tree(&mut memory, 4, &[("100644", "a", 11), ("100644", "c", 11), ("40000", "dir", 1)]);
        let second = tree(&mut memory, 5, &[("100644", "a", 12), ("100644", "b", 11), ("40000", "dir", 2)]);
        let merge = tree(&mut memory, 6, &[("100644", "a", 12), ("100644", "b", 14), ("40000", "dir", 3)]);
        // `a` and `dir/x` are as in the second parent, `c` is gone there too.
        assert_eq!(names(&mut memory, &[first, second], merge).0, ["Ab", "Mdir/y"]);
        assert!(names(&mut memory, &[first, second], second).0.is_empty());
    }

    #[test]
    fn a_parent_that_is_named_often_is_looked_at_once() {
        let mut memory = Memory::default();
        let numbers: Vec<String> = (1000..6000).map(|number| number.to_string()).collect();
        let files: Vec<(&str, &str, u8)> = numbers.iter().map(|name| ("100644", name.as_str(), 9)).collect();
        let merge = tree(&mut memory, 1, &files);
        let [first, second] = [2, 3].map(|id| tree(&mut memory, id, &[("100644", "a", id)]));
        let parents: Vec<Oid> = [first, second].into_iter().cycle().take(60_000).collect();
        assert_eq!(names(&mut memory, &parents, merge), names(&mut memory, &[first, second], merge));
        // Of parents that are many indeed, so many are looked at beside so many entries.
        let mut room = Room::of(&Limits::default());
        assert!((0..10_000).all(|_| room.beside(10_000).is_ok()) && room.beside(1).is_err());
    }

    #[test]
    fn endless_nesting_ends() {
        let mut memory = Memory::default();
        // A tree that holds itself cannot be made with real ids.
        let looped = tree(&mut memory, 1, &[("40000", "d", 1)]);
        assert_eq!(names(&mut memory, &[], looped), (vec![], 1));
    }

    #[test]
    fn a_few_trees_that_tell_of_very_many_files_are_too_much() {
        let mut memory = Memory::default();
        for (level, below) in
            [("100644", 11)].into_iter().chain((1..30).map(|below| ("40000", below))).enumerate()
        {
            let id = u8::try_from(level + 1).expect("few");
            tree(&mut memory, id, &[(below.0, "a", below.1), (below.0, "b", below.1)]);
        }
        let bomb = Oid([30; 20]);
        let compare = |memory: &mut Memory, parents: &[Oid]| {
            compare(memory, parents, bomb, &mut Room::of(&Limits::default()), &mut Vec::new())
                .map(|pairs| pairs.len())
        };
        assert_eq!(compare(&mut memory, &[]), Err(TooMuch), "a thousand million");
        assert_eq!(compare(&mut memory, &[bomb]), Ok(0), "nothing has changed");
        tree(&mut memory, 1, &[]);
        assert_eq!(
            compare(&mut memory, &[]),
            Err(TooMuch),
            "nor are as many directories without a file looked into"
        );
    }
}
