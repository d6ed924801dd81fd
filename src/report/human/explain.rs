//! One task for somebody who asks why: the decision first, then what speaks for and against each candidate, then
//! what would change the answer, and last what to do.

use anstyle::Style;

use super::super::text::{Page, columns, count, plain};
use super::super::{Explained, HistoryFacts, Look, order, redact};
use super::task::{ask, percent, title, verdict};
use super::{BAD, BOLD, DIM, GOOD, PLAIN, WARN, diff, findings, history, next};
use crate::model::{
    Attribution, Code, Decision, Evidence, Explanation, Outcome, Signal, Source, Status, WitnessDiff,
};

/// So many candidates are shown in full, the rest in a line each.
const IN_FULL: usize = 6;
/// And so many at all; the JSON document has every one.
const LISTED: usize = 40;
/// A candidate below this is one of many.
const UNLIKELY: f64 = 0.1;
/// A weight that is shown as zero.
const NOTHING: f64 = 0.005;
/// Characters of a description.
const DESCRIPTION: usize = 240;
/// A longer name of a signal does not widen the column.
const NAME: usize = 24;

/// The whole explanation.
pub(in crate::report) fn text(explained: &Explained, look: &Look) -> String {
    let explanation = &redact::explanation(&explained.explanation);
    let mut page = Page::new(look);
    decision(&mut page, &explanation.attribution, explained.plan.layout.is_task_list());
    facts(&mut page, explained, explanation);
    candidates(&mut page, explanation);
    let told = [Code::Contradicted, Code::Advisory, Code::Unfinished];
    let untold: Vec<_> =
        explanation.findings.iter().filter(|finding| !told.contains(&finding.code)).cloned().collect();
    findings(&mut page, &untold, &[]);
    changes(&mut page, explanation);
    step(&mut page, explained, explanation);
    page.finish()
}

fn decision(page: &mut Page, task: &Attribution, is_listed: bool) {
    let (style, text) = match task.outcome {
        Outcome::Backfill => (GOOD, title(task)),
        Outcome::Ambiguous | Outcome::NoEvidence => (WARN, title(task)),
        Outcome::None => match task.gap.evidence {
            Evidence::Complete => (GOOD, "is complete".to_owned()),
            Evidence::Advisory if is_listed => (PLAIN, "is done, and its list keeps no evidence".to_owned()),
            Evidence::Advisory => (GOOD, "has enough for the harness".to_owned()),
            Evidence::Hollow => (WARN, "lacks its evidence".to_owned()),
            Evidence::NotApplicable => (PLAIN, format!("is `{}`", task.status.as_str())),
        },
    };
    page.prose(0, style.bold(), &format!("{} {text}", task.task));
    page.prose(2, PLAIN, &task.reason);
}

fn facts(page: &mut Page, explained: &Explained, explanation: &Explanation) {
    let task = &explanation.attribution;
    page.gap();
    page.prose(2, PLAIN, &format!("description: {}", beginning(&explanation.description)));
    let batch = task.batch.map(|batch| format!(", batch {batch}")).unwrap_or_default();
    let (status, kind) = (task.status.as_str(), task.kind.as_str());
    page.prose(2, DIM, &format!("task: {status}, kind {kind}{batch}, of plan `{}`", explained.plan.name));
    let facts: &HistoryFacts = &explained.history;
    page.prose(2, DIM, &format!("history: {}", history(facts)));
}

/// The beginning of a description: enough to know which task it is. Some fill a screen.
fn beginning(description: &str) -> String {
    let words = description.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(DESCRIPTION) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words,
    }
}

/// What files and commands have in common.
struct Item<'a> {
    name: &'a str,
    decision: Decision,
    confidence: f64,
    source: Source,
    signals: &'a [Signal],
    diffs: Vec<&'a WitnessDiff>,
}

fn candidates(page: &mut Page, explanation: &Explanation) {
    let task = &explanation.attribution;
    let files = order::files(&task.files).into_iter().map(|file| Item {
        name: &file.path,
        decision: file.decision,
        confidence: file.confidence,
        source: file.source,
        signals: &file.signals,
        diffs: explanation.diffs.iter().filter(|diff| diff.path == file.path).collect(),
    });
    items(page, "file", files.collect());
    let commands = order::commands(&task.commands).into_iter().map(|command| Item {
        name: &command.command,
        decision: command.decision,
        confidence: command.confidence,
        source: command.source,
        signals: &command.signals,
        diffs: Vec::new(),
    });
    items(page, "command", commands.collect());
}

fn items(page: &mut Page, noun: &str, mut items: Vec<Item<'_>>) {
    if items.is_empty() {
        return;
    }
    // What is filled first, then what is recorded, then what is possible, then what is not.
    items.sort_by_key(|item| item.decision);
    page.gap();
    page.line(0, BOLD, &count(items.len(), noun));
    let (shown, rest) = items.split_at(in_full_of(&items));
    for alike in shown.chunk_by(is_alike) {
        page.gap();
        in_full(page, alike);
    }
    if !rest.is_empty() {
        page.gap();
        page.line(2, PLAIN, "and besides");
        rest.iter().take(LISTED).for_each(|item| in_a_line(page, item));
    }
    if rest.len() > LISTED {
        page.line(4, DIM, &format!("and {} more, which `--format json` lists", rest.len() - LISTED));
    }
}

/// How many are shown in full: not the crowd of unlikely ones, unless there is nothing else.
fn in_full_of(items: &[Item<'_>]) -> usize {
    let is_of_interest =
        |item: &&Item<'_>| item.decision != Decision::Candidate || item.confidence >= UNLIKELY;
    let of_interest = items.iter().take_while(is_of_interest).count();
    // What is alike is told once, and takes no room.
    let alike = items.chunk_by(is_alike).next().map_or(0, <[_]>::len).min(LISTED);
    of_interest.min(IN_FULL.max(alike)).max(IN_FULL / 2).min(items.len())
}

/// Whether the same is to be said of both.
fn is_alike(a: &Item<'_>, b: &Item<'_>) -> bool {
    a.diffs.is_empty()
        && b.diffs.is_empty()
        && a.decision == b.decision
        && percent(a.confidence) == percent(b.confidence)
        && a.source == b.source
        && a.signals == b.signals
}

fn in_full(page: &mut Page, alike: &[Item<'_>]) {
    let Some(item) = alike.first() else { return };
    let (style, decision) = verdict(item.decision, false);
    for item in alike {
        page.line(2, style, item.name);
    }
    page.prose(
        4,
        PLAIN,
        &format!("{}, {decision}, {}", percent(item.confidence), super::task::origin(item.source)),
    );
    signals(page, 6, item.signals);
    diff::changes(page, 4, &item.diffs, item.signals);
}

fn in_a_line(page: &mut Page, item: &Item<'_>) {
    let (style, _) = verdict(item.decision, false);
    let against = if item.decision == Decision::Rejected { "  (rejected)" } else { "" };
    page.row(
        4,
        style,
        &format!("{:>6}", percent(item.confidence)),
        &format!("{}{against}{}", item.name, briefly(item.signals)),
    );
}

/// The names of the signals that weigh anything.
fn briefly(signals: &[Signal]) -> String {
    let weighs = |signal: &&Signal| signal.weight.abs() >= NOTHING;
    let sign = |signal: &Signal| if signal.weight < 0.0 { '-' } else { '+' };
    let brief = |signal: &Signal| format!("{}{}", sign(signal), signal.name.replace('_', " "));
    let brief: Vec<String> = order::signals(signals).into_iter().filter(weighs).map(brief).collect();
    if brief.is_empty() { String::new() } else { format!("  ({})", brief.join(", ")) }
}

/// A line per signal: its weight in log-odds, its name, where it was seen.
fn signals(page: &mut Page, indent: usize, signals: &[Signal]) {
    let name = |signal: &Signal| plain(&signal.name.replace('_', " ")).into_owned();
    let width = signals.iter().map(|signal| columns(&name(signal))).max().unwrap_or(0).min(NAME);
    for signal in order::signals(signals) {
        let (style, weight) = weighed(order::weight(signal.weight));
        page.row(indent, style, &format!("{weight:>6}  {:width$}", name(signal)), &signal.detail);
    }
}

fn weighed(weight: f64) -> (Style, String) {
    if weight.abs() < NOTHING {
        return (DIM, "0.00".to_owned());
    }
    (if weight < 0.0 { BAD } else { PLAIN }, format!("{weight:+.2}"))
}

fn changes(page: &mut Page, explanation: &Explanation) {
    if explanation.changes.is_empty() {
        return;
    }
    page.gap();
    page.line(0, BOLD, "What would change this");
    for change in &explanation.changes {
        page.prose(2, PLAIN, &format!("- {}", change.advice));
    }
}

fn step(page: &mut Page, explained: &Explained, explanation: &Explanation) {
    let task = &explanation.attribution;
    if let Some(question) = &explanation.question {
        page.gap();
        ask(page, 0, question);
    }
    let step = match (task.outcome, &task.status) {
        (_, Status::Pending | Status::Blocked) if explained.plan.layout.is_task_list() => None,
        (_, Status::Pending | Status::Blocked) => Some(("let the harness finish it", None)),
        (Outcome::Backfill, _) => Some(("fill it", next::backfill(&explained.plan, false))),
        (Outcome::Ambiguous | Outcome::NoEvidence, _) => match &explanation.question {
            Some(question) if question.answer.is_empty() => Some(("let its executor write the notes", None)),
            Some(_) => {
                Some(("put the line into `answers.jsonl`, edited", next::backfill(&explained.plan, true)))
            }
            None => None,
        },
        (Outcome::None, _) => None,
    };
    page.gap();
    match step {
        Some((why, command)) => {
            page.prose(0, BOLD, &format!("Next: {why}"));
            if let Some(command) = command {
                page.line(2, PLAIN, &command);
            }
        }
        None => page.prose(0, BOLD, "Nothing has to be done about it"),
    }
}
