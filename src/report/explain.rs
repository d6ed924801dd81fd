//! One task explained: for reading, or as a JSON document of its own.

use std::io::Write;

use super::{Format, HistoryFacts, Look, PlanFacts, RenderError, human, json, wire};
use crate::model::Explanation;

/// What is known about one task, for every format to read.
#[derive(Debug, Clone)]
pub struct Explained {
    /// Version of the tool that wrote it.
    pub tool_version: String,
    /// The plan of the task.
    pub plan: PlanFacts,
    /// The history that was read.
    pub history: HistoryFacts,
    /// The task, its candidates, and what would change the answer.
    pub explanation: Explanation,
}

/// Writes an explanation to `out`. The same explanation gives the same bytes.
pub fn render_explained(
    explained: &Explained,
    format: Format,
    look: &Look,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    let text = match format {
        Format::Human => human::explain::text(explained, look),
        Format::Json => json::pretty(&wire::Explanation::from(explained))?,
        _ => return Err(RenderError::NotOffered { command: "explain", format }),
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}
