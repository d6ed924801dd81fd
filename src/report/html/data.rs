//! What the script of the page works with, as JSON.
//!
//! Texts that it shows are spelled out here, as everywhere else on the page, so that the script cannot forget it. Only
//! questions keep their texts as they are, because answers are made of them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::super::human::next;
use super::super::text::{json_visible, plain};
use super::super::{Report, wire};
use super::timeline::when;
use crate::model::{Attribution, Oid, PatchHunk, TaskQuestion, WitnessDiff};

/// The data of one report, whose secrets are masked.
pub(super) fn of(report: &Report) -> Result<String, serde_json::Error> {
    let mut shown = json!({
        "plan": next::plan_argument(&report.plan),
        "tasks": report.tasks.iter().map(|task| self::task(report, task)).collect::<Result<Vec<_>, _>>()?,
        "commits": commits(report),
        "lines": report.lines.diffs.iter().map(lines).collect::<Vec<_>>(),
        "lines_left_out": report.lines.left_out,
    });
    spell_out(&mut shown);
    let questions = report.repair_request.iter().flat_map(|request| &request.tasks);
    shown["questions"] = questions.map(question).collect();
    Ok(json_visible(&shown.to_string()).into_owned())
}

fn task(report: &Report, task: &Attribution) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(wire::Task::from(task))?;
    value["description"] = report.plan.descriptions.get(&task.task).map_or("", String::as_str).into();
    Ok(value)
}

/// Commits that show a file, by id: the first line of the message, and when.
fn commits(report: &Report) -> BTreeMap<String, [String; 2]> {
    let files = report.tasks.iter().flat_map(|task| &task.files);
    let shown = files.flat_map(|file| &file.witnesses).filter_map(|witness| witness.commit);
    let shown: BTreeSet<Oid> = shown.collect();
    let commits = report.history.commits.iter().filter(|commit| shown.contains(&commit.id));
    commits.map(|commit| (commit.id.to_hex(), [commit.subject.clone(), when(commit.time)])).collect()
}

/// A change with the hunks that speak for somebody, as `[first line, lines]` of the new side, lines of the old one, what
/// git says of the place, and the lines of both sides.
fn lines(diff: &WitnessDiff) -> Value {
    let hunk = |hunk: &PatchHunk| {
        json!({
            "at": [hunk.at.new_start, hunk.at.new_lines],
            "old": [hunk.at.old_start, hunk.at.old_lines],
            "header": hunk.header,
            "removed": hunk.removed.iter().collect::<Vec<_>>(),
            "added": hunk.added.iter().collect::<Vec<_>>(),
        })
    };
    json!({
        "commit": diff.commit.map(Oid::to_hex),
        "path": diff.path,
        "hunks": diff.content.hunks().iter().map(hunk).collect::<Vec<_>>(),
    })
}

fn question(question: &TaskQuestion) -> Value {
    json!({
        "files_changed": question.candidate_files,
        "commands_run": question.candidate_commands,
        "answer": question.answer,
    })
}

fn spell_out(value: &mut Value) {
    match value {
        Value::String(text) => *text = plain(text).into_owned(),
        Value::Array(items) => items.iter_mut().for_each(spell_out),
        Value::Object(members) => members.values_mut().for_each(spell_out),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
