//! The bytes of an index without the hash at its end: all of them, or a window that moves along a file.

use std::io::{self, Read};

/// What is looked at in one piece: no entry is longer, but for paths that no system has.
const ROOM: usize = 64 << 10;
/// Bytes of a file that are in memory.
const WINDOW: usize = 4 * ROOM;

/// Bytes that are looked at from the first to the last.
pub(super) trait Body {
    /// How many there are.
    fn length(&self) -> usize;

    /// What begins at `at`, which is never before where it was: [`ROOM`] bytes at least, or all that are left. `None` beyond
    /// the end, or where nothing can be read; a file that has become shorter shows less.
    fn from(&mut self, at: usize) -> Option<&[u8]>;
}

impl Body for &[u8] {
    fn length(&self) -> usize {
        self.len()
    }

    fn from(&mut self, at: usize) -> Option<&[u8]> {
        self.get(at..)
    }
}

/// A part of a file, of which no more is in memory.
pub(super) struct Window<R> {
    file: R,
    length: usize,
    /// Where the part begins.
    start: usize,
    bytes: Vec<u8>,
}

impl<R: Read> Window<R> {
    /// At the beginning of a file, of which `length` bytes count.
    pub(super) fn new(file: R, length: usize) -> Self {
        Self { file, length, start: 0, bytes: Vec::with_capacity(WINDOW) }
    }

    /// Moves to `at`, and takes in as much as there is room for.
    fn advance(&mut self, at: usize) -> io::Result<()> {
        let passed = (at - self.start).min(self.bytes.len());
        self.bytes.drain(..passed);
        let skipped = at - self.start - passed;
        io::copy(&mut self.file.by_ref().take(skipped as u64), &mut io::sink())?;
        self.start = at;
        let end = self.start + self.bytes.len();
        let room = (WINDOW - self.bytes.len()).min(self.length - end);
        self.file.by_ref().take(room as u64).read_to_end(&mut self.bytes)?;
        Ok(())
    }
}

impl<R: Read> Body for Window<R> {
    fn length(&self) -> usize {
        self.length
    }

    fn from(&mut self, at: usize) -> Option<&[u8]> {
        if at > self.length || at < self.start {
            return None;
        }
        let end = self.start + self.bytes.len();
        if end < self.length && end < at + ROOM {
            self.advance(at).ok()?;
        }
        self.bytes.get(at - self.start..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_shows_what_is_there() {
        let whole: Vec<u8> = (0..3 * WINDOW).map(|at| (at % 251).to_le_bytes()[0]).collect();
        for step in [1000, ROOM - 1, ROOM + 1, WINDOW + 1] {
            let length = whole.len() - 5;
            let mut window = Window::new(&whole[..], length);
            for at in (0..=length).step_by(step) {
                let shown = window.from(at).unwrap();
                assert!(shown.len() >= ROOM.min(length - at) && shown.len() <= WINDOW);
                assert_eq!(shown, &whole[at..at + shown.len()]);
            }
            assert_eq!((window.from(length).map(<[u8]>::len), window.from(length + 1)), (Some(0), None));
        }
        let mut cut = Window::new(&whole[..10], 20);
        let mut shown = |at| cut.from(at).map(<[u8]>::len);
        assert_eq!((shown(0), shown(15)), (Some(10), Some(0)), "the file has become shorter");
    }
}
