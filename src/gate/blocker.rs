//! How the harness names a blocker (spec fact 4).

use crate::digest::sha256_hex;
use crate::model::Blocker;

/// `quality:{task id or "global"}:{first 12 hex digits of sha256(kind \n task id \n message)}`, unless the
/// deviation carries an id of its own. The message is part of the id, so a longer list of tasks is
/// another id for the same complaint.
pub fn blocker_id(blocker: &Blocker) -> String {
    if let Some(id) = &blocker.explicit_id {
        return id.clone();
    }
    let task = blocker.task_id.as_deref().unwrap_or_default();
    let digest = sha256_hex(format!("{}\n{task}\n{}", blocker.kind, blocker.message).as_bytes());
    format!("quality:{}:{}", if task.is_empty() { "global" } else { task }, &digest[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(message: &str) -> String {
        blocker_id(&Blocker {
            pointer: String::new(),
            kind: "quality_gate".into(),
            message: message.into(),
            task_id: None,
            explicit_id: None,
        })
    }

    #[test]
    fn ids_are_the_harness_s_own() {
        // Both values are the examples of spec fact 4.
        assert_eq!(
            id("Done tasks missing both files_changed and commands_run: T9"),
            "quality:global:9698522a8a17"
        );
        assert_eq!(
            id("Done tasks missing both files_changed and commands_run: T9, T12"),
            "quality:global:a6707ba8bfcf"
        );
    }
}
