//! What a file shares with each of many others, counted without comparing it with each of them.

use hashbrown::HashMap;

use super::similarity::Pieces;

/// Pieces of many files, by their hashes.
#[derive(Default)]
pub(super) struct Shared {
    /// Where the last entry of a hash is.
    last: HashMap<u32, usize>,
    entries: Vec<Entry>,
}

/// What one file has of one hash.
struct Entry {
    file: usize,
    bytes: u32,
    /// The entry of the same hash that came before.
    before: Option<usize>,
}

impl Shared {
    /// Adds the pieces of a file.
    pub(super) fn add(&mut self, file: usize, pieces: &Pieces) {
        for (hash, bytes) in pieces.iter() {
            let before = self.last.insert(hash, self.entries.len());
            self.entries.push(Entry { file, bytes, before });
        }
    }

    /// Bytes that are held.
    pub(super) fn bytes(&self) -> usize {
        self.entries.len() * size_of::<Entry>()
    }

    /// Counts, for each file, bytes that are in these pieces too. Returns what that cost: entries that were looked at.
    pub(super) fn count(&self, pieces: &Pieces, kept: &mut [u64]) -> usize {
        kept.fill(0);
        let mut cost = 0;
        for (hash, bytes) in pieces.iter() {
            let mut next = self.last.get(&hash).copied();
            while let Some(entry) = next.and_then(|at| self.entries.get(at)) {
                kept[entry.file] += u64::from(bytes.min(entry.bytes));
                next = entry.before;
                cost += 1;
            }
            cost += 1;
        }
        cost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_is_counted_for_each_file() {
        let pieces = |text: &str| Pieces::of(text.as_bytes(), true);
        let mut shared = Shared::default();
        shared.add(0, &pieces("one\ntwo\ntwo\n"));
        shared.add(2, &pieces("two\nthree\n"));
        let mut kept = [7; 3];
        // One entry in each file, and a look for each of two hashes.
        assert_eq!(shared.count(&pieces("two\ntwo\ntwo\nfour\n"), &mut kept), 4);
        assert_eq!(kept, [8, 0, 4]);
        assert_eq!(shared.bytes(), 4 * size_of::<Entry>());
    }
}
