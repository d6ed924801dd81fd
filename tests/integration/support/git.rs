//! A repository driven by git itself, cut off from the machine's configuration.

use std::cell::Cell;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use taskproof::git::Repository;
use taskproof::model::Oid;
use tempfile::TempDir;

/// Time of the first commit.
const START: u64 = 1_750_000_000;

/// A scratch directory with a repository in it.
pub(crate) struct Git {
    /// Removed with the value.
    pub(crate) scratch: TempDir,
    /// Where commands run.
    pub(crate) root: PathBuf,
    clock: Cell<u64>,
}

impl Git {
    /// A new repository on branch `main`.
    pub(crate) fn init() -> Self {
        let git = Self::nowhere();
        git.run(["init", "-q", "-b", "main"]);
        git
    }

    /// A directory without a repository.
    pub(crate) fn nowhere() -> Self {
        let scratch = tempfile::tempdir().expect("a scratch directory");
        let root = scratch.path().join("project");
        std::fs::create_dir_all(&root).expect("a project directory");
        Self { scratch, root, clock: Cell::new(START) }
    }

    /// A view of a directory that is there already.
    pub(crate) fn at(root: PathBuf) -> Self {
        Self { root, ..Self::nowhere() }
    }

    /// Runs git in a directory.
    pub(crate) fn output_in<S: AsRef<OsStr>>(&self, dir: &Path, args: impl IntoIterator<Item = S>) -> Output {
        let time = format!("{} +0000", self.clock.get());
        self.clock.set(self.clock.get() + 60);
        let mut command = Command::new("git");
        for name in
            ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_CEILING_DIRECTORIES"]
        {
            command.env_remove(name);
        }
        command
            .current_dir(dir)
            .env("HOME", self.scratch.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_EDITOR", ":")
            .env("GIT_AUTHOR_NAME", "Ada Example")
            .env("GIT_AUTHOR_EMAIL", "ada@example.org")
            .env("GIT_COMMITTER_NAME", "Ada Example")
            .env("GIT_COMMITTER_EMAIL", "ada@example.org")
            .env("GIT_AUTHOR_DATE", &time)
            .env("GIT_COMMITTER_DATE", &time)
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .args(["-c", "protocol.file.allow=always"])
            .args(args)
            .output()
            .expect("git runs")
    }

    /// Runs git, which must succeed; its output as bytes.
    pub(crate) fn bytes<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Vec<u8> {
        self.bytes_in(&self.root, args)
    }

    /// As `bytes`, in another directory.
    pub(crate) fn bytes_in<S: AsRef<OsStr>>(&self, dir: &Path, args: impl IntoIterator<Item = S>) -> Vec<u8> {
        let output = self.output_in(dir, args);
        assert!(output.status.success(), "git failed: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Runs git, which must succeed; its output as trimmed text.
    pub(crate) fn run<const N: usize>(&self, args: [&str; N]) -> String {
        String::from_utf8_lossy(&self.bytes(args)).trim().to_owned()
    }

    /// Writes a file below the root.
    pub(crate) fn write(&self, path: impl AsRef<OsStr>, content: impl AsRef<[u8]>) {
        let file = self.root.join(Path::new(path.as_ref()));
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("its directory");
        std::fs::write(file, content).expect("the file is written");
    }

    /// Removes a file below the root.
    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.root.join(path)).expect("the file is removed");
    }

    /// Makes a symlink below the root.
    pub(crate) fn symlink(&self, path: &str, target: &str) {
        std::os::unix::fs::symlink(target, self.root.join(path)).expect("the symlink is made");
    }

    /// Commits everything; the id.
    pub(crate) fn commit(&self, message: &str) -> Oid {
        self.run(["add", "-A"]);
        self.run(["commit", "-q", "--allow-empty", "-m", message]);
        self.id("HEAD")
    }

    /// The commit that a revision names.
    pub(crate) fn id(&self, revision: &str) -> Oid {
        Oid::from_hex(self.run(["rev-parse", revision])).expect("an id")
    }

    /// Our view of the repository.
    pub(crate) fn open(&self) -> Repository {
        Repository::open(&self.root).expect("the repository opens")
    }
}

/// Numbered lines, so that files differ and similarity can be planned.
pub(crate) fn lines(name: &str, count: usize) -> String {
    let line = |number: usize| format!("{name} line {number} {}\n", number * 7919 % 1000);
    (0..count).map(line).collect()
}

/// A path of any bytes.
pub(crate) fn raw_path(bytes: &[u8]) -> &OsStr {
    OsStr::from_bytes(bytes)
}
