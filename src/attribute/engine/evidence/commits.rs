//! What commits say, and how many of them no record explains.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::super::count;
use super::super::ownership::Overwrites;
use super::super::reading::CommitReading;
use super::{CommitEvidence, Evidence, PathEvidence};
use crate::attribute::context::Context;

/// Commits of the range in order, and uncommitted changes as the last, if there are any. `overwrites` are of all paths.
pub(super) fn read(
    paths: &[PathEvidence],
    overwrites: Overwrites,
    readings: &[CommitReading],
    context: &Context<'_>,
) -> Vec<CommitEvidence> {
    let mut commits: Vec<CommitEvidence> = Vec::new();
    commits.resize_with(readings.len(), CommitEvidence::default);
    for (known, commit) in commits.iter_mut().zip(&context.input.history.commits) {
        known.time = commit.author_time;
    }
    for (at, path) in paths.iter().enumerate() {
        for change in &path.changes {
            commits[change.commit].paths.push(at);
        }
    }
    for (commit, owner, lines) in overwrites {
        let known = &mut commits[commit].overwrites;
        match known.iter_mut().find(|(whose, _)| *whose == owner) {
            Some((_, all)) => *all += lines,
            None => known.push((owner, lines)),
        }
    }
    for commit in &mut commits {
        commit.paths.dedup();
    }
    commits
}

/// Finds out, for every commit, which tasks claim the largest shares of its files.
pub(super) fn weigh_claims(evidence: &mut Evidence) {
    let Evidence { commits, paths, .. } = evidence;
    commits.par_iter_mut().for_each(|commit| commit.claims = largest_claims(commit, paths));
}

fn largest_claims(commit: &CommitEvidence, paths: &[PathEvidence]) -> [(usize, f64); 2] {
    let mut shares: BTreeMap<usize, f64> = BTreeMap::new();
    let mut all = 0.0;
    for path in commit.paths.iter().map(|path| &paths[*path]) {
        let weight = path.rarity();
        all += weight;
        for task in &path.claimants {
            *shares.entry(*task).or_default() += weight;
        }
    }
    let mut largest = [(usize::MAX, 0.0); 2];
    for (task, share) in shares {
        if share / all > largest[0].1 {
            largest = [(task, share / all), largest[0]];
        } else if share / all > largest[1].1 {
            largest[1] = (task, share / all);
        }
    }
    largest
}

/// Log-odds that a commit which no record explains is no task's: how many such commits there are, against how
/// many the open tasks need if they make as many as the others.
pub(super) fn crowd(evidence: &Evidence) -> f64 {
    let single = evidence.commits.iter().filter(|commit| commit.is_single && !commit.paths.is_empty());
    let (mut all, mut explained) = (0, 0);
    for commit in single {
        let is_claimed = |path: &&usize| !evidence.paths[**path].claimants.is_empty();
        let claimed = commit.paths.iter().filter(is_claimed).count();
        all += 1;
        explained += usize::from(claimed > 0 && claimed * 5 >= commit.paths.len() * 4);
    }
    let known = evidence.tasks.iter().filter(|task| !task.certain.is_empty()).count();
    let open = evidence.tasks.iter().filter(|task| task.is_open).count();
    let per_task = if known > 0 { count(explained) / count(known) } else { 1.0 };
    let expected = count(open) * per_task.clamp(0.5, 3.0);
    (count(all - explained) - expected).max(0.0).ln_1p() - expected.ln_1p()
}
