//! The hunks that speak for a task.

use super::evidence::ChangeEvidence;
use super::signals::Pair;
use super::vocabulary::{Term, Terms, common};
use crate::attribute::context::Context;
use crate::attribute::standing::MOST_WITNESSES;
use crate::model::{Change, Commit, Witness};

/// A commit with less than this share for the task is no witness, if another has more.
const LEAST_SHARE: f64 = 0.05;

/// The changes of the path that speak for the task: its own commits where commits tell, and else the hunks that
/// share its identifiers; all of them where nothing stands out. Of many, the newest.
pub(super) fn witnesses(pair: &Pair<'_>, context: &Context<'_>) -> Vec<Witness> {
    let path = &pair.evidence.paths[pair.path];
    let changes = context.changed.get(path.place.path.as_str()).into_iter().flatten();
    let seen: Vec<_> = path.changes.iter().zip(changes).collect();
    let is_own = |commit: usize| {
        pair.evidence.is_single(commit) && pair.winners.share(commit, pair.task) >= LEAST_SHARE
    };
    let has_own = seen.iter().any(|(known, _)| is_own(known.commit));
    let wanted: Vec<_> = seen.into_iter().filter(|(known, _)| !has_own || is_own(known.commit)).collect();
    let older = wanted.len().saturating_sub(MOST_WITNESSES);
    wanted
        .into_iter()
        .skip(older)
        .map(|(known, (commit, change))| {
            let telling = if is_own(known.commit) { Vec::new() } else { telling(pair, known) };
            witness(*commit, change, &telling)
        })
        .collect()
}

/// Which hunks share identifiers with the task's texts.
fn telling(pair: &Pair<'_>, change: &ChangeEvidence) -> Vec<usize> {
    let task = &pair.evidence.tasks[pair.task];
    let vocabulary = &pair.evidence.vocabulary;
    let shares = |hunk: &[Term], text: &Terms| common(hunk, text).any(|term| vocabulary.is_identifier(term));
    let is_telling = |hunk: &[Term]| shares(hunk, &task.description) || shares(hunk, &task.notes);
    change
        .reading(&pair.evidence.readings)
        .hunks()
        .enumerate()
        .filter(|(_, hunk)| is_telling(hunk))
        .map(|(at, _)| at)
        .collect()
}

/// A change as a witness, with the hunks at `telling`; with none, all of them.
fn witness(commit: Option<&Commit>, change: &Change, telling: &[usize]) -> Witness {
    let hunks = change.content.hunks().enumerate();
    let wanted = hunks.filter(|(at, _)| telling.is_empty() || telling.contains(at));
    Witness {
        commit: commit.map(|commit| commit.id),
        blob: change.blob,
        hunks: wanted.map(|(_, hunk)| (hunk.new_start, hunk.new_lines)).collect(),
    }
}
