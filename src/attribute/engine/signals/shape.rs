//! What a commit or a file looks like by itself: chores, sweeps, files that are everybody's.

use super::super::count;
use super::super::evidence::Evidence;
use super::Pair;

/// Share of the message's words that no task text has.
pub(super) fn foreign_message(evidence: &Evidence, commit: usize) -> f64 {
    let commit = &evidence.commits[commit];
    count(commit.strange_words) / count((commit.strange_words + commit.known_words).max(1))
}

/// 1 when there are lists, and no file of the commit is in any.
pub(super) fn fits_no_list(evidence: &Evidence, commit: usize) -> f64 {
    let is_listed = |path: &usize| evidence.tasks.iter().any(|task| task.list.binary_search(path).is_ok());
    f64::from(evidence.has_lists && !evidence.commits[commit].paths.iter().any(is_listed))
}

/// Share of the commit's files that are everybody's.
pub(super) fn chore(evidence: &Evidence, commit: usize) -> f64 {
    let paths = &evidence.commits[commit].paths;
    count(paths.iter().filter(|path| evidence.paths[**path].is_shared).count()) / count(paths.len().max(1))
}

/// The logarithm of the number of files.
pub(super) fn many_files(evidence: &Evidence, commit: usize) -> f64 {
    count(evidence.commits[commit].paths.len()).ln_1p() / 4.0
}

/// Share of the commit's files that no record gives to anybody.
pub(super) fn claimed_by_nobody(evidence: &Evidence, commit: usize) -> f64 {
    let paths = &evidence.commits[commit].paths;
    let unclaimed = paths.iter().filter(|path| evidence.paths[**path].claimants.is_empty()).count();
    count(unclaimed) / count(paths.len().max(1))
}

/// 1 for a file that changes with everything.
pub(super) fn shared_file(pair: &Pair<'_>) -> f64 {
    f64::from(pair.path().is_shared || pair.path().is_carried)
}

/// 1 when there is a history, and the path did not change in it.
pub(super) fn unchanged(pair: &Pair<'_>) -> f64 {
    f64::from(pair.evidence.has_history && pair.path().changes.is_empty())
}

/// The logarithm of the number of commits that change the path.
pub(super) fn many_commits(pair: &Pair<'_>) -> f64 {
    (count(pair.path().changes.len()).max(1.0)).ln() / 3.0
}

/// Log-odds that a commit is nobody's, by how many commits the tasks with known files have and how many commits
/// there are.
pub(super) fn crowd(evidence: &Evidence, _: usize) -> f64 {
    evidence.crowd
}
