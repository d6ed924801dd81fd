//! How libgit2 compares the work tree with HEAD: it alone knows the index, filters and what is ignored.

use git2::{Delta, Diff, DiffFindOptions, DiffOptions};

use super::super::limits::Limits;

/// How similar, in percent, the two sides of a rename or copy are at least.
const SIMILARITY: u16 = 50;

/// What counts as a change.
pub(super) fn options(limits: &Limits) -> DiffOptions {
    let mut options = DiffOptions::new();
    options
        .context_lines(0)
        .interhunk_lines(0)
        .indent_heuristic(true)
        .include_typechange(true)
        .max_size(i64::try_from(limits.blob_bytes).unwrap_or(i64::MAX))
        .include_untracked(true)
        .recurse_untracked_dirs(true)
        .show_untracked_content(true)
        .include_unreadable(true)
        .include_unreadable_as_untracked(true);
    options
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
