//! One pack file: where its entries are and what they hold, compressed.

use std::fs::File;
use std::path::Path;

use super::super::files::read_at;
use super::pack_index::PackIndex;
use super::{Id, Kind};

/// Something in a pack is not as it should be. Libgit2 is asked for the object and says what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damage;

/// A pack and its index. It is read at given places and not mapped: a mapping takes unsafe code, and one of a
/// file that somebody cuts short ends the process.
pub(super) struct Pack {
    pub(super) index: PackIndex,
    file: File,
    length: u64,
}

/// What an entry begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) content: Content,
    /// Bytes of the content when inflated.
    pub(super) size: u64,
    /// Where the compressed content starts.
    pub(super) data: u64,
}

/// What an entry holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Whole(Kind),
    /// A delta against the entry at an offset of the same pack.
    DeltaAt(u64),
    /// A delta against an object.
    DeltaOf(Id),
}

/// The longest an entry's header can be: size, and the id or distance of a base.
const MOST_HEADER: usize = 10 + 20;

impl Pack {
    /// Opens the pack of an index file; `None` if either cannot be used.
    pub(super) fn open(index: &Path, most_index: u64) -> Option<Self> {
        let file = File::open(index.with_extension("pack")).ok()?;
        let length = file.metadata().ok()?.len();
        let pack = Self { index: PackIndex::open(index, most_index)?, file, length };
        let mut header = [0; 8];
        pack.read_at(&mut header, 0).filter(|read| *read == header.len())?;
        matches!(header, [b'P', b'A', b'C', b'K', 0, 0, 0, 2 | 3]).then_some(pack)
    }

    /// Fills `buffer` from `offset`, as far as the file goes.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Option<usize> {
        read_at(&self.file, buffer, offset).ok()
    }
}

/// The part of a pack that was read last. Deltas and their bases lie close together, bases first.
#[derive(Default)]
pub(super) struct Window {
    pack: Option<usize>,
    start: u64,
    buffer: Vec<u8>,
}

/// Bytes read before what was asked for: the base of a delta often lies there.
const BEFORE: u64 = 2 << 10;
/// Bytes read at least.
const LEAST: usize = 8 << 10;

impl Window {
    /// Up to `length` bytes of `pack`, which is number `number`, from `offset`; fewer at its end.
    fn bytes(&mut self, number: usize, pack: &Pack, offset: u64, length: usize) -> Result<&[u8], Damage> {
        let length = length.min(usize::try_from(pack.length.saturating_sub(offset)).map_err(|_| Damage)?);
        let known = self.pack == Some(number) && self.start <= offset;
        let end = offset + length as u64;
        if !known || end > self.start + self.buffer.len() as u64 {
            self.pack = None;
            let start = offset.saturating_sub(BEFORE);
            let wanted = usize::try_from(end - start).map_err(|_| Damage)?.max(LEAST);
            self.buffer.resize(wanted, 0);
            let read = pack.read_at(&mut self.buffer, start).ok_or(Damage)?;
            self.buffer.truncate(read);
            (self.pack, self.start) = (Some(number), start);
        }
        let from = usize::try_from(offset - self.start).map_err(|_| Damage)?;
        self.buffer.get(from..from + length).ok_or(Damage)
    }

    /// The entry at `offset`.
    pub(super) fn entry(&mut self, number: usize, pack: &Pack, offset: u64) -> Result<Entry, Damage> {
        parse(self.bytes(number, pack, offset, MOST_HEADER)?, offset)
    }

    /// Makes `content` the inflated content of `entry`, whatever it was.
    pub(super) fn inflate(
        &mut self,
        number: usize,
        pack: &Pack,
        entry: &Entry,
        inflater: &mut libdeflater::Decompressor,
        content: &mut Vec<u8>,
    ) -> Result<(), Damage> {
        let size = usize::try_from(entry.size).map_err(|_| Damage)?;
        content.resize(size, 0);
        // Text shrinks to less than half; what does not shrink grows by five bytes per 16 KiB at most.
        let most = size + 5 * (size / 16_000 + 1) + 64;
        let likely = if size < LEAST { most } else { size / 2 };
        for length in [likely, most] {
            let compressed = self.bytes(number, pack, entry.data, length)?;
            match inflater.zlib_decompress(compressed, content) {
                Ok(written) if written == size => return Ok(()),
                Ok(_) => return Err(Damage),
                Err(_) => {}
            }
        }
        Err(Damage)
    }
}

/// Reads what an entry at `offset` begins with.
fn parse(bytes: &[u8], offset: u64) -> Result<Entry, Damage> {
    let mut rest = bytes.iter();
    let mut next = || rest.next().copied().ok_or(Damage);
    let mut byte = next()?;
    let kind = byte >> 4 & 7;
    let mut size = u64::from(byte & 0x0f);
    let mut shift = 4;
    while byte & 0x80 != 0 {
        byte = next()?;
        size |= u64::from(byte & 0x7f).checked_shl(shift).filter(|_| shift < 57).ok_or(Damage)?;
        shift += 7;
    }
    let content = match kind {
        1 => Content::Whole(Kind::Commit),
        2 => Content::Whole(Kind::Tree),
        3 => Content::Whole(Kind::Blob),
        4 => Content::Whole(Kind::Tag),
        6 => Content::DeltaAt(base(offset, next)?),
        7 => {
            let mut id = [0; 20];
            for byte in &mut id {
                *byte = next()?;
            }
            Content::DeltaOf(Id(id))
        }
        _ => return Err(Damage),
    };
    let header = bytes.len() - rest.len();
    Ok(Entry { content, size, data: offset + header as u64 })
}

/// The offset of a base, told as the distance to it.
fn base(offset: u64, mut next: impl FnMut() -> Result<u8, Damage>) -> Result<u64, Damage> {
    let mut byte = next()?;
    let mut distance = u64::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        byte = next()?;
        distance = distance.checked_add(1).and_then(|value| value.checked_mul(128)).ok_or(Damage)?;
        distance |= u64::from(byte & 0x7f);
    }
    offset.checked_sub(distance).filter(|base| *base < offset).ok_or(Damage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_kind_size_and_base() {
        let whole = parse(&[0xb5, 0x0a], 100).expect("an entry");
        assert_eq!(whole, Entry { content: Content::Whole(Kind::Blob), size: 5 + (10 << 4), data: 102 });
        let near = parse(&[0x61, 0x05], 100).expect("an entry");
        assert_eq!((near.content, near.data), (Content::DeltaAt(95), 102));
        let far = parse(&[0x61, 0x80, 0x00], 1000).expect("an entry");
        assert_eq!(far.content, Content::DeltaAt(1000 - 128));
        let named = [&[0x71_u8][..], &[9; 20]].concat();
        assert_eq!(parse(&named, 100).expect("an entry").content, Content::DeltaOf(Id([9; 20])));
    }

    #[test]
    fn headers_that_lead_nowhere_are_damage() {
        assert!(parse(&[], 100).is_err());
        assert!(parse(&[0x01 | 0x50], 100).is_err(), "an unknown kind");
        assert!(parse(&[0x61, 0x00], 100).is_err(), "its own base");
        assert!(parse(&[0x61, 0x7f], 100).is_err(), "before the pack");
        assert!(parse(&[0xff; 30], 100).is_err(), "a size without end");
        assert!(parse(&[0x61, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], 100).is_err());
    }
}
