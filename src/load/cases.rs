//! Plans to measure on: JSON Lines, one plan a line, with the truth about its tasks where it is known.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::LoadError;
use super::history::{HistoryOptions, Past};
use crate::config::Config;
use crate::git::GitError;
use crate::model::{Finding, Label, Plan, TaskId};

/// A line of a cases file that is none.
#[derive(Debug, thiserror::Error)]
#[error("cases line {line}: not a case: expected `{{\"plan\": DIR, …}}`")]
pub struct CaseError {
    /// One-based line.
    pub line: usize,
    /// What the parser said.
    #[source]
    pub source: serde_json::Error,
}

/// Why the plan of a case could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CaseReadError {
    /// The plan.
    #[error(transparent)]
    Plan(#[from] LoadError),
    /// Its history.
    #[error(transparent)]
    History(#[from] GitError),
}

/// One line: a plan and what is known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLine {
    /// Directory of the plan.
    pub plan: PathBuf,
    /// Its repository; `None`: found as for any plan.
    pub repo: Option<PathBuf>,
    /// Where its epic starts.
    pub base: Option<String>,
    /// Where its epic ends.
    pub head: Option<String>,
    /// What it has in common with others, such as the repository it comes from.
    pub group: Option<String>,
    /// The truth about tasks whose evidence the plan lacks already; `None`: the plan holds it.
    pub hidden: Option<BTreeMap<TaskId, Label>>,
    /// How the evidence was hidden.
    pub scenario: Option<String>,
}

impl CaseLine {
    /// A plan as it lies in its directory.
    pub fn unmasked(plan: PathBuf) -> Self {
        Self { plan, repo: None, base: None, head: None, group: None, hidden: None, scenario: None }
    }

    /// Loads the plan and its history. What the line does not say is taken from `options`.
    pub fn read(
        &self,
        options: &HistoryOptions,
        config: &Config,
    ) -> Result<(Plan, Past, Vec<Finding>), CaseReadError> {
        let (plan, findings) = super::plan(&self.plan, config)?;
        let options = HistoryOptions {
            repo: self.repo.clone().or_else(|| options.repo.clone()),
            base: self.base.clone().or_else(|| options.base.clone()),
            head: self.head.clone().or_else(|| options.head.clone()),
            ..options.clone()
        };
        let past = super::history(&plan, &options)?;
        Ok((plan, past, findings))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    plan: PathBuf,
    repo: Option<PathBuf>,
    base: Option<String>,
    head: Option<String>,
    group: Option<String>,
    hidden: Option<BTreeMap<String, Hidden>>,
    scenario: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hidden {
    #[serde(default)]
    files: Vec<String>,
    commands: Option<Vec<String>>,
    #[serde(default)]
    unsure: Vec<String>,
    #[serde(default)]
    absent: bool,
}

/// Parses a cases file; blank lines are skipped. Relative paths are relative to `directory`.
pub fn cases(text: &str, directory: &Path) -> Result<Vec<CaseLine>, CaseError> {
    let lines = (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty());
    lines
        .map(|(line, text)| {
            let parsed: Line = serde_json::from_str(text).map_err(|source| CaseError { line, source })?;
            Ok(CaseLine {
                plan: directory.join(parsed.plan),
                repo: parsed.repo.map(|repo| directory.join(repo)),
                base: parsed.base,
                head: parsed.head,
                group: parsed.group,
                hidden: parsed.hidden.map(labels),
                scenario: parsed.scenario,
            })
        })
        .collect()
}

fn labels(hidden: BTreeMap<String, Hidden>) -> BTreeMap<TaskId, Label> {
    let label = |Hidden { files, commands, unsure, absent }| Label { files, commands, unsure, absent };
    hidden.into_iter().map(|(task, hidden)| (TaskId(task), label(hidden))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_line_leaves_out_is_unknown() {
        let read = cases("\n{\"plan\": \"p\"}\n", Path::new("/data")).unwrap();
        assert_eq!(read, [CaseLine::unmasked(PathBuf::from("/data/p"))]);
    }

    #[test]
    fn truths_are_read_and_paths_are_relative_to_the_file() {
        let text = r#"{"plan": "/p", "repo": "r.git", "base": "a", "head": "b", "group": "g",
            "hidden": {"T1": {"files": ["x"], "unsure": ["y"]}, "T2": {"absent": true, "commands": []}},
            "scenario": "s"}"#;
        let read = cases(&text.replace('\n', ""), Path::new("/data")).unwrap().remove(0);
        assert_eq!((read.plan, read.repo), (PathBuf::from("/p"), Some(PathBuf::from("/data/r.git"))));
        let hidden = read.hidden.unwrap();
        let first = Label { files: vec!["x".into()], unsure: vec!["y".into()], ..Label::default() };
        assert_eq!(hidden[&"T1".into()], first);
        let second = Label { absent: true, commands: Some(Vec::new()), ..Label::default() };
        assert_eq!(hidden[&"T2".into()], second);
    }

    #[test]
    fn a_bad_line_is_named() {
        let read = |text: &str| cases(text, Path::new("")).unwrap_err();
        assert_eq!(read("{\"plan\": \"p\"}\n[]").line, 2);
        assert!(read("{\"plan\": \"p\", \"bas\": \"x\"}").source.to_string().contains("bas"));
    }
}
