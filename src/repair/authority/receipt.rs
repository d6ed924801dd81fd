//! Receipts and commits, spelled as the harness hashes them: keys sorted, nothing between, a line end.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::write::RunContext;

/// One swap of `finalize.json`.
pub(super) struct Swap<'a> {
    pub(super) version: u64,
    pub(super) parent: &'a str,
    pub(super) result: &'a str,
    pub(super) changed: &'a [String],
    pub(super) context: &'a RunContext,
}

impl Swap<'_> {
    /// What was done, by whom, and to which fields.
    pub(super) fn receipt(&self) -> String {
        canonical([
            ("schema", json!("megaplan.finalize_mutation_receipt")),
            ("schema_version", json!(1)),
            ("version", json!(self.version)),
            ("parent_sha256", json!(self.parent)),
            ("result_sha256", json!(self.result)),
            ("owner", json!("execute")),
            ("operation", json!("taskproof-recover")),
            ("attempt_id", json!(format!("taskproof-{}", self.context.run_id))),
            ("run_id", Value::Null),
            ("changed_paths", json!(self.changed)),
            ("published_at", json!(self.context.now)),
        ])
    }

    /// That it was done.
    pub(super) fn commit(&self, receipt: &str, digest: &str) -> String {
        canonical([
            ("schema", json!("megaplan.finalize_mutation_commit")),
            ("schema_version", json!(1)),
            ("version", json!(self.version)),
            ("result_sha256", json!(self.result)),
            ("receipt_ref", json!(receipt)),
            ("receipt_sha256", json!(digest)),
            ("committed_at", json!(self.context.now)),
        ])
    }
}

fn canonical<const N: usize>(members: [(&str, Value); N]) -> String {
    let members: Vec<String> = BTreeMap::from(members)
        .into_iter()
        .map(|(key, value)| format!("{}:{value}", Value::from(key)))
        .collect();
    format!("{{{}}}\n", members.join(","))
}
