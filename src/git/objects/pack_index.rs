//! The index beside a pack: ids in order, and where their objects are.

use std::fs::File;
use std::path::Path;
use std::sync::OnceLock;

use super::super::files::read_at;
use crate::model::Oid;

/// What a version 2 index begins with.
const HEADER: [u8; 8] = [0xff, b't', b'O', b'c', 0, 0, 0, 2];
/// One count of objects per first byte of their ids.
const FANOUT: usize = 256 * 4;
const IDS: u64 = (HEADER.len() + FANOUT) as u64;
const ID: usize = 20;
/// Bytes of a checksum and of an offset, of which there is one for every id.
const CHECKSUM: usize = 4;
const OFFSET: usize = 4;
/// Bytes of an offset in the table of large ones.
const LARGE_OFFSET: usize = 8;
/// Checksums of the pack and of the index.
const TRAILER: u64 = 2 * ID as u64;
/// Ids on either side of a guess that are searched first.
const NEAR: usize = 8;
/// Marks an offset that is kept in the table of large ones.
const LARGE: u32 = 1 << 31;
/// About so many ids are read in one go, or half as many.
const LEAST: usize = 1 << 12;

/// A version 2 index. What is asked for is read once, with the ids around it, and stays in memory: a lookup costs nothing but
/// the search.
pub(super) struct PackIndex {
    file: File,
    length: u64,
    /// How many ids begin with each byte or a smaller one.
    fanout: Vec<u32>,
    /// Ids whose first bytes agree but for so many bits are read together.
    shift: u32,
    parts: Vec<OnceLock<Option<Part>>>,
}

/// Ids that follow each other, and the offsets of their objects.
struct Part {
    ids: Vec<u8>,
    offsets: Vec<u8>,
}

impl PackIndex {
    /// Opens an index; `None` if there is none, it is not of version 2, damaged, or larger than `most`.
    pub(super) fn open(path: &Path, most: u64) -> Option<Self> {
        let file = File::open(path).ok()?;
        let length = file.metadata().ok()?.len();
        if length > most { None } else { Self::new(file, length) }
    }

    fn new(file: File, length: u64) -> Option<Self> {
        let head = read(&file, 0, HEADER.len() + FANOUT)?;
        let fanout: Vec<u32> =
            head.strip_prefix(&HEADER)?.chunks_exact(4).filter_map(|count| u32_at(count, 0)).collect();
        let count = *fanout.last()?;
        let is_whole = length >= IDS + (ID + CHECKSUM + OFFSET) as u64 * u64::from(count) + TRAILER;
        if !fanout.is_sorted() || !is_whole {
            return None;
        }
        let parts = (count as usize / LEAST).clamp(1, fanout.len()).next_power_of_two();
        let shift = (fanout.len() / parts).ilog2();
        Some(Self { file, length, fanout, shift, parts: (0..parts).map(|_| OnceLock::new()).collect() })
    }

    /// Bytes that it occupies when all of it was read.
    pub(super) fn size(&self) -> u64 {
        self.length
    }

    /// Every id, in order.
    #[cfg(test)]
    pub(super) fn ids(&self) -> impl Iterator<Item = Oid> {
        (0..self.parts.len()).filter_map(|number| self.part(number)).flat_map(Part::every_id)
    }

    /// Where in the pack the object named `id` starts.
    pub(super) fn find(&self, id: Oid) -> Option<u64> {
        let first = usize::from(id.0[0]);
        let number = first >> self.shift;
        let start = self.below(number << self.shift);
        let (low, high) = (self.below(first) - start, self.below(first + 1) - start);
        self.offset(self.part(number)?.find(id, low, high)?)
    }

    /// How many ids have a first byte below `first`.
    fn below(&self, first: usize) -> usize {
        first.checked_sub(1).map_or(0, |last| self.fanout[last] as usize)
    }

    fn part(&self, number: usize) -> Option<&Part> {
        let read = || {
            let (low, high) = (self.below(number << self.shift), self.below((number + 1) << self.shift));
            let ids = read(&self.file, IDS + (ID * low) as u64, ID * (high - low))?;
            let offsets = read(&self.file, self.offsets() + (OFFSET * low) as u64, OFFSET * (high - low))?;
            Some(Part { ids, offsets })
        };
        self.parts.get(number)?.get_or_init(read).as_ref()
    }

    /// How many objects there are.
    fn count(&self) -> u64 {
        self.fanout.last().copied().map_or(0, u64::from)
    }

    /// Where the offsets start: after the ids and their checksums.
    fn offsets(&self) -> u64 {
        IDS + (ID + CHECKSUM) as u64 * self.count()
    }

    /// What an offset means, which may be a place in the table of large ones.
    fn offset(&self, offset: u32) -> Option<u64> {
        if offset & LARGE == 0 {
            return Some(u64::from(offset));
        }
        let start =
            self.offsets() + OFFSET as u64 * self.count() + LARGE_OFFSET as u64 * u64::from(offset & !LARGE);
        let bytes = read(&self.file, start, LARGE_OFFSET)?;
        let is_inside = start + LARGE_OFFSET as u64 + TRAILER <= self.length;
        bytes.try_into().ok().map(u64::from_be_bytes).filter(|_| is_inside)
    }
}

impl Part {
    /// The offset beside `id`, which stands between `low` and `high` if it is there.
    fn find(&self, id: Oid, low: usize, high: usize) -> Option<u32> {
        // Ids are spread evenly: the place is near where its bytes say, and nearer where they say it beside those that are
        // there.
        let expected = |id: Oid| {
            let share = u64::from(u32::from_be_bytes([id.0[1], id.0[2], id.0[3], id.0[4]]));
            low + usize::try_from((share * (high - low) as u64) >> 32).unwrap_or_default()
        };
        let wanted = expected(id);
        let there = self.id(wanted).map_or(wanted, expected);
        let guess = (2 * wanted).saturating_sub(there);
        let (near_low, near_high) = (low.max(guess.saturating_sub(NEAR)), high.min(guess + NEAR));
        let is_below = |place: usize| self.id(place).is_some_and(|other| other <= id);
        let low = if near_low > low && is_below(near_low) { near_low } else { low };
        let high = if near_high < high && !is_below(near_high) { near_high } else { high };
        self.search(id, low, high)
    }

    fn search(&self, id: Oid, mut low: usize, mut high: usize) -> Option<u32> {
        while low < high {
            let middle = low + (high - low) / 2;
            match self.id(middle)?.cmp(&id) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return u32_at(&self.offsets, OFFSET * middle),
            }
        }
        None
    }

    fn id(&self, place: usize) -> Option<Oid> {
        Oid::from_slice(self.ids.get(ID * place..ID * (place + 1))?)
    }

    #[cfg(test)]
    fn every_id(&self) -> impl Iterator<Item = Oid> {
        self.ids.chunks(ID).filter_map(Oid::from_slice)
    }
}

/// So many bytes of a file, all of them.
fn read(file: &File, start: u64, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    read_at(file, &mut bytes, start).ok().filter(|read| *read == length).map(|_| bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// What an index of these objects begins with, their offsets included; ids rise.
    fn head(objects: &[(Oid, u32)]) -> Vec<u8> {
        let mut bytes = HEADER.to_vec();
        for first in 0..=255_u8 {
            let below = objects.iter().filter(|(id, _)| id.0[0] <= first).count();
            bytes.extend(u32::try_from(below).unwrap().to_be_bytes());
        }
        bytes.extend(objects.iter().flat_map(|(id, _)| id.0));
        bytes.extend(vec![0; CHECKSUM * objects.len()]);
        bytes.extend(objects.iter().flat_map(|(_, offset)| offset.to_be_bytes()));
        bytes
    }

    /// An index of objects at 12, 2^40 and 99, whose ids begin with the given bytes.
    fn index(firsts: [u8; 3]) -> Vec<u8> {
        let [a, b, c] = firsts.map(|first| Oid([first; 20]));
        let mut bytes = head(&[(a, 12), (b, LARGE), (c, 99)]);
        bytes.extend((1_u64 << 40).to_be_bytes());
        bytes.extend([0; 2 * ID]);
        bytes
    }

    /// The same, opened.
    fn open(bytes: &[u8]) -> Option<PackIndex> {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(bytes).expect("written");
        PackIndex::new(file, bytes.len() as u64)
    }

    #[test]
    fn objects_are_found_by_their_ids() {
        let index = open(&index([0, 7, 255])).expect("an index");
        let found = [0, 7, 255, 8].map(|first| index.find(Oid([first; 20])));
        assert_eq!(found, [Some(12), Some(1 << 40), Some(99), None]);
        assert_eq!(index.ids().count(), 3);
    }

    #[test]
    fn every_id_of_many_is_found_and_no_other() {
        let id = |number: u32| {
            // As good as by chance (Knuth's multiplicative hash), but that a third begins alike.
            let mixed = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
            let mut id = Oid([0x55; 20]);
            id.0[if number.is_multiple_of(3) { 2..10 } else { 0..8 }].copy_from_slice(&mixed);
            id
        };
        let mut objects: Vec<(Oid, u32)> = (0..40_000).map(|number| (id(number), number)).collect();
        objects.sort_unstable();
        let index = open(&[head(&objects), vec![0; 2 * ID]].concat()).expect("an index");
        assert_eq!(index.parts.len(), 16);
        assert!(objects.iter().all(|(id, offset)| index.find(*id) == Some(u64::from(*offset))));
        assert!((40_000..50_000).all(|number| index.find(id(number)).is_none()));
        assert!(index.ids().eq(objects.iter().map(|(id, _)| *id)));
    }

    #[test]
    fn damaged_indexes_are_refused_or_find_nothing() {
        let whole = index([0, 7, 255]);
        for length in [0, 7, 100, 1031, 1100, whole.len() - 9] {
            assert!(open(&whole[..length]).is_none(), "{length}");
        }
        let mut unordered = whole.clone();
        unordered[HEADER.len()] = 0xff;
        assert!(open(&unordered).is_none());
        let mut far = whole;
        let large = far.len() - 2 * ID - 8 - 8;
        far[large..large + 4].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(open(&far).expect("an index").find(Oid([7; 20])), None);
    }
}
