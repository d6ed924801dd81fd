//! Changes found again between two texts, and carried out on a third.

use std::collections::HashSet;

use super::LISTS;
use super::edit::{StateError, edit, read};
use crate::json::Node;
use crate::json::write::document;
use crate::model::StateChange;

/// What `before` became `after` by, carried out on `current`.
///
/// The harness's own commands add to the lists of `meta` without a lock and rewrite the file, so `current` may hold
/// more than `before`; all of it stays. A key that was to be changed must still be what it was, or already be what it
/// was to become.
pub fn rebase(before: &str, after: &str, current: &str) -> Result<String, StateError> {
    let (before, after) = (read(before)?.root, read(after)?.root);
    let now = read(current)?.root;
    let mut wanted = Vec::new();
    let there: HashSet<(&str, String)> = LISTS
        .into_iter()
        .flat_map(|name| list(&now, name).iter().map(move |item| (name, document(item))))
        .collect();
    for change in changes(&before, &after) {
        if is_open(&change, &before, &now, &there)? {
            wanted.push(change);
        }
    }
    Ok(edit(current, &wanted)?.0)
}

fn changes(before: &Node, after: &Node) -> Vec<StateChange> {
    let appended = LISTS.into_iter().flat_map(|name| {
        let known = list(before, name).len();
        let added = list(after, name).iter().skip(known).cloned();
        added.map(move |record| StateChange::Append { list: name.to_owned(), record })
    });
    let set = after.members().iter().filter(|member| member.key != "meta").filter_map(|member| {
        let same = before.get(&member.key).is_some_and(|old| old.is_same(&member.value));
        (!same).then(|| StateChange::Set { key: member.key.clone(), value: member.value.clone() })
    });
    let removed = before.members().iter().filter(|member| after.get(&member.key).is_none());
    let removed = removed.map(|member| StateChange::Remove { key: member.key.clone() });
    appended.chain(set).chain(removed).collect()
}

fn list<'a>(root: &'a Node, name: &str) -> &'a [Node] {
    root.get("meta").and_then(|meta| meta.get(name)?.as_array()).unwrap_or_default()
}

/// Whether a change is still to be made.
fn is_open(
    change: &StateChange,
    before: &Node,
    now: &Node,
    there: &HashSet<(&str, String)>,
) -> Result<bool, StateError> {
    let (key, wanted) = match change {
        StateChange::Append { list, record } => {
            return Ok(!there.contains(&(list.as_str(), document(record))));
        }
        StateChange::Set { key, value } => (key, Some(value)),
        StateChange::Remove { key } => (key, None),
    };
    let is = |value: Option<&Node>| match (now.get(key), value) {
        (Some(a), Some(b)) => a.is_same(b),
        (None, None) => true,
        _ => false,
    };
    if is(wanted) {
        return Ok(false);
    }
    if is(before.get(key)) { Ok(true) } else { Err(StateError::Moved { key: key.clone() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str =
        r#"{"current_state": "blocked", "meta": {"overrides": [{"a": 1}]}, "latest_failure": {}}"#;
    const AFTER: &str = r#"{"current_state": "executed", "meta": {"overrides": [{"a": 1}, {"b": 2}]}}"#;

    #[test]
    fn what_others_added_stays() {
        let now = r#"{"current_state": "blocked", "meta": {"overrides": [{"a": 1}, {"c": 3}], "notes": [7]}, "latest_failure": {}, "x": 1}"#;
        assert_eq!(
            rebase(BEFORE, AFTER, now).unwrap(),
            r#"{"current_state": "executed", "meta": {"overrides": [{"a": 1}, {"c": 3}, {"b": 2}], "notes": [7]}, "x": 1}"#
        );
    }

    #[test]
    fn what_is_done_already_is_not_done_again() {
        assert_eq!(rebase(BEFORE, AFTER, AFTER).unwrap(), AFTER);
        assert_eq!(rebase(BEFORE, AFTER, BEFORE).unwrap(), AFTER);
    }

    #[test]
    fn a_key_that_moved_on_is_left_to_whoever_moved_it() {
        let now = BEFORE.replace("blocked", "finalized");
        assert!(
            matches!(rebase(BEFORE, AFTER, &now), Err(StateError::Moved { key }) if key == "current_state")
        );
        let failed_again = BEFORE.replace("{}}", r#"{"kind": "x"}}"#);
        assert!(matches!(rebase(BEFORE, AFTER, &failed_again), Err(StateError::Moved { .. })));
    }
}
