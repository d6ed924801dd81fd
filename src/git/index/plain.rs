//! Paths of an index, one after the other: whether each is plain, and comes after the one before.

use std::cmp::Ordering;

use crate::git::bytes::common;

/// The last path that was looked at, and where its name begins.
#[derive(Default)]
pub(super) struct Before {
    path: Vec<u8>,
    name: usize,
}

impl Before {
    /// Goes on to a path, and tells how it stands to the one before; `None` if it is not [plain](last_of_plain).
    pub(super) fn next(&mut self, path: &[u8]) -> Option<Ordering> {
        let shared = common(path, &self.path);
        // The first part that is not that of a path that was looked at: mostly that is the name.
        let part = if shared >= self.name {
            self.name
        } else {
            memchr::memrchr(b'/', &path[..shared]).map_or(0, |slash| slash + 1)
        };
        let order = path.get(shared).cmp(&self.path.get(shared));
        self.name = last_of_plain(path, part, shared)?;
        self.path.truncate(shared);
        self.path.extend_from_slice(&path[shared..]);
        Some(order)
    }
}

/// Where the last part of a path begins, if it stays below the root, and out of the repository itself; `None` if it does not,
/// or has a zero. What is before `part`, where one begins, was looked at before; that part has no slash before `looked_at`.
pub(super) fn last_of_plain(path: &[u8], part: usize, looked_at: usize) -> Option<usize> {
    let leads_elsewhere =
        |part: &[u8]| matches!(part, b"" | b"." | b"..") || part.eq_ignore_ascii_case(b".git");
    let (mut start, mut from) = (part, looked_at);
    loop {
        let end = memchr::memchr2(b'/', 0, &path[from..]).map(|length| from + length);
        let part = &path[start..end.unwrap_or(path.len())];
        // Such a part begins like the names of few files.
        let is_odd = matches!(part.first(), None | Some(b'.'));
        if is_odd && leads_elsewhere(part) {
            return None;
        }
        let Some(end) = end else { return Some(start) };
        if path[end] == 0 {
            return None;
        }
        (start, from) = (end + 1, end + 1);
    }
}
