//! Paths that the repository's attributes call binary or text.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use git2::{AttrCheckFlags, AttrValue};

use super::error::GitError;
use super::index;
use super::limits::TooMuch;
use super::rules::{Kind, MOST_ASKED, Rules};
use crate::model::Commit;

/// What the attribute files in force say, if any of them says which files are text: then paths have to be
/// looked up. Most say nothing of the kind.
pub(super) fn in_force(repo: &git2::Repository) -> Result<Option<Rules>, GitError> {
    let listing = index::files(repo)?.unwrap_or_default();
    let rules = Rules::of(repo, &listing, Kind::Attributes, false)?;
    Ok(rules.is_about_text.then_some(rules))
}

/// Whether the paths that commits change can be looked up: counted the same way however they were read. Nobody has looked up
/// more of them.
pub(super) fn check(rules: &Rules, commits: &[Commit]) -> Result<(), TooMuch> {
    let most = MOST_ASKED / rules.per_path.max(1);
    if commits.iter().map(|commit| commit.changes.len() as u64).sum::<u64>() <= most {
        return Ok(());
    }
    let paths = commits.iter().flat_map(|commit| &commit.changes).map(|change| change.path.as_str());
    let paths: HashSet<&str> = paths.collect();
    if paths.len() as u64 > most { Err(TooMuch) } else { Ok(()) }
}

/// Looks paths up, each once.
pub(super) struct Attributes<'a> {
    repo: Option<&'a git2::Repository>,
    flags: AttrCheckFlags,
    /// So many paths may be looked up: every rule is asked about each.
    most: u64,
    known: HashMap<Vec<u8>, Option<bool>>,
}

impl<'a> Attributes<'a> {
    /// Asks `repo`, if it has attributes [in force](in_force) that matter. Libgit2 would follow a link, which git does not: then
    /// only what is staged counts.
    pub(super) fn new(repo: &'a git2::Repository, rules: Option<&Rules>) -> Self {
        let is_linked = rules.is_some_and(|rules| rules.is_linked);
        Self {
            repo: rules.map(|_| repo),
            flags: if is_linked { AttrCheckFlags::INDEX_ONLY } else { AttrCheckFlags::default() },
            most: MOST_ASKED / rules.map_or(1, |rules| rules.per_path.max(1)),
            known: HashMap::new(),
        }
    }

    /// Whether a path is binary or text by declaration. [`TooMuch`] if more paths were looked up than [may be](check).
    pub(super) fn is_binary(&mut self, path: &[u8]) -> Result<Option<bool>, TooMuch> {
        let Some(repo) = self.repo else { return Ok(None) };
        if let Some(known) = self.known.get(path) {
            return Ok(*known);
        }
        if self.known.len() as u64 >= self.most {
            return Err(TooMuch);
        }
        let declared = declared(repo, path, self.flags);
        self.known.insert(path.to_vec(), declared);
        Ok(declared)
    }
}

fn declared(repo: &git2::Repository, path: &[u8], flags: AttrCheckFlags) -> Option<bool> {
    let path = std::str::from_utf8(path).ok()?;
    let value = repo.get_attr_bytes(Path::new(path), "diff", flags).ok()?;
    match AttrValue::always_bytes(value) {
        AttrValue::True => Some(false),
        AttrValue::False => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::commit;

    #[test]
    fn so_many_rules_are_asked_about_so_many_paths() {
        let rules = Rules::so_many(MOST_ASKED / 2);
        let scratch = tempfile::tempdir().expect("a directory");
        let repo = git2::Repository::init(scratch.path()).expect("a repository");
        let mut attributes = Attributes::new(&repo, Some(&rules));
        let asked = [b"a", b"b", b"a", b"c", b"b"].map(|path| attributes.is_binary(path));
        assert_eq!(asked, [Ok(None), Ok(None), Ok(None), Err(TooMuch), Ok(None)]);
        assert_eq!(Attributes::new(&repo, None).is_binary(b"c"), Ok(None));
        let commits = |paths: [&str; 2]| vec![commit("1", "a clock", &paths), commit("2", "again", &["a"])];
        assert_eq!(check(&rules, &commits(["a", "b"])), Ok(()), "each path once");
        assert_eq!(check(&rules, &commits(["c", "b"])), Err(TooMuch));
        assert_eq!(check(&Rules::default(), &commits(["c", "b"])), Ok(()));
    }
}
