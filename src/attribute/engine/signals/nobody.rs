//! What speaks for a commit being no task's: foreign words, sweeps, files that are everybody's.

use super::super::count;
use super::super::evidence::Evidence;

/// Share of the message's words that no task text has, 0 to 1.
pub(super) fn foreign_message(evidence: &Evidence, commit: usize) -> f64 {
    let commit = &evidence.readings[commit];
    count(commit.strange_words) / count((commit.strange_words + commit.message.len()).max(1))
}

/// 1 when there are lists, and no file of the commit is in any.
pub(super) fn fits_no_list(evidence: &Evidence, commit: usize) -> f64 {
    let has_lists = evidence.tasks.iter().any(|task| !task.list.is_empty());
    let is_listed = |path: &usize| !evidence.paths[*path].listed.is_empty();
    f64::from(has_lists && !evidence.commits[commit].paths.iter().any(is_listed))
}

/// Share of the commit's files that change with everything, 0 to 1.
pub(super) fn shared_files(evidence: &Evidence, commit: usize) -> f64 {
    share(evidence, commit, |path| evidence.paths[path].is_shared)
}

/// The number of files, as a logarithm; about 1 for fifty.
pub(super) fn many_files(evidence: &Evidence, commit: usize) -> f64 {
    count(evidence.commits[commit].paths.len()).ln_1p() / 4.0
}

/// Share of the commit's files that no record gives to anybody, 0 to 1.
pub(super) fn claimed_by_nobody(evidence: &Evidence, commit: usize) -> f64 {
    share(evidence, commit, |path| evidence.paths[path].claimants.is_empty())
}

/// Log-odds that an unexplained commit is no task's, by how many there are.
pub(super) fn crowd(evidence: &Evidence, _: usize) -> f64 {
    evidence.crowd
}

fn share(evidence: &Evidence, commit: usize, fits: impl Fn(usize) -> bool) -> f64 {
    let paths = &evidence.commits[commit].paths;
    count(paths.iter().filter(|path| fits(**path)).count()) / count(paths.len().max(1))
}
