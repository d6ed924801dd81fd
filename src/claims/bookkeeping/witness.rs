//! Places in the plan's artifacts, as witnesses.

use crate::json::resolve;
use crate::model::{Artifact, ClaimWitness, Plan};

/// More lines than this are not shown.
const LINES: usize = 6;
/// A line longer than this, in characters, is cut.
const WIDTH: usize = 160;

/// What stands at `pointer` of an artifact; `None` if nothing does.
pub(super) fn at(plan: &Plan, artifact: &str, pointer: &str) -> Option<ClaimWitness> {
    let artifact = plan.artifacts.get(artifact)?;
    let node = resolve(&artifact.document.as_ref()?.root, pointer)?;
    Some(of_span(artifact, node.span.start, node.span.end))
}

/// The whole artifact, where the proof is that something is not in it.
pub(super) fn absence(artifact: &str, what: &str) -> ClaimWitness {
    ClaimWitness {
        path: artifact.to_owned(),
        blob: None,
        lines: None,
        commit: None,
        excerpt: what.to_owned(),
    }
}

fn of_span(artifact: &Artifact, start: usize, end: usize) -> ClaimWitness {
    let line = |offset: usize| artifact.text.as_bytes()[..offset].split(|byte| *byte == b'\n').count() - 1;
    let (first, last) = (line(start), line(end));
    let number = |line: usize| u32::try_from(line + 1).unwrap_or(u32::MAX);
    let shown = last.min(first + LINES - 1);
    let lines = artifact.text.lines().skip(first).take(shown - first + 1);
    let cut = |line: &str| line.chars().take(WIDTH).collect::<String>();
    ClaimWitness {
        path: artifact.name.clone(),
        blob: None,
        lines: Some((number(first), number(last))),
        commit: None,
        excerpt: lines.map(cut).collect::<Vec<_>>().join("\n"),
    }
}
