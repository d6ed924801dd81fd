//! Which fields of `finalize.json` the harness lets its executor change, which is the owner we write as.

use std::collections::BTreeMap;

use crate::json::Node;

/// Fields of a task's row (spec section 9).
const TASK_FIELDS: [&str; 19] = [
    "status",
    "executor_notes",
    "files_changed",
    "commands_run",
    "evidence_files",
    "reviewer_verdict",
    "auto_attributed_files",
    "recorded_invocation_id",
    "sections_written",
    "stance",
    "stop_signal",
    "stance_violations",
    "head_sha",
    "code_hash",
    "scope_reconciled_files",
    "blocked_reason",
    "task_test_budget_exhausted",
    "task_test_budget_violations",
    "task_test_budget_debt",
];
/// Fields of a sense check.
const CHECK_FIELDS: [&str; 2] = ["verdict", "executor_note"];
/// The lists that hold them.
const LISTS: [(&str, &[&str]); 2] = [("tasks", &TASK_FIELDS), ("sense_checks", &CHECK_FIELDS)];

/// Every field in which the two differ, as the harness names them; the error is one that is not the executor's.
pub(super) fn changed_paths(before: &Node, after: &Node) -> Result<Vec<String>, String> {
    let mut paths = Vec::new();
    for key in changed_keys(before, after) {
        let list = LISTS.iter().find(|(name, _)| *name == key);
        let (name, fields) = list.ok_or_else(|| key.to_owned())?;
        paths.extend(changed_rows(name, fields, before.get(name), after.get(name))?);
    }
    // The harness lists tasks before sense checks.
    paths.sort_by_key(|path| !path.starts_with("tasks["));
    Ok(paths)
}

fn changed_rows(
    list: &str,
    fields: &[&str],
    before: Option<&Node>,
    after: Option<&Node>,
) -> Result<Vec<String>, String> {
    let broken = || list.to_owned();
    let old = before.and_then(Node::as_array).ok_or_else(broken)?;
    let new = after.and_then(Node::as_array).ok_or_else(broken)?;
    if old.len() != new.len() {
        return Err(broken());
    }
    let mut paths = Vec::new();
    for (old, new) in old.iter().zip(new) {
        let id = old.get("id").and_then(Node::as_str).ok_or_else(broken)?;
        for key in changed_keys(old, new) {
            let path = format!("{list}[{id}].{key}");
            if !fields.contains(&key) {
                return Err(path);
            }
            paths.push(path);
        }
    }
    Ok(paths)
}

/// Keys whose values differ, or that only one of the two has, sorted.
fn changed_keys<'a>(before: &'a Node, after: &'a Node) -> Vec<&'a str> {
    let values = |node: &'a Node| -> BTreeMap<&'a str, &'a Node> {
        node.members().iter().map(|member| (member.key.as_str(), &member.value)).collect()
    };
    let (old, new) = (values(before), values(after));
    let differs = |key: &&str| match (old.get(key), new.get(key)) {
        (Some(a), Some(b)) => !a.is_same(b),
        _ => true,
    };
    let mut keys: Vec<&str> = old.keys().chain(new.keys()).copied().filter(differs).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
