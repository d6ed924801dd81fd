//! Findings, worst first, and the changes as a diff.

use super::super::order;
use super::super::text::count;
use super::markup::Markup;
use super::{Report, section as titled, words};
use crate::model::Finding;

/// Longer diffs are read elsewhere.
const MOST_LINES: usize = 2_000;

pub(super) fn section(page: &mut Markup, prefix: &str, report: &Report) {
    if report.findings.is_empty() {
        return;
    }
    titled(page, prefix, "findings", "Findings", |page| {
        page.within("ul", &[("class", "rows")], |page| {
            for found in order::findings(&report.findings) {
                page.within("li", &[], |page| finding(page, found));
            }
        });
    });
}

fn finding(page: &mut Markup, finding: &Finding) {
    let word = words::severity(finding.severity);
    page.element("span", &[("class", &format!("tag {}", word.class))], word.text);
    let meaning = finding.code.description().trim().replace("\n ", " ");
    page.element("code", &[("title", &meaning)], finding.code.as_str());
    page.own(" ");
    page.sentence("span", &[], &finding.message);
    let place = &finding.location;
    let line = place.line.map(|line| format!(":{line}")).unwrap_or_default();
    let pointer = place.pointer.as_ref().map(|pointer| format!(" {pointer}")).unwrap_or_default();
    page.element("p", &[("class", "quiet")], &format!("{}{line}{pointer}", place.path));
}

/// What would be written, or was.
pub(super) fn changes(page: &mut Markup, prefix: &str, report: &Report) {
    let Some(diff) = report.diff.as_deref().filter(|diff| !diff.is_empty()) else { return };
    let heading = if report.run_id.is_some() { "Written" } else { "Changes, not written yet" };
    titled(page, prefix, "changes", heading, |page| {
        page.within("pre", &[("class", "diff")], |page| {
            for line in diff.lines().take(MOST_LINES) {
                let class = match line.as_bytes() {
                    [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => "file",
                    [b'+', ..] => "added",
                    [b'-', ..] => "removed",
                    [b'@', b'@', ..] => "place",
                    _ => "same",
                };
                page.element("span", &[("class", class)], line);
                page.own("\n");
            }
        });
        if let Some(more) = diff.lines().count().checked_sub(MOST_LINES).filter(|more| *more > 0) {
            page.element("p", &[("class", "quiet")], &format!("and {}", count(more, "more line")));
        }
    });
}
