//! What is kept of two texts that differ: what histories keep, or the lines themselves.

use super::lines::{Raw, hunks};
use crate::model::{Edits, Hunk, Hunks, Lines, Patch, PatchHunk};
use crate::words::{Interest, Reader};

/// What becomes of two texts.
pub(in crate::git) trait Keep {
    /// What is kept.
    type Text;

    /// Compares two texts.
    fn keep(&mut self, old: &[u8], new: &[u8]) -> Self::Text;

    /// How many hunks there are.
    fn hunks(text: &Self::Text) -> usize;
}

/// Keeps where they differ, and the words there: all, or those of interest.
pub(in crate::git) struct KeepWords<'a> {
    pub(in crate::git) reader: &'a mut Reader,
    pub(in crate::git) interest: Option<&'a Interest>,
}

impl Keep for KeepWords<'_> {
    type Text = Edits;

    fn keep(&mut self, old: &[u8], new: &[u8]) -> Edits {
        let mut edits = Edits { is_layout: true, ..Edits::default() };
        let places = hunks(old, new).map(|hunk| self.add(&mut edits, &hunk)).collect();
        finished(edits, places)
    }

    fn hunks(edits: &Edits) -> usize {
        edits.hunks.len()
    }
}

impl KeepWords<'_> {
    /// The same of a patch that was made elsewhere.
    pub(in crate::git) fn of_patch(&mut self, patch: &Patch) -> Edits {
        let mut edits = Edits { is_layout: true, ..Edits::default() };
        let place = |hunk: &PatchHunk| {
            let bytes = |lines: &Lines| lines.as_terminated().as_bytes().to_vec();
            let (removed, added) = (bytes(&hunk.removed), bytes(&hunk.added));
            let header = hunk.header.as_bytes();
            self.add(&mut edits, &Raw { at: hunk.at, header, removed: &removed, added: &added })
        };
        let places = patch.iter().map(place).collect();
        finished(edits, places)
    }

    /// Adds what a hunk says. Returns where it is.
    fn add(&mut self, edits: &mut Edits, hunk: &Raw<'_>) -> Hunk {
        edits.is_layout = edits.is_layout && dense(hunk.removed).eq(dense(hunk.added));
        edits.words.push(self.reader.read([hunk.header, hunk.removed, hunk.added], self.interest));
        hunk.at
    }
}

fn finished(mut edits: Edits, places: Hunks) -> Edits {
    edits.is_layout &= !places.is_empty();
    edits.hunks = places;
    edits.words.shrink_to_fit();
    edits
}

/// Bytes without white space.
fn dense(text: &[u8]) -> impl Iterator<Item = &u8> {
    text.iter().filter(|byte| !byte.is_ascii_whitespace())
}

/// Keeps the lines.
pub(in crate::git) struct KeepLines;

impl Keep for KeepLines {
    type Text = Patch;

    fn keep(&mut self, old: &[u8], new: &[u8]) -> Patch {
        let hunk = |raw: Raw<'_>| PatchHunk {
            at: raw.at,
            header: String::from_utf8_lossy(raw.header).into_owned(),
            removed: lines(raw.removed),
            added: lines(raw.added),
        };
        hunks(old, new).map(hunk).collect()
    }

    fn hunks(patch: &Patch) -> usize {
        patch.len()
    }
}

/// The lines of some bytes: without their ends, and with what is not UTF-8 replaced.
fn lines(bytes: &[u8]) -> Lines {
    let text = String::from_utf8_lossy(bytes);
    if memchr::memchr(b'\r', bytes).is_none() {
        return Lines::from_terminated(text.into_owned());
    }
    let text = text.strip_suffix('\r').unwrap_or(&text);
    Lines::from_terminated(text.replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(old: &str, new: &str) -> Edits {
        let mut reader = Reader::default();
        KeepWords { reader: &mut reader, interest: None }.keep(old.as_bytes(), new.as_bytes())
    }

    #[test]
    fn words_of_all_three_parts_of_a_hunk_are_kept() {
        let found = edits("fn drawHands() {\n    old_moon\n}\n", "fn drawHands() {\n    new_clock\n}\n");
        let mut reader = Reader::default();
        let expected = reader.read([b"fn drawHands() { old_moon new_clock" as &[u8]], None);
        assert!(found.words.iter().eq([expected]));
        assert_eq!(found.hunks.len(), 1);
    }

    #[test]
    fn layout_is_what_differs_in_white_space_alone() {
        assert!(edits("f( a )\nx\n", "f(a)\nx\n").is_layout);
        assert!(!edits("f( a )\nx\n", "f(a)\ny\n").is_layout);
        assert!(!edits("a\n", "a\n").is_layout, "nothing differs");
    }

    #[test]
    fn lines_lose_their_ends_only() {
        assert_eq!(lines(b"a \r\nb\r"), ["a ", "b"]);
        assert_eq!(lines(b"a\r\r\n\n"), ["a\r", ""]);
        assert_eq!(lines(b"\xff\n"), ["\u{fffd}"]);
        assert!(lines(b"").is_empty());
    }
}
