use serde_json::Value;
use taskproof::explain::probe_names;
use taskproof::model::Code;
use taskproof::report::schema::{evaluation_schema, explanation_schema, report_schema};

const FINDINGS: &str = include_str!("../../docs/findings.md");
const REPORT: &str = include_str!("../../docs/report-v1.md");
const EVALUATION: &str = include_str!("../../docs/evaluate.md");
const EXPLANATION: &str = include_str!("../../docs/explain-v1.md");

#[test]
fn every_finding_code_has_its_section_and_no_other() {
    let headings: Vec<&str> = FINDINGS
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .filter(|line| line.starts_with("TP"))
        .collect();
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(headings, codes);
}

#[test]
fn every_section_says_how_bad_and_what_to_do() {
    for (section, code) in FINDINGS.split("\n## TP").skip(1).zip(Code::ALL) {
        let severity = format!("{:?}", code.severity());
        assert!(section.contains(&format!("*{severity}.*")), "{code} is of severity {severity}");
        assert!(section.contains("**Example.**") && section.contains("**What to do.**"), "{code}");
    }
}

#[test]
fn every_field_of_the_report_is_described() {
    assert_eq!(undescribed(&report_schema(), REPORT), [""; 0]);
}

#[test]
fn every_field_of_an_evaluation_is_described() {
    assert_eq!(undescribed(&evaluation_schema(), EVALUATION), [""; 0]);
}

#[test]
fn every_field_and_probe_of_an_explanation_is_described() {
    assert_eq!(undescribed(&explanation_schema(), &[REPORT, EXPLANATION].concat()), [""; 0]);
    let missing: Vec<&str> =
        probe_names().filter(|name| !EXPLANATION.contains(&format!("| `{name}` |"))).collect();
    assert_eq!(missing, [""; 0]);
}

/// Fields and words of a schema that a text does not mention.
fn undescribed(schema: &Value, text: &str) -> Vec<String> {
    let parts = schema["$defs"].as_object().into_iter().flatten().map(|(_, part)| part).chain([schema]);
    let mut missing = Vec::new();
    for part in parts {
        for name in part["properties"].as_object().into_iter().flatten().map(|(name, _)| name) {
            let spellings = ["`{}`", ".{}`", "`{}.", "`{}[]`"].map(|form| form.replace("{}", name));
            if !spellings.iter().any(|spelling| text.contains(spelling)) {
                missing.push(name.clone());
            }
        }
        for word in part["oneOf"].as_array().into_iter().flatten().filter_map(|word| word["const"].as_str()) {
            if !text.contains(&format!("`{word}`")) {
                missing.push(word.to_owned());
            }
        }
    }
    missing
}
