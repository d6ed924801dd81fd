//! Tree objects.

use std::cmp::Ordering;

use crate::git::bytes::{common, first_zero};
use crate::model::Oid;

/// Bits of a mode that tell files, symlinks, directories and submodules apart.
const TYPE: u32 = 0o170_000;
/// Behind the name of an entry: a zero, and the id.
pub(in crate::git) const BEHIND_NAME: usize = 1 + 20;

/// A name in a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::git) struct Entry<'a> {
    pub(in crate::git) name: &'a [u8],
    pub(in crate::git) side: Side,
}

/// What a name stands for on one side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::git) struct Side {
    pub(in crate::git) mode: u32,
    pub(in crate::git) id: Oid,
}

impl Side {
    /// A directory.
    pub(in crate::git) fn is_tree(self) -> bool {
        self.mode & TYPE == 0o040_000
    }

    /// A submodule.
    pub(in crate::git) fn is_gitlink(self) -> bool {
        self.mode & TYPE == 0o160_000
    }

    /// A file or a symlink: what has a blob.
    pub(in crate::git) fn is_file(self) -> bool {
        !self.is_tree() && !self.is_gitlink()
    }

    /// A file that is no symlink.
    pub(in crate::git) fn is_regular(self) -> bool {
        self.mode & TYPE == 0o100_000
    }

    /// Whether both are files, or symlinks, and so on.
    pub(in crate::git) fn is_same_type(self, other: Self) -> bool {
        self.mode & TYPE == other.mode & TYPE
    }
}

impl Entry<'_> {
    /// Order of a tree's entries: directories sort as if their names ended with a slash.
    pub(in crate::git) fn order(&self, other: &Entry<'_>) -> Ordering {
        let common = self.name.len().min(other.name.len());
        let next = |entry: &Entry<'_>| match entry.name.get(common) {
            Some(byte) => *byte,
            None if entry.side.is_tree() => b'/',
            None => 0,
        };
        self.name[..common].cmp(&other.name[..common]).then_with(|| next(self).cmp(&next(other)))
    }
}

/// The entries of a tree object, as far as they are well-formed.
#[derive(Debug, Clone)]
pub(in crate::git) struct TreeEntries<'a>(&'a [u8]);

impl<'a> TreeEntries<'a> {
    pub(in crate::git) fn new(content: &'a [u8]) -> Self {
        Self(content)
    }

    /// Whether nothing is left: what is left of a damaged tree is no entry.
    pub(in crate::git) fn is_done(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the next entry starts in `tree`, which these are entries of.
    pub(in crate::git) fn position_in(&self, tree: &[u8]) -> usize {
        tree.len() - self.0.len()
    }

    /// The next entry, which stays.
    pub(in crate::git) fn peek(&self) -> Option<Entry<'a>> {
        self.clone().next()
    }

    /// What stands beside an entry of another tree: the same name as the same sort of thing. Passes over what comes before
    /// it in the order of trees.
    pub(in crate::git) fn beside(&mut self, other: &Entry<'_>) -> Option<Side> {
        loop {
            let entry = self.peek()?;
            match entry.order(other) {
                Ordering::Less => _ = self.next(),
                Ordering::Equal => {
                    return Some(entry.side).filter(|side| side.is_tree() == other.side.is_tree());
                }
                Ordering::Greater => return None,
            }
        }
    }

    /// Passes over entries that both trees begin with.
    pub(in crate::git) fn skip_common(&mut self, other: &mut Self) {
        let mut left = common(self.0, other.0);
        if left == self.0.len() && left == other.0.len() {
            // Nothing else differs, and where entries end does not matter.
            (self.0, other.0) = (&[], &[]);
            return;
        }
        while let Some(length) = self.length_of_next().filter(|length| *length <= left) {
            left -= length;
            self.0 = &self.0[length..];
            other.0 = &other.0[length..];
        }
    }

    /// Bytes of the next entry.
    fn length_of_next(&self) -> Option<usize> {
        let usual = USUAL.iter().find(|mode| self.0.starts_with(mode));
        let Some(mode) = usual else {
            let mut rest = self.clone();
            rest.next()?;
            return Some(self.0.len() - rest.0.len());
        };
        let length = mode.len() + first_zero(&self.0[mode.len()..])? + BEHIND_NAME;
        (length <= self.0.len()).then_some(length)
    }
}

impl<'a> Iterator for TreeEntries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let (mode, named) = match self.0 {
            [b'1', b'0', b'0', b'6', b'4', b'4', b' ', named @ ..] => (0o100_644, named),
            [b'4', b'0', b'0', b'0', b'0', b' ', named @ ..] => (0o040_000, named),
            other => mode(other)?,
        };
        let end = first_zero(named)?;
        let id = Oid::from_slice(named.get(end + 1..end + BEHIND_NAME)?)?;
        self.0 = &named[end + BEHIND_NAME..];
        Some(Entry { name: &named[..end], side: Side { mode: canonical(mode), id } })
    }
}

/// The mode that an entry begins with, and what comes after its space.
fn mode(entry: &[u8]) -> Option<(u32, &[u8])> {
    let space = entry.iter().take(MOST_MODE).position(|byte| *byte == b' ')?;
    let mut mode = 0_u32;
    for digit in &entry[..space] {
        mode = mode << 3 | u32::from(digit.checked_sub(b'0').filter(|digit| *digit < 8)?);
    }
    Some((mode, &entry[space + 1..]))
}

/// How nearly all entries begin.
const USUAL: [&[u8]; 3] = [b"100644 ", b"40000 ", b"100755 "];
/// Digits of a mode are no more than this.
const MOST_MODE: usize = 8;

/// Old tools wrote group permissions. Git compares and shows files as executable or not.
fn canonical(mode: u32) -> u32 {
    match mode & TYPE {
        0o100_000 if mode & 0o100 != 0 => 0o100_755,
        0o100_000 => 0o100_644,
        kind => kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_end_where_the_tree_is_damaged() {
        let mut content = b"100644 a\0".to_vec();
        content.extend([1; 20]);
        content.extend(b"40000 dir\0");
        content.extend([2; 20]);
        content.extend(b"100755 cut\0");
        content.extend([3; 7]);
        let entries: Vec<_> = TreeEntries::new(&content).collect();
        assert_eq!(entries.len(), 2);
        assert!(entries[0].side.is_regular() && entries[1].side.is_tree());
        assert_eq!(TreeEntries::new(b"99999999999999 a\0").count(), 0);
    }

    #[test]
    fn group_permissions_do_not_count() {
        let mode = |text: &str| {
            let content = [text.as_bytes(), b" a\0", &[1; 20]].concat();
            TreeEntries::new(&content).next().expect("an entry").side.mode
        };
        assert_eq!((mode("100664"), mode("100775"), mode("120000")), (0o100_644, 0o100_755, 0o120_000));
    }

    #[test]
    fn the_same_name_is_found_in_another_tree() {
        let tree = |entries: &[(&str, &str)]| -> Vec<u8> {
            let entry = |(mode, name): &(&str, &str)| {
                [mode.as_bytes(), b" ", name.as_bytes(), b"\0", &[1; 20]].concat()
            };
            entries.iter().flat_map(entry).collect()
        };
        let ours =
            tree(&[("100644", "a"), ("100644", "b"), ("100644", "dir"), ("40000", "e"), ("100644", "z")]);
        let theirs =
            tree(&[("100755", "b"), ("100644", "c"), ("40000", "dir"), ("40000", "e"), ("100644", "y")]);
        let mut theirs = TreeEntries::new(&theirs);
        let found: Vec<_> =
            TreeEntries::new(&ours).map(|entry| theirs.beside(&entry).map(|side| side.mode)).collect();
        assert_eq!(found, [None, Some(0o100_755), None, Some(0o040_000), None]);
    }

    #[test]
    fn directories_sort_with_their_slash() {
        let entry = |name: &'static str, mode: u32| Entry {
            name: name.as_bytes(),
            side: Side { mode, id: Oid([0; 20]) },
        };
        assert_eq!(entry("a", 0o040_000).order(&entry("a.b", 0o100_644)), Ordering::Greater);
        assert_eq!(entry("a", 0o100_644).order(&entry("a.b", 0o100_644)), Ordering::Less);
        assert_eq!(entry("a", 0o100_644).order(&entry("a", 0o040_000)), Ordering::Less);
    }
}
