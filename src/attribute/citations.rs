//! Files that reviewers cited, in the last review or in the rows of an older plan.

use std::collections::{HashMap, HashSet};

use crate::model::{Place, Plan, ProjectPaths, TaskId};

use super::noise::places;

/// A file that a reviewer cited for a task.
#[derive(Debug)]
pub(super) struct Citation {
    pub(super) place: Place,
    /// Artifact and JSON pointer of the list it stands in.
    pub(super) detail: String,
}

/// All citations of a plan, those of the review before those of the rows.
#[derive(Debug, Default)]
pub(super) struct Citations<'a> {
    by_task: HashMap<&'a TaskId, Vec<Citation>>,
    tasks_by_path: HashMap<String, HashSet<&'a TaskId>>,
}

impl<'a> Citations<'a> {
    pub(super) fn new(plan: &'a Plan, paths: &ProjectPaths) -> Self {
        let reviewed = plan.review.iter().flat_map(|review| {
            review.evidence.iter().map(|(id, files, pointer)| (id, files, format!("review.json {pointer}")))
        });
        let rows = plan.tasks.iter().map(|task| {
            (&task.id, &task.evidence_files, format!("finalize.json {}/evidence_files", task.pointer))
        });
        let mut citations = Self::default();
        for (task, files, detail) in reviewed.chain(rows) {
            for place in places(files, paths) {
                citations.tasks_by_path.entry(place.path.clone()).or_default().insert(task);
                let citation = Citation { place, detail: detail.clone() };
                citations.by_task.entry(task).or_default().push(citation);
            }
        }
        citations
    }

    /// What was cited for a task.
    pub(super) fn of(&self, task: &TaskId) -> &[Citation] {
        self.by_task.get(task).map_or(&[], Vec::as_slice)
    }

    /// Whether a path was cited for several tasks.
    pub(super) fn is_shared(&self, path: &str) -> bool {
        self.tasks_by_path.get(path).is_some_and(|tasks| tasks.len() > 1)
    }
}
