//! What sort of work a commit is: one task's, many tasks', or none.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::batches::Claims;
use super::noise::is_noise;
use crate::model::{Change, Commit, Content, History, TaskId};

/// What sort of commit it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum CommitKind {
    /// Work of one task, or of none.
    #[default]
    Single,
    /// The work of many tasks at once: the harness's own phase commits, squashed branches.
    Bundle,
    /// A merge, a revert, what was reverted, or a formatter's sweep: not work on a task.
    Bookkeeping,
}

/// Tasks whose whole work may end up in one commit without its being a bundle.
const MOST_WHOLE: usize = 3;

/// What every commit shows by itself, in the order of the history. `reverted` says what was taken back, per commit.
pub(super) fn alone(history: &History, reverted: &[bool]) -> Vec<CommitKind> {
    let kinds = history.commits.iter().zip(reverted);
    kinds
        .map(|(commit, is_reverted)| match is_reverted {
            true => CommitKind::Bookkeeping,
            false => kind_of(commit),
        })
        .collect()
}

/// The kind of every commit, given what each shows by itself ([`alone`]). `commits_of` tells which commits change a path, and
/// `working` is how many tasks may have changed something.
pub(super) fn kinds(
    history: &History,
    alone: &[CommitKind],
    claims: &Claims<'_>,
    commits_of: impl Fn(&str) -> BTreeSet<usize>,
    working: usize,
) -> Vec<CommitKind> {
    let has_work = |commit: &&Commit| commit.changes.iter().any(|change| !is_noise(&change.path));
    let is_only = history.commits.iter().filter(has_work).take(2).count() == 1;
    let whole = whole_tasks(claims, commits_of);
    let kind = |(at, kind): (usize, &CommitKind)| {
        let is_many = (is_only && working > 1) || whole.get(&at).is_some_and(|tasks| *tasks > MOST_WHOLE);
        match kind {
            CommitKind::Single if is_many => CommitKind::Bundle,
            kind => *kind,
        }
    };
    alone.iter().enumerate().map(kind).collect()
}

fn kind_of(commit: &Commit) -> CommitKind {
    if commit.parents.len() > 1 || commit.subject.starts_with("Revert ") || is_sweep(commit) {
        CommitKind::Bookkeeping
    } else if commit.subject.starts_with("megaplan: ") {
        CommitKind::Bundle
    } else {
        CommitKind::Single
    }
}

/// Whether a commit changes nothing but white space, in several files: a formatter was run.
fn is_sweep(commit: &Commit) -> bool {
    /// One reformatted file may be somebody's work.
    const FEWEST: usize = 3;
    let has_text = |change: &&Change| change.content.hunks().next().is_some();
    commit.changes.iter().filter(has_text).count() >= FEWEST && commit.changes.iter().all(is_reformatted)
}

fn is_reformatted(change: &Change) -> bool {
    matches!(&change.content, Content::Text(edits) if edits.is_layout)
}

/// Per commit, how many tasks have all that is theirs alone in it.
fn whole_tasks(claims: &Claims<'_>, commits_of: impl Fn(&str) -> BTreeSet<usize>) -> HashMap<usize, usize> {
    let mut shared: BTreeMap<&TaskId, BTreeSet<usize>> = BTreeMap::new();
    for (path, claimants) in claims {
        let [Some(only), None] = first_two(claimants) else { continue };
        let commits = commits_of(path);
        if !commits.is_empty() {
            shared.entry(only).and_modify(|known| known.retain(|at| commits.contains(at))).or_insert(commits);
        }
    }
    shared.into_values().flatten().fold(HashMap::new(), |mut whole, commit| {
        *whole.entry(commit).or_insert(0) += 1;
        whole
    })
}

fn first_two<'a>(claimants: &BTreeSet<&'a TaskId>) -> [Option<&'a TaskId>; 2] {
    let mut claimants = claimants.iter();
    [claimants.next().copied(), claimants.next().copied()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{commit, history, ids};
    use crate::model::{Edits, Hunk};

    fn edit(is_layout: bool) -> Content {
        let hunk = Hunk { old_start: 1, old_lines: 1, new_start: 1, new_lines: 1 };
        Content::Text(Edits { hunks: [hunk].into_iter().collect(), is_layout, ..Edits::default() })
    }

    #[test]
    fn a_formatter_s_sweep_is_nobody_s_work() {
        let mut sweep = commit("1", "format", &["a", "b", "c"]);
        sweep.changes.iter_mut().for_each(|change| change.content = edit(true));
        assert_eq!(kind_of(&sweep), CommitKind::Bookkeeping);
        sweep.changes[1].content = edit(false);
        assert_eq!(kind_of(&sweep), CommitKind::Single);
        assert_eq!(kind_of(&commit("2", "Revert \"x\"", &["a"])), CommitKind::Bookkeeping);
        assert_eq!(kind_of(&commit("3", "megaplan: x execute", &["a"])), CommitKind::Bundle);
    }

    #[test]
    fn a_commit_with_everybody_s_own_files_is_a_bundle() {
        let tasks = ids(&["T1", "T2", "T3", "T4"]);
        let names = ["a", "b", "c", "d"];
        let claims: Claims<'_> = names
            .iter()
            .zip(&tasks)
            .map(|(path, task)| ((*path).to_owned(), BTreeSet::from([task])))
            .collect();
        let one = commit("1", "all", &names);
        let two = commit("2", "more", &["e"]);
        let kinds_of = |commits| {
            let history = history(commits, &[]);
            let alone = alone(&history, &vec![false; history.commits.len()]);
            let changes =
                |path: &str, commit: &Commit| commit.changes.iter().any(|change| change.path == path);
            let numbered = || history.commits.iter().enumerate();
            let commits_of = |path: &str| {
                numbered().filter(|(_, commit)| changes(path, commit)).map(|(at, _)| at).collect()
            };
            kinds(&history, &alone, &claims, commits_of, 4)
        };
        assert_eq!(kinds_of(vec![one.clone(), two.clone()]), [CommitKind::Bundle, CommitKind::Single]);
        let again = commit("3", "again", &["a", "b"]);
        assert_eq!(kinds_of(vec![one.clone(), two, again])[0], CommitKind::Bundle, "still T1 to T4");
        assert_eq!(kinds_of(vec![one])[0], CommitKind::Bundle, "all there is");
    }
}
