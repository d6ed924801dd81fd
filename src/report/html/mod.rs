//! One HTML page of its own: for reading on a phone or a large screen, in light and in dark, with or without a script.
//!
//! The page loads nothing. Its style and its script are its own and named by their hashes in its content security
//! policy, so that nothing else could run even if something got in. What the plan and the repository say becomes
//! escaped text ([`markup`]) or JSON that the script only ever shows as text.

mod claims;
mod data;
mod findings;
mod markup;
mod matrix;
mod policy;
mod questions;
mod recovery;
mod summary;
mod tasks;
mod timeline;
mod words;

use super::{Report, redact};
use markup::Markup;

const STYLE: &str = include_str!("page.css");

/// One script: its parts share one scope, helpers first.
const SCRIPT: &str = concat!(
    "\"use strict\";\n(() => {\n",
    include_str!("script/help.js"),
    include_str!("script/detail.js"),
    include_str!("script/matrix.js"),
    include_str!("script/filters.js"),
    include_str!("script/answers.js"),
    include_str!("script/start.js"),
    "})();\n"
);

/// The page about all reports.
pub(super) fn document(reports: &[Report]) -> Result<String, serde_json::Error> {
    let reports: Vec<Report> = reports.iter().map(redact::report).collect();
    let mut page = Markup::default();
    page.own("<!doctype html>\n<html lang=\"en\">\n");
    let names: Vec<&str> = reports.iter().map(title).collect();
    page.within("head", &[], |page| head(page, &format!("{} – taskproof", names.join(", "))));
    page.own("\n<body>\n");
    page.within("main", &[], |page| {
        if reports.is_empty() {
            page.element("p", &[], "There is no plan to report on.");
        }
        for (at, report) in reports.iter().enumerate() {
            article(page, at, report);
        }
    });
    page.own("\n<p id=\"said\" role=\"status\"></p>\n");
    page.json("words", &words::table().to_string());
    for (at, report) in reports.iter().enumerate() {
        page.json(&format!("p{at}-data"), &data::of(report)?);
    }
    page.within("script", &[], |page| page.own(SCRIPT));
    page.own("\n</body>\n</html>\n");
    Ok(page.finish())
}

/// A page with a text of ours, whose lines are kept.
pub(super) fn text(title: &str, text: &str) -> String {
    let mut page = Markup::default();
    page.own("<!doctype html>\n<html lang=\"en\">\n");
    page.within("head", &[], |page| head(page, title));
    page.own("\n<body>\n");
    page.within("main", &[], |page| {
        page.element("h1", &[], title);
        page.within("pre", &[("class", "diff")], |page| page.lines(text));
    });
    page.own("\n</body>\n</html>\n");
    page.finish()
}

fn head(page: &mut Markup, title: &str) {
    page.empty("meta", &[("charset", "utf-8")]);
    let policy = policy::of(STYLE, SCRIPT);
    page.empty("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)]);
    page.empty("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    page.empty("meta", &[("name", "color-scheme"), ("content", "light dark")]);
    page.empty("meta", &[("name", "referrer"), ("content", "no-referrer")]);
    page.element("title", &[], title);
    page.within("style", &[], |page| page.own(STYLE));
}

/// What the report is about, in a name.
fn title(report: &Report) -> &str {
    if report.plan.is_present() { &report.plan.name } else { "Claims" }
}

/// One plan. Ids of its elements start with its number, for a page may hold several plans.
fn article(page: &mut Markup, at: usize, report: &Report) {
    let prefix = format!("p{at}");
    page.within("article", &[("class", "plan"), ("id", &prefix)], |page| {
        summary::header(page, &prefix, report);
        recovery::section(page, &prefix, report);
        questions::section(page, &prefix, report);
        timeline::section(page, &prefix, report);
        matrix::section(page, &prefix, report);
        tasks::section(page, &prefix, report);
        claims::section(page, &prefix, report);
        findings::section(page, &prefix, report);
        findings::changes(page, &prefix, report);
    });
}

/// A section with a heading that a link can lead to.
fn section(page: &mut Markup, prefix: &str, name: &str, heading: &str, content: impl FnOnce(&mut Markup)) {
    let (id, heading_id) = (format!("{prefix}-{name}"), format!("{prefix}-{name}-heading"));
    page.within("section", &[("id", &id), ("class", name), ("aria-labelledby", &heading_id)], |page| {
        page.element("h2", &[("id", &heading_id)], heading);
        content(page);
    });
}

/// A command to copy; the script adds the button.
fn command(page: &mut Markup, command: &str) {
    page.within("pre", &[("class", "copy")], |page| page.element("code", &[], command));
}

#[cfg(test)]
mod tests;
