//! One task explained: for reading, as a JSON document of its own, or as the report on this task alone.

use std::io::Write;

use serde_json::{Value, json};

use super::{
    Format, HistoryFacts, Look, PlanFacts, RenderError, Report, html, human, json, markdown, render, wire,
};
use crate::model::{Code, Explanation, PlanStatus, RepairRequest, WitnessLines};

/// What is known about one task, for every format to read.
#[derive(Debug, Clone)]
pub struct Explained {
    /// Version of the tool that wrote it.
    pub tool_version: String,
    /// The plan of the task.
    pub plan: PlanFacts,
    /// The history that was read.
    pub history: HistoryFacts,
    /// What the plan as a whole waits for.
    pub status: PlanStatus,
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
        _ => return render(&report(explained), format, look, out),
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}

/// Writes what a finding code means to `out`.
pub fn render_code(code: Code, format: Format, out: &mut dyn Write) -> Result<(), RenderError> {
    let meaning = code.description().trim().replace("\n ", " ");
    let text = match format {
        Format::Human => format!("{code}: {meaning}\n"),
        Format::Json => json::pretty(&document(code, &meaning))?,
        Format::Jsonl => json::line(&document(code, &meaning))?,
        Format::Markdown => format!("**{code}**: {}\n", markdown::spans(&meaning)),
        Format::Html => html::text(code.as_str(), &meaning),
        Format::Sarif | Format::Github | Format::Gitlab | Format::Junit => {
            return Err(RenderError::NotOffered { command: "explain CODE", format });
        }
    };
    Ok(out.write_all(text.as_bytes())?)
}

fn document(code: Code, meaning: &str) -> Value {
    let severity = wire::Severity::from(code.severity());
    json!({ "code": code.as_str(), "severity": severity, "description": meaning })
}

/// The report on the plan as far as it is about the task: what formats for whole plans show of it.
fn report(explained: &Explained) -> Report {
    let explanation = &explained.explanation;
    Report {
        tool_version: explained.tool_version.clone(),
        command: "explain".to_owned(),
        plan: explained.plan.clone(),
        history: explained.history.clone(),
        status: explained.status,
        tasks: vec![explanation.attribution.clone()],
        lines: WitnessLines { diffs: explanation.diffs.clone(), left_out: 0 },
        repair_request: explanation.question.clone().map(|question| RepairRequest { tasks: vec![question] }),
        claims: Vec::new(),
        recovery: None,
        edits: Vec::new(),
        diff: None,
        run_id: None,
        findings: explanation.findings.clone(),
    }
}
