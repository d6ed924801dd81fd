//! A situation of `fixture-repos/`, built in a scratch directory, and the binary run on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use taskproof::situation::{Situation, Step};
use tempfile::TempDir;

/// Where situations are kept.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixture-repos")
}

/// Every folder with a `case.toml`, by name; those that start with `_` are no situations.
pub(crate) fn situations() -> Vec<Situation> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder()).expect("fixture-repos") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if !name.starts_with('_') && path.join("case.toml").is_file() {
            found.push(situation(&name));
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!found.is_empty(), "no situation in {}", folder().display());
    found
}

/// One of them, by name.
pub(crate) fn situation(name: &str) -> Situation {
    let read = Situation::from_files(name, files(&folder().join(name)));
    read.unwrap_or_else(|error| panic!("{name}: {error}: {:?}", std::error::Error::source(&error)))
}

/// All files below a directory: `/` separated path to content. Repositories are left out.
pub(crate) fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut pending = vec![root.to_path_buf()];
    while let Some(directory) = pending.pop() {
        let Ok(entries) = fs::read_dir(&directory) else { continue };
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() && path.file_name().is_some_and(|name| name != ".git") {
                pending.push(path);
            } else if path.is_file() {
                let name = path.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

/// A situation that can be acted upon.
pub(crate) struct Stage<'a> {
    pub(crate) situation: &'a Situation,
    /// The situation's root.
    pub(crate) root: PathBuf,
    elsewhere: PathBuf,
    home: PathBuf,
    /// Removed with the value.
    _scratch: TempDir,
}

/// What a command did.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The JSON report, unless the command failed.
    pub(crate) fn report(&self) -> Option<Value> {
        serde_json::from_str(&self.stdout).ok()
    }

    /// The id of the run, if something was written.
    pub(crate) fn run_id(&self) -> Option<String> {
        Some(self.report()?["run_id"].as_str()?.to_owned())
    }
}

/// A text without a run's id and the time that it is made of, which answers to blockers carry.
pub(crate) fn without_run(text: &str, run_id: &str) -> String {
    let begun = run_id.split('-').next().unwrap_or(run_id);
    let digits = |range: std::ops::Range<usize>| begun.get(range).unwrap_or_default().to_owned();
    let time = format!(
        "{}-{}-{}T{}:{}:{}Z",
        digits(0..4),
        digits(4..6),
        digits(6..8),
        digits(9..11),
        digits(11..13),
        digits(13..15)
    );
    text.replace(run_id, "{run}").replace(begun, "{run}").replace(&time, "{time}")
}

/// A text without our version, where it is not a field of its own.
pub(crate) fn without_version(text: &str) -> String {
    text.replace(concat!("taskproof ", env!("CARGO_PKG_VERSION"), " "), "taskproof {version} ")
}

impl<'a> Stage<'a> {
    pub(crate) fn build(situation: &'a Situation) -> Self {
        let scratch = tempfile::tempdir().expect("a scratch directory");
        let place = fs::canonicalize(scratch.path()).expect("its name");
        let [root, elsewhere, home] = ["root", "elsewhere", "home"].map(|name| place.join(name));
        situation.build(&root).expect("the situation is built");
        for directory in [&elsewhere, &home] {
            fs::create_dir(directory).expect("a directory");
        }
        Self { situation, root, elsewhere, home, _scratch: scratch }
    }

    /// The files of the plan's directory, without our journal, the lock, and the harness's trail, which only grows.
    pub(crate) fn artifacts(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = files(&self.situation.plan_directory(&self.root));
        found.retain(|name, _| {
            !name.starts_with(".taskproof/") && !name.starts_with("finalize_history/") && name != ".plan.lock"
        });
        found
    }

    /// Runs a step, from a directory that has nothing to do with the plan.
    pub(crate) fn step(&self, step: &Step) -> Run {
        self.run_in(&self.elsewhere, &self.situation.arguments(step, &self.root))
    }

    /// Runs any command on the plan.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let run = arguments.iter().map(|&argument| argument.to_owned()).collect();
        self.step(&Step { run, exit: 0 })
    }

    /// As `run`, from the root of the situation.
    pub(crate) fn run_at_root(&self, arguments: &[&str]) -> Run {
        let run = arguments.iter().map(|&argument| argument.to_owned()).collect();
        self.run_in(&self.root, &self.situation.arguments(&Step { run, exit: 0 }, &self.root))
    }

    fn run_in(&self, directory: &Path, arguments: &[String]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taskproof"));
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if ["GIT_", "XDG_", "TASKPROOF_"].iter().any(|prefix| text.starts_with(prefix)) {
                command.env_remove(&name);
            }
        }
        command.env("HOME", &self.home).env("NO_COLOR", "1").current_dir(directory).args(arguments);
        if arguments.first().is_some_and(|name| name != "undo") {
            command.args(["--format", "json"]);
        }
        let output = command.output().expect("the binary runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// A text without what differs from run to run: this directory, the run's id, our version.
    pub(crate) fn scrub(&self, text: &str, run_id: Option<&str>) -> String {
        let mut text = text.replace(&self.root.display().to_string(), "{root}");
        if let Some(run_id) = run_id {
            text = without_run(&text, run_id);
        }
        let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
        without_version(&text).replace(&version, "\"version\": \"{version}\"")
    }
}
