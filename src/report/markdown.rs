//! Markdown (GitHub flavoured) for a step summary or a comment on a pull request.
//!
//! Text of the plan or the repository becomes code spans or escaped characters: it can neither link, mention,
//! embed nor end a table. The page stays below what GitHub takes in a comment; what does not fit is counted.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::text::{count, plain};
use super::{Report, order, redact};
use crate::model::{Attribution, Evidence, Finding, PlanStatus, Severity, Status, TaskQuestion};

/// GitHub refuses comments over 65,536 characters; an escape may still follow what is counted here.
const MOST_BYTES: usize = 60_000;

/// Room kept for the sentence that says what was left out.
const CLOSING: usize = 200;

/// Longer lists are read elsewhere.
const MOST_LISTED: usize = 60;

/// Longer sentences, in characters, are cut: one of them must not cost the page its table.
const MOST_CHARACTERS: usize = 300;

/// The page about all reports, with a final newline.
pub(super) fn text(reports: &[Report]) -> String {
    let mut page = Sections::default();
    for report in reports {
        push(&mut page, &redact::report(report));
    }
    page.finish()
}

fn push(page: &mut Sections, report: &Report) {
    page.push(&headline(report));
    page.push(&table(report));
    for question in report.repair_request.iter().flat_map(|request| &request.tasks) {
        page.push(&ask(question));
    }
    for (severity, title) in
        [(Severity::Error, "Errors"), (Severity::Warning, "Warnings"), (Severity::Note, "Notes")]
    {
        page.push(&findings(report, severity, title));
    }
}

/// Parts of a page that are shown whole or not at all.
#[derive(Default)]
struct Sections {
    text: String,
    left_out: usize,
}

impl Sections {
    fn push(&mut self, section: &str) {
        if section.is_empty() {
            return;
        }
        if self.text.len() + section.len() + CLOSING > MOST_BYTES {
            self.left_out += 1;
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(section);
    }

    fn finish(mut self) -> String {
        if self.left_out > 0 {
            let what = count(self.left_out, "part");
            let _ = writeln!(
                self.text,
                "\n_{what} left out: too long for this page. The JSON report has all of it._"
            );
        }
        self.text
    }
}

fn headline(report: &Report) -> String {
    let status = match report.status {
        PlanStatus::Complete => "✅ complete",
        PlanStatus::BlockedMetadata if report.repair_request.is_some() => {
            "⚠️ bookkeeping is missing, and an answer is needed"
        }
        PlanStatus::BlockedMetadata => "⚠️ bookkeeping is missing, and all of it can be filled",
        PlanStatus::BlockedImplementation => "❌ work is missing",
    };
    let mut text = format!("## taskproof: {} is {status}\n", code(&report.plan.name));
    let head = report.history.head.map(|head| code(&head.short()));
    let history = match head {
        Some(head) => format!("{} up to {head}", count(report.history.commits.len(), "commit")),
        None => "no history".to_owned(),
    };
    let _ = writeln!(text, "\n{} read from {}.", history, code(&report.plan.directory));
    text
}

/// Tasks that lack something, then how many do not.
fn table(report: &Report) -> String {
    let (open, fine): (Vec<_>, Vec<_>) = report.tasks.iter().partition(|task| is_open(task));
    let mut text = String::new();
    if !open.is_empty() {
        text.push_str("| task | status | evidence | what was found |\n| --- | --- | --- | --- |\n");
        for task in open.iter().take(MOST_LISTED) {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                cell(&code(&task.task.0)),
                cell(&escape(task.status.as_str())),
                evidence(task.gap.evidence),
                cell(&prose(&task.reason)),
            );
        }
        text.push_str(&more(open.len()));
        text.push('\n');
    }
    let _ = writeln!(text, "{} with nothing to do.", count(fine.len(), "task"));
    text
}

fn is_open(task: &Attribution) -> bool {
    task.gap.evidence == Evidence::Hollow || !matches!(task.status, Status::Done | Status::Skipped)
}

fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Complete => "complete",
        Evidence::Advisory => "advisory",
        Evidence::Hollow => "**missing**",
        Evidence::NotApplicable => "not due",
    }
}

fn ask(question: &TaskQuestion) -> String {
    let mut text = format!("### {}\n\n{}\n", code(&question.task.0), prose(&question.question));
    for candidate in question.candidate_files.iter().chain(&question.candidate_commands) {
        let _ = writeln!(text, "- {}", code(candidate));
    }
    if !question.answer.is_empty() {
        let _ = write!(
            text,
            "\nEdit this line and hand it to `--answers`:\n\n{}",
            block("json", &question.answer)
        );
    }
    text
}

fn findings(report: &Report, severity: Severity, title: &str) -> String {
    let of_severity: Vec<&Finding> = order::findings(&report.findings)
        .into_iter()
        .filter(|finding| finding.severity == severity)
        .collect();
    if of_severity.is_empty() {
        return String::new();
    }
    let mut text = format!("<details><summary>{title} ({})</summary>\n\n", of_severity.len());
    for finding in of_severity.iter().take(MOST_LISTED) {
        let place = finding.location.pointer.as_deref().unwrap_or_default();
        let place = code(&format!("{}{place}", finding.location.path));
        let _ = writeln!(text, "- **{}** {} ({place})", finding.code, prose(&finding.message));
    }
    text.push_str(&more(of_severity.len()));
    text.push_str("\n</details>\n");
    text
}

/// What a list does not show.
fn more(length: usize) -> String {
    match length.checked_sub(MOST_LISTED).filter(|&more| more > 0) {
        Some(more) => format!("\n_{more} more in the JSON report._\n"),
        None => String::new(),
    }
}

/// Our own sentences: what stands between backticks is code, the rest is escaped.
fn prose(text: &str) -> String {
    spans(&clipped(text))
}

/// The same at any length.
pub(super) fn spans(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape(text);
    }
    let part = |(at, part): (usize, &&str)| match at % 2 == 1 {
        true => code(part),
        false => escape(part),
    };
    parts.iter().enumerate().map(part).collect()
}

fn clipped(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// Text without any meaning to Markdown. A bare `@` would mention somebody whatever stands before it.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in plain(text).chars() {
        match character {
            '@' => out.push_str("`@`"),
            _ if character.is_ascii_punctuation() && !matches!(character, ',' | ';' | '\'') => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}

/// A code span that its content cannot end.
fn code(text: &str) -> String {
    let text = plain(text);
    let fence = "`".repeat(longest_run(&text) + 1);
    match text.is_empty() || text.starts_with('`') || text.ends_with('`') || text.starts_with(' ') {
        true => format!("{fence} {text} {fence}"),
        false => format!("{fence}{text}{fence}"),
    }
}

/// A fenced block that its content cannot end.
fn block(language: &str, text: &str) -> String {
    let text = plain(text);
    let fence = "`".repeat((longest_run(&text) + 1).max(3));
    format!("{fence}{language}\n{text}\n{fence}\n")
}

/// A text of lines as it stands, in a block that it cannot end.
pub(super) fn lines(text: &str) -> String {
    let fence = "`".repeat((longest_run(text) + 1).max(3));
    let mut block = format!("{fence}text\n");
    for line in text.lines() {
        block.push_str(&plain(line));
        block.push('\n');
    }
    block + &fence + "\n"
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or_default()
}

/// A table ends a cell at a bar, in code spans too.
fn cell(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut is_escaped = false;
    for character in markdown.chars() {
        if character == '|' && !is_escaped {
            out.push('\\');
        }
        is_escaped = character == '\\' && !is_escaped;
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RepairRequest;
    use crate::report::sample;

    #[test]
    fn gaps_questions_and_findings_are_there() {
        let page = text(&[sample::report()]);
        assert!(
            page.starts_with("## taskproof: `m8` is ⚠️ bookkeeping is missing, and an answer is needed\n")
        );
        assert!(page.contains("| `T9` | done | **missing** |"), "{page}");
        assert!(page.contains("\n1 task with nothing to do.\n"), "{page}");
        assert!(page.contains("```json\n{\"task_id\": \"T10\""), "{page}");
        assert!(page.contains("<details><summary>Errors (2)</summary>"), "{page}");
    }

    #[test]
    fn untrusted_text_has_no_meaning() {
        assert_eq!(escape("<b>[x](y) @me https://e.x"), "\\<b\\>\\[x\\]\\(y\\) `@`me https\\:\\/\\/e\\.x");
        assert_eq!(code("a``b`"), "``` a``b` ```");
        assert_eq!(cell(&code("a|b")), "`a\\|b`");
        assert_eq!(cell(&escape("a|b")), "a\\|b");
        assert_eq!(prose("run `x` now"), "run `x` now");
        assert_eq!(prose("one ` alone <"), "one \\` alone \\<");
    }

    #[test]
    fn a_page_fits_a_comment() {
        let mut report = sample::report();
        report.findings = vec![report.findings[1].clone(); 5_000];
        report.findings[0].message = "<".repeat(MOST_BYTES);
        report.tasks[1].reason = "<".repeat(MOST_BYTES);
        let page = text(std::slice::from_ref(&report));
        assert!(page.contains("| `T9` |") && page.contains("_4940 more in the JSON report._"), "{page}");
        let question = report.repair_request.as_ref().expect("a question").tasks[0].clone();
        report.repair_request = Some(RepairRequest { tasks: vec![question; 1_000] });
        let page = text(std::slice::from_ref(&report));
        assert!(page.len() <= MOST_BYTES && page.contains(" parts left out: too long"), "{}", page.len());
    }
}
