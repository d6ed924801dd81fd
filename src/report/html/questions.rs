//! What has to be asked, with a line to answer it. The script makes a form of it; without one the lines can be copied
//! and edited.

use super::super::human::next;
use super::super::redact::MASK;
use super::super::text::json_visible;
use super::markup::Markup;
use super::{Report, command, section as titled};
use crate::model::TaskQuestion;

pub(super) fn section(page: &mut Markup, prefix: &str, report: &Report) {
    let Some(request) = report.repair_request.as_ref().filter(|request| !request.tasks.is_empty()) else {
        return;
    };
    titled(page, prefix, "questions", "Questions", |page| {
        for (at, asked) in request.tasks.iter().enumerate() {
            let number = at.to_string();
            page.within("section", &[("class", "question"), ("data-question", &number)], |page| {
                question(page, asked);
            });
        }
        if let Some(write) = next::backfill(&report.plan, true) {
            let how = format!("Put the lines into `{}`, then:", next::ANSWERS);
            page.within("div", &[("class", "all-answers")], |page| {
                page.sentence("p", &[], &how);
                command(page, &write);
            });
        }
    });
}

fn question(page: &mut Markup, asked: &TaskQuestion) {
    page.element("h3", &[], &asked.task.0);
    page.sentence("p", &[], &asked.question);
    choices(page, "files_changed", "Files", &asked.candidate_files);
    choices(page, "commands_run", "Commands", &asked.candidate_commands);
    if asked.answer.is_empty() {
        return;
    }
    if asked.answer.contains(MASK) {
        let warning =
            "A secret is masked as `***`; the line is written as it stands, so leave it masked.".to_owned();
        page.sentence("p", &[("class", "quiet")], &warning);
    }
    page.element("p", &[("class", "how")], "Edit this line and hand it to --answers:");
    // The line is to be copied: what cannot be seen is escaped as JSON does it.
    let line = json_visible(&asked.answer);
    page.within("pre", &[("class", "copy answer")], |page| page.element("code", &[], &line));
}

fn choices(page: &mut Markup, field: &str, title: &str, candidates: &[String]) {
    if candidates.is_empty() {
        return;
    }
    page.within("div", &[("class", "choices"), ("data-field", field)], |page| {
        page.element("p", &[("class", "label")], title);
        page.within("ul", &[], |page| {
            for candidate in candidates {
                page.within("li", &[], |page| page.element("code", &[], candidate));
            }
        });
    });
}
