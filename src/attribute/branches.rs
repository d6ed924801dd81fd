//! Task ids in the names of branches, which merges keep: `Merge branch 'feature/T3-clock'`.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::ids::is_distinctive;
use crate::model::{Commit, History, Oid, Plan, TaskId};

/// A branch of more commits than this is no task's.
const LONGEST_BRANCH: usize = 500;
/// More steps are not taken to tell a branch from what it was merged into.
const MOST_STEPS: usize = 4 * LONGEST_BRANCH;

/// Per commit of the history, the only task that the branch names on which it was made. The innermost branch decides;
/// one that names several tasks, or none, says nothing.
pub(super) fn branches<'a>(plan: &'a Plan, history: &History) -> Vec<Option<&'a TaskId>> {
    let mut found = vec![None; history.commits.len()];
    let merges = history.commits.iter().enumerate().filter(|(_, commit)| commit.parents.len() == 2);
    let mut named = merges.filter_map(|(at, commit)| Some((at, branch_name(&commit.subject)?))).peekable();
    if named.peek().is_none() {
        return found;
    }
    let ids: HashMap<String, &TaskId> = plan
        .tasks
        .iter()
        .filter(|task| is_distinctive(&task.id))
        .map(|task| (task.id.0.to_lowercase(), &task.id))
        .collect();
    let numbers: HashMap<Oid, usize> =
        history.commits.iter().enumerate().map(|(at, commit)| (commit.id, at)).collect();
    // Parents come before children, so inner merges before outer ones: the first branch that names a task keeps it.
    for (merge, name) in named {
        let Some(task) = named_task(name, &ids) else { continue };
        for commit in side_commits(merge, &history.commits, &numbers) {
            found[commit].get_or_insert(task);
        }
    }
    found
}

/// The branch that a merge took in, by the subjects that git and the usual hosts write.
fn branch_name(subject: &str) -> Option<&str> {
    let quoted = |rest: &'_ str| -> Option<usize> { rest.find('\'') };
    for opening in ["Merge branch '", "Merge remote-tracking branch '"] {
        if let Some(rest) = subject.strip_prefix(opening) {
            return quoted(rest).map(|end| &rest[..end]);
        }
    }
    let rest = subject.strip_prefix("Merge pull request #")?;
    rest.split_once(" from ").map(|(_, branch)| branch.split_whitespace().next().unwrap_or_default())
}

/// The one task whose id is among the parts of a branch's name, in any case. Ids are compared with every run of parts, for
/// an id may have dashes of its own.
fn named_task<'a>(name: &str, ids: &HashMap<String, &'a TaskId>) -> Option<&'a TaskId> {
    /// Longer names are read no further.
    const LONGEST: usize = 256;
    /// An id has at most so many parts.
    const MOST_PARTS: usize = 4;
    let name: String = name.chars().take(LONGEST).flat_map(char::to_lowercase).collect();
    let is_end = |c: char| !(c.is_alphanumeric() || c == '.');
    let mut bounds: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    for (at, _) in name.match_indices(is_end).chain([(name.len(), "")]) {
        if at > start {
            bounds.push((start, at));
        }
        start = at + name[at..].chars().next().map_or(0, char::len_utf8);
    }
    let mut found: Option<&TaskId> = None;
    for (at, (from, _)) in bounds.iter().enumerate() {
        for (_, to) in bounds.iter().skip(at).take(MOST_PARTS) {
            match (ids.get(&name[*from..*to]), found) {
                (Some(task), Some(known)) if *task != known => return None,
                (Some(task), _) => found = Some(task),
                (None, _) => {}
            }
        }
    }
    found
}

/// The commits that a merge took in from its second parent: those that its first parent does not have. None of a branch
/// that is too long to be a task's.
fn side_commits(merge: usize, commits: &[Commit], numbers: &HashMap<Oid, usize>) -> Vec<usize> {
    const MAIN: u8 = 1;
    const SIDE: u8 = 2;
    let number = |parent: &Oid| numbers.get(parent).copied();
    let mut open: BTreeMap<usize, u8> = BTreeMap::new();
    for (parent, side) in commits[merge].parents.iter().zip([MAIN, SIDE]) {
        if let Some(at) = number(parent) {
            *open.entry(at).or_default() |= side;
        }
    }
    let mut found = Vec::new();
    let mut steps = 0;
    // The youngest first: when a commit's turn comes, all its children have had theirs.
    while open.values().any(|side| *side == SIDE) {
        let Some((at, side)) = open.pop_last() else { break };
        steps += 1;
        if steps > MOST_STEPS || found.len() > LONGEST_BRANCH {
            return Vec::new();
        }
        if side == SIDE {
            found.push(at);
        }
        for parent in commits[at].parents.iter().filter_map(number).filter(|parent| *parent < at) {
            *open.entry(parent).or_default() |= side;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{commit, history, oid, plan, task};

    fn child(id: &str, subject: &str, parents: &[&str]) -> Commit {
        let parents = parents.iter().map(|parent| oid(parent)).collect();
        Commit { parents, ..commit(id, subject, &["a"]) }
    }

    #[test]
    fn merges_tell_on_which_branch_a_commit_was_made() {
        let plan = plan(vec![task("T1"), task("T2"), task("T10")]);
        let history = history(
            vec![
                child("0", "before", &["base"]),
                child("1", "clock", &["0"]),
                child("2", "hands", &["1"]),
                child("3", "main goes on", &["0"]),
                child("4", "Merge branch 'feature/t10-clock' into main", &["3", "2"]),
                child("5", "inner", &["4"]),
                child("6", "Merge branch 'T2'", &["4", "5"]),
                child("7", "Merge pull request #7 from someone/T1_outer", &["4", "6"]),
                child("8", "Merge branch 'T1-and-T2'", &["7", "7"]),
            ],
            &[],
        );
        let found: Vec<Option<&str>> =
            branches(&plan, &history).into_iter().map(|task| task.map(|id| id.0.as_str())).collect();
        let none = None;
        assert_eq!(found, [none, Some("T10"), Some("T10"), none, none, Some("T2"), Some("T1"), none, none]);
    }

    #[test]
    fn ids_are_found_as_parts_of_a_name() {
        let tasks = [TaskId::from("T1"), TaskId::from("m-8.2"), TaskId::from("T10")];
        let ids = tasks.iter().map(|id| (id.0.to_lowercase(), id)).collect();
        let named = |name: &str| named_task(name, &ids).map(|id| id.0.as_str());
        assert_eq!(named("epic/t1-clock"), Some("T1"));
        assert_eq!(named("M-8.2/hands"), Some("m-8.2"));
        assert_eq!(named("T1_and_T10"), None);
        assert_eq!(named("sprint-T100"), None);
    }
}
