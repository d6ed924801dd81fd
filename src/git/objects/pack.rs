//! One pack file: where its entries are and what they hold, compressed.

use std::fs::File;
use std::path::Path;

use super::super::files::read_at;
use super::Kind;
use super::pack_index::PackIndex;
use crate::model::Oid;

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
    DeltaOf(Oid),
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

/// The parts of packs that were read last, the last one first. Deltas and their bases lie close together, and commits, trees
/// and blobs in places of their own.
#[derive(Default)]
pub(super) struct Windows(Vec<Window>);

struct Window {
    pack: usize,
    start: u64,
    bytes: Vec<u8>,
}

/// Bytes read before what was asked for: the base of a delta often lies there.
const BEFORE: u64 = 2 << 10;
/// Bytes read at least.
const LEAST: usize = 8 << 10;
/// How many parts are kept, and how many bytes of one: of larger ones only the last.
const MOST_WINDOWS: usize = 16;
const MOST_KEPT: usize = 64 << 10;

impl Window {
    /// The place of `offset` in it, if it has the bytes from there to `end`.
    fn place(&self, number: usize, offset: u64, end: u64) -> Option<usize> {
        let is_within = self.pack == number && end <= self.start + self.bytes.len() as u64;
        usize::try_from(offset.checked_sub(self.start)?).ok().filter(|_| is_within)
    }
}

impl Windows {
    /// Up to `length` bytes of `pack`, which is number `number`, from `offset`; fewer at its end.
    fn bytes(&mut self, number: usize, pack: &Pack, offset: u64, length: usize) -> Result<&[u8], Damage> {
        let length = length.min(usize::try_from(pack.length.saturating_sub(offset)).map_err(|_| Damage)?);
        let end = offset + length as u64;
        match self.0.iter().position(|window| window.place(number, offset, end).is_some()) {
            Some(at) => self.0[..=at].rotate_right(1),
            None => self.read(number, pack, offset, end)?,
        }
        let window = self.0.first().ok_or(Damage)?;
        let from = window.place(number, offset, end).ok_or(Damage)?;
        window.bytes.get(from..from + length).ok_or(Damage)
    }

    /// Reads another part, which comes first, with the bytes from `offset` to `end` as far as there are any.
    fn read(&mut self, number: usize, pack: &Pack, offset: u64, end: u64) -> Result<(), Damage> {
        self.0.retain(|window| window.bytes.capacity() <= MOST_KEPT);
        // The part that was not used for longest leaves its room.
        let oldest = if self.0.len() < MOST_WINDOWS { None } else { self.0.pop() };
        let mut bytes = oldest.map(|window| window.bytes).unwrap_or_default();
        let start = offset.saturating_sub(BEFORE);
        bytes.resize(usize::try_from(end - start).map_err(|_| Damage)?.max(LEAST), 0);
        let read = pack.read_at(&mut bytes, start).ok_or(Damage)?;
        bytes.truncate(read);
        self.0.insert(0, Window { pack: number, start, bytes });
        Ok(())
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
            Content::DeltaOf(Oid(id))
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
        assert_eq!(parse(&named, 100).expect("an entry").content, Content::DeltaOf(Oid([9; 20])));
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
