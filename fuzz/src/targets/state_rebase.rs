//! Changes of `state.json` carried out, carried over and taken back; serde_json judges.

use serde_json::{Value, json};
use taskproof::json::Node;
use taskproof::model::StateChange;
use taskproof::repair::state::{carry_over, edit, rebase};

use super::Bytes;

/// Eight bytes choose what is done, the rest is the state.
pub fn state_rebase(data: &[u8]) {
    let Some((choices, rest)) = data.split_at_checked(8) else { return };
    let Ok(before) = std::str::from_utf8(rest) else { return };
    let mut choose = Bytes(choices);
    let record = Node::object([("action", Node::text("recover")), ("reason", Node::text("run \u{e9}"))]);
    let all = [
        StateChange::append("overrides", record.clone()),
        StateChange::append("quality_gate_resolutions", record),
        StateChange::Set { key: "current_state".into(), value: Node::text("executed") },
        StateChange::Set { key: "new\"key".into(), value: Node::text("x") },
        StateChange::Remove { key: "latest_failure".into() },
    ];
    let changes: Vec<StateChange> = all.into_iter().filter(|_| choose.byte() % 2 == 0).collect();
    if changes.is_empty() {
        return;
    }
    let Ok((after, _)) = edit(before, &changes) else { return };
    assert_eq!(rebase(before, &after, before).expect("from where it started"), after, "found again");
    assert_eq!(carry_over(&changes, before, &after).expect("already there").0, after, "nothing twice");
    let (Ok(old), Ok(new)) = (serde_json::from_str::<Value>(before), serde_json::from_str::<Value>(&after))
    else {
        return;
    };
    if let Ok(back) = rebase(&after, before, &after) {
        let back: Value = serde_json::from_str(&back).expect("JSON");
        assert!(is_like(&back, &old), "taken back: {back} is not {old}");
    }
    // Somebody adds a note to the text before; ours is carried over, and both are there.
    let note = json!({"action": "note", "note": "meanwhile"});
    let mut noted = old.clone();
    let Some(list) = noted.pointer_mut("/meta/overrides").and_then(Value::as_array_mut) else { return };
    list.push(note.clone());
    let noted = noted.to_string();
    let Ok((joined, _)) = carry_over(&changes, before, &noted) else { return };
    let joined: Value = serde_json::from_str(&joined).expect("JSON");
    let mut expected = new;
    let list = expected.pointer_mut("/meta/overrides").and_then(Value::as_array_mut).expect("it was there");
    list.push(note);
    assert!(is_like(&joined, &expected), "carried over: {joined} is not {expected}");
}

/// Whether two states say the same; the order of records added at the same time does not matter, nor does a list or
/// object that was made and emptied.
fn is_like(a: &Value, b: &Value) -> bool {
    normal(a) == normal(b)
}

fn normal(state: &Value) -> Value {
    let mut state = state.clone();
    let Some(members) = state.as_object_mut() else { return state };
    if let Some(meta) = members.get_mut("meta").and_then(Value::as_object_mut) {
        for list in ["overrides", "quality_gate_resolutions"] {
            if let Some(items) = meta.get_mut(list).and_then(Value::as_array_mut) {
                items.sort_by_key(Value::to_string);
                if items.is_empty() {
                    meta.remove(list);
                }
            }
        }
    }
    if members.get("meta").and_then(Value::as_object).is_some_and(serde_json::Map::is_empty) {
        members.remove("meta");
    }
    let sorted: std::collections::BTreeMap<String, Value> =
        members.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    json!(sorted)
}
