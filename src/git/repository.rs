//! A repository that can be asked plain questions.

use std::path::{Path, PathBuf};
use std::sync::{Once, mpsc};
use std::time::Duration;

use git2::ErrorCode;

use super::error::{Cause, GitError, Reading};
use crate::model::Oid;

/// Local branches that are taken for the default branch when no remote says which it is.
const USUAL_DEFAULTS: [&str; 4] = ["main", "master", "trunk", "develop"];

/// A repository is opened in milliseconds, unless its configuration includes a pipe that nobody writes to.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of a file that libgit2 reads as a whole: a million references take half of it.
const MOST_BYTES: u64 = 128 << 20;
/// What libgit2 reads of the repository and of the root of the work tree, whatever it is.
const READ: [&str; 6] =
    ["packed-refs", "shallow", "info/exclude", "info/attributes", "info/grafts", "objects/info/alternates"];
const READ_OF_WORK_TREE: [&str; 3] = [".gitignore", ".gitattributes", ".gitmodules"];
/// Keys of the configuration that name a file.
const NAMES_A_FILE: [&str; 2] = ["core.attributesfile", "core.excludesfile"];

/// An open repository.
pub struct Repository {
    raw: git2::Repository,
}

/// What HEAD stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeadState {
    /// A branch with commits.
    Branch {
        /// Its name without `refs/heads/`.
        name: String,
        /// Its tip.
        oid: Oid,
    },
    /// A commit and no branch.
    Detached(Oid),
    /// A branch without commits.
    Unborn(String),
}

impl Repository {
    /// Finds the repository at `start` or above it; `start` itself need not exist. Bare ones are passed over where one with a
    /// work tree is around them: a branch can commit the files of a bare repository, and would choose its own history. Git has
    /// `safe.bareRepository` for the same reason.
    pub fn discover(start: &Path) -> Result<Self, GitError> {
        let existing = start.ancestors().find(|path| path.exists()).unwrap_or(start);
        let existing = existing.canonicalize().unwrap_or_else(|_| existing.to_path_buf());
        let home = existing.ancestors().find(|dir| dir.join(".git").symlink_metadata().is_ok());
        Self::open(home.unwrap_or(&existing))
    }

    /// Opens the repository that `dir` is the work tree of, lies in, or is (bare).
    pub fn open(dir: &Path) -> Result<Self, GitError> {
        trust_objects();
        let raw = at_home(in_time(dir, git2::Repository::discover)?);
        files_read(&raw).into_iter().try_for_each(check_file)?;
        Ok(Self { raw })
    }

    /// Another handle on the repository at `git_dir`, for another thread.
    pub(super) fn handle(git_dir: &Path) -> Result<git2::Repository, GitError> {
        git2::Repository::open(git_dir).map(at_home).map_err(|error| cannot_open(git_dir, error))
    }

    /// The handle, for the modules behind the wall.
    pub(super) fn raw(&self) -> &git2::Repository {
        &self.raw
    }

    /// Root of the work tree; `None` when the repository is bare.
    pub fn work_dir(&self) -> Option<PathBuf> {
        self.raw.workdir().map(Path::to_path_buf)
    }

    /// The `.git` directory; of a linked work tree, its own part of it.
    pub fn git_dir(&self) -> PathBuf {
        self.raw.path().to_path_buf()
    }

    /// Whether there is no work tree.
    pub fn is_bare(&self) -> bool {
        self.raw.is_bare()
    }

    /// Whether history was cut off when it was cloned.
    pub fn is_shallow(&self) -> bool {
        self.raw.is_shallow()
    }

    /// The commit that `revision` names, tags peeled; `None` if it names none.
    pub fn resolve(&self, revision: &str) -> Result<Option<Oid>, GitError> {
        use ErrorCode::{Ambiguous, InvalidSpec, NotFound, Peel};
        let object = match full_id(revision) {
            // An id in full is that object, and no reference has to be looked at.
            Some(id) => self.raw.find_object(id, None),
            None => self.raw.revparse_single(revision),
        };
        let commit = object.and_then(|object| object.peel_to_commit());
        match commit {
            Ok(commit) => Ok(Some(oid(commit.id()))),
            Err(error) if matches!(error.code(), Ambiguous | InvalidSpec | NotFound | Peel) => Ok(None),
            Err(error) => Err(error).reading(|| format!("revision `{revision}`")),
        }
    }

    /// What HEAD stands for.
    pub fn head_state(&self) -> Result<HeadState, GitError> {
        let head = match self.raw.head() {
            Ok(head) => head,
            Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => {
                return Ok(HeadState::Unborn(self.unborn_branch()));
            }
            Err(error) => return Err(error).reading(|| "HEAD".to_owned()),
        };
        let oid = oid(head.peel_to_commit().reading(|| "the commit that HEAD names".to_owned())?.id());
        if !head.is_branch() {
            return Ok(HeadState::Detached(oid));
        }
        Ok(HeadState::Branch { name: String::from_utf8_lossy(head.shorthand_bytes()).into_owned(), oid })
    }

    fn unborn_branch(&self) -> String {
        let head = self.raw.find_reference("HEAD").ok();
        let target = head.and_then(|head| head.symbolic_target_bytes().map(<[u8]>::to_vec));
        let name = String::from_utf8_lossy(&target.unwrap_or_default()).into_owned();
        name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned()
    }

    /// The branch that work is merged into, and its tip: what the remote says, else the usual names.
    pub fn default_branch(&self) -> Option<(String, Oid)> {
        let remote = ["HEAD", "main", "master"].map(|name| format!("refs/remotes/origin/{name}"));
        let local = USUAL_DEFAULTS.map(|name| format!("refs/heads/{name}"));
        remote.iter().chain(&local).find_map(|name| self.tip(name))
    }

    fn tip(&self, reference: &str) -> Option<(String, Oid)> {
        let reference = self.raw.find_reference(reference).ok()?.resolve().ok()?;
        let name = String::from_utf8_lossy(reference.shorthand_bytes()).into_owned();
        let commit = reference.peel_to_commit().ok()?;
        Some((name, oid(commit.id())))
    }

    /// Whether `ancestor` is `commit` or reachable from it.
    pub(super) fn contains(&self, commit: &Oid, ancestor: &Oid) -> Result<bool, GitError> {
        if commit == ancestor {
            return Ok(true);
        }
        let (commit, ancestor) = (raw_oid(commit)?, raw_oid(ancestor)?);
        self.raw
            .graph_descendant_of(commit, ancestor)
            .reading(|| format!("the commits between {ancestor} and {commit}"))
    }

    /// The bytes of `path` in `commit`, which are at most `most`; `None` if there is no such file, or its object is missing.
    pub fn blob_at(&self, commit: &Oid, path: &str, most: usize) -> Result<Option<Vec<u8>>, GitError> {
        let reading = || format!("`{path}` at {commit}");
        let found = (|| {
            let tree = self.raw.find_commit(git2::Oid::from_bytes(&commit.0)?)?.tree()?;
            let id = tree.get_path(Path::new(path))?.id();
            let (size, _) = self.raw.odb()?.read_header(id)?;
            let is_within = size <= most;
            let bytes = || self.raw.find_blob(id).map(|blob| blob.content().to_vec());
            is_within.then(bytes).transpose()
        })();
        match found {
            Ok(Some(bytes)) => Ok(Some(bytes)),
            Ok(None) => Err(GitError::Read {
                what: reading(),
                source: Cause::new(format!("it has more than {most} bytes")),
            }),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error).reading(reading),
        }
    }
}

/// A missing object, or one of another type than was asked for.
fn is_absent(error: &git2::Error) -> bool {
    matches!(error.code(), ErrorCode::NotFound | ErrorCode::Peel | ErrorCode::InvalidSpec)
}

/// Copies an id out.
pub(super) fn oid(raw: git2::Oid) -> Oid {
    // Both have twenty bytes.
    Oid::from_slice(raw.as_bytes()).unwrap_or_default()
}

/// The id that libgit2 understands.
pub(super) fn raw_oid(oid: &Oid) -> Result<git2::Oid, GitError> {
    git2::Oid::from_bytes(&oid.0).reading(|| format!("object id `{oid}`"))
}

/// Stops libgit2 from hashing every object that it reads, as git itself does not either.
fn trust_objects() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| git2::opts::strict_hash_verification(false));
}

/// With the work tree that a directory `.git` lies in, whatever its configuration says: one that calls `/` its work tree
/// would have the whole machine searched.
fn at_home(raw: git2::Repository) -> git2::Repository {
    let home = raw.path().parent().filter(|_| raw.path().ends_with(".git") && raw.path() == raw.commondir());
    let home =
        home.filter(|home| raw.workdir().is_some_and(|work_dir| work_dir != *home)).map(Path::to_path_buf);
    if let Some(home) = home {
        // Where that cannot be, the repository stays as it says it is.
        let _ = raw.set_workdir(&home, false);
    }
    raw
}

/// Opens on another thread, which is left behind if it never returns.
fn in_time(
    dir: &Path,
    open: fn(PathBuf) -> Result<git2::Repository, git2::Error>,
) -> Result<git2::Repository, GitError> {
    let (sender, receiver) = mpsc::channel();
    let path = dir.to_path_buf();
    // If nobody waits any more, nobody needs it.
    std::thread::spawn(move || drop(sender.send(open(path))));
    match receiver.recv_timeout(PATIENCE) {
        Ok(opened) => opened.map_err(|error| cannot_open(dir, error)),
        Err(_) => Err(GitError::Special { path: dir.join(".git/config") }),
    }
}

/// Files that libgit2 reads to the end, or waits for.
fn files_read(raw: &git2::Repository) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = READ.iter().map(|name| raw.commondir().join(name)).collect();
    paths.extend(raw.workdir().into_iter().flat_map(|root| READ_OF_WORK_TREE.map(|name| root.join(name))));
    let config = raw.config().ok();
    paths
        .extend(config.iter().flat_map(|config| NAMES_A_FILE.map(|key| config.get_path(key).ok())).flatten());
    paths
}

/// Refuses what is neither a file nor a directory (a pipe, a device, a socket), and a file that fills memory.
pub(super) fn check_file(path: PathBuf) -> Result<(), GitError> {
    match path.metadata() {
        Ok(data) if !data.is_file() && !data.is_dir() => Err(GitError::Special { path }),
        Ok(data) if data.is_file() && data.len() > MOST_BYTES => {
            Err(GitError::Excessive { path, why: "it has more than 128 MiB" })
        }
        _ => Ok(()),
    }
}

fn cannot_open(dir: &Path, error: git2::Error) -> GitError {
    let marked = dir.ancestors().find(|path| is_marked(path));
    let path = marked.unwrap_or(dir).to_path_buf();
    if error.message().contains("objectformat") || is_sha256(&path) {
        return GitError::Sha256 { path };
    }
    match error.code() {
        ErrorCode::Owner => GitError::Ownership { path, source: error.into() },
        ErrorCode::NotFound if marked.is_none() => GitError::NotARepository { path: dir.to_path_buf() },
        _ => GitError::Damaged { path, source: error.into() },
    }
}

/// Whether a directory looks like the root of a work tree or a bare repository.
fn is_marked(dir: &Path) -> bool {
    dir.join(".git").symlink_metadata().is_ok()
        || (dir.join("HEAD").is_file() && dir.join("objects").is_dir())
}

fn is_sha256(root: &Path) -> bool {
    [root.join(".git/config"), root.join("config")]
        .iter()
        .filter(|config| config.is_file())
        .filter_map(|config| std::fs::read_to_string(config).ok())
        .any(|text| says_sha256(&text))
}

/// Whether a repository's configuration text asks for SHA-256 ids.
fn says_sha256(config: &str) -> bool {
    let lines = config.lines().map(|line| line.to_ascii_lowercase().replace([' ', '\t', '"'], ""));
    lines.into_iter().any(|line| line == "objectformat=sha256")
}

/// The id that a revision spells in full.
fn full_id(revision: &str) -> Option<git2::Oid> {
    let is_full = revision.len() == 40 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_full.then(|| git2::Oid::from_str(revision).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_repository_within_a_work_tree_has_to_be_named() {
        let scratch = tempfile::tempdir().expect("a directory");
        let outer = git2::Repository::init(scratch.path().join("outer")).expect("a repository");
        let inside = outer.workdir().expect("a work tree").join("inside");
        git2::Repository::init_bare(&inside).expect("a repository");
        let found = |dir: &Path| Repository::discover(dir).expect("a repository").git_dir();
        assert_eq!(found(&inside), outer.path());
        assert_eq!(found(&inside.join("refs/gone")), outer.path());
        assert!(Repository::open(&inside).expect("a repository").is_bare());
        let alone = git2::Repository::init_bare(scratch.path().join("alone")).expect("a repository");
        assert_eq!(found(alone.path()), alone.path());
    }

    #[test]
    fn the_object_format_is_read_from_the_text() {
        assert!(says_sha256("[core]\n\tbare = false\n[extensions]\n\tobjectFormat = sha256\n"));
        assert!(!says_sha256("[extensions]\n\tobjectformat = sha1\n"));
        assert!(!says_sha256("# objectformat = sha256\n"));
    }
}
