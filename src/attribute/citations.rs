//! Files that reviewers cited, in the last review or in the rows of an older plan.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Place, Plan, ProjectPaths, TaskId, place};

use super::noise::is_noise;

/// A file that a reviewer cited for a task.
#[derive(Debug)]
pub(super) struct Citation<'a> {
    pub(super) task: &'a TaskId,
    pub(super) place: Place,
    /// Artifact and JSON pointer of the list it stands in.
    pub(super) detail: String,
}

/// All citations, those of the review first.
pub(super) fn citations<'a>(plan: &'a Plan, paths: &ProjectPaths) -> Vec<Citation<'a>> {
    let reviewed = plan.review.iter().flat_map(|review| {
        review.evidence.iter().map(|(id, files, pointer)| (id, files, format!("review.json {pointer}")))
    });
    let rows = plan.tasks.iter().map(|task| {
        (&task.id, &task.evidence_files, format!("finalize.json {}/evidence_files", task.pointer))
    });
    let mut citations = Vec::new();
    for (task, files, detail) in reviewed.chain(rows) {
        let places =
            files.iter().filter_map(|file| place(file, paths)).filter(|place| !is_noise(&place.path));
        citations.extend(places.map(|place| Citation { task, place, detail: detail.clone() }));
    }
    citations
}

/// For which tasks each path is cited.
pub(super) fn tasks_by_path<'a>(citations: &[Citation<'a>]) -> BTreeMap<String, BTreeSet<&'a TaskId>> {
    let mut tasks: BTreeMap<String, BTreeSet<&TaskId>> = BTreeMap::new();
    for citation in citations {
        tasks.entry(citation.place.path.clone()).or_default().insert(citation.task);
    }
    tasks
}
