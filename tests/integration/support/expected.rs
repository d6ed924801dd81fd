//! What a situation must come to: compared with its `expected/`, or written there on request.

use std::collections::BTreeMap;
use std::fs;

use similar::TextDiff;

use super::stage::{files, folder};

/// Path below `expected/` to content.
pub(crate) type Outcome = BTreeMap<String, Vec<u8>>;

/// Compares an outcome with the expected one; a problem for every file that differs.
///
/// With `TASKPROOF_BLESS=1` the outcome becomes the expected one. Read what changed before you commit it.
pub(crate) fn compare(situation: &str, outcome: &Outcome) -> Vec<String> {
    let directory = folder().join(situation).join("expected");
    if std::env::var_os("TASKPROOF_BLESS").is_some_and(|value| value == "1") {
        let _ = fs::remove_dir_all(&directory); // It may not be there yet.
        for (name, content) in outcome {
            let path = directory.join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
            fs::write(path, content).expect("a file");
        }
        return Vec::new();
    }
    let expected = files(&directory);
    let mut names: Vec<&String> = expected.keys().chain(outcome.keys()).collect();
    names.sort();
    names.dedup();
    let differs = |name: &&String| expected.get(*name) != outcome.get(*name);
    names
        .into_iter()
        .filter(differs)
        .map(|name| {
            let side = |files: &Outcome| {
                files.get(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
            };
            let patch = patch(name, &side(&expected), &side(outcome));
            format!("expected/{name} differs (TASKPROOF_BLESS=1 takes the new one):\n{patch}")
        })
        .collect()
}

/// A unified diff in git's style.
pub(crate) fn patch(name: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let header = (format!("a/{name}"), format!("b/{name}"));
    format!(
        "diff --git {} {}\n{}",
        header.0,
        header.1,
        diff.unified_diff().context_radius(3).header(&header.0, &header.1)
    )
}
