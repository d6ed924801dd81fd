//! The index beside a pack: ids in order, and where their objects are.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::Id;

/// What a version 2 index begins with.
const HEADER: [u8; 8] = [0xff, b't', b'O', b'c', 0, 0, 0, 2];
/// One count of objects per first byte of their ids.
const FANOUT: usize = 256 * 4;
const IDS: usize = HEADER.len() + FANOUT;
const ID: usize = 20;
/// Checksums of the pack and of the index.
const TRAILER: usize = 2 * ID;
/// Ids on either side of a guess that are searched first.
const NEAR: usize = 64;
/// Marks an offset that is kept in the table of large ones.
const LARGE: u32 = 1 << 31;

/// A version 2 index, in memory: a lookup costs nothing but the search.
pub(super) struct PackIndex {
    bytes: Vec<u8>,
    count: usize,
}

impl PackIndex {
    /// Reads an index; `None` if there is none, it is not of version 2, damaged, or larger than `most`.
    pub(super) fn open(path: &Path, most: u64) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let length = file.metadata().ok()?.len();
        if length > most {
            return None;
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length).ok()?);
        file.by_ref().take(most).read_to_end(&mut bytes).ok()?;
        Self::new(bytes)
    }

    fn new(bytes: Vec<u8>) -> Option<Self> {
        if bytes.get(..HEADER.len())? != HEADER {
            return None;
        }
        let index = Self { count: usize::try_from(u32_at(&bytes, IDS - 4)?).ok()?, bytes };
        let ordered = (1..256).all(|first| index.fanout(first - 1) <= index.fanout(first));
        (ordered && index.bytes.len() >= index.offsets() + 4 * index.count + TRAILER).then_some(index)
    }

    /// Bytes that it occupies.
    pub(super) fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Every id, in order.
    #[cfg(test)]
    pub(super) fn ids(&self) -> impl Iterator<Item = Id> {
        (0..self.count).filter_map(|place| self.id(place))
    }

    /// Where in the pack the object named `id` starts.
    pub(super) fn find(&self, id: Id) -> Option<u64> {
        let first = usize::from(id.0[0]);
        let (low, high) = (if first == 0 { 0 } else { self.fanout(first - 1) }, self.fanout(first));
        // Ids are spread evenly: the place is near where its bytes say, in memory that is read at once.
        let share = u64::from(u32::from_be_bytes([id.0[1], id.0[2], id.0[3], id.0[4]]));
        let guess = low + usize::try_from((share * (high - low) as u64) >> 32).ok()?;
        let (near_low, near_high) = (low.max(guess.saturating_sub(NEAR)), high.min(guess + NEAR));
        let is_below = |place: usize| self.id(place).is_some_and(|other| other <= id);
        let low = if near_low > low && is_below(near_low) { near_low } else { low };
        let high = if near_high < high && !is_below(near_high) { near_high } else { high };
        self.search(id, low, high)
    }

    fn search(&self, id: Id, mut low: usize, mut high: usize) -> Option<u64> {
        while low < high {
            let middle = low + (high - low) / 2;
            match self.id(middle)?.cmp(&id) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.offset(middle),
            }
        }
        None
    }

    fn fanout(&self, first: usize) -> usize {
        u32_at(&self.bytes, HEADER.len() + 4 * first).map_or(0, |count| count as usize)
    }

    fn id(&self, place: usize) -> Option<Id> {
        let start = IDS + ID * place;
        Id::from_slice(self.bytes.get(start..start + ID)?)
    }

    /// Where the offsets start: after the ids and a checksum per object.
    fn offsets(&self) -> usize {
        IDS + (ID + 4) * self.count
    }

    fn offset(&self, place: usize) -> Option<u64> {
        let offset = u32_at(&self.bytes, self.offsets() + 4 * place)?;
        if offset & LARGE == 0 {
            return Some(u64::from(offset));
        }
        let start = self.offsets() + 4 * self.count + 8 * (offset & !LARGE) as usize;
        let bytes = self.bytes.get(start..start + 8).filter(|_| start + 8 + TRAILER <= self.bytes.len())?;
        Some(u64::from_be_bytes(bytes.try_into().ok()?))
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An index of objects at 12, 2^40 and 99, whose ids begin with the given bytes.
    fn index(firsts: [u8; 3]) -> Vec<u8> {
        let mut bytes = HEADER.to_vec();
        for first in 0..=255_u8 {
            let below = firsts.iter().filter(|other| **other <= first).count();
            bytes.extend(u32::try_from(below).unwrap().to_be_bytes());
        }
        for first in firsts {
            bytes.extend([first; 20]);
        }
        bytes.extend([0; 3 * 4]);
        for offset in [12, LARGE, 99] {
            bytes.extend(offset.to_be_bytes());
        }
        bytes.extend((1_u64 << 40).to_be_bytes());
        bytes.extend([0; TRAILER]);
        bytes
    }

    #[test]
    fn objects_are_found_by_their_ids() {
        let index = PackIndex::new(index([0, 7, 255])).expect("an index");
        let found = [0, 7, 255, 8].map(|first| index.find(Id([first; 20])));
        assert_eq!(found, [Some(12), Some(1 << 40), Some(99), None]);
        assert_eq!(index.ids().count(), 3);
    }

    #[test]
    fn damaged_indexes_are_refused_or_find_nothing() {
        let whole = index([0, 7, 255]);
        for length in [0, 7, 100, 1031, 1100, whole.len() - 9] {
            assert!(PackIndex::new(whole[..length].to_vec()).is_none(), "{length}");
        }
        let mut unordered = whole.clone();
        unordered[HEADER.len()] = 0xff;
        assert!(PackIndex::new(unordered).is_none());
        let mut far = whole;
        let large = far.len() - TRAILER - 8 - 8;
        far[large..large + 4].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(PackIndex::new(far).expect("an index").find(Id([7; 20])), None);
    }
}
