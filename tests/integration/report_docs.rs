use serde_json::Value;
use taskproof::model::Code;

const FINDINGS: &str = include_str!("../../docs/findings.md");
const REPORT: &str = include_str!("../../docs/report-v1.md");
const EVALUATION: &str = include_str!("../../docs/evaluate.md");

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
    assert_described(&taskproof::report::schema::report_schema(), REPORT);
}

#[test]
fn every_field_of_the_evaluation_is_described() {
    assert_described(&taskproof::report::evaluation::evaluation_schema(), EVALUATION);
}

/// Expects every field and word of a schema in a document.
fn assert_described(schema: &Value, document: &str) {
    let parts = schema["$defs"].as_object().into_iter().flatten().map(|(_, part)| part).chain([schema]);
    let mut missing = Vec::new();
    for part in parts {
        for name in part["properties"].as_object().into_iter().flatten().map(|(name, _)| name) {
            let spellings = ["`{}`", ".{}`", "`{}.", "`{}[]`"].map(|form| form.replace("{}", name));
            if !spellings.iter().any(|spelling| document.contains(spelling)) {
                missing.push(name.clone());
            }
        }
        for word in part["oneOf"].as_array().into_iter().flatten().filter_map(|word| word["const"].as_str()) {
            if !document.contains(&format!("`{word}`")) {
                missing.push(word.to_owned());
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}
