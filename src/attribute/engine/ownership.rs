//! Who wrote the lines that a change overwrites: the range's edits replayed into one vector of owners per path.
//!
//! Much cheaper than running blame per commit, and exact along a linear history (the idea is `GitButler`'s, whose
//! hunk dependencies are computed this way). Lines from before the range have no owner here.

use crate::model::{Change, ChangeKind, Content, Hunks};

/// A number of lines, and whose they are.
type Run = (u32, Option<usize>);

/// Lines of a file as runs of one owner, from the first line to the last that is known of.
#[derive(Debug, Default, Clone, PartialEq)]
struct Owners {
    runs: Vec<Run>,
}

/// How many lines a commit removes which another had written: the one, the other, and how many.
pub(super) type Overwrites = Vec<(usize, usize, u32)>;

/// What changes more often is everybody's, and whose its lines are tells nothing.
const MOST_CHANGES: usize = 128;

/// Whose lines were overwritten by whom in `path`, given its changes in order with the numbers of their commits.
pub(super) fn overwrites<'a>(
    path: &str,
    changes: impl ExactSizeIterator<Item = (usize, &'a Change)>,
) -> Overwrites {
    let mut owners = Owners::default();
    let mut found = Vec::new();
    if changes.len() > MOST_CHANGES {
        return found;
    }
    for (commit, change) in changes {
        let is_old_name = change.path != path;
        let moved = change.kind == ChangeKind::Renamed || is_old_name;
        if change.kind == ChangeKind::Added || moved {
            // A moved file's lines are another path's: nothing is claimed about them.
            owners = Owners::default();
        }
        let Content::Text(edits) = &change.content else {
            owners = Owners::default();
            continue;
        };
        let removed = owners.edit(&edits.hunks, commit);
        let others = removed.into_iter().filter(|(owner, _)| *owner != commit);
        found.extend(others.map(|(owner, lines)| (commit, owner, lines)));
    }
    found
}

/// The runs that are still to be passed, and how many lines of the first are passed already.
struct Rest<'a> {
    runs: &'a [Run],
    passed: u32,
}

impl Rest<'_> {
    /// The next run, but no more than `most` lines of it.
    fn take(&mut self, most: u32) -> Option<Run> {
        let (&(lines, whose), others) = self.runs.split_first()?;
        let left = lines - self.passed;
        if left > most {
            self.passed += most;
            return Some((most, whose));
        }
        *self = Self { runs: others, passed: 0 };
        Some((left, whose))
    }

    /// Moves `lines` lines to the end of `edited`. Lines behind the last that is known of were there before the range.
    fn keep(&mut self, mut lines: u32, edited: &mut Vec<Run>) {
        while lines > 0 {
            let (taken, whose) = self.take(lines).unwrap_or((lines, None));
            push(edited, taken, whose);
            lines -= taken;
            if self.passed == 0 {
                // Only the first run can be of one owner with what was there: the others that fit are moved whole.
                let fits = |run: &&Run| lines.checked_sub(run.0).map(|left| lines = left).is_some();
                let count = self.runs.iter().take_while(fits).count();
                let (kept, others) = self.runs.split_at(count);
                edited.extend_from_slice(kept);
                self.runs = others;
            }
        }
    }

    /// Moves all that is left.
    fn keep_all(&mut self, edited: &mut Vec<Run>) {
        if let Some((lines, whose)) = self.take(u32::MAX) {
            push(edited, lines, whose);
            edited.extend_from_slice(self.runs);
        }
    }
}

impl Owners {
    /// Carries out the hunks of one change, whose added lines are `owner`'s, in one pass. Returns whose lines went, and how
    /// many.
    fn edit(&mut self, hunks: &Hunks, owner: usize) -> Vec<(usize, u32)> {
        let mut edited = Vec::with_capacity(self.runs.len() + 2 * hunks.len());
        let mut rest = Rest { runs: &self.runs, passed: 0 };
        let mut removed: Vec<(usize, u32)> = Vec::new();
        // Lines of the new side that are written so far.
        let mut at = 0_u32;
        for hunk in hunks.iter() {
            let first = hunk.new_start.saturating_sub(u32::from(hunk.new_lines > 0));
            rest.keep(first.saturating_sub(at), &mut edited);
            at = at.max(first);
            let mut left = hunk.old_lines;
            while let Some((lines, whose)) = (left > 0).then(|| rest.take(left)).flatten() {
                left -= lines;
                if let Some(whose) = whose {
                    match removed.iter_mut().find(|(known, _)| *known == whose) {
                        Some((_, count)) => *count += lines,
                        None => removed.push((whose, lines)),
                    }
                }
            }
            push(&mut edited, hunk.new_lines, Some(owner));
            at = at.saturating_add(hunk.new_lines);
        }
        rest.keep_all(&mut edited);
        self.runs = edited;
        removed
    }
}

/// Adds lines at the end; to the last run, if they are the same owner's.
fn push(runs: &mut Vec<Run>, lines: u32, whose: Option<usize>) {
    match runs.last_mut() {
        _ if lines == 0 => {}
        Some((count, owner)) if *owner == whose => *count = count.saturating_add(lines),
        _ => runs.push((lines, whose)),
    }
}

/// For `fuzzing`: as [`overwrites`], of a file that each change edits.
#[cfg(feature = "fuzzing")]
pub(crate) fn fuzzed_overwrites(changes: &[Vec<crate::model::Hunk>]) -> Vec<Vec<(usize, u32)>> {
    let mut owners = Owners::default();
    changes
        .iter()
        .enumerate()
        .map(|(number, hunks)| owners.edit(&hunks.iter().copied().collect(), number))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Hunk;

    fn of(hunks: &[Hunk]) -> Hunks {
        hunks.iter().copied().collect()
    }

    fn hunk(old_start: u32, old_lines: u32, new_start: u32, new_lines: u32) -> Hunk {
        Hunk { old_start, old_lines, new_start, new_lines }
    }

    #[test]
    fn edits_move_the_lines_behind_them() {
        let mut owners = Owners::default();
        assert_eq!(owners.edit(&of(&[hunk(0, 0, 1, 3)]), 1), []);
        assert_eq!(owners.edit(&of(&[hunk(2, 1, 2, 2)]), 2), [(1, 1)]);
        assert_eq!(owners.runs, [(1, Some(1)), (2, Some(2)), (1, Some(1))]);
        assert_eq!(owners.edit(&of(&[hunk(1, 4, 0, 0)]), 3), [(1, 2), (2, 2)]);
        assert_eq!(owners.runs, []);
    }

    #[test]
    fn lines_from_before_the_range_are_nobody_s() {
        let mut owners = Owners::default();
        assert_eq!(owners.edit(&of(&[hunk(10, 0, 11, 1)]), 1), []);
        assert_eq!(owners.runs, [(10, None), (1, Some(1))]);
        assert_eq!(owners.edit(&of(&[hunk(1, 11, 1, 1)]), 2), [(1, 1)]);
    }

    /// An edit of a file as a list of lines: what is replaced by how many lines.
    fn edits() -> impl Strategy<Value = Vec<Vec<(usize, usize, usize)>>> {
        prop::collection::vec(prop::collection::vec((0..6_usize, 0..4_usize, 0..4_usize), 1..5), 1..8)
    }

    proptest! {
        /// The same with a name on every line.
        #[test]
        fn every_line_keeps_its_owner(changes in edits()) {
            let mut owners = Owners::default();
            let mut lines: Vec<Option<usize>> = vec![None; 40];
            for (owner, change) in changes.iter().enumerate() {
                let (mut old, mut new) = (0, 0);
                let (mut hunks, mut edited) = (Vec::new(), Vec::new());
                let mut gone: Vec<usize> = Vec::new();
                for &(kept, removed, added) in change {
                    let kept = kept.min(lines.len() - old);
                    let removed = removed.min(lines.len() - old - kept);
                    edited.extend_from_slice(&lines[old..old + kept]);
                    gone.extend(lines[old + kept..old + kept + removed].iter().flatten());
                    (old, new) = (old + kept, new + kept);
                    let start = |at: usize, count: usize| u32::try_from(at + usize::from(count > 0)).unwrap();
                    let count = |lines: usize| u32::try_from(lines).unwrap();
                    hunks.push(hunk(start(old, removed), count(removed), start(new, added), count(added)));
                    edited.extend(vec![Some(owner); added]);
                    (old, new) = (old + removed, new + added);
                }
                edited.extend_from_slice(&lines[old..]);
                lines = edited;
                let mut told: Vec<usize> = Vec::new();
                for (whose, count) in owners.edit(&of(&hunks), owner) {
                    told.extend(vec![whose; count as usize]);
                }
                told.sort_unstable();
                gone.sort_unstable();
                prop_assert_eq!(told, gone);
            }
            let named = owners.runs.iter().flat_map(|(count, whose)| vec![*whose; *count as usize]);
            let known: Vec<Option<usize>> = named.collect();
            prop_assert_eq!(&known[..], &lines[..known.len()]);
            prop_assert!(lines[known.len()..].iter().all(Option::is_none));
        }
    }
}
