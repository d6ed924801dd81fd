//! One report value, one file per format.
//!
//! A format only reads: what it shows was decided before. Two things are settled here for all of them.
//! Secrets in commands are masked ([`redact`]) before a format sees the report, and text of the plan or
//! the repository is data: [`human`] spells out control characters, [`json`] escapes them.

pub mod evaluation;
mod explain;
mod facts;
mod github;
mod gitlab;
mod html;
pub mod human;
pub mod json;
mod junit;
mod markdown;
mod notice;
mod order;
pub mod redact;
mod sarif;
mod scan;
pub mod schema;
mod text;
pub mod wire;

use std::io::{self, Write};

use crate::model::{
    Assessment, Attribution, Diagnosis, Edit, Finding, PlanStatus, RepairRequest, WitnessLines,
};

pub use explain::{Explained, render_code, render_explained};
pub use facts::{CommitFacts, HistoryFacts, PlanFacts};
pub use scan::{JoinError, Joined, Scan, Scanned, join, render_scan};
pub use text::plain;

/// What a command found out, for every format to read.
#[derive(Debug, Clone)]
pub struct Report {
    /// Version of the tool that wrote it.
    pub tool_version: String,
    /// The command that ran, such as `attribute`.
    pub command: String,
    /// The plan it is about.
    pub plan: PlanFacts,
    /// The history that was read.
    pub history: HistoryFacts,
    /// What the plan as a whole waits for.
    pub status: PlanStatus,
    /// The answer about each task, in plan order.
    pub tasks: Vec<Attribution>,
    /// The lines that git shows of the tasks' files, where a format has room for them.
    pub lines: WitnessLines,
    /// What has to be asked.
    pub repair_request: Option<RepairRequest>,
    /// Verdicts on claims, in the order of their records.
    pub claims: Vec<Assessment>,
    /// What holds the plan and how it goes on; `recover` alone asks.
    pub recovery: Option<Diagnosis>,
    /// What would be changed, or was.
    pub edits: Vec<Edit>,
    /// The edits as a unified diff, for people.
    pub diff: Option<String>,
    /// Names the run that wrote the edits; what `undo` takes.
    pub run_id: Option<String>,
    /// What a person should know.
    pub findings: Vec<Finding>,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// For reading in a terminal.
    Human,
    /// The stable report, one document.
    Json,
    /// The stable report, one object per line.
    Jsonl,
    /// SARIF 2.1.0.
    Sarif,
    /// GitHub workflow annotations.
    Github,
    /// GitLab code quality.
    Gitlab,
    /// `JUnit` XML.
    Junit,
    /// For a pull request or a wiki.
    Markdown,
    /// A page of its own.
    Html,
}

impl Format {
    /// Every format, in the order of the help.
    pub const ALL: &'static [Self] = &[
        Self::Human,
        Self::Json,
        Self::Jsonl,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
        Self::Markdown,
        Self::Html,
    ];

    /// The format of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.as_str() == name)
    }

    /// Whether it is made of findings alone: what finds nothing in files has nothing to say in it.
    pub fn is_of_findings(self) -> bool {
        matches!(self, Self::Sarif | Self::Github | Self::Gitlab | Self::Junit)
    }

    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }
}

/// How the human format may look; the caller knows the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether escape sequences for colour are wanted.
    pub colour: bool,
    /// Columns to wrap text at. Paths, commands and answer lines are never broken.
    pub width: usize,
}

impl Default for Look {
    fn default() -> Self {
        Self { colour: false, width: 100 }
    }
}

/// Why a report was not written.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The format is made of findings, and the command has none.
    #[error(
        "`{command}` finds nothing in files, so it has no format `{}`; use `human`, `json`, `jsonl`, `markdown` or `html`",
        .format.as_str()
    )]
    NotOffered {
        /// The command that has other formats.
        command: &'static str,
        /// The format asked for.
        format: Format,
    },
    /// Lines of several scans are joined into lines, or summed up.
    #[error("`scan --merge` has no format `{}`; use `human` or `jsonl`", .format.as_str())]
    NotJoined {
        /// The format asked for.
        format: Format,
    },
    /// The target refused the bytes.
    #[error("could not write the report")]
    Io(#[from] io::Error),
    /// The report could not be put into JSON.
    #[error("could not serialise the report")]
    Json(#[from] serde_json::Error),
    /// The report could not be put into XML.
    #[error("could not serialise the report")]
    Xml(#[from] quick_junit::SerializeError),
}

/// Writes `report` to `out`. The same report gives the same bytes.
pub fn render(report: &Report, format: Format, look: &Look, out: &mut dyn Write) -> Result<(), RenderError> {
    render_all(std::slice::from_ref(report), format, look, out)
}

/// Writes the reports on several plans to `out`: one after another where a format is read that way, and as one
/// document where its readers expect one.
pub fn render_all(
    reports: &[Report],
    format: Format,
    look: &Look,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    let text = match format {
        Format::Human => {
            reports.iter().map(|report| human::text(report, look)).collect::<Vec<_>>().join("\n")
        }
        Format::Json => {
            return reports.iter().try_for_each(|report| json::write(report, out));
        }
        Format::Jsonl => reports.iter().map(json::lines).collect::<Result<_, _>>()?,
        Format::Sarif => sarif::document(reports)?,
        Format::Github => github::lines(reports),
        Format::Gitlab => gitlab::document(reports)?,
        Format::Junit => junit::document(reports)?,
        Format::Markdown => markdown::text(reports),
        Format::Html => html::document(reports)?,
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}

#[cfg(test)]
mod sample;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_formats_round_trip() {
        assert!(Format::ALL.iter().all(|&format| Format::parse(format.as_str()) == Some(format)));
        assert_eq!(Format::parse("JSON"), None);
    }
}
