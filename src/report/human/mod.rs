//! For reading in a terminal, by somebody whose plan has just stopped: first how bad it is, then what
//! was found for each gap and why, and last the command to run next.

pub(super) mod claims;
mod diff;
pub(super) mod explain;
pub(super) mod next;
mod recovery;
mod table;
mod task;

use anstyle::{AnsiColor, Style};

use super::text::{Page, count};
use super::{HistoryFacts, Look, Report, order, redact};
pub(super) use task::percent;

use crate::model::{Assessment, BaseSource, Code, Finding, Layout, Mode, Severity};

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const WARN: Style = AnsiColor::Yellow.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default();
const PLACE: Style = AnsiColor::Cyan.on_default();
pub(super) const PLAIN: Style = Style::new();

/// The whole report.
pub fn text(report: &Report, look: &Look) -> String {
    let report = &redact::report(report);
    let mut page = Page::new(look);
    next::headline(&mut page, report);
    let is_about_claims = report.command == "verify-claims";
    if is_about_claims || !report.claims.is_empty() {
        claims::total(&mut page, &report.claims);
    }
    facts(&mut page, report);
    if !is_about_claims {
        if !report.tasks.is_empty() {
            page.gap();
            table::tasks(&mut page, &report.tasks);
        }
        task::sections(&mut page, report);
    }
    // A recovery tells of each blocker what it comes to.
    let told = |claim: &&Assessment| report.recovery.is_none() || !claim.claim.is_blocker;
    let untold: Vec<Assessment> = report.claims.iter().filter(told).cloned().collect();
    claims::sections(&mut page, &untold, !is_about_claims);
    recovery::section(&mut page, report);
    changes(&mut page, report);
    // What the section of a task or claim says is not said again.
    let mut told = vec![Code::ImplementationClaim, Code::UndecidedClaim];
    if !is_about_claims {
        told.extend([Code::GapFillable, Code::GapAmbiguous, Code::GapUnexplained]);
    }
    findings(&mut page, &report.findings, &told);
    next::step(&mut page, report);
    page.finish()
}

fn facts(page: &mut Page, report: &Report) {
    page.gap();
    let layout = match report.plan.layout {
        Layout::Flat => "",
        Layout::BatchDirectories => " (batch directories)",
        Layout::Taskmaster => " (Taskmaster)",
        Layout::SpecKit => " (spec-kit)",
    };
    let mode = match &report.plan.mode {
        Mode::Code | Mode::List => String::new(),
        Mode::Prose(mode) => format!(" (mode `{mode}`)"),
    };
    if report.plan.is_present() {
        page.line(2, PLAIN, &format!("plan: {}{layout}{mode}", report.plan.directory));
    }
    page.prose(2, PLAIN, &format!("history: {}", history(&report.history)));
}

/// Which commits were read, in a phrase.
pub(super) fn history(history: &HistoryFacts) -> String {
    let because = history.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let uncommitted = if history.worktree { " and uncommitted changes" } else { "" };
    let Some(head) = &history.head else {
        return if history.worktree {
            format!("uncommitted changes only{because}")
        } else {
            format!("none, the records stand alone{because}")
        };
    };
    let range = match &history.base {
        Some(base) => format!("{}..{}", base.short(), head.short()),
        None if history.commits.is_empty() => {
            return format!("files at {}{uncommitted}{because}", head.short());
        }
        None => format!("everything up to {}", head.short()),
    };
    let source = match history.base_source {
        BaseSource::Flag => "base given with `--base`",
        BaseSource::Recorded => "base recorded by the plan",
        BaseSource::InitCommit => "base is the parent of the plan's first commit",
        BaseSource::MergeBase => "base is the merge base with the default branch",
        BaseSource::None => "no base",
    };
    format!("{range}, {}{uncommitted}, {source}{because}", count(history.commits.len(), "commit"))
}

fn changes(page: &mut Page, report: &Report) {
    if let Some(diff) = report.diff.as_deref().filter(|diff| !diff.is_empty()) {
        page.gap();
        page.line(0, BOLD, if report.run_id.is_some() { "Written" } else { "Changes, not written yet" });
        page.gap();
        for line in diff.lines() {
            let style = match line.as_bytes() {
                [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => BOLD,
                [b'+', ..] => GOOD,
                [b'-', ..] => BAD,
                [b'@', b'@', ..] => PLACE,
                _ => PLAIN,
            };
            page.line(0, style, line);
        }
    }
    if let Some(run) = &report.run_id {
        page.gap();
        let edits = count(report.edits.len(), "edit");
        page.prose(0, PLAIN, &format!("Run `{run}` wrote {edits}; to take it back:"));
        page.line(2, BOLD, &format!("taskproof undo {run} --plan {}", next::plan_argument(&report.plan)));
    }
}

/// All findings but those that were told elsewhere.
fn findings(page: &mut Page, findings: &[Finding], told: &[Code]) {
    let mut sorted = order::findings(findings);
    sorted.retain(|finding| !told.contains(&finding.code));
    for (severity, title, style) in [
        (Severity::Error, "Errors", BAD),
        (Severity::Warning, "Warnings", WARN),
        (Severity::Note, "Notes", PLAIN),
    ] {
        let mut group = sorted.iter().filter(|finding| finding.severity == severity).peekable();
        if group.peek().is_none() {
            continue;
        }
        page.gap();
        page.line(0, style.bold(), title);
        for finding in group {
            page.prose(2, PLAIN, &format!("{} {}", finding.code, finding.message));
            page.line(4, DIM, &place(finding));
        }
    }
}

fn place(finding: &Finding) -> String {
    let location = &finding.location;
    let line = location.line.map(|line| format!(":{line}")).unwrap_or_default();
    let pointer = location.pointer.as_ref().map(|pointer| format!(" {pointer}")).unwrap_or_default();
    format!("{}{line}{pointer}", location.path)
}

fn has(report: &Report, code: Code) -> bool {
    report.findings.iter().any(|finding| finding.code == code)
}

#[cfg(test)]
mod tests;
