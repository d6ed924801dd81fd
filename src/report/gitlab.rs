//! GitLab code quality: the subset of the Code Climate format that GitLab reads.

use serde_json::{Value, json};

use super::notice::{Notice, notices};
use super::text::json_visible;
use super::{Report, redact};
use crate::model::Severity;

/// The list for all reports, indented, with a final newline. A notice without a file of the checkout is placed at the plan's name,
/// because GitLab drops an entry that has no path.
pub(super) fn document(reports: &[Report]) -> Result<String, serde_json::Error> {
    let entries: Vec<Value> = reports.iter().flat_map(|report| entries(&redact::report(report))).collect();
    let mut text = serde_json::to_string_pretty(&entries)?;
    text.push('\n');
    Ok(json_visible(&text).into_owned())
}

fn entries(report: &Report) -> Vec<Value> {
    notices(report).iter().map(|notice| entry(report, notice)).collect()
}

fn entry(report: &Report, notice: &Notice) -> Value {
    json!({
        "description": notice.message,
        "check_name": notice.code.as_str(),
        "fingerprint": notice.fingerprint,
        "severity": severity(notice.severity),
        "location": {
            "path": notice.path.as_deref().unwrap_or(&report.plan.name),
            "lines": { "begin": notice.line.unwrap_or(1) },
        },
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn entries_have_what_gitlab_requires() {
        let text = document(&[sample::report()]).expect("serialises");
        let entries: Vec<Value> = serde_json::from_str(&text).expect("a list");
        assert_eq!(entries.len(), 3);
        for entry in &entries {
            assert!(["major", "minor", "info"].contains(&entry["severity"].as_str().unwrap_or_default()));
            assert!(entry["location"]["lines"]["begin"].as_u64().is_some_and(|line| line >= 1));
            assert!(!entry["location"]["path"].as_str().unwrap_or_default().starts_with('/'));
        }
    }
}
