//! JSON Schemas (draft 2020-12) of what we write and read.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::{evaluation, wire};

/// The schema of the JSON report, generated from its types.
pub fn report_schema() -> Value {
    schema_of::<wire::Report>("taskproof report, version 1")
}

/// The schema of what `explain` says of a task, generated from its types.
pub fn explanation_schema() -> Value {
    schema_of::<wire::Explanation>("taskproof explanation of a task, version 1")
}

/// The schema of what `evaluate` measured, generated from its types.
pub fn evaluation_schema() -> Value {
    schema_of::<evaluation::wire::Document>("taskproof evaluation, version 1")
}

fn schema_of<T: JsonSchema>(title: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    schema["title"] = title.into();
    schema
}

/// The schema of one line of an answers file.
pub fn answer_schema() -> Value {
    let strings = |description: &str| {
        json!({
            "type": "array",
            "items": { "type": "string" },
            "description": description,
        })
    };
    let task = json!({ "type": "string", "minLength": 1, "description": "The task it settles." });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "taskproof answer, one line of an answers file",
        "description": "What an operator says about one task of a repair request.",
        "oneOf": [
            {
                "title": "Evidence",
                "description": "The task changed these files and ran these commands.",
                "type": "object",
                "properties": {
                    "task_id": task,
                    "files_changed": strings("Paths, relative to the project or the repository."),
                    "commands_run": strings("Commands, as they were run."),
                    "force": {
                        "type": "boolean",
                        "default": false,
                        "description": "Accept paths that git has never seen.",
                    },
                },
                "required": ["task_id"],
                "anyOf": [{ "required": ["files_changed"] }, { "required": ["commands_run"] }],
                "additionalProperties": false,
            },
            {
                "title": "Nothing",
                "description": "The task truly changed and ran nothing.",
                "type": "object",
                "properties": {
                    "task_id": task,
                    "empty": { "const": true },
                    "reason": { "type": "string", "minLength": 1, "description": "Why, for the audit record." },
                },
                "required": ["task_id", "empty", "reason"],
                "additionalProperties": false,
            },
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{json as json_format, sample};

    #[test]
    fn a_report_fits_its_schema_and_a_broken_one_does_not() {
        let schema = report_schema();
        let validator = jsonschema::draft202012::new(&schema).expect("a valid schema");
        let mut text = Vec::new();
        json_format::write(&sample::report(), &mut text).expect("a report");
        let mut report: Value = serde_json::from_slice(&text).expect("JSON");
        let errors: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        report["tasks"][0]["evidence"] = json!("fine");
        assert!(!validator.is_valid(&report));
        report["tasks"][0]["evidence"] = json!("complete");
        report.as_object_mut().expect("an object").shift_remove("run_id");
        assert!(!validator.is_valid(&report), "every field is there, if only as null");
    }

    #[test]
    fn every_property_is_described() {
        fn walk(schema: &Value, missing: &mut Vec<String>) {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                if property.get("description").is_none() {
                    missing.push(name.clone());
                }
            }
        }
        let mut missing = Vec::new();
        for schema in [report_schema(), explanation_schema(), evaluation_schema()] {
            walk(&schema, &mut missing);
            schema["$defs"].as_object().into_iter().flatten().for_each(|(_, part)| walk(part, &mut missing));
        }
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn answers_are_evidence_or_nothing() {
        let schema = answer_schema();
        let validator = jsonschema::draft202012::new(&schema).expect("a valid schema");
        let fits = |line: &str| validator.is_valid(&serde_json::from_str(line).expect("JSON"));
        assert!(fits(r#"{"task_id": "T4", "files_changed": ["a"], "commands_run": []}"#));
        assert!(fits(r#"{"task_id": "T4", "commands_run": ["x"], "force": true}"#));
        assert!(fits(r#"{"task_id": "T4", "empty": true, "reason": "only talk"}"#));
        assert!(!fits(r#"{"task_id": "T4"}"#));
        assert!(!fits(r#"{"task_id": "T4", "empty": true}"#));
        assert!(!fits(r#"{"task_id": "T4", "file_changed": ["a"]}"#));
        assert!(!fits(r#"{"task_id": "T4", "empty": true, "reason": "x", "files_changed": ["a"]}"#));
        for question in sample::report().repair_request.expect("questions").tasks {
            assert!(fits(&question.answer));
        }
    }
}
