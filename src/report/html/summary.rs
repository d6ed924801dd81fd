//! How the plan stands, what to do next, and what the report rests on.

use super::super::human;
use super::super::text::count;
use super::markup::Markup;
use super::{Report, command, title, words};
use crate::model::{Layout, PlanStatus};

pub(super) fn header(page: &mut Markup, prefix: &str, report: &Report) {
    page.within("header", &[], |page| {
        let about = format!("taskproof {} {}", report.tool_version, report.command);
        page.element("p", &[("class", "brand")], &about);
        page.element("h1", &[], title(report));
        standing(page, report);
        if let Some((why, next)) = human::next::advice(report) {
            page.sentence("p", &[("class", "next")], &format!("Next: {why}"));
            command(page, &next);
        }
        figures(page, report);
        facts(page, report);
        contents(page, prefix, report);
    });
}

fn standing(page: &mut Markup, report: &Report) {
    if report.plan.is_present() {
        let class = match report.status {
            PlanStatus::Complete => "standing good",
            PlanStatus::BlockedMetadata => "standing warn",
            PlanStatus::BlockedImplementation => "standing bad",
        };
        let (_, words) = human::next::standing(report);
        page.sentence("p", &[("class", class)], &format!("The plan is {words}"));
    }
}

/// How many tasks wait for what.
fn figures(page: &mut Markup, report: &Report) {
    if report.tasks.is_empty() {
        return;
    }
    page.within("dl", &[("class", "figures")], |page| {
        for outcome in words::OUTCOMES {
            let word = words::outcome(outcome);
            let number = report.tasks.iter().filter(|task| task.outcome == outcome).count();
            figure(page, word.class, number, word.text);
        }
        if !report.claims.is_empty() {
            figure(
                page,
                "claims",
                report.claims.len(),
                if report.claims.len() == 1 { "claim" } else { "claims" },
            );
        }
    });
}

fn figure(page: &mut Markup, class: &str, number: usize, text: &str) {
    let class = if number == 0 { format!("{class} zero") } else { class.to_owned() };
    page.within("div", &[("class", &class)], |page| {
        page.element("dt", &[], text);
        page.element("dd", &[], &number.to_string());
    });
}

fn facts(page: &mut Markup, report: &Report) {
    page.within("dl", &[("class", "facts")], |page| {
        if report.plan.is_present() {
            let layout = match report.plan.layout {
                Layout::Flat => "",
                Layout::BatchDirectories => ", batch directories",
                Layout::Taskmaster => ", Taskmaster",
                Layout::SpecKit => ", spec-kit",
            };
            page.element("dt", &[], "Plan");
            let mode = report.plan.mode.as_str();
            page.element("dd", &[], &format!("{} ({mode}{layout})", report.plan.directory));
        }
        page.element("dt", &[], "History");
        page.sentence("dd", &[], &human::history(&report.history));
        if let Some(run) = &report.run_id {
            page.element("dt", &[], "Written");
            page.element("dd", &[], &format!("{} by run {run}", count(report.edits.len(), "edit")));
        }
    });
}

/// Links to the sections that the page has.
fn contents(page: &mut Markup, prefix: &str, report: &Report) {
    let questions = report.repair_request.as_ref().map_or(0, |request| request.tasks.len());
    let is_planned = !report.tasks.is_empty();
    let links = [
        ("recovery", "Way out", report.recovery.is_some()),
        ("questions", "Questions", questions > 0),
        ("timeline", "Timeline", is_planned),
        ("matrix", "Tasks and files", is_planned),
        ("tasks", "Tasks", is_planned),
        ("claims", "Claims", !report.claims.is_empty()),
        ("findings", "Findings", !report.findings.is_empty()),
        ("changes", "Changes", report.diff.as_deref().is_some_and(|diff| !diff.is_empty())),
    ];
    page.within("nav", &[("aria-label", "Sections")], |page| {
        for (name, text, _) in links.into_iter().filter(|(_, _, is_there)| *is_there) {
            page.element("a", &[("href", &format!("#{prefix}-{name}"))], text);
        }
    });
}
