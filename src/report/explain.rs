//! One task explained: for reading, or as a JSON document of its own.

use std::io::Write;

use super::text::json_visible;
use super::{Format, HistoryFacts, Look, PlanFacts, RenderError, human, wire};
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

/// Whether an explanation can be written so.
pub fn is_explainable(format: Format) -> bool {
    matches!(format, Format::Human | Format::Json)
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
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&wire::Explanation::from(explained))?;
            text.push('\n');
            json_visible(&text).into_owned()
        }
        _ => return Err(RenderError::NotExplained(format)),
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}
