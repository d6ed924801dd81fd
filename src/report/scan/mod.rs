//! Many plans at once: a summary for people, and every report for programs.

mod joined;
mod shown;
mod summary;

use std::io::Write;

use super::{Format, Look, RenderError, Report, json, render_all};

pub use joined::{JoinError, Joined, join};

/// What a scan found out.
#[derive(Debug, Clone)]
pub struct Scan {
    /// In the order of their directories.
    pub plans: Vec<Scanned>,
}

/// One plan of a scan.
#[derive(Debug, Clone)]
pub struct Scanned {
    /// Its directory, or the repository that was to have plans.
    pub directory: String,
    /// The report on it, or why there is none.
    pub report: Result<Report, String>,
}

/// Writes the scan to `out`: for people a table with a line per plan, and in other formats the reports, as for several
/// plans. Plans without a report are left out where a format has no place for them.
pub fn render_scan(scan: &Scan, format: Format, look: &Look, out: &mut dyn Write) -> Result<(), RenderError> {
    let text = match format {
        Format::Human => summary::text(&scan.plans.iter().map(summary::Row::of).collect::<Vec<_>>(), look),
        Format::Jsonl => scan.plans.iter().map(lines).collect::<Result<_, _>>()?,
        _ => {
            let reports: Vec<Report> =
                scan.plans.iter().filter_map(|plan| plan.report.as_ref().ok()).cloned().collect();
            return render_all(&reports, format, look, out);
        }
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}

fn lines(plan: &Scanned) -> Result<String, serde_json::Error> {
    match &plan.report {
        Ok(report) => json::lines(report),
        Err(reason) => json::failure(&plan.directory, reason),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn scan() -> Scan {
        let failed =
            Scanned { directory: "/other".to_owned(), report: Err("no `state.json`\u{1b}".to_owned()) };
        Scan {
            plans: vec![failed, Scanned { directory: "plans/a".to_owned(), report: Ok(sample::report()) }],
        }
    }

    fn rendered(format: Format) -> String {
        let mut out = Vec::new();
        render_scan(&scan(), format, &Look::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn joined_lines_tell_what_the_scan_told() {
        let lines = rendered(Format::Jsonl);
        let joined = join([("one", lines.as_str())]).unwrap();
        let mut out = Vec::new();
        joined.render(Format::Jsonl, &Look::default(), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), lines);
        let mut out = Vec::new();
        joined.render(Format::Human, &Look::default(), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), rendered(Format::Human));
    }

    #[test]
    fn parts_are_joined_in_the_order_of_directories_and_once() {
        let lines = rendered(Format::Jsonl);
        let (failure, report) = lines.split_at(lines.find('\n').unwrap() + 1);
        let joined = join([("two", report), ("one", failure), ("again", report)]).unwrap();
        let mut out = Vec::new();
        joined.render(Format::Jsonl, &Look::default(), &mut out).unwrap();
        let directories: Vec<&str> = joined.directories().collect();
        assert!(directories.is_sorted() && directories.len() == 2, "{directories:?}");
    }

    #[test]
    fn lines_of_others_are_shown_like_ours() {
        let lines = rendered(Format::Jsonl);
        let forged = "{\"type\":\"finding\",\"message\":\"##[error]\u{202e}##vso[x]y TOKEN=q7Zx9Kw2Lm4N\"}\n";
        let joined = join([("one", format!("{lines}{forged}").as_str())]).unwrap();
        let mut out = Vec::new();
        joined.render(Format::Jsonl, &Look::default(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let last = out.lines().last().unwrap();
        assert_eq!(
            last,
            "{\"type\":\"finding\",\"message\":\"##\\u005berror]\\u202e##vso\\u005bx]y TOKEN=***\"}"
        );
    }

    #[test]
    fn what_is_no_report_is_named() {
        let error = join([("x.jsonl", "\n{\"type\": \"task\"}\n")]).unwrap_err();
        assert_eq!((error.file.as_str(), error.line), ("x.jsonl", 2));
        let error = join([("x.jsonl", "[]")]).unwrap_err();
        assert_eq!(error.line, 1);
    }

    #[test]
    fn a_table_has_a_line_per_plan_and_nothing_that_a_terminal_obeys() {
        let text = rendered(Format::Human);
        assert!(
            !text.contains('\u{1b}') && text.contains("/other") && text.contains("no `state.json`"),
            "{text}"
        );
    }
}
