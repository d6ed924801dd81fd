//! An index that is small as a file and takes all memory, or the stack, once libgit2 has read it.
//!
//! Lengths are followed as libgit2 follows them, wherever it might: what is damaged ends it too.

use memchr::memmem;

use super::{EXTENDED, HEADER, ID, MODE_TO_ID, MOST_BYTES, STAT, TRAILER, offset, u32_at};

/// Directories of the extension of trees that are nested: libgit2 reads them by recursion.
const MOST_NESTED: usize = 1024;
/// Directories that it has altogether.
const MOST_TREES: usize = 4_000_000;
/// Bytes are looked at this often when trees are searched, and a few more times.
const MOST_LOOKS: usize = 16;
const MORE_LOOKS: usize = 1 << 20;

/// Why an index is too much, if it is.
pub(super) fn of(bytes: &[u8]) -> Option<&'static str> {
    if bytes.len() as u64 >= MOST_BYTES {
        return Some("it has more than 256 MiB");
    }
    if length_of_paths(bytes) > MOST_BYTES {
        return Some("its paths have more than 256 MiB together");
    }
    let mut left = bytes.len() * MOST_LOOKS + MORE_LOOKS;
    // Where extensions begin depends on every length before. So each place counts where one might.
    let is_too_much = |at| trees(&bytes[at..], &mut left);
    let found = memmem::find_iter(bytes, b"TREE").any(is_too_much);
    found.then_some("its directories are nested too deep, or too many")
}

/// Bytes of all paths together. Only those of version 4 may be longer than the file, for each begins as the one before it.
fn length_of_paths(bytes: &[u8]) -> u64 {
    let count = u32_at(bytes, 8).filter(|_| u32_at(bytes, 4) == Some(4)).unwrap_or_default();
    let body = &bytes[..bytes.len().saturating_sub(TRAILER)];
    let (mut at, mut length, mut total) = (HEADER, 0, 0);
    for _ in 0..count {
        let Some((dropped, added, end)) = packed(body, at).filter(|(dropped, ..)| *dropped <= length) else {
            break;
        };
        length += added;
        length -= dropped;
        total += length as u64;
        at = end;
        if total > MOST_BYTES {
            break;
        }
    }
    total
}

/// Of an entry of version 4: bytes to drop from the path before it, bytes that follow, and where it ends.
fn packed(body: &[u8], at: usize) -> Option<(usize, usize, usize)> {
    let flags_at = at + STAT + MODE_TO_ID + ID;
    let flags = u16::from_be_bytes(body.get(flags_at..flags_at + 2)?.try_into().ok()?);
    let (dropped, named) = offset(body, flags_at + if flags & EXTENDED == 0 { 2 } else { 4 })?;
    let added = memchr::memchr(0, body.get(named..)?)?;
    Some((dropped, added, named + added + 1))
}

/// Whether an extension of trees that may begin here is too much. As many bytes are `left` to look at.
fn trees(extension: &[u8], left: &mut usize) -> bool {
    let Some(mut rest) = extension.get(8..) else { return false };
    // Of every directory on the way, how many are still to come below it.
    let mut pending = vec![1_usize];
    let mut count = 0;
    while let Some(last) = pending.last_mut() {
        if *last == 0 {
            pending.pop();
            continue;
        }
        *last -= 1;
        let before = rest.len();
        let found = directory(&mut rest);
        let looked = before - rest.len();
        if looked > *left {
            return true;
        }
        *left -= looked;
        // One that is damaged ends it.
        let Some(children) = found else { return false };
        count += children;
        pending.push(children);
        if pending.len() > MOST_NESTED || count > MOST_TREES {
            return true;
        }
    }
    false
}

/// How many directories are directly below the next one, of which there may be fewer in fact; `None` if there is none. Passes
/// over what was looked at.
fn directory(rest: &mut &[u8]) -> Option<usize> {
    let (name, after) = rest.split_at(memchr::memchr(0, rest).map_or(rest.len(), |end| end + 1));
    *rest = after;
    name.last()?;
    let entries = number(rest)?;
    *rest = rest.strip_prefix(b" ")?;
    let children = usize::try_from(number(rest)?).ok()?;
    *rest = rest.strip_prefix(b"\n")?;
    if entries >= 0 {
        *rest = rest.get(ID..)?;
    }
    Some(children)
}

/// A decimal number as C reads it: after white space, and with a sign.
fn number(rest: &mut &[u8]) -> Option<i64> {
    let start = rest.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == 0x0b).count();
    let signed = &rest[start..];
    let digits_at = usize::from(matches!(signed.first(), Some(b'+' | b'-')));
    let digits = signed[digits_at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    *rest = &signed[digits_at + digits..];
    std::str::from_utf8(&signed[..digits_at + digits]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An extension of directories, each below the one before.
    fn nested(depth: usize) -> Vec<u8> {
        let mut bytes = b"TREE\0\0\0\0\0-1 1\n".to_vec();
        (2..depth).for_each(|_| bytes.extend(b"a\0-1 1\n"));
        bytes.extend(b"a\0-1 0\n");
        bytes
    }

    #[test]
    fn directories_may_not_be_nested_very_deep_nor_be_very_many() {
        let why = Some("its directories are nested too deep, or too many");
        assert_eq!((of(&nested(1000)), of(&nested(1100))), (None, why));
        // The number alone is what memory is taken for.
        assert_eq!(of(b"TREE\0\0\0\0\0-1 2000000000\n"), why);
        assert_eq!((of(b"TREE\0\0\0\0\0-1 \t+7\na\0-1 0\n"), of(b"TREE"), of(b"")), (None, None, None));
        let mut valid = b"TREE\0\0\0\0\x003 1\n".to_vec();
        valid.extend([b'T'; ID]);
        valid.extend(b"dir\x002 0\n");
        valid.extend([b'E'; ID]);
        assert_eq!(of(&valid), None);
        let mut hidden = b"a path".to_vec();
        hidden.extend(nested(2000));
        assert_eq!(of(&hidden), why, "wherever it begins");
    }

    #[test]
    fn looking_for_directories_ends() {
        assert!(of(&b"TREE".repeat(100_000)).is_some());
        assert_eq!(of(&b"a path to a TREE\0".repeat(100_000)), None);
    }

    #[test]
    fn paths_that_begin_like_others_are_counted_in_full() {
        let index = |paths: u32, length: usize| {
            let mut bytes = [&b"DIRC\0\0\0\x04"[..], &paths.to_be_bytes()].concat();
            for number in 0..paths {
                bytes.extend([0; STAT + MODE_TO_ID + ID + 2]);
                bytes.push(0);
                let added = if number == 0 { length } else { 1 };
                bytes.extend(vec![b'p'; added]);
                bytes.push(0);
            }
            bytes.extend([0; TRAILER]);
            bytes
        };
        assert_eq!(length_of_paths(&index(3, 10)), 10 + 11 + 12);
        let why = Some("its paths have more than 256 MiB together");
        assert_eq!((of(&index(60_000, 4000)), of(&index(100, 4000))), (why, None));
        let whole = index(3, 10);
        (0..whole.len()).for_each(|end| assert!(length_of_paths(&whole[..end]) <= 33));
    }
}
