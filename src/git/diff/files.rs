//! Files that may have become one another: read when they are first compared, and cut up when sizes do not rule it out.

use std::sync::Arc;

use super::binary;
use super::shared::Shared;
use super::similarity::{self, LEAST, Pieces};
use crate::git::limits::{Limits, TooMuch};
use crate::git::objects::{Found, ObjectStore, Side};

/// What comparing may cost for one commit; beyond, only identical files count as moved.
const MOST_WORK: usize = 1 << 26;
/// So many bytes that are read cost as much as one piece.
const BYTES_READ: usize = 4;
/// Bytes of sources that may be held cut up for one commit.
const MOST_BYTES: usize = 256 << 20;

/// A file that may be compared.
pub(super) struct File {
    side: Option<Side>,
    state: State,
}

enum State {
    Unread,
    Unusable,
    Sized(u64),
    Cut(u64),
}

impl File {
    /// Nothing but a regular file is compared.
    pub(super) fn new(side: Option<Side>) -> Self {
        Self { side: side.filter(|side| side.is_regular()), state: State::Unread }
    }

    /// Its bytes, if it was read.
    fn size(&self) -> Option<u64> {
        match self.state {
            State::Sized(size) | State::Cut(size) => Some(size),
            State::Unread | State::Unusable => None,
        }
    }

    /// Whether sizes alone do not rule out that it became `new`.
    fn can_be(&self, new: &Self) -> bool {
        let sizes = self.size().zip(new.size());
        sizes.is_some_and(|(old, new)| similarity::can_reach(LEAST, old, new))
    }

    /// The score of it and `new`, of which so many bytes are the same.
    pub(super) fn likeness(&self, new: &Self, kept: u64) -> u64 {
        let sizes = self.size().zip(new.size()).filter(|_| self.can_be(new));
        sizes.map_or(0, |(old, new)| similarity::score(kept, old, new))
    }
}

/// What files are read with, what they have in common, and what that has cost so far.
pub(super) struct Desk<'a> {
    store: &'a mut dyn ObjectStore,
    limits: &'a Limits,
    shared: Shared,
    work: usize,
}

impl<'a> Desk<'a> {
    /// For the files of one commit.
    pub(super) fn new(store: &'a mut dyn ObjectStore, limits: &'a Limits) -> Self {
        Self { store, limits, shared: Shared::default(), work: 0 }
    }

    /// Counts how many bytes of `new` each of `files`, which are the same every time, has. Fails if that costs too much.
    pub(super) fn compare(
        &mut self,
        files: &mut [File],
        new: &mut File,
        kept: &mut [u64],
    ) -> Result<(), TooMuch> {
        let mut pieces = None;
        self.work += files.len();
        self.size(new);
        for (at, old) in files.iter_mut().enumerate() {
            self.check()?;
            self.size(old);
            if !old.can_be(new) {
                continue;
            }
            if pieces.is_none() {
                pieces = self.cut(new);
            }
            // Only once: it stays among those that share something.
            if let Some(pieces) = self.cut(old) {
                self.shared.add(at, &pieces);
            }
        }
        kept.fill(0);
        if let Some(pieces) = pieces {
            self.work += self.shared.count(&pieces, kept);
        }
        self.check()
    }

    fn check(&self) -> Result<(), TooMuch> {
        let is_too_much = self.work > MOST_WORK || self.shared.bytes() > MOST_BYTES;
        if is_too_much { Err(TooMuch) } else { Ok(()) }
    }

    /// Reads a file, if it was not read before.
    fn size(&mut self, file: &mut File) {
        if let State::Unread = file.state {
            let size = self.read(file).map(|content| content.len() as u64);
            file.state = size.map_or(State::Unusable, State::Sized);
        }
    }

    /// Its pieces, once.
    fn cut(&mut self, file: &mut File) -> Option<Pieces> {
        let State::Sized(size) = file.state else { return None };
        let content = self.read(file)?;
        file.state = State::Cut(size);
        Some(Pieces::of(&content, !binary::looks_binary(&content)))
    }

    fn read(&mut self, file: &File) -> Option<Arc<Vec<u8>>> {
        let Found::Object(_, content) = self.store.read(file.side?.id, self.limits.blob_bytes) else {
            return None;
        };
        self.work += content.len() / BYTES_READ;
        Some(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::objects::Kind;
    use crate::git::objects::testing::Memory;

    #[test]
    fn comparing_ends_where_it_costs_too_much() {
        let mut memory = Memory::default();
        let lines =
            |count| (0..count).flat_map(|line| format!("line {line} of a file\n").into_bytes()).collect();
        let (old, new): (Vec<u8>, Vec<u8>) = (lines(40), lines(42));
        let [was, is] = [(1, &old), (2, &new)]
            .map(|(id, text)| Some(Side { mode: 0o100_644, id: memory.put(id, Kind::Blob, text) }));
        let limits = Limits::default();
        let mut compare = |work| {
            let (mut files, mut kept) = ([File::new(was)], [0]);
            let mut desk = Desk { work, ..Desk::new(&mut memory, &limits) };
            desk.compare(&mut files, &mut File::new(is), &mut kept).map(|()| (desk.work - work, kept[0]))
        };
        let (cost, kept) = compare(0).expect("not too much");
        assert_eq!(kept, old.len() as u64);
        assert!(cost > (old.len() + new.len()) / BYTES_READ, "reading counts too: {cost}");
        assert_eq!(compare(MOST_WORK), Err(TooMuch));
    }
}
