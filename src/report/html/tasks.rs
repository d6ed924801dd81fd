//! Every task with what was found for it. Those that need nothing are folded.

use super::super::{human, order};
use super::markup::Markup;
use super::{Report, section as titled, words};
use crate::model::{Attribution, Decision, Outcome, Source};

/// More candidates than this are in the JSON report.
const MOST_LISTED: usize = 60;

pub(super) fn section(page: &mut Markup, prefix: &str, report: &Report) {
    if report.tasks.is_empty() {
        return;
    }
    titled(page, prefix, "tasks", "Tasks", |page| {
        for (at, task) in report.tasks.iter().enumerate() {
            let description = report.plan.descriptions.get(&task.task).map(String::as_str);
            entry(page, prefix, at, task, description.unwrap_or_default());
        }
    });
}

fn entry(page: &mut Markup, prefix: &str, at: usize, task: &Attribution, description: &str) {
    let (id, number) = (format!("{prefix}-t{at}"), at.to_string());
    let mut attributes = vec![("class", "task"), ("id", id.as_str()), ("data-task", number.as_str())];
    if task.outcome != Outcome::None {
        attributes.push(("open", ""));
    }
    page.within("details", &attributes, |page| {
        page.within("summary", &[], |page| {
            let word = words::outcome(task.outcome);
            page.element("strong", &[], &task.task.0);
            page.element("span", &[("class", &format!("tag {}", word.class))], word.text);
            page.element("span", &[("class", "quiet")], &facts(task));
            page.sentence("span", &[("class", "gist")], description);
        });
        page.sentence("p", &[("class", "description")], description);
        page.sentence("p", &[], &task.reason);
        files(page, task);
        commands(page, task);
    });
    page.own("\n");
}

fn facts(task: &Attribution) -> String {
    let batch = task.batch.map(|batch| format!(" · batch {batch}")).unwrap_or_default();
    let evidence = words::evidence(task.gap.evidence);
    format!("{} · {}{batch} · {evidence}", task.status.as_str(), task.kind.as_str())
}

fn files(page: &mut Markup, task: &Attribution) {
    let rows = order::files(&task.files).into_iter();
    let rows = rows.map(|file| (file.path.as_str(), file.decision, file.confidence, file.source));
    table(page, "files", "Files", task.files.len(), rows);
}

fn commands(page: &mut Markup, task: &Attribution) {
    let rows = order::commands(&task.commands).into_iter();
    let rows = rows.map(|it| (it.command.as_str(), it.decision, it.confidence, it.source));
    table(page, "commands", "Commands", task.commands.len(), rows);
}

type Row<'a> = (&'a str, Decision, f64, Source);

fn table<'a>(page: &mut Markup, kind: &str, title: &str, length: usize, rows: impl Iterator<Item = Row<'a>>) {
    if length == 0 {
        return;
    }
    page.within("table", &[("class", "candidates"), ("data-kind", kind)], |page| {
        page.element("caption", &[], title);
        page.own(
            "<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Sure</th><th scope=\"col\">Decision</th>\
                  <th scope=\"col\">From</th></tr></thead>",
        );
        page.within("tbody", &[], |page| {
            for (name, decision, confidence, source) in rows.take(MOST_LISTED) {
                row(page, name, decision, confidence, source);
            }
        });
    });
    if let Some(more) = length.checked_sub(MOST_LISTED).filter(|more| *more > 0) {
        page.element("p", &[("class", "quiet")], &format!("and {more} more in the JSON report"));
    }
}

fn row(page: &mut Markup, name: &str, decision: Decision, confidence: f64, source: Source) {
    let (decision, source) = (words::decision(decision), words::source(source));
    page.within("tr", &[("class", decision.class)], |page| {
        page.within("th", &[("scope", "row")], |page| page.element("code", &[], name));
        page.element("td", &[("class", "sure")], &human::percent(confidence));
        page.element("td", &[], decision.text);
        page.within("td", &[], |page| {
            page.element("span", &[("class", "mark"), ("aria-hidden", "true")], source.mark);
            page.text(source.text);
        });
    });
}
