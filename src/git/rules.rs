//! Files of rules about paths: `.gitattributes` and `.gitignore`, and those outside the tree.
//!
//! Libgit2 reads them as a whole, follows links, and asks every rule about every path. So they are counted before it does.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::error::GitError;
use super::repository::check_file;
use crate::digest::sha256;
use crate::model::{Listing, Oid};

/// Bytes of one file, and of all of a kind.
const MOST_BYTES: u64 = 1 << 20;
const MOST_ALTOGETHER: u64 = 16 << 20;
/// Bytes of a line of attributes, from which git too does not read it.
const MOST_LINE: usize = 2048;
/// Rules times the attributes that macros stand for: each rule may take over all of them.
const MOST_TAKEN_OVER: u64 = 10_000_000;
/// Rules times paths that they are asked about: several seconds, where their patterns are made to take long.
pub(super) const MOST_ASKED: u64 = 6_000_000;

/// What rules are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Attributes,
    Ignored,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Attributes => ".gitattributes",
            Self::Ignored => ".gitignore",
        }
    }

    /// Files that no commit has.
    fn outside(self, repo: &git2::Repository) -> Vec<PathBuf> {
        let (info, key, xdg) = match self {
            Self::Attributes => ("info/attributes", "core.attributesFile", "attributes"),
            Self::Ignored => ("info/exclude", "core.excludesFile", "ignore"),
        };
        let mut files = vec![repo.commondir().join(info)];
        files.extend(repo.config().and_then(|config| config.get_path(key)));
        files.extend(git2::Config::find_xdg().map(|config| config.with_file_name(xdg)));
        files
    }
}

/// What files of rules say together.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules {
    /// Of everything they say.
    pub(super) digest: [u8; 32],
    /// So many rules are asked about a path, at most.
    pub(super) per_path: u64,
    /// Whether one of them says which files are text.
    pub(super) is_about_text: bool,
    /// Whether a file of the work tree is a link, which git does not follow.
    pub(super) is_linked: bool,
    bytes: u64,
    count: u64,
    macros: u64,
    /// The file with the most rules, and how many.
    longest: (PathBuf, u64),
}

impl Rules {
    /// For tests: so many of them.
    #[cfg(test)]
    pub(super) fn so_many(per_path: u64) -> Self {
        Self { per_path, ..Self::default() }
    }

    /// Those in force, of a work tree whose index lists these files; with or without what links there lead to.
    pub(super) fn of(
        repo: &git2::Repository,
        listing: &Listing,
        kind: Kind,
        follow: bool,
    ) -> Result<Self, GitError> {
        let mut rules = Self::default();
        let mut outside = 0;
        for file in kind.outside(repo) {
            outside += rules.add(&file, kind, true)?;
        }
        rules.per_path = outside;
        let Some(root) = repo.workdir() else { return Ok(rules) };
        // A directory, and the rules there and above. Those above come before.
        let mut above: Vec<(&str, u64)> = Vec::new();
        for (directory, staged) in directories(listing, kind.name()) {
            let file = root.join(directory).join(kind.name());
            rules.note(&staged.0);
            let own = rules.add(&file, kind, follow)?;
            while above.pop_if(|(above, _)| !directory.starts_with(*above)).is_some() {}
            let all = own + above.last().map_or(outside, |(_, rules)| *rules);
            rules.per_path = rules.per_path.max(all);
            above.push((directory, all));
        }
        let is_too_much = rules.count.saturating_mul(rules.macros) > MOST_TAKEN_OVER;
        if is_too_much { Err(rules.excess("its macros stand for too much")) } else { Ok(rules) }
    }

    /// Fails if so many paths are too many to ask all rules about.
    pub(super) fn check(&self, paths: u64) -> Result<(), GitError> {
        let is_too_much = self.per_path.saturating_mul(paths) > MOST_ASKED;
        if is_too_much { Err(self.excess("it has too many rules for so many paths")) } else { Ok(()) }
    }

    fn excess(&self, why: &'static str) -> GitError {
        GitError::Excessive { path: self.longest.0.clone(), why }
    }

    /// Adds a file, if there is one. How many rules it has.
    fn add(&mut self, file: &Path, kind: Kind, follow: bool) -> Result<u64, GitError> {
        if !follow && file.symlink_metadata().is_ok_and(|data| data.is_symlink()) {
            self.is_linked = true;
            self.note(file.as_os_str().as_encoded_bytes());
            return Ok(0);
        }
        check_file(file.to_path_buf())?;
        let Some(content) = content(file) else { return Ok(0) };
        let excess = |why| Err(GitError::Excessive { path: file.to_path_buf(), why });
        self.bytes += content.len() as u64;
        if content.len() as u64 > MOST_BYTES {
            return excess("it has more than 1 MiB");
        }
        if self.bytes > MOST_ALTOGETHER {
            return excess("it has more than 16 MiB with others like it");
        }
        let mut count = 0;
        for line in lines(&content) {
            count += 1;
            if kind == Kind::Attributes && line.len() > MOST_LINE {
                return excess("a line has more than 2,048 bytes");
            }
            if line.trim_ascii_start().starts_with(b"[attr]") {
                self.macros += line.split(u8::is_ascii_whitespace).count() as u64;
            }
        }
        let says = |word: &[u8]| memchr::memmem::find(&content, word).is_some();
        self.is_about_text |= says(b"diff") || says(b"binary");
        self.count += count;
        if count > self.longest.1 {
            self.longest = (file.to_path_buf(), count);
        }
        self.note(file.as_os_str().as_encoded_bytes());
        self.note(&content);
        Ok(count)
    }

    /// Makes it part of the digest.
    fn note(&mut self, said: &[u8]) {
        self.digest = sha256(&[self.digest, sha256(said)].concat());
    }
}

/// Directories of the index that have a file of that name, and the root, each with the blob of that file, in an order in which
/// those above come before.
fn directories<'a>(listing: &'a Listing, name: &str) -> Vec<(&'a str, Oid)> {
    let named = listing.paths().enumerate().filter_map(|(number, path)| {
        let directory = path.strip_suffix(name)?;
        let is_name = directory.is_empty() || directory.ends_with('/');
        is_name.then(|| (directory, listing.blob(number)))
    });
    let mut found: Vec<(&str, Oid)> = named.collect();
    if found.iter().all(|(directory, _)| !directory.is_empty()) {
        found.push(("", Oid::default()));
    }
    found.sort_unstable();
    found
}

/// The beginning of a file, if there is one: what is too much, and no more.
fn content(file: &Path) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    std::fs::File::open(file).ok()?.take(MOST_BYTES + 1).read_to_end(&mut content).ok()?;
    Some(content)
}

/// Lines that are neither empty nor comments.
fn lines(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    content.split(|byte| *byte == b'\n').filter(|line| !matches!(line.first(), None | Some(b'#')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_all_directories_above_are_asked_about_a_path() {
        let scratch = tempfile::tempdir().expect("a directory");
        let repo = git2::Repository::init(scratch.path()).expect("a repository");
        let mut index = repo.index().expect("an index");
        for (directory, lines) in [("", 3), ("a", 10), ("a/b", 20), ("a.b", 25), ("ab", 29)] {
            let path = Path::new(directory).join(".gitignore");
            std::fs::create_dir_all(scratch.path().join(directory)).expect("a directory");
            std::fs::write(scratch.path().join(&path), "# a comment\n\nx\n*.y\n".repeat(lines))
                .expect("written");
            index.add_path(&path).expect("added");
        }
        index.write().expect("written");
        let rules = |listing: &Listing| Rules::of(&repo, listing, Kind::Ignored, true).expect("few rules");
        let listing = crate::git::index::files(&repo).expect("an index").expect("files");
        let (outside, rules) = (rules(&Listing::default()).per_path - 6, rules(&listing));
        assert_eq!(rules.per_path - outside, 2 * (3 + 10 + 20));
        assert!(rules.check(100).is_ok() && rules.check(MOST_ASKED).is_err());
    }
}
