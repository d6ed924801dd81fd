//! Text of files for claims: from commits, and from the work tree where that counts.

use std::path::{Component, Path};
use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashMap;

use super::work_tree::WorkTree;
use crate::claims::{Changed, Content, Entry, Sources, Version, compare};
use crate::git::{Contents, Extraction, Repository, TreeEntry};
use crate::model::{Listing, NameFilter, Oid};

/// Larger files are not looked into: sources that reviewers speak of are far smaller.
const MAX_FILE_BYTES: usize = 4 << 20;
/// A NUL among the first bytes marks a file as no text, as in git.
const BINARY_PROBE: usize = 8000;
/// How many commits of the first-parent line are looked at.
const MAX_LINE: usize = 4096;

/// A repository as a source of text.
pub struct GitSources {
    contents: Contents,
    head: Option<Oid>,
    /// The work tree, if it counts.
    work_tree: Option<WorkTree>,
    listings: Mutex<HashMap<Option<Oid>, Option<Arc<Listing>>>>,
    lines: Mutex<HashMap<Option<Oid>, Arc<[Oid]>>>,
}

impl GitSources {
    /// Reads `repository` at `head`, or its work tree if `include_work_tree` and there is one; objects as `extraction` says.
    pub fn new(
        repository: &Repository,
        head: Option<Oid>,
        include_work_tree: bool,
        extraction: &Extraction,
    ) -> Self {
        Self {
            contents: Contents::new(repository, extraction),
            head,
            work_tree: repository.work_dir().filter(|_| include_work_tree).map(WorkTree::new),
            listings: Mutex::default(),
            lines: Mutex::default(),
        }
    }

    /// The commit that a version is read from; `None` for the work tree.
    fn commit<'a>(&'a self, version: Version<'a>) -> Option<&'a Oid> {
        match version {
            Version::At(commit) => Some(commit),
            Version::Now if self.work_tree.is_some() => None,
            Version::Now => self.head.as_ref(),
        }
    }

    fn list(&self, commit: Option<&Oid>) -> Option<Arc<Listing>> {
        let files = match commit {
            Some(commit) => self.contents.files(commit)?,
            None if self.work_tree.is_some() => self.contents.indexed(None)?,
            None => Listing::default(),
        };
        Some(Arc::new(files))
    }
}

impl Sources for GitSources {
    fn head(&self) -> Option<Oid> {
        self.head
    }

    fn is_work_tree(&self) -> bool {
        self.work_tree.is_some()
    }

    fn has(&self, commit: &Oid) -> bool {
        self.contents.has_commit(commit)
    }

    fn entry(&self, version: Version<'_>, path: &str) -> Entry {
        if !is_inside(path) {
            return Entry::Absent;
        }
        match (self.commit(version), &self.work_tree) {
            (Some(commit), _) => match self.contents.entry(commit, path) {
                TreeEntry::Blob(blob) => Entry::File(Some(blob)),
                TreeEntry::Absent => Entry::Absent,
                TreeEntry::Missing => Entry::Unknown,
            },
            (None, Some(work_tree)) if work_tree.has(path) => Entry::File(None),
            (None, _) => Entry::Absent,
        }
    }

    fn text(&self, version: Version<'_>, path: &str) -> Content {
        if let (None, Some(work_tree)) = (self.commit(version), &self.work_tree) {
            let read = if is_inside(path) { work_tree.read(path, MAX_FILE_BYTES) } else { Ok(None) };
            return read.map_or(Content::Unknown, |bytes| bytes.map_or(Content::Absent, text));
        }
        match self.entry(version, path) {
            Entry::File(Some(blob)) => {
                self.contents.read(&blob, MAX_FILE_BYTES).map_or(Content::Unknown, text)
            }
            Entry::Absent => Content::Absent,
            Entry::File(None) | Entry::Unknown => Content::Unknown,
        }
    }

    fn take_back(&self, text: Vec<u8>) {
        if let Some(work_tree) = &self.work_tree {
            work_tree.take_back(text);
        }
    }

    fn files(&self, version: Version<'_>) -> Option<Arc<Listing>> {
        let commit = self.commit(version);
        // The lock is held while listing, so that threads that ask at once do not all do the work.
        let mut listings = self.listings.lock().unwrap_or_else(PoisonError::into_inner);
        listings.entry(commit.copied()).or_insert_with(|| self.list(commit)).clone()
    }

    fn files_called(&self, is_wanted: NameFilter<'_>) -> Option<Arc<Listing>> {
        let is_listed = || self.listings.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&None);
        match self.work_tree.is_none() || is_listed() {
            true => self.files(Version::Now),
            false => self.contents.indexed(Some(is_wanted)).map(Arc::new),
        }
    }

    fn changes(&self, from: Version<'_>, to: Version<'_>) -> Option<Arc<[Changed]>> {
        let changed = match (self.commit(from), self.commit(to)) {
            (Some(from), Some(to)) => {
                let changes = self.contents.changes(from, to)?.into_iter();
                changes.map(|(path, before, after)| Changed { path, before, after }).collect()
            }
            _ => compare(&*self.files(from)?, &*self.files(to)?).into(),
        };
        Some(changed)
    }

    fn line(&self, since: Option<&Oid>) -> Arc<[Oid]> {
        let Some(head) = &self.head else { return Arc::new([]) };
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let line = lines.entry(since.copied());
        line.or_insert_with(|| self.contents.first_parents(head, since, MAX_LINE).into()).clone()
    }
}

/// Whether a path is relative and stays below the root.
fn is_inside(path: &str) -> bool {
    memchr::memchr(0, path.as_bytes()).is_none()
        && (is_plain(path) || Path::new(path).components().all(|part| matches!(part, Component::Normal(_))))
        && !path.is_empty()
}

/// Whether it can be seen at once that a path is made of names, as nearly all are.
fn is_plain(path: &str) -> bool {
    let begins_a_name = |byte: u8| !matches!(byte, b'/' | b'.');
    let bytes = path.as_bytes();
    let pairs = bytes.iter().zip(&bytes[bytes.len().min(1)..]);
    let are_plain = pairs.fold(true, |all, (&byte, &next)| all & (byte != b'/' || begins_a_name(next)));
    !cfg!(windows)
        && are_plain
        && bytes.first().is_some_and(|&first| begins_a_name(first))
        && !path.ends_with('/')
}

fn text(bytes: Vec<u8>) -> Content {
    let is_binary = memchr::memchr(0, &bytes[..bytes.len().min(BINARY_PROBE)]).is_some();
    if is_binary { Content::Unknown } else { Content::Text(bytes) }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::claims::locate::Shelf;
    use crate::git::script::build;

    const SCRIPT: &str = r#"
        branch = "main"
        [[commit]]
        message = "first"
        time = "2026-05-21T09:00:00Z"
        write = { "src/a.rs" = "committed\n", "gone.rs" = "gone\n", "same.rs" = "same\n" }
        symlink = { "committed-link" = "src/a.rs" }
    "#;

    /// A work tree beside a secret, with links to it, and sources that read the work tree.
    fn sources(around: &Path) -> GitSources {
        let (root, outside) = (around.join("tree"), around.join("outside"));
        std::fs::create_dir_all(&outside).expect("a scratch repository");
        std::fs::write(outside.join("secret"), "secret").expect("a scratch repository");
        build(&toml::from_str(SCRIPT).expect("a scratch repository"), &root).expect("a scratch repository");
        std::fs::write(root.join("src/a.rs"), "changed\n").expect("a scratch repository");
        std::fs::write(root.join("binary"), "a\0b").expect("a scratch repository");
        std::fs::write(root.join("latin"), b"caf\xe9").expect("a scratch repository");
        std::fs::write(root.join("empty"), "").expect("a scratch repository");
        std::fs::File::create(root.join("large"))
            .expect("a scratch repository")
            .set_len(MAX_FILE_BYTES as u64 + 1)
            .expect("a scratch repository");
        std::fs::remove_file(root.join("gone.rs")).expect("a scratch repository");
        symlink(outside.join("secret"), root.join("link")).expect("a scratch repository");
        symlink(&outside, root.join("way")).expect("a scratch repository");
        symlink("a.rs", root.join("src/inner")).expect("a scratch repository");
        let repository = Repository::open(&root).expect("a scratch repository");
        let head = repository.resolve("HEAD").expect("a scratch repository");
        GitSources::new(&repository, head, true, &Extraction::default())
    }

    #[test]
    fn the_work_tree_is_read_as_it_is() {
        let around = tempfile::tempdir().expect("a scratch repository");
        let sources = sources(around.path());
        let text = |path: &str| sources.text(Version::Now, path);
        // Asked for twice: the second answer comes from memory.
        for _ in 0..2 {
            assert_eq!(text("src/a.rs"), Content::Text("changed\n".into()));
            assert_eq!(text("./src/a.rs"), Content::Absent, "as before: a path is spelled plainly");
            assert_eq!(text("empty"), Content::Text(Vec::new()));
            assert_eq!(text("latin"), Content::Text(b"caf\xe9".to_vec()));
            assert_eq!((text("binary"), text("large")), (Content::Unknown, Content::Unknown));
            for nothing in ["gone.rs", "src", "src/", "nowhere/at/all", "src/a.rs/x", ""] {
                assert_eq!(
                    (text(nothing), sources.entry(Version::Now, nothing)),
                    (Content::Absent, Entry::Absent),
                    "{nothing}"
                );
            }
        }
        assert_eq!(sources.entry(Version::Now, "src/a.rs"), Entry::File(None));
        let head = sources.head().unwrap();
        assert_eq!(sources.text(Version::At(&head), "gone.rs"), Content::Text("gone\n".into()));
        assert_eq!(sources.text(Version::At(&head), "src/a.rs"), Content::Text("committed\n".into()));
    }

    #[test]
    fn what_is_as_it_was_committed_is_read_once() {
        let around = tempfile::tempdir().unwrap();
        let sources = sources(around.path());
        let (shelf, head) = (Shelf::new(&sources), sources.head().unwrap());
        let both = |path: &str| [Version::Now, Version::At(&head)].map(|version| shelf.text(version, path));
        let [now, then] = both("same.rs");
        assert!(Arc::ptr_eq(now.text().unwrap(), then.text().unwrap()));
        let [now, then] = both("src/a.rs");
        assert_eq!(
            (now.text().unwrap().raw(), then.text().unwrap().raw()),
            (&b"changed\n"[..], &b"committed\n"[..])
        );
    }

    #[test]
    fn nothing_leads_out_of_the_work_tree() {
        let around = tempfile::tempdir().unwrap();
        let sources = sources(around.path());
        let outside = around.path().join("outside/secret");
        let absolute = outside.to_str().unwrap();
        for path in [
            "link",
            "way",
            "way/secret",
            "way//secret",
            "way/./secret",
            "way/",
            "src/inner",
            "committed-link",
            "../outside/secret",
            "src/../../outside/secret",
            absolute,
            "src/a.rs\0",
        ] {
            for _ in 0..2 {
                assert_eq!(sources.entry(Version::Now, path), Entry::Absent, "{path:?}");
                assert_eq!(sources.text(Version::Now, path), Content::Absent, "{path:?}");
            }
        }
    }
}
