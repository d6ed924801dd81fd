//! What the formats of CI systems have in common: every finding as one notice with a place that these systems
//! can open, and a fingerprint by which they know it again.

use std::collections::BTreeMap;

use super::{Report, order};
use crate::digest::sha256_hex;
use crate::model::{Code, Finding, Location, Severity};

/// A finding, as a CI system shows it. Its texts are untrusted: each format escapes them in its own way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notice {
    /// What sort of thing.
    pub(super) code: Code,
    /// How bad.
    pub(super) severity: Severity,
    /// What it is and what to do.
    pub(super) message: String,
    /// A file relative to the directory the CI system knows, `/` separated; `None` where there is no such
    /// file, as when the plan lies outside.
    pub(super) path: Option<String>,
    /// One-based line of that file.
    pub(super) line: Option<usize>,
    /// Stable while the finding is about the same thing: neither lines, counts nor candidates are part of it.
    pub(super) fingerprint: String,
}

/// Every finding of the report, worst first.
pub(super) fn notices(report: &Report) -> Vec<Notice> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let findings = order::findings(&report.findings);
    findings.into_iter().map(|finding| notice(report, finding, &mut seen)).collect()
}

fn notice(report: &Report, finding: &Finding, seen: &mut BTreeMap<String, usize>) -> Notice {
    let about = about(report, finding);
    // Several findings about one thing are told apart by their order, as line hashes are elsewhere.
    let nth = seen.entry(about.clone()).and_modify(|count| *count += 1).or_insert(1);
    Notice {
        code: finding.code,
        severity: finding.severity,
        message: finding.message.clone(),
        path: file(report, &finding.location),
        line: finding.location.line,
        fingerprint: sha256_hex(format!("{about}\n{nth}").as_bytes())[..32].to_owned(),
    }
}

/// What a finding is about, in terms that outlive edits: the code, the plan, the artifact, and the task or place.
fn about(report: &Report, finding: &Finding) -> String {
    let Location { path, pointer, .. } = &finding.location;
    let place = pointer.as_deref().map_or_else(String::new, |pointer| match task_at(report, path, pointer) {
        Some(task) => format!("task {task}"),
        None => pointer.to_owned(),
    });
    format!("{}\n{}\n{path}\n{place}", finding.code, report.plan.name)
}

/// The task whose row a pointer leads to: rows move when tasks are added, ids do not.
fn task_at<'a>(report: &'a Report, artifact: &str, pointer: &str) -> Option<&'a str> {
    let index: usize = pointer.strip_prefix("/tasks/")?.split('/').next()?.parse().ok()?;
    let task = report.tasks.get(index).filter(|_| artifact == report.plan.layout.record())?;
    Some(&task.task.0)
}

fn file(report: &Report, location: &Location) -> Option<String> {
    // `.git` and `.taskproof` are directories nobody can open in a review.
    let is_file = !location.path.starts_with('.') && !location.path.is_empty();
    let directory = report.plan.checkout_path.as_deref().filter(|_| is_file)?;
    Some(if directory.is_empty() { location.path.clone() } else { format!("{directory}/{}", location.path) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_worst_comes_first_at_a_path_of_the_checkout() {
        let found = notices(&sample::report());
        let codes: Vec<_> = found.iter().map(|notice| notice.code.as_str()).collect();
        assert_eq!(codes, ["TP301", "TP302", "TP105"]);
        assert_eq!(found[0].path.as_deref(), Some("plans/m8/finalize.json"));
    }

    #[test]
    fn a_plan_outside_the_checkout_has_no_path_there() {
        let mut report = sample::report();
        report.plan.checkout_path = None;
        assert!(notices(&report).iter().all(|notice| notice.path.is_none()));
    }

    #[test]
    fn fingerprints_survive_lines_counts_and_new_tasks() {
        let before = notices(&sample::report());
        let mut report = sample::report();
        report.tasks.insert(0, sample::complete());
        for finding in &mut report.findings {
            finding.location.line = Some(99);
            finding.message.push_str(" (3 more)");
        }
        report.findings[1].location.pointer = Some("/tasks/2".to_owned());
        report.findings[2].location.pointer = Some("/tasks/3".to_owned());
        let after = notices(&report);
        for (before, after) in before.iter().zip(&after) {
            assert_eq!((before.code, &before.fingerprint), (after.code, &after.fingerprint));
        }
    }

    #[test]
    fn two_findings_about_one_thing_are_told_apart() {
        let mut report = sample::report();
        report.findings.push(report.findings[1].clone());
        let mut prints: Vec<_> = notices(&report).into_iter().map(|notice| notice.fingerprint).collect();
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), report.findings.len());
    }
}
