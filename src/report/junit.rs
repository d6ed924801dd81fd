//! `JUnit` XML, which every CI system shows: a suite per plan, a case per task.
//!
//! A gap is a failure, a task that is not done is an error unless it was skipped on purpose, and a task that the
//! rules do not ask about is skipped. One more case stands for the plan, and fails on what no task is to blame for.

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite, XmlString};

use super::text::plain;
use super::{Report, order, redact};
use crate::model::{Attribution, Code, Evidence, Finding, Severity, Status};

/// The document, a suite per report, with a final newline.
pub(super) fn document(reports: &[Report]) -> Result<String, quick_junit::SerializeError> {
    let mut document = quick_junit::Report::new("taskproof");
    for report in reports {
        document.add_test_suite(suite(&redact::report(report)));
    }
    let mut xml = document.to_string()?;
    if !xml.ends_with('\n') {
        xml.push('\n');
    }
    Ok(xml)
}

fn suite(report: &Report) -> TestSuite {
    let mut suite = TestSuite::new(text(&report.plan.name));
    suite.add_test_case(plan_case(report));
    for task in &report.tasks {
        suite.add_test_case(task_case(report, task));
    }
    suite
}

/// Fails on errors that belong to no task's row.
fn plan_case(report: &Report) -> TestCase {
    let errors: Vec<&Finding> = order::findings(&report.findings)
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error && !is_about_a_task(report, finding))
        .collect();
    let status = match errors.first() {
        None => TestCaseStatus::success(),
        Some(first) => {
            let all: Vec<String> = errors
                .iter()
                .map(|finding| format!("{}: {}", finding.code, plain(&finding.message)))
                .collect();
            non_success(NonSuccessKind::Failure, first.code.as_str(), &first.message, &all.join("\n"))
        }
    };
    case(report, "plan", status)
}

fn is_about_a_task(report: &Report, finding: &Finding) -> bool {
    let layout = report.plan.layout;
    if layout.is_task_list() {
        return finding.code == Code::Unfinished;
    }
    finding.location.path == layout.record()
        && finding.location.pointer.as_deref().is_some_and(|pointer| pointer.starts_with("/tasks/"))
}

fn task_case(report: &Report, task: &Attribution) -> TestCase {
    let status = match (&task.status, task.gap.evidence) {
        (Status::Done, Evidence::Hollow) => {
            non_success(NonSuccessKind::Failure, "gap", &task.reason, &details(task))
        }
        (Status::Done, _) => TestCaseStatus::success(),
        (Status::Skipped, _) => skipped(&task.reason),
        (status, _) => {
            let message = format!("the task is {}", status.as_str());
            non_success(NonSuccessKind::Error, "unfinished", &message, &plain(&task.reason))
        }
    };
    case(report, &task.task.0, status)
}

/// What was found, a line per candidate; each line is plain already.
fn details(task: &Attribution) -> String {
    let files = order::files(&task.files).into_iter().map(|file| (file.confidence, file.path.as_str()));
    let commands =
        order::commands(&task.commands).into_iter().map(|one| (one.confidence, one.command.as_str()));
    let line =
        |(confidence, name): (f64, &str)| format!("{:.3}  {}", order::confidence(confidence), plain(name));
    files.chain(commands).map(line).collect::<Vec<_>>().join("\n")
}

fn case(report: &Report, name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(text(name), status);
    case.set_classname(text(&report.plan.name));
    case
}

fn non_success(kind: NonSuccessKind, what: &str, message: &str, details: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(what).set_message(text(message)).set_description(text_of_lines(details));
    status
}

fn skipped(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(text(message));
    status
}

fn text(text: &str) -> XmlString {
    XmlString::new(plain(text))
}

fn text_of_lines(text: &str) -> XmlString {
    XmlString::new(text.lines().map(|line| plain(line).into_owned()).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_task_is_a_case_and_gaps_fail() {
        let xml = document(&[sample::report()]).expect("serialises");
        let read = quick_junit::Report::deserialize_from_str(&xml).expect("a consumer reads it");
        let suite = &read.test_suites[0];
        let names: Vec<&str> = suite.test_cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names, ["plan", "T1", "T9", "T10"]);
        assert_eq!((suite.failures, suite.errors), (2, 0));
        assert!(xml.contains("src/a.py"), "{xml}");
    }

    #[test]
    fn markup_and_control_characters_are_text() {
        let mut report = sample::report();
        report.tasks[1].reason = "<script>\u{1b}[2J]]>&\u{0}".to_owned();
        let xml = document(&[report]).expect("serialises");
        assert!(!xml.contains("<script") && !xml.contains('\u{1b}') && !xml.contains('\u{0}'), "{xml}");
    }
}
