//! The index, as far as it lists files: which, and with which blob.
//!
//! libgit2 reads everything that the index has, checks every path and hashes the whole file, which takes longer than reading
//! ten thousand files of the tree. Here paths and blobs are read (gitformat-index, versions 2 to 4), and nothing is believed
//! of lengths, nor of order and [paths](plain) of what is listed. What is not read here goes to libgit2: a sparse index, one
//! that is damaged, and a split one, which it does not read either. What is [too much](excess) goes to nobody.

mod body;
mod excess;
mod plain;

use std::borrow::Cow;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::error::GitError;
use super::path::{spell, spelled};
use super::repository::{check_file, oid};
use crate::model::{Listing, NameFilter, Oid};
use body::{Body, Window};
use plain::Before;

/// An index beyond this, or paths that are longer together, are not read: a million files take half of it.
const MOST_BYTES: u64 = 256 << 20;
/// Signature, version, and number of entries.
const HEADER: usize = 12;
/// Times and numbers of the file system before the mode of an entry.
const STAT: usize = 24;
/// From the mode to the id, and from there to the flags.
const MODE_TO_ID: usize = 16;
const ID: usize = 20;
/// The hash at the end.
const TRAILER: usize = 20;
/// Of the flags: the entry is longer by two bytes of more flags.
const EXTENDED: u16 = 0x4000;
/// Of the flags: the length of the path. One with all of these bits is as long, or longer.
const LENGTH: u16 = 0x0fff;
/// Kinds of entries, in the upper bits of a mode.
const KIND: u32 = 0o170_000;
const SUBMODULE: u32 = 0o160_000;
const DIRECTORY: u32 = 0o040_000;

/// The files of the index, of a path with conflicts the first stage; `None` if it cannot be read. An error if it
/// is too much: libgit2 would fill memory with it, or the stack. To be asked before libgit2 opens the index.
pub(super) fn files(repo: &git2::Repository) -> Result<Option<Listing>, GitError> {
    let own = bytes(&repo.path().join("index"))?.and_then(|bytes| parse(without_trailer(&bytes)?, None));
    Ok(own.or_else(|| {
        let index = repo.index().ok()?;
        let files = index.iter().filter(|entry| entry.mode & KIND != SUBMODULE);
        Some(Listing::new(files.map(|entry| (spell(&entry.path), oid(entry.id)))))
    }))
}

/// Likewise for whoever lets nothing else read the index: what is read here needs no look at what libgit2 would make of it,
/// and is never in memory as a whole. At least those files whose names are wanted.
pub(super) fn listing(repo: &git2::Repository, is_wanted: Option<NameFilter<'_>>) -> Option<Listing> {
    let own = || {
        let path = repo.path().join("index");
        check_file(path.clone()).ok()?;
        let file = File::open(path).ok()?;
        let length = file.metadata().ok()?.len();
        let length = usize::try_from(length).ok().filter(|_| length < MOST_BYTES)?;
        parse(Window::new(file, length.checked_sub(TRAILER)?), is_wanted)
    };
    own().or_else(|| files(repo).ok().flatten())
}

/// The index as it is, if there is one.
fn bytes(path: &Path) -> Result<Option<Vec<u8>>, GitError> {
    check_file(path.to_path_buf())?;
    let Ok(bytes) = File::open(path).and_then(|file| {
        // Not more at first than what is read in the end, however large the file says that it is.
        let length = file.metadata()?.len().min(MOST_BYTES);
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
        file.take(MOST_BYTES).read_to_end(&mut bytes)?;
        Ok(bytes)
    }) else {
        return Ok(None);
    };
    match excess::of(&bytes) {
        Some(why) => Err(GitError::Excessive { path: path.to_path_buf(), why }),
        None => Ok(Some(bytes)),
    }
}

fn without_trailer(bytes: &[u8]) -> Option<&[u8]> {
    bytes.get(..bytes.len().checked_sub(TRAILER)?)
}

fn parse(mut body: impl Body, is_wanted: Option<NameFilter<'_>>) -> Option<Listing> {
    let head = body.from(0)?;
    let version = u32_at(head, 4).filter(|version| head.starts_with(b"DIRC") && (2..=4).contains(version))?;
    let count = u32_at(head, 8)?;
    // Every entry takes this much at least: the count is not believed either.
    let most = body.length() / (STAT + MODE_TO_ID + ID);
    let size = if is_wanted.is_some() { (0, 0) } else { (most.min(count as usize), body.length()) };
    Listing::filled(size, |add| {
        let mut paths = Paths { version, packed: Vec::new() };
        let mut before = Before::default();
        let (mut at, mut total, mut is_in_order) = (HEADER, 0, true);
        for _ in 0..count {
            let entry = Entry::read(body.from(at)?, &mut paths)?;
            at += entry.length;
            total += entry.path.len() as u64;
            if total > MOST_BYTES || entry.kind == DIRECTORY {
                return None;
            }
            // The others are not listed, and neither their order nor their paths matter.
            if is_wanted.is_some_and(|is_wanted| !is_likely(entry.path, is_wanted)) {
                continue;
            }
            let order = before.next(entry.path)?;
            if order.is_lt() {
                return None;
            }
            // Stages of a conflict come one after the other.
            if entry.kind != SUBMODULE && order.is_gt() {
                let path = spelled(entry.path);
                is_in_order &= matches!(path, Cow::Borrowed(_));
                add(&path, entry.id);
            }
        }
        are_optional(body, at).then_some(is_in_order)
    })
}

/// Whether a path may be wanted. What is not ASCII may be spelled otherwise than in the index, so it always may.
fn is_likely(path: &[u8], is_wanted: NameFilter<'_>) -> bool {
    let name = memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1);
    is_wanted(&path[name..]) || !path.is_ascii()
}

struct Entry<'a> {
    kind: u32,
    id: Oid,
    path: &'a [u8],
    /// How many bytes it takes.
    length: usize,
}

/// How paths are written.
struct Paths {
    version: u32,
    /// From version 4 on a path begins as the one before it: the last one that was read.
    packed: Vec<u8>,
}

impl<'a> Entry<'a> {
    /// The entry that `body` begins with, which comes after the one that was read last.
    fn read(body: &'a [u8], paths: &'a mut Paths) -> Option<Self> {
        let kind = u32_at(body, STAT)? & KIND;
        let id_at = STAT + MODE_TO_ID;
        let id = Oid::from_slice(body.get(id_at..id_at + ID)?)?;
        let flags = u16::from_be_bytes(body.get(id_at + ID..id_at + ID + 2)?.try_into().ok()?);
        let mut named = id_at + ID + 2 + if flags & EXTENDED == 0 { 0 } else { 2 };
        let is_packed = paths.version == 4;
        if is_packed {
            let dropped;
            (dropped, named) = offset(body, named)?;
            paths.packed.truncate(paths.packed.len().checked_sub(dropped)?);
        }
        let stated = usize::from(flags & LENGTH);
        let end = match is_packed || stated == usize::from(LENGTH) {
            true => named + memchr::memchr(0, body.get(named..)?)?,
            false => named + stated,
        };
        // What follows is a zero, whatever the flags say.
        let (mut path, mut length) = (body.get(named..=end)?.strip_suffix(&[0])?, end + 1);
        if is_packed {
            paths.packed.extend_from_slice(path);
            path = &paths.packed;
        } else {
            // Of whole eights, with at least one zero at the end.
            length = length.next_multiple_of(8);
        }
        Some(Self { kind, id, path, length })
    }
}

/// A number of sevens of bits, as offsets in packs are written, and where it ends.
fn offset(body: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut byte = *body.get(at)?;
    let mut value = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        at += 1;
        byte = *body.get(at)?;
        value = value.checked_add(1)?.checked_mul(0x80)? | usize::from(byte & 0x7f);
    }
    Some((value, at + 1))
}

/// Whether all extensions, of which the first is at `at`, may be passed over: those that may not begin with a small letter.
fn are_optional(mut body: impl Body, mut at: usize) -> bool {
    while at < body.length() {
        let Some(extension) = body.from(at) else { return false };
        let (Some(name), Some(length)) = (extension.first(), u32_at(extension, 4)) else { return false };
        if !name.is_ascii_uppercase() {
            return false;
        }
        let Some(end) = (length as usize).checked_add(at + 8) else { return false };
        at = end;
    }
    at == body.length()
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::plain::last_of_plain;
    use super::*;

    /// The length of a path as flags tell it.
    fn length(path: &str) -> u16 {
        u16::try_from(path.len()).unwrap_or(LENGTH).min(LENGTH)
    }

    /// An index with these entries: kind, stage, path. Of version 4 if `packed`.
    fn index(packed: bool, entries: &[(u32, u16, &str)], extensions: &[u8]) -> Vec<u8> {
        let mut bytes = b"DIRC".to_vec();
        bytes.extend(if packed { 4_u32 } else { 3 }.to_be_bytes());
        bytes.extend(u32::try_from(entries.len()).unwrap().to_be_bytes());
        let mut before = "";
        for (number, &(kind, stage, path)) in entries.iter().enumerate() {
            let start = bytes.len();
            bytes.extend([0; STAT]);
            bytes.extend((kind | 0o644).to_be_bytes());
            bytes.extend([0; MODE_TO_ID - 4]);
            bytes.extend([u8::try_from(number).unwrap(); ID]);
            bytes.extend((stage << 12 | EXTENDED | length(path)).to_be_bytes());
            bytes.extend([0; 2]);
            if packed {
                let common = before.bytes().zip(path.bytes()).take_while(|(one, other)| one == other).count();
                bytes.push(u8::try_from(before.len() - common).unwrap());
                bytes.extend(path[common..].bytes().chain([0]));
            } else {
                bytes.extend(path.bytes().chain([0]));
                bytes.resize(start + (bytes.len() - start).next_multiple_of(8), 0);
            }
            before = path;
        }
        bytes.extend(extensions);
        bytes.extend([0; TRAILER]);
        bytes
    }

    /// Its files, which are the same in one piece and by windows. Those with some names are among them.
    fn read(index: &[u8]) -> Option<Listing> {
        let body = without_trailer(index)?;
        let files = parse(body, None);
        assert_eq!(files, parse(Window::new(index, body.len()), None));
        let is_wanted = |name: &[u8]| name < &b"b"[..];
        let some = parse(body, Some(&is_wanted));
        if let Some(some) = &some {
            assert!(some.paths().all(|path| last_of_plain(path.as_bytes(), 0, 0).is_some()));
        }
        if let Some(files) = &files {
            let some = some.expect("those that are wanted");
            assert!(some.paths().all(|path| files.has(path)));
            let name = |path: &str| path.rsplit_once('/').map_or(path, |(_, name)| name).to_owned();
            let mut wanted = files.paths().filter(|path| is_wanted(name(path).as_bytes()));
            assert!(wanted.all(|path| some.has(path)));
        }
        files
    }

    const FILE: u32 = 0o100_000;
    const TREE: &[u8] = b"TREE\0\0\0\x02ab";

    #[test]
    fn files_are_listed_without_submodules_and_with_one_stage_of_a_conflict() {
        let entries = [
            (FILE, 0, "a"),
            (FILE, 1, "b/c"),
            (FILE, 2, "b/c"),
            (SUBMODULE, 0, "b/d"),
            (0o120_000, 0, "b/dd"),
        ];
        for packed in [false, true] {
            let listing = read(&index(packed, &entries, TREE)).expect("an index");
            assert_eq!(listing.paths().collect::<Vec<_>>(), ["a", "b/c", "b/dd"]);
            assert_eq!(listing.blob(1), Oid([1; ID]));
        }
        assert!(read(&index(false, &[], &[])).expect("an index").is_empty());
    }

    #[test]
    fn paths_are_as_long_as_they_are() {
        let long = |length: usize| format!("a/{}", "b".repeat(length - 2));
        for length in [3, 0xffd, 0xfff, 0x1000, 5000] {
            let (path, last) = (long(length), "z");
            let whole = index(false, &[(FILE, 0, &path), (FILE, 0, last)], TREE);
            let listing = read(&whole).expect("an index");
            assert_eq!(listing.paths().collect::<Vec<_>>(), [&*path, last]);
            // The flags are behind the id, and tell another length.
            let flags = HEADER + STAT + MODE_TO_ID + ID + 1;
            for stated in [whole[flags].wrapping_sub(1), whole[flags].wrapping_add(1)] {
                let mut damaged = whole.clone();
                damaged[flags] = stated;
                assert_eq!(read(&damaged), None, "{length} {stated}");
            }
        }
    }

    #[test]
    fn what_is_odd_is_left_to_others() {
        let one: &[_] = &[(FILE, 0, "a")];
        for (entries, extensions) in [
            (one, &b"link\0\0\0\0"[..]),
            (one, b"TREE\0\0\0\x09ab"),
            (one, b"TREE\xff\xff\xff\xff"),
            (one, b"T"),
            (&[(DIRECTORY, 0, "a/")], b""),
            (&[(FILE, 0, "b"), (FILE, 0, "a")], b""),
            (&[(FILE, 0, "")], b""),
            (&[(FILE, 0, "../.gitattributes")], b""),
            (&[(FILE, 0, "/etc/.gitattributes")], b""),
            (&[(FILE, 0, "a/.GIT/config")], b""),
            (&[(FILE, 0, "a/b\0c")], b""),
            (&[(FILE, 0, "a/b\0c/d")], b""),
        ] {
            assert_eq!(read(&index(false, entries, extensions)), None, "{entries:?} {extensions:?}");
        }
    }

    #[test]
    fn no_number_is_too_large() {
        let most = [&[0x80][..], &[0xfe; 8], &[0xff, 0]].concat();
        assert_eq!(offset(&most, 0), None);
        assert_eq!((offset(&[0x7f], 0), offset(&[0x80, 0], 0)), (Some((0x7f, 1)), Some((0x80, 2))));
    }

    #[test]
    fn nothing_is_believed_of_a_damaged_one() {
        for packed in [false, true] {
            let whole = index(packed, &[(FILE, 0, "a/long/path"), (FILE, 0, "a/longer")], TREE);
            let files = read(&whole);
            for end in 0..whole.len() {
                // Without its extensions it still has all files, and the last bytes stand for the hash.
                let cut = read(&whole[..end]);
                assert!(cut.is_none() || cut == files, "cut at {end}: {cut:?}");
            }
            for at in 0..whole.len() {
                for byte in [0, 1, 0x7f, 0x80, 0xff] {
                    let mut damaged = whole.clone();
                    damaged[at] = byte;
                    // Whatever comes of it, it comes to an end.
                    read(&damaged);
                }
            }
        }
    }
}
