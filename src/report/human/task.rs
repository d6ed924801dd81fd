//! One section per task that lacks something: what was found, why, and what to answer.

use std::collections::HashMap;

use anstyle::Style;

use super::super::text::{Page, count, json_visible, series};
use super::super::{Report, order, redact};
use super::table::has_rejected;
use super::{BAD, BOLD, DIM, GOOD, PLAIN, WARN};
use crate::model::{
    Attribution, Decision, Evidence, Field, Outcome, Signal, Source, TaskId, TaskQuestion, Witness,
};

/// More candidates, commits or hunks than this hide the point; the JSON report has them all.
const CANDIDATES: usize = 8;
const COMMITS: usize = 3;
const HUNKS: usize = 6;

pub(super) fn sections(page: &mut Page, report: &Report) {
    let questions = report.repair_request.iter().flat_map(|request| &request.tasks);
    let questions: HashMap<&TaskId, &TaskQuestion> =
        questions.map(|question| (&question.task, question)).collect();
    for task in &report.tasks {
        let question = questions.get(&task.task).copied();
        if task.outcome != Outcome::None || question.is_some() || has_rejected(task) {
            section(page, task, question, report.run_id.is_some());
        }
    }
}

fn section(page: &mut Page, task: &Attribution, question: Option<&TaskQuestion>, written: bool) {
    page.gap();
    page.prose(0, BOLD, &format!("{} {}", task.task, title(task)));
    page.prose(2, PLAIN, &task.reason);
    let files: Vec<Item<'_>> = order::files(&task.files)
        .into_iter()
        .map(|file| Item {
            name: file.path.clone(),
            decision: file.decision,
            confidence: file.confidence,
            source: file.source,
            signals: &file.signals,
            witnesses: &file.witnesses,
        })
        .collect();
    let commands: Vec<Item<'_>> = order::commands(&task.commands)
        .into_iter()
        .map(|command| Item {
            name: format!("`{}`", command.command),
            decision: command.decision,
            confidence: command.confidence,
            source: command.source,
            signals: &command.signals,
            witnesses: &[],
        })
        .collect();
    items(page, "Files", files, written);
    items(page, "Commands", commands, written);
    if let Some(question) = question {
        ask(page, 2, question);
    }
}

/// The question and the line to answer it with.
pub(super) fn ask(page: &mut Page, indent: usize, question: &TaskQuestion) {
    page.prose(indent, WARN, &format!("Question: {}", question.question));
    if !question.answer.is_empty() {
        page.line(indent, PLAIN, "Answer with this line, edited:");
        page.line(indent + 2, PLAIN, &json_visible(&question.answer));
    }
    if question.answer.contains(redact::MASK) {
        let warning = "A secret is masked as `***`; the line is written as it stands, so leave it masked";
        page.prose(indent, WARN, warning);
    }
}

pub(super) fn title(task: &Attribution) -> String {
    let missing: Vec<String> = task.gap.missing.iter().map(|field| format!("`{}`", field.key())).collect();
    let advisory = if task.gap.evidence == Evidence::Advisory { " (advisory)" } else { "" };
    let lacks = format!("lacks {}{advisory}", series(&missing));
    match task.outcome {
        Outcome::Backfill => format!("{lacks}; found {}", found(task)),
        Outcome::Ambiguous if missing.is_empty() => "needs an answer".to_owned(),
        Outcome::Ambiguous => format!("{lacks} and needs an answer"),
        Outcome::NoEvidence if missing == [format!("`{}`", Field::Notes.key())] => {
            format!("{lacks}, which only its executor can write")
        }
        Outcome::NoEvidence => format!("{lacks}; no trace was found"),
        Outcome::None if has_rejected(task) => "claims what git contradicts".to_owned(),
        Outcome::None => "needs an answer".to_owned(),
    }
}

fn found(task: &Attribution) -> String {
    let files = task.files.iter().filter(|file| file.decision == Decision::Backfill).count();
    let commands = task.commands.iter().filter(|command| command.decision == Decision::Backfill).count();
    let parts = [(files, "file"), (commands, "command")];
    let parts: Vec<String> =
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, noun)| count(*number, noun)).collect();
    if parts.is_empty() { "what fills it".to_owned() } else { series(&parts) }
}

/// What files and commands have in common.
struct Item<'a> {
    name: String,
    decision: Decision,
    confidence: f64,
    source: Source,
    signals: &'a [Signal],
    witnesses: &'a [Witness],
}

fn items(page: &mut Page, title: &str, items: Vec<Item<'_>>, written: bool) {
    let (recorded, mut items): (Vec<_>, Vec<_>) =
        items.into_iter().partition(|item| item.decision == Decision::Recorded);
    if items.is_empty() {
        return;
    }
    // What will be written first, then what is possible, then what is not.
    items.sort_by_key(|item| item.decision);
    let also =
        if recorded.is_empty() { String::new() } else { format!(", besides {} recorded", recorded.len()) };
    page.line(2, PLAIN, &format!("{title}{also}"));
    for item in items.iter().take(CANDIDATES) {
        show(page, item, written);
    }
    if items.len() > CANDIDATES {
        let rest = items.len() - CANDIDATES;
        page.line(4, DIM, &format!("and {rest} more, which `--format json` lists"));
    }
}

fn show(page: &mut Page, item: &Item<'_>, written: bool) {
    let (style, decision) = verdict(item.decision, written);
    let source = origin(item.source);
    page.line(4, style, &item.name);
    page.prose(6, PLAIN, &format!("{}, {decision}, {source}", percent(item.confidence)));
    for witness in item.witnesses.iter().take(COMMITS) {
        page.prose(6, PLAIN, &seen(witness));
    }
    if item.witnesses.len() > COMMITS {
        page.line(6, PLAIN, &format!("and in {} more", count(item.witnesses.len() - COMMITS, "commit")));
    }
    for signal in order::signals(item.signals) {
        let sign = match signal.weight {
            weight if weight < 0.0 => '-',
            weight if weight > 0.0 => '+',
            _ => ' ',
        };
        page.prose(6, DIM, &format!("{sign} {}: {}", signal.name.replace('_', " "), signal.detail));
    }
}

/// What is to be done about a candidate, or was.
pub(super) fn verdict(decision: Decision, written: bool) -> (Style, &'static str) {
    match decision {
        Decision::Backfill if written => (GOOD, "filled in"),
        Decision::Backfill => (GOOD, "certain enough to fill in"),
        Decision::Recorded => (PLAIN, "recorded"),
        Decision::Candidate => (WARN, "possible"),
        Decision::Rejected => (BAD, "rejected, git contradicts it"),
    }
}

/// Where a candidate comes from.
pub(super) fn origin(source: Source) -> &'static str {
    match source {
        Source::Recorded => "from `finalize.json`",
        Source::Batch => "from the batch records",
        Source::Review => "from the review",
        Source::Git => "from git",
        Source::Inferred => "from several signals together",
        Source::Operator => "from an answer",
    }
}

/// Rounded down, so that only certainty reads as 100 %.
pub(in crate::report) fn percent(value: f64) -> String {
    let tenths = (order::confidence(value) * 1000.0 + 1e-6).floor() / 10.0;
    format!("{tenths} %")
}

fn seen(witness: &Witness) -> String {
    let place = match &witness.commit {
        Some(commit) => format!("changed in {}", commit.short()),
        None => "changed, not committed".to_owned(),
    };
    let mut lines: Vec<String> = witness.hunks.iter().take(HUNKS).map(|&hunk| lines(hunk)).collect();
    if witness.hunks.len() > HUNKS {
        lines.push(format!("{} more", witness.hunks.len() - HUNKS));
    }
    if lines.is_empty() { place } else { format!("{place}, {}", series(&lines)) }
}

fn lines((start, number): (u32, u32)) -> String {
    match number {
        0 => format!("removal after line {start}"),
        1 => format!("line {start}"),
        _ => format!("lines {start}-{}", u64::from(start) + u64::from(number) - 1),
    }
}
