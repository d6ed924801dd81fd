//! Where the lines of a text differ, in little memory.

use crate::varint;

/// Lines removed and added at one place, without context. Counted as in `@@ -a,b +c,d @@` of `git diff -U0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hunk {
    /// First removed line, or the line before the insertion.
    pub old_start: u32,
    /// Removed lines.
    pub old_lines: u32,
    /// First added line, or the line before the removal.
    pub new_start: u32,
    /// Added lines.
    pub new_lines: u32,
}

/// The hunks of a text, in order. There are twenty to a commit, and most lie near the one before: told from there, four or five
/// bytes are enough for one.
#[derive(Default, Clone, PartialEq, Eq)]
pub struct Hunks {
    /// Of each hunk the lines between it and the one before, those removed, those added, and by how many more lines the
    /// new side is away from the one before than the old side.
    bytes: Box<[u8]>,
    count: usize,
}

/// Four numbers of 32 bits, seven bits in each byte.
const MOST_OF_HUNK: usize = 4 * 5;

impl Hunks {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// As bytes, from which [`take`](Self::take) makes them again.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes so many from the beginning of `bytes`; `None` if they are not there.
    pub(crate) fn take(bytes: &mut &[u8], count: usize) -> Option<Self> {
        let (all, mut before) = (*bytes, Ends::default());
        for _ in 0..count {
            before.take(bytes)?;
        }
        let taken = &all[..all.len() - bytes.len()];
        // Numbers may be spelled with more bytes than they need, which nobody has written.
        (taken.len() <= count.saturating_mul(MOST_OF_HUNK)).then(|| Self { bytes: taken.into(), count })
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Hunk> {
        let (mut rest, mut before) = (&*self.bytes, Ends::default());
        (0..self.count).map_while(move |_| before.take(&mut rest))
    }
}

impl std::fmt::Debug for Hunks {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

impl FromIterator<Hunk> for Hunks {
    fn from_iter<I: IntoIterator<Item = Hunk>>(hunks: I) -> Self {
        let (mut bytes, mut before, mut count) = (Vec::new(), Ends::default(), 0);
        for hunk in hunks {
            before.put(hunk, &mut bytes);
            count += 1;
        }
        Self { bytes: bytes.into(), count }
    }
}

/// Where a hunk ends on both sides. Numbers may be anything, and wrap around.
#[derive(Default)]
struct Ends {
    old: u32,
    new: u32,
}

impl Ends {
    fn of(hunk: Hunk) -> Self {
        Self {
            old: hunk.old_start.wrapping_add(hunk.old_lines),
            new: hunk.new_start.wrapping_add(hunk.new_lines),
        }
    }

    /// Appends the next hunk.
    fn put(&mut self, hunk: Hunk, bytes: &mut Vec<u8>) {
        let between = hunk.old_start.wrapping_sub(self.old);
        let more = hunk.new_start.wrapping_sub(self.new).wrapping_sub(between);
        for number in [zigzag(between), hunk.old_lines, hunk.new_lines, zigzag(more)] {
            varint::put(bytes, number.into());
        }
        *self = Self::of(hunk);
    }

    /// Takes the next hunk.
    fn take(&mut self, bytes: &mut &[u8]) -> Option<Hunk> {
        let mut next = || u32::try_from(varint::take(bytes)?).ok();
        let (between, old_lines, new_lines, more) = (unzigzag(next()?), next()?, next()?, unzigzag(next()?));
        let old_start = self.old.wrapping_add(between);
        let new_start = self.new.wrapping_add(between).wrapping_add(more);
        let hunk = Hunk { old_start, old_lines, new_start, new_lines };
        *self = Self::of(hunk);
        Some(hunk)
    }
}

/// A difference, so that small ones of either sign become small numbers (Protocol Buffers, "Signed Integers").
fn zigzag(difference: u32) -> u32 {
    let sign = if difference >> 31 == 1 { u32::MAX } else { 0 };
    (difference << 1) ^ sign
}

fn unzigzag(number: u32) -> u32 {
    (number >> 1) ^ (number & 1).wrapping_neg()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hunk((old_start, old_lines, new_start, new_lines): (u32, u32, u32, u32)) -> Hunk {
        Hunk { old_start, old_lines, new_start, new_lines }
    }

    proptest! {
        #[test]
        fn hunks_come_back(numbers in prop::collection::vec(any::<(u32, u32, u32, u32)>(), 0..9)) {
            let given: Vec<Hunk> = numbers.into_iter().map(hunk).collect();
            let hunks: Hunks = given.iter().copied().collect();
            prop_assert_eq!(hunks.len(), given.len());
            prop_assert_eq!(hunks.iter().collect::<Vec<_>>(), given);
            let bytes = [hunks.as_bytes(), &[7]].concat();
            let mut rest = &bytes[..];
            prop_assert_eq!(Hunks::take(&mut rest, hunks.len()), Some(hunks.clone()));
            prop_assert_eq!(rest, &[7]);
            prop_assert_eq!(Hunks::take(&mut &bytes[..], hunks.len() + 1), None, "too few bytes");
        }
    }

    #[test]
    fn neighbours_take_few_bytes() {
        let near = [(10, 1, 10, 2), (20, 0, 22, 3), (31, 2, 35, 0)].map(hunk);
        let hunks: Hunks = near.into_iter().collect();
        assert_eq!(hunks.bytes.len(), 3 * 4);
        assert!(
            Hunks::take(&mut &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0].repeat(4)[..], 1).is_none(),
            "too long"
        );
        assert!(Hunks::default().is_empty() && Hunks::default().iter().next().is_none());
    }
}
