//! The report of `evaluate`: a document of its own, for people and as JSON. It finds nothing in files, so formats that are
//! made of findings have nothing to say.

mod human;
pub(super) mod wire;

use std::io::Write;

use super::{Format, Look, RenderError, html, json, markdown};
use crate::evaluate::{Evaluation, Threshold};

/// What `evaluate` found out, for every format to read.
#[derive(Debug, Clone)]
pub struct EvaluationReport {
    /// Version of the tool that wrote it.
    pub tool_version: String,
    /// Lowest confidence that counted as filled, 0 to 1.
    pub min_confidence: f64,
    /// How many plans were measured.
    pub plans: usize,
    /// Those that were not.
    pub left_out: Vec<LeftOut>,
    /// The figures.
    pub evaluation: Evaluation,
    /// One for each precision asked for.
    pub thresholds: Vec<Thresholds>,
    /// What was written into the configuration.
    pub written: Option<Written>,
}

/// A plan that was not measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its directory, as it is to be shown.
    pub plan: String,
    /// Why.
    pub reason: String,
}

/// From which confidence a wanted precision holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Thresholds {
    /// For files.
    pub files: Threshold,
    /// For commands, if any are known.
    pub commands: Option<Threshold>,
}

/// A threshold that was written, and what it gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The configuration file, as it is to be shown.
    pub path: String,
    /// The threshold, 0 to 1.
    pub min_confidence: f64,
    /// What stood there before, if anything.
    pub before: Option<f64>,
    /// Precision of the files filled with it, measured in a second run; `None` when none are.
    pub precision: Option<f64>,
    /// Coverage of the files filled with it.
    pub coverage: Option<f64>,
}

/// The title of the page.
const TITLE: &str = "taskproof evaluate";

/// Writes `report` to `out`. The same report gives the same bytes.
pub fn render_evaluation(
    report: &EvaluationReport,
    format: Format,
    look: &Look,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    let text = match format {
        Format::Human => human::text(report, look),
        Format::Json => json::pretty(&wire::Document::from(report))?,
        Format::Jsonl => json::line(&wire::Document::from(report))?,
        Format::Markdown => markdown::lines(&human::text(report, &Look::default())),
        Format::Html => html::text(TITLE, &human::text(report, &Look::default())),
        Format::Sarif | Format::Github | Format::Gitlab | Format::Junit => {
            return Err(RenderError::NotOffered { command: "evaluate", format });
        }
    };
    Ok(out.write_all(text.as_bytes())?)
}

#[cfg(test)]
mod tests;
