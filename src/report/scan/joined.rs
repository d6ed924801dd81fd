//! The JSON Lines of several scans as one.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Deserialize;

use super::super::wire::{Evidence, PlanStatus, TaskDecision};
use super::super::{Format, Look, RenderError};
use super::shown::shown;
use super::summary::{self, Found, Row};

/// Lines that no scan wrote.
#[derive(Debug, thiserror::Error)]
#[error("`{file}` line {line} is no report of a scan in JSON Lines (`--format jsonl`)")]
pub struct JoinError {
    /// Which file.
    pub file: String,
    /// One-based line.
    pub line: usize,
    /// What the parser said, if it is JSON that is wrong.
    #[source]
    pub source: Option<serde_json::Error>,
}

/// Several scans as one, by the directories of their plans.
#[derive(Debug, Clone, Default)]
pub struct Joined(BTreeMap<String, Part>);

/// One plan: its lines as they may be shown, and what the summary says.
#[derive(Debug, Clone)]
struct Part {
    lines: String,
    found: Result<Found, String>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line {
    Report {
        plan: Plan,
        history: History,
        status: PlanStatus,
        repair_request: Option<Request>,
    },
    Task {
        evidence: Evidence,
        decision: TaskDecision,
    },
    Failure {
        plan: String,
        reason: String,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Plan {
    name: String,
    directory: String,
}

#[derive(Deserialize)]
struct History {
    commits: usize,
}

#[derive(Deserialize)]
struct Request {
    tasks: Vec<serde::de::IgnoredAny>,
}

/// Joins files, given by name and text. Of a plan that is in several, the first report is taken.
pub fn join<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Joined, JoinError> {
    let mut joined = Joined::default();
    for (file, text) in files {
        let mut open: Option<(String, Part)> = None;
        for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
            let error = |source| JoinError { file: file.to_owned(), line, source };
            match serde_json::from_str(text).map_err(|source| error(Some(source)))? {
                Line::Report { plan, history, status, repair_request } => {
                    let questions = repair_request.map_or(0, |request| request.tasks.len());
                    let found = Found {
                        name: plan.name,
                        status,
                        commits: history.commits,
                        tasks: 0,
                        hollow: 0,
                        fillable: 0,
                        questions,
                    };
                    joined.close(open.replace((plan.directory, Part::new(Ok(found)))));
                }
                Line::Failure { plan, reason } => joined.close(open.replace((plan, Part::new(Err(reason))))),
                Line::Task { evidence, decision } => {
                    let (_, part) = open.as_mut().ok_or_else(|| error(None))?;
                    part.count(evidence, decision);
                }
                Line::Other => {}
            }
            let (_, part) = open.as_mut().ok_or_else(|| error(None))?;
            part.lines.push_str(&shown(text).map_err(|source| error(Some(source)))?);
        }
        joined.close(open);
    }
    Ok(joined)
}

impl Part {
    fn new(found: Result<Found, String>) -> Self {
        Self { lines: String::new(), found }
    }

    fn count(&mut self, evidence: Evidence, decision: TaskDecision) {
        let Ok(found) = &mut self.found else { return };
        let is_hollow = evidence == Evidence::Hollow;
        found.tasks += 1;
        found.hollow += usize::from(is_hollow);
        found.fillable += usize::from(is_hollow && decision == TaskDecision::Backfill);
    }
}

impl Joined {
    fn close(&mut self, part: Option<(String, Part)>) {
        if let Some((directory, part)) = part {
            self.0.entry(directory).or_insert(part);
        }
    }

    /// The directories of the plans, sorted.
    pub fn directories(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What each plan waits for, and whether something has to be asked; `None` for one that was not read.
    pub fn statuses(&self) -> impl Iterator<Item = Option<(PlanStatus, bool)>> {
        let status = |found: &Found| (found.status, found.questions > 0);
        self.0.values().map(move |part| part.found.as_ref().ok().map(status))
    }

    /// Writes the summary, or the joined lines.
    pub fn render(&self, format: Format, look: &Look, out: &mut dyn Write) -> Result<(), RenderError> {
        let text = match format {
            Format::Human => {
                let row = |(directory, part): (&String, &Part)| Row {
                    directory: directory.clone(),
                    found: part.found.clone(),
                };
                summary::text(&self.0.iter().map(row).collect::<Vec<_>>(), look)
            }
            Format::Jsonl => self.0.values().map(|part| part.lines.as_str()).collect(),
            _ => return Err(RenderError::NotJoined { format }),
        };
        out.write_all(text.as_bytes())?;
        Ok(())
    }
}
