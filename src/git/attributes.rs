//! Paths that the repository's attributes call binary or text.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use git2::{AttrCheckFlags, AttrValue};

use super::index;

/// Of an attribute file, this much is looked at.
const MOST_BYTES: u64 = 1 << 20;

/// What the attribute files in force say, if any of them says which files are text: then paths have to be
/// looked up. Most say nothing of the kind.
pub(super) fn in_force(repo: &git2::Repository) -> Option<Vec<u8>> {
    let mut files = vec![repo.commondir().join("info/attributes")];
    if let Ok(config) = repo.config() {
        files.extend(config.get_path("core.attributesFile"));
    }
    files.extend(git2::Config::find_xdg().ok().map(|config| config.with_file_name("attributes")));
    if let Some((root, index)) = repo.workdir().zip(index::files(repo)) {
        let named = index.paths().filter(|path| path.rsplit('/').next() == Some(".gitattributes"));
        files.extend(named.map(|path| root.join(path)));
        files.push(root.join(".gitattributes"));
    }
    let mut said = Vec::new();
    for file in files {
        if let Some(content) = content(&file) {
            said.extend(file.as_os_str().as_encoded_bytes());
            said.push(0);
            said.extend(content);
        }
    }
    let says = |word: &[u8]| memchr::memmem::find(&said, word).is_some();
    (says(b"diff") || says(b"binary")).then_some(said)
}

/// The beginning of a file, if there is one.
fn content(file: &Path) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    std::fs::File::open(file).ok()?.take(MOST_BYTES).read_to_end(&mut content).ok()?;
    Some(content)
}

/// Looks paths up, each once.
pub(super) struct Attributes<'a> {
    repo: Option<&'a git2::Repository>,
    known: HashMap<Vec<u8>, Option<bool>>,
}

impl<'a> Attributes<'a> {
    /// Asks `repo`, if it has attributes [in force](in_force) that matter.
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
