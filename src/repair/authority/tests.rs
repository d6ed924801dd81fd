//! The trail of a swap, and what would break the protocol.

use super::*;
use crate::repair::authority::ancestry::Receipt;

const BEFORE: &str =
    r#"{"tasks": [{"id": "T1", "status": "done", "files_changed": []}], "sense_checks": []}"#;

fn context() -> RunContext {
    RunContext { now: "2026-08-22T10:15:00Z".into(), run_id: "r".into(), tool_version: "0.1.0".into() }
}

fn published(after: &str) -> Result<Vec<(String, String, bool)>, AuthorityError> {
    let plan = tempfile::tempdir().unwrap();
    let additions = publication(
        crate::repair::disk::Disk::REAL,
        plan.path(),
        BEFORE.as_bytes(),
        after.as_bytes(),
        &context(),
    )?;
    let read = |added: Addition| (added.path, String::from_utf8(added.contents).unwrap(), added.is_last);
    Ok(additions.into_iter().map(read).collect())
}

#[test]
fn the_trail_links_both_texts_and_the_commit_comes_last() {
    let after = BEFORE.replace("[]}]", r#"["a.py"], "auto_attributed_files": true}]"#);
    let files = published(&after).unwrap();
    let (parent, result) = (sha256_hex(BEFORE.as_bytes()), sha256_hex(after.as_bytes()));
    assert_eq!(files[0], (format!("finalize_history/snapshots/{parent}.json"), BEFORE.to_owned(), false));
    assert_eq!(files[1].0, format!("finalize_history/snapshots/{result}.json"));
    let receipt = format!(
        "{{\"attempt_id\":\"taskproof-r\",\"changed_paths\":[\"tasks[T1].auto_attributed_files\",\"tasks[T1].files_changed\"],\
         \"operation\":\"taskproof-recover\",\"owner\":\"execute\",\"parent_sha256\":\"{parent}\",\
         \"published_at\":\"2026-08-22T10:15:00Z\",\"result_sha256\":\"{result}\",\"run_id\":null,\
         \"schema\":\"megaplan.finalize_mutation_receipt\",\"schema_version\":1,\"version\":1}}\n"
    );
    assert_eq!(files[2].1, receipt);
    let digest = sha256_hex(receipt.as_bytes());
    assert_eq!(files[2].0, format!("finalize_history/mutations/00000001-{digest}.json"));
    assert_eq!(files[3].0, format!("finalize_history/commits/00000001-{digest}.json"));
    assert!(files[3].2 && files[3].1.contains(&format!("\"receipt_sha256\":\"{digest}\"")));
}

#[test]
fn only_the_executor_s_fields_are_changed() {
    for (after, place) in [
        (
            BEFORE.replace(
                "\"files_changed\": []",
                "\"files_changed\": [], \"auto_attributed_metadata_source\": \"x\"",
            ),
            "tasks[T1].auto_attributed_metadata_source",
        ),
        (BEFORE.replace("T1", "T2"), "tasks[T1].id"),
        (BEFORE.replace("\"sense_checks\": []", "\"sense_checks\": [], \"watch_items\": []"), "watch_items"),
        (BEFORE.replace("[{\"id\": \"T1\", \"status\": \"done\", \"files_changed\": []}]", "[]"), "tasks"),
    ] {
        let error = published(&after).unwrap_err();
        assert!(matches!(&error, AuthorityError::NotOurs { place: found } if found == place), "{error}");
    }
}

#[test]
fn the_version_is_that_of_the_last_receipt_that_led_here() {
    let receipt = |version, result: &str| Receipt { version, result: result.into() };
    let receipts = [receipt(1, "a"), receipt(2, "b"), receipt(3, "a")];
    assert_eq!(ancestry::version(&receipts, "a"), 3);
    assert_eq!(ancestry::version(&receipts, "b"), 2);
    assert_eq!(ancestry::version(&receipts, "other"), 0);
}
