//! From fills to a repair: which fields of which rows change, and nothing else.
//!
//! A fill goes into the task's row of `finalize.json`, and into the task's row of the latest batch,
//! which the harness would merge over it. Files are listed in `final.md` too.

mod rows;

use std::collections::BTreeMap;

use super::apply::{EditError, apply, edit};
use super::final_md;
use super::json_edit::{Change, Splice, position};
use crate::json::child;
use crate::model::{
    Artifact, Code, Edit, Field, FieldChange, Fill, Finding, Layout, Plan, Repair, Task, TaskId,
};

const FINALIZE: &str = "finalize.json";
const FINAL_MD: &str = "final.md";

/// Why fills cannot become a repair. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum ProposeError {
    /// The newer layout is only read.
    #[error(
        "the plan is kept in batch directories, where the harness guards finalize.json itself; \
         `taskproof recover --write --allow-authority` writes by its rules"
    )]
    ReadOnly,
    /// A plain task list is only read.
    #[error(
        "a plain task list has no place for evidence, so there is nothing to repair in it; `attribute`, `check` and \
         `explain` work on it, and nothing is ever written to it"
    )]
    NoPlaceForEvidence,
    /// An artifact is not there.
    #[error("{artifact} was not read, so it cannot be repaired; restore the file")]
    Missing {
        /// File name.
        artifact: String,
    },
    /// An artifact holds what a strict reader refuses.
    #[error("{artifact} holds {what} at line {line}, so it is not edited; correct that line by hand first")]
    NotEditable {
        /// File name.
        artifact: String,
        /// What it holds.
        what: &'static str,
        /// Where.
        line: usize,
    },
    /// A fill names a task that the plan does not have once.
    #[error("finalize.json has {count} tasks {task}; a fill needs exactly one")]
    NotOneTask {
        /// The task.
        task: TaskId,
        /// How many there are.
        count: usize,
    },
    /// The row is not where the plan says.
    #[error("finalize.json has no row of {task} at `{pointer}`; run again to read it anew")]
    NoRow {
        /// The task.
        task: TaskId,
        /// Where it should be.
        pointer: String,
    },
    /// The task is not done.
    #[error("{task} is `{status}` in finalize.json, and only a task that is `done` is filled in")]
    NotDone {
        /// The task.
        task: TaskId,
        /// Its recorded status.
        status: String,
    },
    /// The field holds something.
    #[error("{task} has `{key}` in finalize.json already, and evidence is never replaced; leave it out")]
    NotEmpty {
        /// The task.
        task: TaskId,
        /// The field.
        key: &'static str,
    },
    /// The fill brings nothing that can be filled in.
    #[error("nothing can be filled into `{key}` of {task}; give files or commands that are not blank")]
    NoValues {
        /// The task.
        task: TaskId,
        /// The field.
        key: &'static str,
    },
    /// Two fills for one field.
    #[error("`{key}` of {task} is filled in twice; give it one list")]
    Twice {
        /// The task.
        task: TaskId,
        /// The field.
        key: &'static str,
    },
    /// An artifact cannot be edited.
    #[error(transparent)]
    Edit(#[from] EditError),
}

/// The fills of one task.
pub(super) struct TaskFills<'a> {
    task: &'a Task,
    files: Option<&'a Fill>,
    commands: Option<&'a Fill>,
}

/// A change and the fill it comes from.
pub(super) struct Planned<'a> {
    change: Change,
    fill: &'a Fill,
}

/// The repair that carries out `fills`, and findings about what was left alone.
///
/// Fills only holes: a field that is absent, `null`, empty or all blank, of a task whose recorded
/// status is `done`. Anything else is an error, and no fill is carried out.
pub fn propose(plan: &Plan, fills: &[Fill]) -> Result<(Repair, Vec<Finding>), ProposeError> {
    let mut repair = Repair::default();
    let mut findings = Vec::new();
    if fills.is_empty() {
        return Ok((repair, findings));
    }
    match plan.layout {
        Layout::Flat => {}
        Layout::BatchDirectories => return Err(ProposeError::ReadOnly),
        Layout::Taskmaster | Layout::SpecKit => return Err(ProposeError::NoPlaceForEvidence),
    }
    let groups = group(plan, fills)?;
    let finalize = finalize(plan)?;
    add_json(&mut repair, finalize, rows::finalize(finalize, &groups, true)?)?;
    if let Some((batch, planned)) = rows::latest_batch(plan, &groups) {
        add_json(&mut repair, batch, planned)?;
    }
    if let Some(text) = plan.artifacts.get(FINAL_MD).filter(|artifact| artifact.document.is_none()) {
        add_final_md(&mut repair, &mut findings, text, &groups)?;
    }
    Ok((repair, findings))
}

/// The same where the later harness guards `finalize.json`: only fields that it lets its executor change, so no marker
/// of where they come from, and no batch, because attempts are sealed by their envelopes.
pub fn propose_guarded(plan: &Plan, fills: &[Fill]) -> Result<(Repair, Vec<Finding>), ProposeError> {
    let mut repair = Repair { is_guarded: true, ..Repair::default() };
    let mut findings = Vec::new();
    if fills.is_empty() {
        return Ok((repair, findings));
    }
    let groups = group(plan, fills)?;
    let finalize = finalize(plan)?;
    add_json(&mut repair, finalize, rows::finalize(finalize, &groups, false)?)?;
    if let Some(text) = plan.artifacts.get(FINAL_MD).filter(|artifact| artifact.document.is_none()) {
        add_final_md(&mut repair, &mut findings, text, &groups)?;
    }
    Ok((repair, findings))
}

fn finalize(plan: &Plan) -> Result<&Artifact, ProposeError> {
    plan.artifacts.get(FINALIZE).ok_or_else(|| ProposeError::Missing { artifact: FINALIZE.to_owned() })
}

/// Fills by task, in the order of the plan.
fn group<'a>(plan: &'a Plan, fills: &'a [Fill]) -> Result<Vec<TaskFills<'a>>, ProposeError> {
    let mut counts: BTreeMap<&TaskId, usize> = BTreeMap::new();
    for task in &plan.tasks {
        *counts.entry(&task.id).or_default() += 1;
    }
    let mut by_field = BTreeMap::new();
    for fill in fills {
        let (task, key) = (fill.task.clone(), fill.field.key());
        if fill.field == Field::Notes || fill.values.iter().all(|value| is_blank(value)) {
            return Err(ProposeError::NoValues { task, key });
        }
        if by_field.insert((&fill.task, fill.field), fill).is_some() {
            return Err(ProposeError::Twice { task, key });
        }
        let count = counts.get(&fill.task).copied().unwrap_or_default();
        if count != 1 {
            return Err(ProposeError::NotOneTask { task, count });
        }
    }
    let groups = plan.tasks.iter().map(|task| TaskFills {
        task,
        files: by_field.get(&(&task.id, Field::Files)).copied(),
        commands: by_field.get(&(&task.id, Field::Commands)).copied(),
    });
    Ok(groups.filter(|group| group.files.is_some() || group.commands.is_some()).collect())
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Adds the changes of one JSON artifact to the repair, in the order of its bytes.
fn add_json(repair: &mut Repair, artifact: &Artifact, planned: Vec<Planned<'_>>) -> Result<(), ProposeError> {
    if planned.is_empty() {
        return Ok(());
    }
    if let Some(defect) = artifact.document.as_ref().and_then(|document| document.defects.first()) {
        let (what, line) = (defect.kind.describe(), defect.line);
        return Err(ProposeError::NotEditable { artifact: artifact.name.clone(), what, line });
    }
    let mut placed = Vec::with_capacity(planned.len());
    for Planned { change, fill } in planned {
        placed.push((position(artifact, &change).map_err(EditError::from)?, change, fill));
    }
    placed.sort_by_key(|(range, ..)| range.start);
    let changes: Vec<Change> = placed.iter().map(|(_, change, _)| change.clone()).collect();
    let after = edit(artifact, &changes)?;
    repair.edits.extend(placed.into_iter().map(|(range, change, fill)| {
        let old = (!range.is_empty()).then(|| artifact.text[range].to_owned());
        let pointer = Some(child(&change.object, &change.key));
        entry(&artifact.name, pointer, old, change.value, fill)
    }));
    repair.artifacts.push((artifact.name.clone(), artifact.text.clone(), after));
    Ok(())
}

fn entry(
    artifact: &str,
    pointer: Option<String>,
    old: Option<String>,
    new: FieldChange,
    fill: &Fill,
) -> Edit {
    Edit {
        artifact: artifact.to_owned(),
        pointer,
        old,
        new,
        task: Some(fill.task.clone()),
        rung: Some(fill.rung),
        confidence: fill.confidence,
        signals: fill.signals.clone(),
    }
}

/// Lists the files in the blocks of `final.md` that are recognised.
fn add_final_md(
    repair: &mut Repair,
    findings: &mut Vec<Finding>,
    artifact: &Artifact,
    groups: &[TaskFills<'_>],
) -> Result<(), ProposeError> {
    let mut placed = Vec::new();
    for group in groups {
        let Some(fill) = group.files else { continue };
        match final_md::splice(&artifact.text, group.task, &fill.values) {
            Ok(Some((at, text))) => placed.push((Splice { range: at..at, text }, fill)),
            Ok(None) => {}
            Err(error) => findings.push(Finding::new(Code::FinalMarkdown, FINAL_MD, error.to_string())),
        }
    }
    if placed.is_empty() {
        return Ok(());
    }
    placed.sort_by_key(|(splice, _)| splice.range.start);
    let splices: Vec<Splice> = placed.iter().map(|(splice, _)| splice.clone()).collect();
    let after = apply(&artifact.text, &splices)
        .map_err(|source| EditError::Apply { artifact: artifact.name.clone(), source })?;
    repair.edits.extend(
        placed
            .into_iter()
            .map(|(splice, fill)| entry(&artifact.name, None, None, FieldChange::Text(splice.text), fill)),
    );
    repair.artifacts.push((artifact.name.clone(), artifact.text.clone(), after));
    Ok(())
}

#[cfg(test)]
mod tests;
