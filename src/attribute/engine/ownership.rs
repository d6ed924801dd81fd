//! Who wrote the lines that a change overwrites: the range's edits replayed into one vector of owners per path.
//!
//! Much cheaper than running blame per commit, and exact along a linear history (the idea is `GitButler`'s, whose
//! hunk dependencies are computed this way). Lines from before the range have no owner here.

use crate::model::{Change, ChangeKind, Commit, Content};

/// Lines of a file as runs of one owner, from the first line to the last that is known of.
#[derive(Debug, Default, Clone, PartialEq)]
struct Owners {
    runs: Vec<(u32, Option<usize>)>,
}

/// Per change of `path`, in order: how many of the lines it removes which earlier commit had written.
pub(super) fn overwrites(
    path: &str,
    changes: &[(Option<&Commit>, &Change)],
    number: impl Fn(Option<&Commit>) -> usize,
) -> Vec<Vec<(usize, u32)>> {
    let mut owners = Owners::default();
    let mut found = Vec::with_capacity(changes.len());
    for (commit, change) in changes {
        let is_old_name = change.path != path;
        let moved = change.kind == ChangeKind::Renamed || is_old_name;
        if change.kind == ChangeKind::Added || moved {
            // A moved file's lines are another path's: nothing is claimed about them.
            owners = Owners::default();
        }
        let Content::Text(edits) = &change.content else {
            owners = Owners::default();
            found.push(Vec::new());
            continue;
        };
        let mut overwritten: Vec<(usize, u32)> = Vec::new();
        for hunk in &edits.hunks {
            let first = hunk.new_start.saturating_sub(u32::from(hunk.new_lines > 0));
            let removed = owners.replace(first, hunk.old_lines, hunk.new_lines, number(*commit));
            for (owner, lines) in removed {
                match overwritten.iter_mut().find(|(known, _)| *known == owner) {
                    Some((_, count)) => *count += lines,
                    None => overwritten.push((owner, lines)),
                }
            }
        }
        found.push(overwritten);
    }
    found
}

impl Owners {
    /// Replaces `old` lines after the first `before` by `new` lines of `owner`. Hunks are applied in order, so
    /// that positions are those of the new side. Returns whose lines went.
    fn replace(&mut self, before: u32, old: u32, new: u32, owner: usize) -> Vec<(usize, u32)> {
        let mut runs = Vec::with_capacity(self.runs.len() + 2);
        let mut rest = std::mem::take(&mut self.runs).into_iter();
        let mut to_keep = before;
        let mut pending = None;
        while to_keep > 0 {
            let Some((lines, whose)) = rest.next() else {
                runs.push((to_keep, None));
                break;
            };
            let kept = lines.min(to_keep);
            runs.push((kept, whose));
            to_keep -= kept;
            pending = (lines > kept).then_some((lines - kept, whose));
        }
        let mut removed = Vec::new();
        let mut to_remove = old;
        while to_remove > 0 {
            let Some((lines, whose)) = pending.take().or_else(|| rest.next()) else { break };
            let gone = lines.min(to_remove);
            removed.extend(whose.map(|whose| (whose, gone)));
            to_remove -= gone;
            pending = (lines > gone).then_some((lines - gone, whose));
        }
        if new > 0 {
            runs.push((new, Some(owner)));
        }
        runs.extend(pending);
        runs.extend(rest);
        self.runs = runs;
        removed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_move_the_lines_behind_them() {
        let mut owners = Owners::default();
        assert_eq!(owners.replace(0, 0, 3, 1), []);
        assert_eq!(owners.replace(1, 1, 2, 2), [(1, 1)]);
        assert_eq!(owners.runs, [(1, Some(1)), (2, Some(2)), (1, Some(1))]);
        assert_eq!(owners.replace(0, 4, 0, 3), [(1, 1), (2, 2), (1, 1)]);
        assert_eq!(owners.runs, []);
    }

    #[test]
    fn lines_from_before_the_range_are_nobody_s() {
        let mut owners = Owners::default();
        assert_eq!(owners.replace(10, 5, 1, 1), []);
        assert_eq!(owners.runs, [(10, None), (1, Some(1))]);
        assert_eq!(owners.replace(8, 3, 0, 2), [(1, 1)]);
    }
}
