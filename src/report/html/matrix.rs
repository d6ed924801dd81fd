//! The matrix of tasks and files: what frames it. The script fills it, row by row as they come into view, because a
//! large plan has more cells than a page should hold.

use super::markup::Markup;
use super::{Report, section as titled, words};
use crate::model::Outcome;

pub(super) fn section(page: &mut Markup, prefix: &str, report: &Report) {
    if report.tasks.is_empty() {
        return;
    }
    titled(page, prefix, "matrix", "Tasks and files", |page| {
        page.own(
            "<noscript><p>The picture of all tasks and files needs a script. The list of tasks below says the \
             same.</p></noscript>",
        );
        page.within("div", &[("class", "scripted"), ("hidden", "")], |page| {
            filters(page, prefix, report);
            legend(page);
            page.within("div", &[("class", "stage")], |page| {
                page.own("<div class=\"grid\"></div>");
                detail(page, prefix);
            });
        });
    });
}

fn filters(page: &mut Markup, prefix: &str, report: &Report) {
    page.within(
        "form",
        &[("class", "filters"), ("role", "search"), ("aria-label", "Filter tasks and files")],
        |page| {
            field(page, prefix, "task", "Task", |page, id| {
                page.empty(
                    "input",
                    &[("type", "search"), ("id", id), ("name", "task"), ("placeholder", "id or words")],
                );
            });
            field(page, prefix, "path", "Path", |page, id| {
                page.empty(
                    "input",
                    &[("type", "search"), ("id", id), ("name", "path"), ("placeholder", "part of a path")],
                );
            });
            field(page, prefix, "state", "Status", |page, id| {
                page.within("select", &[("id", id), ("name", "state")], |page| states(page, report));
            });
            field(page, prefix, "least", "Confidence from", |page, id| {
                page.empty(
                    "input",
                    &[
                        ("type", "range"),
                        ("id", id),
                        ("name", "least"),
                        ("min", "0"),
                        ("max", "100"),
                        ("step", "1"),
                        ("value", "0"),
                    ],
                );
                page.element("output", &[("for", id)], "0 %");
            });
            page.own("<button type=\"reset\">Reset</button>");
        },
    );
}

fn field(page: &mut Markup, prefix: &str, name: &str, label: &str, control: impl FnOnce(&mut Markup, &str)) {
    let id = format!("{prefix}-{name}");
    page.within("p", &[], |page| {
        page.element("label", &[("for", &id)], label);
        control(page, &id);
    });
}

/// What is to be done, and the recorded statuses that occur.
fn states(page: &mut Markup, report: &Report) {
    page.element("option", &[("value", "any")], "all");
    let occurs = |outcome: &Outcome| report.tasks.iter().any(|task| task.outcome == *outcome);
    page.within("optgroup", &[("label", "What is to be done")], |page| {
        for word in words::OUTCOMES.into_iter().filter(occurs).map(words::outcome) {
            page.element("option", &[("value", &format!("outcome:{}", word.class))], word.text);
        }
    });
    let mut statuses: Vec<&str> = report.tasks.iter().map(|task| task.status.as_str()).collect();
    statuses.sort_unstable();
    statuses.dedup();
    page.within("optgroup", &[("label", "Recorded status")], |page| {
        for status in statuses {
            page.element("option", &[("value", &format!("status:{status}"))], status);
        }
    });
}

fn legend(page: &mut Markup) {
    page.within("ul", &[("class", "legend"), ("aria-label", "Legend")], |page| {
        for source in words::SOURCES.map(words::source) {
            page.within("li", &[], |page| {
                page.element("span", &[("class", "key"), ("aria-hidden", "true")], source.mark);
                page.text(source.text);
            });
        }
        for decision in words::DECISIONS.map(words::decision).into_iter().skip(1) {
            page.within("li", &[], |page| {
                page.empty("span", &[("class", &format!("key {}", decision.class))]);
                page.text(decision.text);
            });
        }
        page.own("<li><span class=\"key ramp\"></span>the stronger, the surer</li>");
    });
}

/// Where a cell tells of itself.
fn detail(page: &mut Markup, prefix: &str) {
    let (id, heading) = (format!("{prefix}-detail"), format!("{prefix}-detail-heading"));
    page.within(
        "aside",
        &[("class", "detail"), ("id", &id), ("aria-labelledby", &heading), ("hidden", "")],
        |page| {
            page.own("<button type=\"button\" class=\"close\">Close</button>");
            page.empty("h3", &[("id", &heading), ("tabindex", "-1")]);
            page.own("<div class=\"body\"></div>");
        },
    );
}
