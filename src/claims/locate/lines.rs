//! Carries line ranges forward through edits.
//!
//! After Gerrit's ported comments: sweep the sorted edits once, shift what lies behind an edit, and degrade a range
//! that an edit overlaps from its lines to its file.

use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};

/// Texts with more lines than this are not compared.
const MAX_LINES: usize = 40_000;

/// One edit: lines of the old text that lines of the new text took the place of, zero-based and half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// First old line, and the one after the last.
    pub old: (u32, u32),
    /// First new line, and the one after the last.
    pub new: (u32, u32),
}

/// The edits between two texts, in order; `None` if they are too long.
pub fn edits(old: &str, new: &str) -> Option<Vec<Edit>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    if old.len().max(new.len()) > MAX_LINES {
        return None;
    }
    let short = |range: std::ops::Range<usize>| (short(range.start), short(range.end));
    // Without a deadline, so that the answer does not depend on the machine; Histogram is near linear on real texts.
    let found = capture_diff_slices_deadline(Algorithm::Patience, &old, &new, None);
    let edits = found.iter().filter(|op| op.tag() != DiffTag::Equal);
    Some(edits.map(|op| Edit { old: short(op.old_range()), new: short(op.new_range()) }).collect())
}

/// Where the lines `first..=last` (one-based) of the old text are in the new one; `None` if an edit touches them.
pub fn carry((first, last): (u32, u32), edits: &[Edit]) -> Option<(u32, u32)> {
    let (start, end) = (first.saturating_sub(1), last);
    let mut shift: i64 = 0;
    for edit in edits {
        if edit.old.0 >= end {
            break;
        }
        if edit.old.1 <= start {
            shift += i64::from(edit.new.1 - edit.new.0) - i64::from(edit.old.1 - edit.old.0);
        } else {
            return None;
        }
    }
    let moved = |line: u32| u32::try_from(i64::from(line) + shift).ok();
    Some((moved(first)?, moved(last)?))
}

fn short(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_move_with_what_is_put_before_them() {
        let edits = edits("a\nb\nc\nd\n", "x\ny\na\nb\nd\n").unwrap();
        assert_eq!(carry((1, 2), &edits), Some((3, 4)));
        assert_eq!(carry((4, 4), &edits), Some((5, 5)));
        assert_eq!(carry((2, 3), &edits), None);
    }

    proptest! {
        #[test]
        fn carried_lines_say_the_same(old in "([a-d]\n){1,20}", new in "([a-d]\n){1,20}", at in 1u32..20) {
            let edits = edits(&old, &new).unwrap();
            if let (Some(line), Some((carried, _))) = (old.lines().nth(at as usize - 1), carry((at, at), &edits)) {
                prop_assert_eq!(Some(line), new.lines().nth(carried as usize - 1));
            }
        }
    }
}
