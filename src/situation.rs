//! Situations: incidents as data, built anew wherever they are needed.
//!
//! A situation is a folder of `fixture-repos/`: why it exists, a scripted git history, the plan as it
//! was, and the commands that lead out of it. `taskproof demo` replays the ones embedded in the binary,
//! and the tests walk all of them. This is a door: it writes, into a directory of the caller's.
#![expect(clippy::disallowed_methods, reason = "situations are written into a directory of their own")]

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use crate::git::GitError;
use crate::git::script::{HistoryScript, build};
use crate::spelling::hint;

/// Why a situation could not be read or built.
#[derive(Debug, thiserror::Error)]
pub enum SituationError {
    /// No situation of that name.
    #[error("no situation is called `{name}`; {}", hint(.name, .known.iter().map(String::as_str)))]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A file of the situation is missing or not what it should be.
    #[error("situation `{name}`: `{file}`")]
    Malformed {
        /// The situation.
        name: String,
        /// The file.
        file: &'static str,
        /// What is wrong.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The directory is in use.
    #[error("`{}` is not empty: name a new directory", .path.display())]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// The file system refused.
    #[error("cannot write `{}`", .path.display())]
    Write {
        /// The path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The history could not be built.
    #[error(transparent)]
    Git(#[from] GitError),
}

/// An incident as data.
#[derive(Debug, Clone)]
pub struct Situation {
    /// Name of its folder.
    pub name: String,
    /// What it is about.
    pub case: Case,
    history: Option<HistoryScript>,
    /// Path within the folder to content.
    files: BTreeMap<String, Vec<u8>>,
}

/// `case.toml`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What happened, and why the situation is kept.
    pub why: String,
    /// Name of the plan.
    pub plan: String,
    /// Directory of the plan within the project, where it is not one of the harness's.
    pub directory: Option<String>,
    /// Directory of the project within the situation.
    #[serde(default)]
    pub project: String,
    /// What a user would do, in order.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// One command of a case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Arguments; `{answers}` and `{claims}` stand for the situation's files of that name.
    pub run: Vec<String>,
    /// The exit code it must have.
    pub exit: i32,
}

impl Situation {
    /// Reads a situation from the files of its folder.
    pub fn from_files(name: &str, files: BTreeMap<String, Vec<u8>>) -> Result<Self, SituationError> {
        let case = parse(name, "case.toml", &files)?.ok_or_else(|| SituationError::Malformed {
            name: name.to_owned(),
            file: "case.toml",
            source: "missing".into(),
        })?;
        let history = parse(name, "history.toml", &files)?;
        Ok(Self { name: name.to_owned(), case, history, files })
    }

    /// Where the plan is, once built below `root`.
    pub fn plan_directory(&self, root: &Path) -> PathBuf {
        let project = root.join(&self.case.project);
        match &self.case.directory {
            Some(directory) => project.join(safe(directory)),
            None => project.join(".megaplan/plans").join(&self.case.plan),
        }
    }

    /// Arguments of a step for a situation that is built below `root`.
    pub fn arguments(&self, step: &Step, root: &Path) -> Vec<String> {
        let file = |name: &str| root.join(name).display().to_string();
        let (answers, claims) = (file("answers.jsonl"), file("claims.jsonl"));
        let filled = |argument: &String| argument.replace("{answers}", &answers).replace("{claims}", &claims);
        let mut arguments: Vec<String> = step.run.iter().map(filled).collect();
        arguments.extend(["--plan".to_owned(), self.plan_directory(root).display().to_string()]);
        arguments
    }

    /// Builds history, files and plan below `root`, which must be empty or absent.
    pub fn build(&self, root: &Path) -> Result<(), SituationError> {
        let write_error = |source| SituationError::Write { path: root.to_path_buf(), source };
        fs::create_dir_all(root).map_err(write_error)?;
        if fs::read_dir(root).map_err(write_error)?.next().is_some() {
            return Err(SituationError::NotEmpty { path: root.to_path_buf() });
        }
        if let Some(history) = &self.history {
            build(history, root)?;
        }
        for (path, content) in &self.files {
            let target = match path.split_once('/') {
                Some(("plan", rest)) => self.plan_directory(root).join(safe(rest)),
                Some(("files", rest)) => root.join(safe(rest)),
                None if ["answers.jsonl", "claims.jsonl"].contains(&path.as_str()) => root.join(path),
                _ => continue,
            };
            write(&target, content)?;
        }
        Ok(())
    }
}

fn parse<T: serde::de::DeserializeOwned>(
    name: &str,
    file: &'static str,
    files: &BTreeMap<String, Vec<u8>>,
) -> Result<Option<T>, SituationError> {
    let Some(bytes) = files.get(file) else { return Ok(None) };
    let malformed = |source| SituationError::Malformed { name: name.to_owned(), file, source };
    let text = std::str::from_utf8(bytes).map_err(|error| malformed(error.into()))?;
    toml::from_str(text).map(Some).map_err(|error| malformed(error.into()))
}

fn safe(path: &str) -> PathBuf {
    Path::new(path).components().filter(|part| matches!(part, Component::Normal(_))).collect()
}

fn write(path: &Path, content: &[u8]) -> Result<(), SituationError> {
    let write_error = |source| SituationError::Write { path: path.to_path_buf(), source };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(write_error)?;
    }
    fs::write(path, content).map_err(write_error)
}
