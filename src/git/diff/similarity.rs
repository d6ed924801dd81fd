//! How much of one file is left in another, counted the way git counts: both files are cut into lines
//! (or pieces of 64 bytes), and bytes of pieces with equal hashes count as kept.

/// The score of identical files.
const MOST: u64 = 60_000;
/// The least score of a moved or copied file: half of it is left.
pub(super) const LEAST: u64 = MOST / 2;

/// The longest piece; a line feed ends a piece earlier.
const PIECE: u32 = 64;
/// Hashes of pieces are below this prime.
const BASE: u32 = 107_927;

/// A file's pieces: hash and total bytes of the pieces that have it, by hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pieces(Vec<(u32, u32)>);

impl Pieces {
    /// Cuts a file up. In text, the return of a line end does not count.
    pub(super) fn of(content: &[u8], is_text: bool) -> Self {
        let mut pieces = Vec::with_capacity(content.len() / 32 + 1);
        let (mut low, mut high, mut length) = (0_u32, 0_u32, 0_u32);
        let mut bytes = content.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            if is_text && byte == b'\r' && bytes.peek() == Some(&b'\n') {
                continue;
            }
            let before = low;
            low = (low << 7 ^ high >> 25).wrapping_add(u32::from(byte));
            high = high << 7 ^ before >> 25;
            length += 1;
            if length == PIECE || byte == b'\n' {
                pieces.push((hash(low, high), length));
                (low, high, length) = (0, 0, 0);
            }
        }
        if length > 0 {
            pieces.push((hash(low, high), length));
        }
        pieces.sort_unstable_by_key(|(hash, _)| *hash);
        pieces.dedup_by(|later, kept| {
            let is_same = later.0 == kept.0;
            kept.1 = if is_same { kept.1.saturating_add(later.1) } else { kept.1 };
            is_same
        });
        Self(pieces)
    }

    /// Hash and bytes of each.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.0.iter().copied()
    }
}

fn hash(low: u32, high: u32) -> u32 {
    low.wrapping_add(high.wrapping_mul(0x61)) % BASE
}

/// Whether files of these sizes can reach a score at all.
pub(super) fn can_reach(least: u64, old_size: u64, new_size: u64) -> bool {
    let (larger, smaller) = (old_size.max(new_size), old_size.min(new_size));
    larger > 0 && larger * (MOST - least) >= (larger - smaller) * MOST
}

/// How similar two files are that share so many bytes, from 0 to [`MOST`].
pub(super) fn score(kept: u64, old_size: u64, new_size: u64) -> u64 {
    if new_size == 0 { 0 } else { kept * MOST / old_size.max(new_size) }
}

#[cfg(test)]
mod tests {
    use super::super::shared::Shared;
    use super::*;

    fn alike(old: &str, new: &str) -> u64 {
        let pieces = |text: &str| Pieces::of(text.as_bytes(), true);
        let (mut shared, mut kept) = (Shared::default(), [0]);
        shared.add(0, &pieces(old));
        shared.count(&pieces(new), &mut kept);
        score(kept[0], old.len() as u64, new.len() as u64)
    }

    #[test]
    fn shared_lines_count_by_their_bytes() {
        assert_eq!(alike("aaa\nbbb\n", "aaa\nbbb\n"), MOST);
        assert_eq!(alike("aaa\nbbb\n", "bbb\nccc\n"), MOST / 2);
        assert_eq!(alike("aaa\n", "bbb\n"), 0);
        assert_eq!(alike("aaa\naaa\naaa\n", "aaa\nbbb\nccc\n"), MOST / 3, "as often as in both");
        assert_eq!(alike("aaa\r\n", "aaa\n"), 4 * MOST / 5);
        assert_eq!(alike("aaa\nend", "aaa\nend"), MOST, "also a line without its end");
    }

    #[test]
    fn sizes_alone_can_rule_a_pair_out() {
        assert!(can_reach(MOST / 2, 100, 50) && !can_reach(MOST / 2, 100, 49));
        assert!(!can_reach(MOST / 2, 0, 0));
    }
}
