use serde_json::{Value, json};

use super::*;
use crate::evaluate::{FieldScore, Item, Scores, TaskScore, measure, threshold};
use crate::report::Look;
use crate::report::schema::evaluation_schema;

fn scores(scenario: &str, confidence: f64, is_right: bool, is_absent: bool) -> Scores {
    let item = Item { name: "a".to_owned(), confidence, is_filled: confidence >= 0.95, is_right };
    let files = FieldScore { pairs: usize::from(!is_absent), items: vec![item] };
    let task = TaskScore { task: "T1".into(), commands: Some(files.clone()), files, is_absent };
    Scores { name: "plan".into(), group: "\u{1b}[31m".into(), scenario: scenario.into(), tasks: vec![task] }
}

fn report() -> EvaluationReport {
    let scores = [
        scores("one-per-batch", 0.99, true, false),
        scores("z\u{1b}", 0.5, false, false),
        scores("absent", 0.97, false, true),
    ];
    let files = threshold(&scores, |task| Some(&task.files), 0.97);
    let commands = Some(threshold(&scores, |task| task.commands.as_ref(), 0.97));
    EvaluationReport {
        tool_version: "0.1.0".into(),
        min_confidence: 0.95,
        plans: 1,
        left_out: vec![LeftOut { plan: "plans/x".into(), reason: "no\nJSON".into() }],
        evaluation: measure(&scores),
        thresholds: vec![Thresholds { files, commands }],
        written: Some(Written {
            path: "taskproof.toml".into(),
            min_confidence: 0.99,
            before: Some(0.9),
            precision: Some(1.0),
            coverage: Some(0.5),
        }),
    }
}

fn rendered(format: Format) -> String {
    let mut out = Vec::new();
    render_evaluation(&report(), format, &Look::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_document_fits_its_schema_and_a_broken_one_does_not() {
    let schema = evaluation_schema();
    let validator = jsonschema::draft202012::new(&schema).expect("a valid schema");
    let mut document: Value = serde_json::from_str(&rendered(Format::Json)).unwrap();
    let errors: Vec<_> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(document["threshold"][0]["files"]["verdict"], "too_few");
    document["pooled"]["files"]["pairs"] = json!("many");
    assert!(!validator.is_valid(&document));
}

#[test]
fn people_see_tables_the_control_and_what_was_written() {
    let text = rendered(Format::Human);
    for part in [
        "100 % of what is filled is right, and 50 % of what was hidden comes back (1 plan)",
        "one-per-batch      1      1      1       1      1.000     1.000",
        "absent               1       1  1.000      1",
        "files: perhaps from confidence 0.99 upwards",
        "Wrote `min-confidence = 0.99` (was 0.9) into `taskproof.toml`",
        "no\\nJSON",
    ] {
        assert!(text.contains(part), "`{part}` is not in\n{text}");
    }
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn formats_that_are_made_of_findings_write_nothing() {
    for format in [Format::Sarif, Format::Github, Format::Gitlab, Format::Junit] {
        let mut out = Vec::new();
        assert!(render_evaluation(&report(), format, &Look::default(), &mut out).is_err());
        assert!(out.is_empty());
    }
}

#[test]
fn other_formats_say_the_same() {
    let line: serde_json::Value = serde_json::from_str(&rendered(Format::Jsonl)).expect("JSON");
    let document: serde_json::Value = serde_json::from_str(&rendered(Format::Json)).expect("JSON");
    assert_eq!((line, rendered(Format::Jsonl).lines().count()), (document, 1));
    let human = rendered(Format::Human);
    assert_eq!(rendered(Format::Markdown), format!("```text\n{human}```\n"));
    let page = rendered(Format::Html);
    assert!(
        page.contains("<title>taskproof evaluate</title>") && page.contains("one-per-batch      1"),
        "{page}"
    );
}
