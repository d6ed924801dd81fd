//! SARIF 2.1.0 (OASIS standard), for code scanning: one run, a rule for every finding code, a result for every
//! finding.
//!
//! Text goes into `text` fields only, which consumers must not interpret (section 3.11.3); what we write in
//! Markdown is our own. Results carry our own partial fingerprint, without lines (appendix B).

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::notice::{Notice, notices};
use super::text::json_visible;
use super::{Report, redact};
use crate::model::{Code, Severity};

/// GitHub takes 25,000 results a run and shows the first 5,000; worse than that is not more useful.
const MOST_RESULTS: usize = 5_000;

/// The name of our fingerprint; the version rises when what goes into it changes.
const FINGERPRINT: &str = "taskproof/v1";

/// The document, a run per report, indented, with a final newline.
pub(super) fn document(reports: &[Report]) -> Result<String, serde_json::Error> {
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": reports.iter().map(|report| run(&redact::report(report))).collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_string_pretty(&log)?;
    text.push('\n');
    Ok(json_visible(&text).into_owned())
}

fn run(report: &Report) -> Value {
    let notices = notices(report);
    json!({
        "tool": { "driver": {
            "name": "taskproof",
            "semanticVersion": report.tool_version,
            "rules": Code::ALL.iter().map(|&code| rule(code)).collect::<Vec<_>>(),
        }},
        "automationDetails": { "id": format!("taskproof/{}/", report.plan.name) },
        "columnKind": "unicodeCodePoints",
        "invocations": [{
            "executionSuccessful": true,
            "toolExecutionNotifications": left_out(notices.len()),
        }],
        "results": notices.iter().take(MOST_RESULTS).map(result).collect::<Vec<_>>(),
    })
}

fn rule(code: Code) -> Value {
    let description = code.description().trim().replace('\n', " ");
    let (first, _) = description.split_once(". ").unwrap_or((&description, ""));
    let ask = format!("`taskproof explain {code}` says more.");
    json!({
        "id": code.as_str(),
        "name": format!("{code:?}"),
        "shortDescription": { "text": format!("{}.", first.trim_end_matches('.')) },
        "fullDescription": { "text": description },
        "help": { "text": format!("{description} {}", ask.replace('`', "")), "markdown": format!("{description}\n\n{ask}") },
        "defaultConfiguration": { "level": level(code.severity()) },
        "properties": { "tags": ["plan-evidence"] },
    })
}

fn result(notice: &Notice) -> Value {
    let index = Code::ALL.iter().position(|&code| code == notice.code);
    let mut result = json!({
        "ruleId": notice.code.as_str(),
        "ruleIndex": index,
        "level": level(notice.severity),
        "message": { "text": notice.message },
        "partialFingerprints": { FINGERPRINT: notice.fingerprint },
    });
    if let Some(path) = &notice.path {
        result["locations"] = json!([{ "physicalLocation": physical(path, notice.line) }]);
    }
    result
}

fn physical(path: &str, line: Option<usize>) -> Value {
    let mut place = json!({ "artifactLocation": { "uri": uri(path), "uriBaseId": "%SRCROOT%" } });
    if let Some(line) = line {
        place["region"] = json!({ "startLine": line });
    }
    place
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn left_out(found: usize) -> Vec<Value> {
    let more = found.saturating_sub(MOST_RESULTS);
    let message = json!({ "text": format!("{more} further findings are left out") });
    (more > 0).then(|| json!({ "level": "warning", "message": message })).into_iter().collect()
}

/// A relative path as a URI reference (RFC 3986): everything but unreserved characters and `/` percent-encoded,
/// so that nothing of it can be taken for a scheme, a query or a fragment.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        let character = char::from(byte);
        if character.is_ascii_alphanumeric() || "-._~/".contains(character) {
            uri.push(character);
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn log() -> Value {
        serde_json::from_str(&document(&[sample::report()]).expect("serialises")).expect("JSON")
    }

    #[test]
    fn every_code_is_a_rule_with_help() {
        let log = log();
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
        assert_eq!(rules.len(), Code::ALL.len());
        assert!(rules.iter().all(|rule| rule["help"]["text"].as_str().is_some_and(|help| help.len() > 40)));
        assert_eq!(rules[0]["name"], "MalformedRow");
    }

    #[test]
    fn results_name_their_rule_place_and_fingerprint() {
        let log = log();
        let first = &log["runs"][0]["results"][0];
        assert_eq!((&first["ruleId"], &first["level"]), (&json!("TP301"), &json!("error")));
        let rule =
            first["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok()).expect("an index");
        assert_eq!(Code::ALL[rule].as_str(), "TP301");
        let place = &first["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(place["uri"], "plans/m8/finalize.json");
        assert_eq!(first["partialFingerprints"][FINGERPRINT].as_str().map(str::len), Some(32));
    }

    #[test]
    fn paths_become_uris_that_mean_nothing_else() {
        assert_eq!(uri("a b/ä#x?.rs"), "a%20b/%C3%A4%23x%3F.rs");
        assert_eq!(uri("javascript:x"), "javascript%3Ax");
    }
}
