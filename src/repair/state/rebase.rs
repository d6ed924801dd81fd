//! Changes found again between two texts, and carried out on a third.

use std::collections::HashSet;

use super::edit::{StateError, edit, read};
use super::records::{items, surplus};
use super::{LISTS, STEERING};
use crate::json::Node;
use crate::json::write::document;
use crate::model::{Edit, StateChange};

/// What `before` became `after` by, carried out on `current`. With the texts swapped it is taken back.
///
/// The harness's own commands add to the lists of `meta` without a lock and rewrite the file, so `current` may hold
/// more than `before`; all of it stays. A key that was to be changed must still be what it was, or already be what it
/// was to become. A record that is to be taken out must be there as it was written, and if it says to which state the
/// plan was moved, the plan must still be in that state: what the harness did from there is not ours to take back.
pub fn rebase(before: &str, after: &str, current: &str) -> Result<String, StateError> {
    let changes = changes(&read(before)?.root, &read(after)?.root);
    Ok(carry_over(&changes, before, current)?.0)
}

/// As [`rebase`], for what somebody else changed: what has changed once more since stays as it is now.
pub(in crate::repair) fn rejoin(before: &str, after: &str, current: &str) -> Result<String, StateError> {
    let changes = changes(&read(before)?.root, &read(after)?.root);
    let mut joined = current.to_owned();
    for change in &changes {
        match carry_over(std::slice::from_ref(change), before, &joined) {
            Ok((text, _)) => joined = text,
            Err(StateError::Moved { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(joined)
}

/// Whether the state still holds what `before` became `after` by, whatever else it holds.
pub(in crate::repair) fn is_in(before: &str, after: &str, current: &str) -> bool {
    current == after || rebase(after, before, current).is_ok_and(|without| without != current)
}

/// Changes that were made for `before`, carried out on `current` as far as they are not there yet, and what to tell
/// about each. The rules are those of [`rebase`].
pub fn carry_over(
    changes: &[StateChange],
    before: &str,
    current: &str,
) -> Result<(String, Vec<Edit>), StateError> {
    let (before, now) = (read(before)?.root, read(current)?.root);
    let there: HashSet<(&str, String)> = LISTS
        .into_iter()
        .flat_map(|name| items(&now, name).iter().map(move |item| (name, document(item))))
        .collect();
    let mut open = Vec::new();
    for change in changes {
        if is_open(change, &before, &now, &there)? {
            open.push(change.clone());
        }
    }
    edit(current, &open)
}

fn changes(before: &Node, after: &Node) -> Vec<StateChange> {
    let lists = LISTS.into_iter().flat_map(|name| {
        let (old, new) = (items(before, name), items(after, name));
        let gone = surplus(old, new).into_iter().cloned();
        let gone = gone.map(move |record| StateChange::Withdraw { list: name.to_owned(), record });
        let added =
            surplus(new, old).into_iter().map(move |record| StateChange::append(name, record.clone()));
        gone.chain(added)
    });
    let is_key = |key: &str| key != "meta";
    let set = after.members().iter().filter(|member| is_key(&member.key)).filter_map(|member| {
        let same = before.get(&member.key).is_some_and(|old| old.is_same(&member.value));
        (!same).then(|| StateChange::Set { key: member.key.clone(), value: member.value.clone() })
    });
    let removed = before.members().iter().filter(|it| is_key(&it.key) && after.get(&it.key).is_none());
    let removed = removed.map(|member| StateChange::Remove { key: member.key.clone() });
    lists.chain(set).chain(removed).collect()
}

/// Whether a change is still to be made.
fn is_open(
    change: &StateChange,
    before: &Node,
    now: &Node,
    there: &HashSet<(&str, String)>,
) -> Result<bool, StateError> {
    let (key, wanted) = match change {
        StateChange::Append { list, record, .. } => {
            return Ok(!there.contains(&(list.as_str(), document(record))));
        }
        StateChange::Withdraw { record, .. } => {
            let state = |node: &Node, key| node.get(key).and_then(Node::as_str).map(str::to_owned);
            let is_there = state(record, "to_state").is_none_or(|to| state(now, STEERING) == Some(to));
            return if is_there { Ok(true) } else { Err(StateError::Moved { key: STEERING.to_owned() }) };
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

    #[test]
    fn what_was_done_is_taken_back_and_no_more() {
        let now =
            r#"{"current_state": "executed", "meta": {"overrides": [{"a": 1}, {"b": 2}, {"c": 3}]}, "x": 1}"#;
        assert_eq!(
            rebase(AFTER, BEFORE, now).unwrap(),
            r#"{"current_state": "blocked", "meta": {"overrides": [{"a": 1}, {"c": 3}]}, "x": 1, "latest_failure": {}}"#
        );
        assert_eq!(rebase(AFTER, BEFORE, AFTER).unwrap(), BEFORE);
    }

    #[test]
    fn what_has_changed_since_is_not_taken_back() {
        let refused = |now: &str| match rebase(AFTER, BEFORE, now) {
            Err(StateError::Moved { key }) => key,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(&AFTER.replace("{\"b\": 2}", "{\"b\": 3}")), "overrides");
        assert_eq!(refused(&AFTER.replace("executed", "finalized")), "current_state");
        let failed_anew = AFTER.replace("}]}}", r#"}]}, "latest_failure": {"kind": "x"}}"#);
        assert_eq!(refused(&failed_anew), "latest_failure");
    }

    #[test]
    fn a_move_is_taken_back_only_from_where_it_led() {
        let before = r#"{"current_state": "blocked", "meta": {"overrides": []}}"#;
        let after = before.replace("[]", r#"[{"to_state": "blocked"}]"#);
        assert_eq!(
            rebase(&after, before, &after.replace("}}", r#"}, "x": 1}"#)).unwrap(),
            before.replace("}}", r#"}, "x": 1}"#)
        );
        let moved = after.replace(r#""current_state": "blocked""#, r#""current_state": "finalized""#);
        assert!(
            matches!(rebase(&after, before, &moved), Err(StateError::Moved { key }) if key == "current_state")
        );
    }
}
