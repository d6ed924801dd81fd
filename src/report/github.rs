//! Annotations of GitHub Actions: workflow commands on standard output.
//!
//! GitHub shows ten annotations of each level per step; the worst are printed and the rest is counted. Texts are
//! escaped as the runner's toolkit does, so that none of them can end a command or start another.

use std::fmt::Write as _;

use super::notice::{Notice, notices};
use super::text::{count, plain};
use super::{Report, redact};
use crate::model::Severity;

/// Annotations of one level that GitHub keeps per step.
const MOST_PER_LEVEL: usize = 10;

/// One line per annotation of any of the reports, worst first.
pub(super) fn lines(reports: &[Report]) -> String {
    let notices: Vec<Notice> = reports.iter().flat_map(|report| notices(&redact::report(report))).collect();
    let mut text = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let of_level: Vec<&Notice> = notices.iter().filter(|notice| notice.severity == severity).collect();
        let room = if of_level.len() > MOST_PER_LEVEL { MOST_PER_LEVEL - 1 } else { MOST_PER_LEVEL };
        for notice in of_level.iter().take(room) {
            push(&mut text, notice);
        }
        if let Some(more) = of_level.len().checked_sub(room).filter(|&more| more > 0) {
            let what = count(more, "more finding");
            let _ =
                writeln!(text, "::{}::{what} of this level; the JSON report has them all", level(severity));
        }
    }
    text
}

fn push(text: &mut String, notice: &Notice) {
    let mut properties = Vec::new();
    if let Some(path) = &notice.path {
        properties.push(format!("file={}", property(path)));
        if let Some(line) = notice.line {
            properties.push(format!("line={line}"));
        }
    }
    properties.push(format!("title={}", property(&format!("taskproof {}", notice.code))));
    let _ =
        writeln!(text, "::{} {}::{}", level(notice.severity), properties.join(","), data(&notice.message));
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// A message: what a terminal would obey is spelled out, what the runner would obey is encoded.
fn data(text: &str) -> String {
    plain(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property ends at a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, Finding};
    use crate::report::sample;

    #[test]
    fn an_annotation_has_a_place_and_a_title() {
        let text = lines(&[sample::report()]);
        let first = text.lines().next().expect("a line");
        assert_eq!(
            first,
            "::error file=plans/m8/finalize.json,title=taskproof TP301::T9 lacks its evidence and the records supply it"
        );
    }

    #[test]
    fn the_rest_of_a_level_is_counted() {
        let mut report = sample::report();
        let note = |at| Finding::new(Code::UnknownTask, "a.json", format!("note {at}"));
        report.findings = (0..40).map(note).collect();
        let text = lines(&[report]);
        assert_eq!(text.lines().count(), MOST_PER_LEVEL);
        assert!(
            text.ends_with("::notice::31 more findings of this level; the JSON report has them all\n"),
            "{text}"
        );
    }

    #[test]
    fn no_text_starts_a_command_of_its_own() {
        assert_eq!(data("a\n::error::b 100%"), "a\\n::error::b 100%25");
        assert_eq!(property("x,line=1::y"), "x%2Cline=1%3A%3Ay");
    }
}
