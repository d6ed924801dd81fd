//! Parents other than those written in a commit: where a shallow clone ends, and `info/grafts`.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::objects::RawCommit;
use crate::model::Oid;

/// Files larger than this are not read.
const MOST_BYTES: u64 = 64 << 20;

/// Which commits have other parents than they say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Grafts {
    parents: HashMap<Oid, Vec<Oid>>,
    /// Commits whose parents were cut off when the repository was cloned.
    shallow: HashSet<Oid>,
}

impl Grafts {
    /// Reads the grafts of the repository whose common directory this is.
    pub(super) fn of(common_dir: &Path) -> Self {
        let read = |name: &str| {
            let path = common_dir.join(name);
            let is_readable = path.metadata().is_ok_and(|data| data.len() <= MOST_BYTES);
            if is_readable { std::fs::read_to_string(path).unwrap_or_default() } else { String::new() }
        };
        Self::parse(&read("info/grafts"), &read("shallow"))
    }

    fn parse(grafts: &str, shallow: &str) -> Self {
        let ids = |line: &str| -> Vec<Oid> {
            line.split_ascii_whitespace().map_while(|word| Oid::from_hex(word.as_bytes())).collect()
        };
        let lines = grafts.lines().map(ids);
        let parents = lines.filter_map(|ids| ids.split_first().map(|(id, parents)| (*id, parents.to_vec())));
        let shallow = shallow.lines().filter_map(|line| ids(line).first().copied());
        Self { parents: parents.collect(), shallow: shallow.collect() }
    }

    /// The parents that count.
    pub(super) fn parents(&self, id: Oid, commit: &RawCommit) -> Vec<Oid> {
        if self.shallow.contains(&id) {
            return Vec::new();
        }
        self.parents.get(&id).unwrap_or(&commit.parents).clone()
    }

    /// Whether a shallow clone cut the parents off: against nothing, the commit would seem to add everything.
    pub(super) fn is_boundary(&self, id: Oid, commit: &RawCommit) -> bool {
        self.shallow.contains(&id) && !commit.parents.is_empty()
    }

    /// Whether a commit has other parents than it says.
    pub(super) fn touches(&self, id: Oid) -> bool {
        self.shallow.contains(&id) || self.parents.contains_key(&id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grafts_replace_parents_and_shallow_cuts_them_off() {
        let id = |digit: char| Oid::from_hex(digit.to_string().repeat(40).as_bytes()).expect("an id");
        let text = |digits: &str| -> String {
            digits.chars().map(|digit| digit.to_string().repeat(40)).collect::<Vec<_>>().join(" ")
        };
        let grafts = Grafts::parse(
            &format!("# odd\n{}\n{}\n", text("1ab"), text("2")),
            &format!("{}\nnonsense\n", text("3")),
        );
        let commit = RawCommit { parents: vec![id('f')], ..RawCommit::default() };
        let parents = |digit: char| grafts.parents(id(digit), &commit);
        assert_eq!(parents('1'), [id('a'), id('b')]);
        assert_eq!(parents('2'), []);
        assert_eq!(parents('3'), []);
        assert_eq!(parents('4'), [id('f')]);
        assert!(grafts.is_boundary(id('3'), &commit) && !grafts.is_boundary(id('2'), &commit));
        assert!(grafts.touches(id('2')) && !grafts.touches(id('4')));
    }
}
