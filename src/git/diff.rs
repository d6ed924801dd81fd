//! What one commit changed.

use std::collections::BTreeSet;

use git2::{Delta, Diff, DiffFindOptions, DiffOptions, Tree};

use super::patch;
use crate::model::{Change, ChangeKind};

/// How similar, in percent, the two sides of a rename or copy are at least.
const SIMILARITY: u16 = 50;

/// What is too much to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Files larger than this many bytes are not compared.
    pub blob_bytes: u64,
    /// With more than the square of this many pairs, only identical files count as renamed.
    pub rename_files: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { blob_bytes: 1 << 20, rename_files: 1000 }
    }
}

/// What `commit` changed, by path. Fails only if one of its trees is missing.
pub(super) fn of_commit(
    repo: &git2::Repository,
    commit: &git2::Commit<'_>,
    limits: &Limits,
) -> Result<Vec<Change>, git2::Error> {
    let tree = commit.tree()?;
    let parents: Vec<Tree<'_>> = commit.parents().map(|parent| parent.tree()).collect::<Result<_, _>>()?;
    let mut changes = match parents.as_slice() {
        [] => between(repo, None, &tree, limits)?,
        [parent] => between(repo, Some(parent), &tree, limits)?,
        _ => of_merge(repo, &parents, &tree, limits)?,
    };
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(changes)
}

/// Options that all diffs share.
pub(super) fn options(limits: &Limits) -> DiffOptions {
    let mut options = DiffOptions::new();
    options
        .context_lines(0)
        .interhunk_lines(0)
        .indent_heuristic(true)
        .include_typechange(true)
        .max_size(i64::try_from(limits.blob_bytes).unwrap_or(i64::MAX));
    options
}

fn between(
    repo: &git2::Repository,
    old: Option<&Tree<'_>>,
    new: &Tree<'_>,
    limits: &Limits,
) -> Result<Vec<Change>, git2::Error> {
    let compare = || repo.diff_tree_to_tree(old, Some(new), Some(&mut options(limits)));
    let mut diff = compare()?;
    if find_moves(&mut diff, limits).is_err() {
        diff = compare()?; // A blob is missing: the paths are known all the same.
    }
    let deltas = diff.deltas().len();
    let changes = (0..deltas).filter_map(|index| patch::change(&diff, index, limits)).collect();
    Ok(rejoin_types(changes))
}

/// libgit2 takes a file that turned into a symlink for moved away if it finds a similar one. Git says
/// that the file changed its type and was copied.
fn rejoin_types(mut changes: Vec<Change>) -> Vec<Change> {
    let added: BTreeSet<String> = changes
        .iter()
        .filter(|change| change.kind == ChangeKind::Added)
        .map(|change| change.path.clone())
        .collect();
    let mut rejoined = BTreeSet::new();
    for change in changes.iter_mut().filter(|change| change.kind == ChangeKind::Renamed) {
        if let Some(old) = change.old_path.as_ref().filter(|old| added.contains(*old)) {
            rejoined.insert(old.clone());
            change.kind = ChangeKind::Copied;
        }
    }
    for change in changes.iter_mut().filter(|change| rejoined.contains(&change.path)) {
        change.kind = ChangeKind::TypeChanged;
    }
    changes
}

/// Turns deletions and additions into renames, and additions into copies of files that changed too.
pub(super) fn find_moves(diff: &mut Diff<'_>, limits: &Limits) -> Result<(), git2::Error> {
    let (mut sources, mut targets) = (0_usize, 0_usize);
    for delta in diff.deltas() {
        match delta.status() {
            Delta::Added => targets += 1,
            Delta::Deleted | Delta::Modified | Delta::Typechange => sources += 1,
            _ => {}
        }
    }
    let pairs = sources.saturating_mul(targets);
    let most = limits.rename_files.saturating_mul(limits.rename_files);
    // Even comparing ids is quadratic here.
    if pairs == 0 || pairs > most.saturating_mul(64) {
        return Ok(());
    }
    let mut options = DiffFindOptions::new();
    options
        .renames(true)
        .copies(true)
        .rename_threshold(SIMILARITY)
        .copy_threshold(SIMILARITY)
        .rename_limit(sources.max(1))
        .exact_match_only(pairs > most);
    diff.find_similar(Some(&mut options))
}

/// The paths of a merge that differ from every parent, compared with the first.
fn of_merge(
    repo: &git2::Repository,
    parents: &[Tree<'_>],
    tree: &Tree<'_>,
    limits: &Limits,
) -> Result<Vec<Change>, git2::Error> {
    let diffs: Vec<Diff<'_>> = parents
        .iter()
        .map(|parent| repo.diff_tree_to_tree(Some(parent), Some(tree), Some(&mut options(limits))))
        .collect::<Result<_, _>>()?;
    let names = |diff: &Diff<'_>| -> BTreeSet<Vec<u8>> {
        diff.deltas().map(|delta| patch::path_bytes(&delta).to_vec()).collect()
    };
    let Some((first, others)) = diffs.split_first() else { return Ok(Vec::new()) };
    let others: Vec<BTreeSet<Vec<u8>>> = others.iter().map(names).collect();
    let everywhere = |path: &[u8]| others.iter().all(|names| names.contains(path));
    let chosen = first.deltas().enumerate().filter(|(_, delta)| everywhere(patch::path_bytes(delta)));
    Ok(chosen.filter_map(|(index, _)| patch::change(first, index, limits)).collect())
}
