//! Messages of the harness as what they name: one complaint about a subset is the same complaint.

use std::collections::BTreeSet;

use crate::gate::{Family, Message, Subject};
use crate::model::is_left_behind;

use super::tokens::hash;
use super::wording;

/// A message, comparable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Members {
    /// Which complaint.
    pub(super) family: Family,
    /// About whom; order and repetition do not matter.
    names: BTreeSet<String>,
    are_paths: bool,
}

/// In longer lists only equal spellings of a path are found.
const SPELLED: usize = 2000;

/// How a later message relates to an earlier one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// It names nothing new.
    Same,
    /// It names all, and these besides.
    Grown(Vec<String>),
    /// It is another complaint.
    Different,
}

impl Members {
    pub(super) fn of(message: &Message) -> Self {
        let (names, are_paths) = match &message.subject {
            Subject::Tasks(ids) => (ids.iter().cloned().collect(), false),
            Subject::Paths(list) => {
                (crate::gate::message_paths(list, &|_| false).into_iter().collect(), true)
            }
            Subject::Name(name) => (BTreeSet::from([name.clone()]), false),
            Subject::Count { open, all } => (BTreeSet::from([format!("{open}/{all}")]), false),
            Subject::Row { list, at } => (BTreeSet::from([format!("{list}/{at}")]), false),
            Subject::Text(text) => (BTreeSet::from([wording::normal(text)]), false),
        };
        let are_paths = are_paths && names.len() <= SPELLED;
        Self { family: message.family, names, are_paths }
    }

    /// What to find it by: its complaint with each of its names, however a path is spelled.
    pub(super) fn keys(&self) -> Vec<u64> {
        let name = |name: &String| match self.are_paths {
            true => name.rsplit('/').next().unwrap_or(name).to_owned(),
            false => name.clone(),
        };
        self.names.iter().map(|own| hash(&format!("{:?} {}", self.family, name(own)))).collect()
    }

    /// Whether a name of this message is that of another, spelled otherwise.
    fn names_path(&self, path: &str) -> bool {
        self.names.contains(path) || (self.are_paths && self.names.iter().any(|own| is_same_path(own, path)))
    }
}

/// Compares a later message with an earlier one. Growth by the harness's own files is none.
pub(super) fn compare(earlier: &Members, later: &Members) -> Relation {
    if earlier.family != later.family {
        return Relation::Different;
    }
    let is_new = |name: &&String| {
        let is_harness = later.are_paths && is_left_behind(name);
        !is_harness && !earlier.names_path(name)
    };
    let new: Vec<String> = later.names.iter().filter(is_new).cloned().collect();
    let shared = later.names.iter().any(|name| earlier.names_path(name));
    let contains_all = earlier.names.iter().all(|name| later.names_path(name));
    match (new.is_empty(), shared, contains_all) {
        (true, true, _) => Relation::Same,
        (false, true, true) => Relation::Grown(new),
        _ => Relation::Different,
    }
}

/// Whether two spellings can be one path: one is the end of the other, from a slash on.
fn is_same_path(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim_start_matches("./"), b.trim_start_matches("./"));
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    long.strip_suffix(short)
        .is_some_and(|rest| rest.is_empty() || (rest.ends_with('/') && short.contains('/')))
}
