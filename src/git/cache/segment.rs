//! One file of the cache. It is written once, under a temporary name, and never changed.
//!
//! ```text
//! magic │ records … │ table │ offset, length and checksum of the table, magic again
//! ```
//!
//! The table has a line per commit: id, committer time, parents, and where its record is. A commit that
//! was only walked over has no record.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::super::files::read_exact_at;
use super::Entry;
use crate::model::Oid;

const MAGIC: [u8; 8] = *b"tphist\0\x01";
const FOOTER: usize = 8 + 4 + 4 + MAGIC.len();
/// Tables larger than this are not read.
const MOST_TABLE: u32 = 128 << 20;

/// A commit of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) id: Oid,
    pub(super) time: i64,
    pub(super) parents: Vec<Oid>,
    pub(super) record: Option<Place>,
}

/// Where a record is, and its checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    offset: u64,
    pub(super) length: u32,
    checksum: u32,
}

/// A segment that is open.
pub(super) struct Segment {
    pub(super) path: PathBuf,
    file: File,
}

impl Segment {
    /// Opens a segment and reads its table; `None` if it is damaged.
    pub(super) fn open(path: &Path) -> Option<(Self, Vec<Line>)> {
        let file = File::open(path).ok()?;
        let length = file.metadata().ok()?.len();
        let mut magic = [0; MAGIC.len()];
        read_exact_at(&file, &mut magic, 0).ok()?;
        let end = length.checked_sub(FOOTER as u64)?;
        let mut footer = [0; FOOTER];
        read_exact_at(&file, &mut footer, end).ok()?;
        let mut fields = &footer[..];
        let (offset, size, checksum) = (u64_of(&mut fields)?, u32_of(&mut fields)?, u32_of(&mut fields)?);
        if magic != MAGIC || fields != MAGIC || size > MOST_TABLE || offset.checked_add(size.into())? != end {
            return None;
        }
        let mut table = vec![0; usize::try_from(size).ok()?];
        read_exact_at(&file, &mut table, offset).ok()?;
        if crc32fast::hash(&table) != checksum {
            return None;
        }
        Some((Self { path: path.to_path_buf(), file }, lines(&table)?))
    }

    /// A record, if it is whole. Its length is what the table says.
    pub(super) fn record(&self, place: Place) -> Option<Vec<u8>> {
        let mut record = vec![0; usize::try_from(place.length).ok()?];
        read_exact_at(&self.file, &mut record, place.offset).ok()?;
        (crc32fast::hash(&record) == place.checksum).then_some(record)
    }
}

/// A segment that is being written.
pub(super) struct Draft {
    file: NamedTempFile,
    at: u64,
    lines: Vec<Line>,
}

impl Draft {
    /// Begins a segment in a directory.
    pub(super) fn new(directory: &Path) -> io::Result<Self> {
        let mut file = tempfile::Builder::new().prefix(super::folder::DRAFT).tempfile_in(directory)?;
        file.write_all(&MAGIC)?;
        Ok(Self { file, at: MAGIC.len() as u64, lines: Vec::new() })
    }

    /// Adds commits with their records.
    pub(super) fn add(&mut self, entries: Vec<Entry>) -> io::Result<()> {
        let mut bytes = Vec::new();
        for Entry(line, record) in entries {
            let place = record.as_ref().map(|record| Place {
                offset: self.at + bytes.len() as u64,
                length: u32::try_from(record.len()).unwrap_or(u32::MAX),
                checksum: crc32fast::hash(record),
            });
            bytes.extend(record.unwrap_or_default());
            self.lines.push(Line { record: place, ..line });
        }
        self.file.write_all(&bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Completes the segment under a name that no other has: the number `first`, or one after it.
    pub(super) fn finish(mut self, directory: &Path, first: u64) -> io::Result<()> {
        let table = table(&self.lines);
        let size = u32::try_from(table.len()).map_err(io::Error::other)?;
        if size > MOST_TABLE {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let footer =
            [&self.at.to_le_bytes()[..], &size.to_le_bytes(), &crc32fast::hash(&table).to_le_bytes(), &MAGIC];
        self.file.write_all(&table)?;
        self.file.write_all(&footer.concat())?;
        let mut file = self.file;
        for number in first..first.saturating_add(1000) {
            match file.persist_noclobber(directory.join(name(number))) {
                Ok(_) => return Ok(()),
                Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => file = error.file,
                Err(error) => return Err(error.error),
            }
        }
        Err(io::Error::from(io::ErrorKind::AlreadyExists))
    }
}

/// File name of a segment: later ones have higher numbers.
fn name(number: u64) -> String {
    format!("{number:010}.{}", super::folder::SEGMENT)
}

fn table(lines: &[Line]) -> Vec<u8> {
    let mut table = Vec::with_capacity(lines.len() * 96);
    for line in lines {
        let place = line.record.unwrap_or(Place { offset: 0, length: 0, checksum: 0 });
        table.extend(line.id.0);
        table.extend(line.time.to_le_bytes());
        table.extend(place.offset.to_le_bytes());
        table.extend(place.length.to_le_bytes());
        table.extend(place.checksum.to_le_bytes());
        table.extend(u32::try_from(line.parents.len()).unwrap_or(u32::MAX).to_le_bytes());
        line.parents.iter().for_each(|parent| table.extend(parent.0));
    }
    table
}

fn lines(mut table: &[u8]) -> Option<Vec<Line>> {
    let mut lines = Vec::new();
    while !table.is_empty() {
        let id = id_of(&mut table)?;
        let time = u64_of(&mut table)?.cast_signed();
        let (offset, length) = (u64_of(&mut table)?, u32_of(&mut table)?);
        let place = Place { offset, length, checksum: u32_of(&mut table)? };
        let parents = u32_of(&mut table)?;
        let parents: Vec<Oid> = (0..parents).map_while(|_| id_of(&mut table)).collect();
        lines.push(Line { id, time, parents, record: (length > 0).then_some(place) });
    }
    Some(lines)
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

fn id_of(bytes: &mut &[u8]) -> Option<Oid> {
    Oid::from_slice(take(bytes, 20)?)
}

fn u32_of(bytes: &mut &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(take(bytes, 4)?.try_into().ok()?))
}

fn u64_of(bytes: &mut &[u8]) -> Option<u64> {
    Some(u64::from_le_bytes(take(bytes, 8)?.try_into().ok()?))
}
