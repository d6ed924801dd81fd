//! Paths that the repository's attributes call binary or text.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use git2::{AttrCheckFlags, AttrValue};

/// Longer attribute files are taken to say something.
const MOST_BYTES: u64 = 1 << 20;

/// Whether any attribute file in force says which files are text. Most say nothing of the kind, and
/// then no path has to be looked up.
pub(super) fn matter(repo: &git2::Repository) -> bool {
    let mut files = vec![repo.commondir().join("info/attributes")];
    if let Ok(config) = repo.config() {
        files.extend(config.get_path("core.attributesFile"));
    }
    files.extend(git2::Config::find_xdg().ok().map(|config| config.with_file_name("attributes")));
    if let (Some(root), Ok(index)) = (repo.workdir(), repo.index()) {
        let paths = index.iter().filter_map(|entry| String::from_utf8(entry.path).ok());
        let named = paths.filter(|path| path.rsplit('/').next() == Some(".gitattributes"));
        files.extend(named.map(|path| root.join(path)));
        files.push(root.join(".gitattributes"));
    }
    files.iter().any(speaks_of_text)
}

fn speaks_of_text(file: &PathBuf) -> bool {
    let Ok(data) = file.metadata() else { return false };
    if data.len() > MOST_BYTES {
        return true;
    }
    let content = std::fs::read(file).unwrap_or_default();
    let says = |word: &[u8]| content.windows(word.len()).any(|found| found == word);
    says(b"diff") || says(b"binary")
}

/// Looks paths up, each once.
pub(super) struct Attributes<'a> {
    repo: Option<&'a git2::Repository>,
    known: HashMap<Vec<u8>, Option<bool>>,
}

impl<'a> Attributes<'a> {
    /// Asks `repo`, if its attributes [matter].
    pub(super) fn new(repo: &'a git2::Repository, matter: bool) -> Self {
        Self { repo: matter.then_some(repo), known: HashMap::new() }
    }

    /// Whether a path is binary or text by declaration.
    pub(super) fn is_binary(&mut self, path: &[u8]) -> Option<bool> {
        let repo = self.repo?;
        if let Some(known) = self.known.get(path) {
            return *known;
        }
        let declared = declared(repo, path);
        self.known.insert(path.to_vec(), declared);
        declared
    }
}

fn declared(repo: &git2::Repository, path: &[u8]) -> Option<bool> {
    let path = std::str::from_utf8(path).ok()?;
    let value = repo.get_attr_bytes(Path::new(path), "diff", AttrCheckFlags::default()).ok()?;
    match AttrValue::always_bytes(value) {
        AttrValue::True => Some(false),
        AttrValue::False => Some(true),
        _ => None,
    }
}
