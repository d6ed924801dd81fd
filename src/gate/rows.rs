//! What a task's row says, as one hash: an answer to a blocker covers a row only while this stays
//! (spec section 7, "Semantic blocker key").

use crate::digest::sha256_hex;
use crate::json::Node;
use crate::model::Task;

/// Hash of a task's status, notes, files and commands.
pub fn row_hash(task: &Task) -> String {
    digest(&task.status_word, &task.executor_notes, &task.files_changed, &task.commands_run)
}

/// How the evidence of an answer names a row and what it said.
pub fn row_evidence(task: &Task) -> String {
    format!("row {} sha256:{}", task.id, row_hash(task))
}

/// The hash that the evidence of an answer holds for a task's row.
pub fn evident_hash<'a>(evidence: &'a [String], task: &Task) -> Option<&'a str> {
    let prefix = format!("row {} sha256:", task.id);
    evidence.iter().find_map(|line| line.strip_prefix(prefix.as_str()))
}

/// Whether a row of another `finalize.json` says what the task's row says.
pub fn is_same_row(task: &Task, row: &Node) -> bool {
    let text = |key: &str| row.get(key).and_then(Node::as_str).unwrap_or_default();
    let list = |key: &str| -> Vec<String> {
        let items = row.get(key).and_then(Node::as_array).unwrap_or_default();
        let texts = items.iter().filter_map(Node::as_str).filter(|text| !text.trim().is_empty());
        texts.map(str::to_owned).collect()
    };
    let other = digest(text("status"), text("executor_notes"), &list("files_changed"), &list("commands_run"));
    other == row_hash(task)
}

/// Lengths come first, so that no two rows spell the same.
fn digest(status: &str, notes: &str, files: &[String], commands: &[String]) -> String {
    let mut parts = vec![sized(status), sized(notes)];
    for items in [files, commands] {
        parts.push(items.len().to_string());
        parts.extend(items.iter().map(|item| sized(item)));
    }
    sha256_hex(parts.join("\n").as_bytes())
}

fn sized(text: &str) -> String {
    format!("{}:{text}", text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};
    use crate::model::testing::task;

    #[test]
    fn every_part_of_a_row_counts() {
        let plain = task("T1");
        let mut rows = vec![plain.clone(); 4];
        rows[0].executor_notes = "n".into();
        rows[1].files_changed = vec!["n".into()];
        rows[2].commands_run = vec!["n".into()];
        rows[3].status_word = "blocked".into();
        let mut hashes: Vec<String> = rows.iter().chain([&plain]).map(row_hash).collect();
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), 5);
    }

    #[test]
    fn rows_are_found_again() {
        let task = task("T1");
        let evidence = ["x".to_owned(), row_evidence(&task)];
        assert_eq!(evident_hash(&evidence, &task), Some(row_hash(&task).as_str()));
        let row =
            parse("{\"status\": \"done\", \"files_changed\": [\" \"]}", Limits::default()).unwrap().root;
        assert!(is_same_row(&task, &row));
    }
}
