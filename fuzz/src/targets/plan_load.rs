//! Plan directories of any content: loaded, attributed, repaired, and read again.

use std::fs;
use std::path::Path;

use serde_json::Value;
use taskproof::attribute::{Input, attribute};
use taskproof::config::Config;
use taskproof::load;
use taskproof::model::{History, Layout, Plan, ProjectPaths, Repair};
use taskproof::repair;

use super::directory;

const NAMES: [&str; 8] = [
    "state.json",
    "finalize.json",
    "execution_batch_1.json",
    "execution_batch_2.json",
    "execution_checkpoint.json",
    "phase_result.json",
    "review.json",
    "final.md",
];

/// The artifacts one after another, divided by a byte that no UTF-8 text holds.
pub fn plan_load(data: &[u8]) {
    let directory = directory();
    for (name, text) in NAMES.iter().zip(data.split(|byte| *byte == 0xff)) {
        fs::write(directory.path().join(name), text).expect("an artifact");
    }
    let Some((plan, repair)) = proposed(directory.path()) else { return };
    if plan.layout != Layout::Flat {
        return;
    }
    for (name, before, after) in &repair.artifacts {
        let text = fs::read_to_string(directory.path().join(name)).expect("it was read");
        assert_eq!(*before, text, "the text before is the text on the disk");
        if name.ends_with(".json") {
            only_holes(before, after);
        }
        fs::write(directory.path().join(name), after).expect("the artifact");
    }
    let Some((_, again)) = proposed(directory.path()) else { panic!("the repaired plan cannot be read") };
    assert!(again.artifacts.is_empty(), "a second run finds something: {:#?}", again.artifacts);
}

fn proposed(directory: &Path) -> Option<(Plan, Repair)> {
    let config = Config::default();
    let (plan, _) = load::plan(directory, &config).ok()?;
    let (history, paths) = (History::absent("none"), ProjectPaths::default());
    let input = Input { plan: &plan, history: &history, paths: &paths, answers: &[], config: &config };
    let outcome = attribute(&input).ok()?;
    assert_eq!(outcome.attributions.len(), plan.tasks.len());
    let (repair, _) = repair::propose(&plan, &repair::fills(&outcome.attributions)).ok()?;
    Some((plan, repair))
}

/// Nothing that held something has changed: a value was added, or a list or string was empty.
fn only_holes(before: &str, after: &str) {
    let (Ok(before), Ok(after)) =
        (serde_json::from_str::<Value>(before), serde_json::from_str::<Value>(after))
    else {
        return;
    };
    compare(&before, &after, "");
}

fn compare(before: &Value, after: &Value, place: &str) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in old {
                compare(value, new.get(key).unwrap_or(&Value::Null), &format!("{place}/{key}"));
            }
        }
        (Value::Array(old), Value::Array(new)) if !old.is_empty() => {
            // A list that held only null or the like is a hole as well.
            if old.iter().all(|item| item.is_null() || *item == "") {
                return;
            }
            assert_eq!(old.len(), new.len(), "{place}");
            for (at, (old, new)) in old.iter().zip(new).enumerate() {
                compare(old, new, &format!("{place}/{at}"));
            }
        }
        (Value::Array(_) | Value::Null | Value::Bool(false), _) => {}
        (Value::String(text), _) if text.trim().is_empty() => {}
        (old, new) => assert_eq!(old, new, "{place}"),
    }
}
