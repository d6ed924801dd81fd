//! From the report to its JSON types. Lists are put in order and secrets masked on the way.

use std::borrow::Cow;

use rayon::prelude::*;
use serde_json::Value;

use super::{
    Claim, Command, Edit, File, Finding, History, Location, Plan, Question, Recovery, RepairRequest, Report,
    SCHEMA_VERSION, Signal, Task, Tool, Witness,
};
use crate::model::{self, Field, FieldChange, Oid};
use crate::report::{self as source, HistoryFacts, PlanFacts, order, redact};

impl<'a> From<&'a source::Report> for Report<'a> {
    fn from(report: &'a source::Report) -> Self {
        Self {
            claims: report.claims.par_iter().map(Claim::masked).collect(),
            findings: Finding::all_masked(&report.findings),
            ..Self::without_lists(report)
        }
    }
}

impl Report<'_> {
    /// The report without its claims and findings.
    pub(in crate::report) fn without_lists(report: &source::Report) -> Self {
        let report = redact::without_lists(report);
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            tool: Tool::new(report.tool_version),
            command: report.command,
            plan: report.plan.into(),
            history: report.history.into(),
            status: report.status.into(),
            tasks: each(&report.tasks),
            repair_request: report
                .repair_request
                .map(|request| RepairRequest { tasks: each(&request.tasks) }),
            claims: Vec::new(),
            recovery: report.recovery.as_ref().map(Recovery::from),
            edits: each(&report.edits),
            run_id: report.run_id,
            findings: Vec::new(),
        }
    }
}

impl Tool {
    /// Us, in that version.
    pub(in crate::report) fn new(version: String) -> Self {
        Self { name: "taskproof".to_owned(), version }
    }
}

/// A list in the JSON types.
pub(in crate::report) fn each<'a, T: Sync, W: From<&'a T> + Send>(items: &'a [T]) -> Vec<W> {
    items.par_iter().map(W::from).collect()
}

impl From<PlanFacts> for Plan {
    fn from(plan: PlanFacts) -> Self {
        Self {
            name: plan.name,
            directory: plan.directory,
            layout: plan.layout.into(),
            mode: plan.mode.as_str().to_owned(),
        }
    }
}

impl From<HistoryFacts> for History {
    fn from(history: HistoryFacts) -> Self {
        Self {
            base: history.base.map(Oid::to_hex),
            base_source: history.base_source.into(),
            head: history.head.map(Oid::to_hex),
            commits: history.commits.len(),
            worktree: history.worktree,
            reason: history.reason,
        }
    }
}

impl From<&model::Attribution> for Task {
    fn from(task: &model::Attribution) -> Self {
        Self {
            id: task.task.0.clone(),
            status: task.status.as_str().to_owned(),
            kind: task.kind.as_str().to_owned(),
            batch: task.batch,
            evidence: task.gap.evidence.into(),
            missing: fields(&task.gap.missing),
            decision: task.outcome.into(),
            reason: task.reason.clone(),
            files: order::files(&task.files).into_iter().map(File::from).collect(),
            commands: order::commands(&task.commands).into_iter().map(Command::from).collect(),
        }
    }
}

fn fields(fields: &[Field]) -> Vec<super::Field> {
    fields.iter().copied().map(Into::into).collect()
}

impl From<&model::FileCandidate> for File {
    fn from(file: &model::FileCandidate) -> Self {
        Self {
            path: file.path.clone(),
            decision: file.decision.into(),
            confidence: order::confidence(file.confidence),
            source: file.source.into(),
            signals: signals(&file.signals),
            witnesses: each(&file.witnesses),
        }
    }
}

impl From<&model::CommandCandidate> for Command {
    fn from(command: &model::CommandCandidate) -> Self {
        Self {
            command: command.command.clone(),
            decision: command.decision.into(),
            confidence: order::confidence(command.confidence),
            source: command.source.into(),
            signals: signals(&command.signals),
        }
    }
}

fn signals(signals: &[model::Signal]) -> Vec<Signal> {
    let signal = |signal: &model::Signal| Signal {
        name: signal.name.to_owned(),
        weight: order::weight(signal.weight),
        detail: signal.detail.clone(),
    };
    order::signals(signals).into_iter().map(signal).collect()
}

impl From<&model::Witness> for Witness {
    fn from(witness: &model::Witness) -> Self {
        let hex = |oid: &Option<Oid>| oid.map(Oid::to_hex);
        Self {
            commit: hex(&witness.commit),
            blob: hex(&witness.blob),
            hunks: witness.hunks.iter().map(|&(start, count)| [start, count]).collect(),
        }
    }
}

impl From<&model::TaskQuestion> for Question {
    fn from(question: &model::TaskQuestion) -> Self {
        Self {
            id: question.task.0.clone(),
            missing: fields(&question.missing),
            candidate_files: question.candidate_files.clone(),
            candidate_commands: question.candidate_commands.clone(),
            question: question.question.clone(),
            answer: question.answer.clone(),
        }
    }
}

impl From<&model::Edit> for Edit {
    fn from(edit: &model::Edit) -> Self {
        let is_json = edit.pointer.is_some();
        let old = edit.old.as_deref().map_or(Value::Null, |old| match serde_json::from_str(old) {
            Ok(value) if is_json => value,
            // Text of a text artifact, or what the harness's reader takes and a strict one refuses.
            _ => old.into(),
        });
        let new = match &edit.new {
            FieldChange::List(lines) if !is_json => lines.join("\n").into(),
            new => value(new),
        };
        Self { artifact: edit.artifact.clone(), pointer: edit.pointer.clone(), old, new }
    }
}

fn value(change: &FieldChange) -> Value {
    match change {
        FieldChange::List(items) => items.clone().into(),
        FieldChange::Text(text) => text.clone().into(),
        FieldChange::Bool(value) => (*value).into(),
        FieldChange::Json(node) => {
            serde_json::from_str(&crate::json::write::document(node)).unwrap_or(Value::Null)
        }
    }
}

impl<'a> Finding<'a> {
    /// Findings as they may be shown, in their order.
    pub(in crate::report) fn all_masked(findings: &'a [model::Finding]) -> Vec<Self> {
        let shown = order::masked(findings).into_par_iter();
        shown.map(|(finding, message)| Self { message, ..Self::from(finding) }).collect()
    }

    /// A finding with its message as it may be shown.
    pub(in crate::report) fn saying(message: &'a str, finding: &'a model::Finding) -> Self {
        Self { message: Cow::from(message), ..Self::from(finding) }
    }
}

impl<'a> From<&'a model::Finding> for Finding<'a> {
    fn from(finding: &'a model::Finding) -> Self {
        let location = &finding.location;
        Self {
            code: Cow::from(finding.code.as_str()),
            severity: finding.severity.into(),
            message: Cow::from(&finding.message),
            location: Location {
                path: Cow::from(&location.path),
                pointer: location.pointer.as_ref().map(Cow::from),
                line: location.line,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Rung, TaskId};
    use crate::report::sample;

    fn edit(pointer: Option<&str>, old: Option<&str>, new: FieldChange) -> Value {
        let edit = model::Edit {
            artifact: "finalize.json".to_owned(),
            pointer: pointer.map(str::to_owned),
            old: old.map(str::to_owned),
            new,
            task: Some(TaskId::from("T1")),
            rung: Some(Rung::TaskRow),
            confidence: 1.0,
            signals: Vec::new(),
        };
        serde_json::to_value(Edit::from(&edit)).expect("an edit is JSON")
    }

    #[test]
    fn values_of_edits_are_json_values() {
        let list = || FieldChange::List(vec!["a".to_owned(), "b".to_owned()]);
        let empty = edit(Some("/tasks/0/files_changed"), Some("[]"), list());
        assert_eq!((&empty["old"], &empty["new"]), (&json!([]), &json!(["a", "b"])));
        assert_eq!(edit(Some("/x"), None, FieldChange::Bool(true))["old"], Value::Null);
        assert_eq!(edit(Some("/x"), Some("[NaN]"), list())["old"], json!("[NaN]"));
        let text = edit(None, Some("[]"), list());
        assert_eq!(
            (&text["pointer"], &text["old"], &text["new"]),
            (&Value::Null, &json!("[]"), &json!("a\nb"))
        );
    }

    #[test]
    fn names_are_those_of_the_contract() {
        let report = serde_json::to_value(Report::from(&sample::report())).expect("a report is JSON");
        let keys = |value: &Value| {
            value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            keys(&report),
            "schema_version tool command plan history status tasks repair_request claims recovery edits run_id findings"
        );
        assert_eq!(keys(&report["plan"]), "name directory layout mode");
        assert_eq!(keys(&report["history"]), "base base_source head commits worktree reason");
        let task = &report["tasks"][1];
        assert_eq!(keys(task), "id status kind batch evidence missing decision reason files commands");
        assert_eq!(task["missing"], json!(["files_changed", "commands_run"]));
        assert_eq!(keys(&task["files"][0]), "path decision confidence source signals witnesses");
        assert_eq!(keys(&task["files"][0]["signals"][0]), "name weight detail");
        assert_eq!(task["files"][0]["witnesses"][0]["hunks"], json!([[12, 4], [40, 1]]));
        assert_eq!(keys(&task["commands"][0]), "command decision confidence source signals");
        assert_eq!(
            keys(&report["repair_request"]["tasks"][0]),
            "id missing candidate_files candidate_commands question answer"
        );
        assert_eq!(keys(&report["edits"][0]), "artifact pointer old new");
        assert_eq!(keys(&report["findings"][0]), "code severity message location");
        assert_eq!(keys(&report["findings"][0]["location"]), "path pointer line");
        assert_eq!(report["tasks"][2]["decision"], json!("ambiguous"));
        assert_eq!(report["history"]["base_source"], json!("recorded"));
        assert_eq!(report["plan"]["layout"], json!("flat"));
    }

    #[test]
    fn files_stand_by_confidence_then_by_name() {
        let mut report = sample::report();
        let template = report.tasks[1].files[0].clone();
        let file = |path: &str, confidence| model::FileCandidate {
            path: path.to_owned(),
            confidence,
            ..template.clone()
        };
        report.tasks[1].files =
            vec![file("b", 0.5), file("a", f64::NAN), file("z", 0.9), file("a", 0.500_000_000_1)];
        let paths: Vec<_> = Report::from(&report).tasks[1]
            .files
            .iter()
            .map(|file| (file.path.clone(), file.confidence))
            .collect();
        let expected =
            [("z", 0.9), ("a", 0.5), ("b", 0.5), ("a", 0.0)].map(|(path, sure)| (path.to_owned(), sure));
        assert_eq!(paths, expected);
    }
}
