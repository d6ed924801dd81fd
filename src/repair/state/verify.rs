//! The proof that an edited state holds the changes and is otherwise what it was.

use super::edit::{StateError, records};
use super::records::{items, kept};
use crate::json::{Member, Node, child};
use crate::model::StateChange;

/// Whether the changes were made and nothing else.
pub(super) fn verify(before: &Node, after: &Node, group: &[StateChange]) -> Result<(), StateError> {
    let differs = |pointer: String| Err(StateError::Differs { pointer });
    let touched = match group {
        [StateChange::Set { key, value }] => {
            if !after.get(key).is_some_and(|now| now.is_same(value)) {
                return differs(child("", key));
            }
            key.as_str()
        }
        [StateChange::Append { list, .. }, ..] => {
            let wanted: Vec<&Node> = items(before, list).iter().chain(records(group)).collect();
            if !are_listed(before, after, list, &wanted) {
                return differs(child("/meta", list));
            }
            "meta"
        }
        [StateChange::Withdraw { list, .. }, ..] => {
            let old = items(before, list);
            let kept = kept(old, &records(group)).unwrap_or_default();
            let stays = old.iter().zip(kept).filter(|(_, kept)| *kept);
            let wanted: Vec<&Node> = stays.map(|(item, _)| item).collect();
            if !are_listed(before, after, list, &wanted) {
                return differs(child("/meta", list));
            }
            "meta"
        }
        [StateChange::Remove { key }, ..] => {
            if after.get(key).is_some() {
                return differs(child("", key));
            }
            key.as_str()
        }
        _ => return differs(String::new()),
    };
    if are_same(&others(before, touched), &others(after, touched)) { Ok(()) } else { differs(String::new()) }
}

/// The members of an object but one.
fn others<'a>(object: &'a Node, key: &str) -> Vec<&'a Member> {
    object.members().iter().filter(|member| member.key != key).collect()
}

fn are_same(old: &[&Member], new: &[&Member]) -> bool {
    let same = |(a, b): (&&Member, &&Member)| a.key == b.key && a.value.is_same(&b.value);
    old.len() == new.len() && old.iter().zip(new).all(same)
}

/// Whether a list of `meta` holds exactly those records, and the rest of `meta` what it held.
fn are_listed(before: &Node, after: &Node, list: &str, wanted: &[&Node]) -> bool {
    let found = items(after, list);
    let rest = |root| Node::get(root, "meta").map_or_else(Vec::new, |meta| others(meta, list));
    found.len() == wanted.len()
        && found.iter().zip(wanted).all(|(a, b)| a.is_same(b))
        && are_same(&rest(before), &rest(after))
}
