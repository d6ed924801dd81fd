//! Where the lines of two texts differ, hunk by hunk as `git diff -U0` shows them.

use std::ops::Range;

use gix_imara_diff::{Algorithm, Diff, InternedInput, Interner, Token, sources};

use crate::model::{Hunk, Lines};

/// Git compares the ends of files in blocks of this many bytes when it shows no context.
const BLOCK: usize = 1024;
/// Equal lines kept before the first difference: hunks that could stand higher up slide over them.
const MARGIN: usize = 64;
/// Bytes of a usual line.
const LINE: usize = 32;
/// Of the line that a hunk is headed by, git shows this many bytes.
const HEADER: usize = 80;

/// The hunks between two texts.
pub(super) fn hunks(old: &[u8], new: &[u8]) -> Vec<Hunk> {
    let ranges = differing(old, new);
    let mut hunks = Vec::with_capacity(ranges.len());
    let mut header = Header { text: String::new(), seen: 0 };
    for Place { before, after, old_bytes, new_bytes } in ranges {
        header.move_to(old, old_bytes.start);
        hunks.push(Hunk {
            old_start: before.start + u32::from(!before.is_empty()),
            old_lines: before.end - before.start,
            new_start: after.start + u32::from(!after.is_empty()),
            new_lines: after.end - after.start,
            header: header.text.clone(),
            removed: lines(&old[old_bytes]),
            added: lines(&new[new_bytes]),
        });
    }
    hunks
}

/// A difference: lines counted from zero, and their bytes.
struct Place {
    before: Range<u32>,
    after: Range<u32>,
    old_bytes: Range<usize>,
    new_bytes: Range<usize>,
}

fn differing(old: &[u8], new: &[u8]) -> Vec<Place> {
    if old.is_empty() || new.is_empty() {
        let whole = Place {
            before: 0..count(old),
            after: 0..count(new),
            old_bytes: 0..old.len(),
            new_bytes: 0..new.len(),
        };
        return if old.len() == new.len() { Vec::new() } else { vec![whole] };
    }
    let tail = common_tail(old, new);
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let head = common_head(old, new);
    let near = Comparison::of(&old[head..], &new[head..], 0);
    if head == 0 || !near.has_inner_matches() {
        return near.places(head, count(&old[..head]));
    }
    // Which of the lines in between git takes for matches depends on how common they are in the whole file.
    Comparison::of(old, new, head).places(0, 0)
}

/// Two texts as lines that were given numbers.
struct Comparison<'a> {
    input: InternedInput<&'a [u8]>,
    /// Where the lines start; the last entry is where the text ends.
    old_starts: Vec<usize>,
    new_starts: Vec<usize>,
}

impl<'a> Comparison<'a> {
    /// Numbers the lines of two texts whose first `equal` bytes are equal lines.
    fn of(old: &'a [u8], new: &'a [u8], equal: usize) -> Self {
        let mut input = InternedInput::default();
        let expected = |text: &[u8]| u32::try_from(text.len() / LINE + 1).unwrap_or(u32::MAX);
        input.reserve(expected(old), expected(new));
        let mut old_starts = Vec::with_capacity(old.len() / LINE + 2);
        number(&old[..equal], 0, &mut input.interner, &mut input.before, &mut old_starts);
        input.after.extend_from_slice(&input.before);
        let mut new_starts = old_starts.clone();
        number(&old[equal..], equal, &mut input.interner, &mut input.before, &mut old_starts);
        number(&new[equal..], equal, &mut input.interner, &mut input.after, &mut new_starts);
        old_starts.push(old.len());
        new_starts.push(new.len());
        Self { input, old_starts, new_starts }
    }

    /// Whether any line between the first and the last difference is on both sides.
    fn has_inner_matches(&self) -> bool {
        let (before, after) = (&self.input.before, &self.input.after);
        let head = before.iter().zip(after).take_while(|(old, new)| old == new).count();
        let (before, after) = (&before[head..], &after[head..]);
        let tail = before.iter().rev().zip(after.iter().rev()).take_while(|(old, new)| old == new).count();
        let mut in_old = vec![false; self.input.interner.num_tokens() as usize];
        before[..before.len() - tail].iter().for_each(|token| in_old[token.0 as usize] = true);
        after[..after.len() - tail].iter().any(|token| in_old[token.0 as usize])
    }

    /// Where the texts differ, if `bytes` bytes in `lines` lines stand before them.
    fn places(&self, bytes: usize, lines: u32) -> Vec<Place> {
        let mut diff = Diff::compute(Algorithm::Myers, &self.input);
        diff.postprocess_lines(&self.input);
        let span = |starts: &[usize], lines: &Range<u32>| {
            bytes + starts[lines.start as usize]..bytes + starts[lines.end as usize]
        };
        let moved = |range: &Range<u32>| range.start + lines..range.end + lines;
        diff.hunks()
            .map(|hunk| Place {
                before: moved(&hunk.before),
                after: moved(&hunk.after),
                old_bytes: span(&self.old_starts, &hunk.before),
                new_bytes: span(&self.new_starts, &hunk.after),
            })
            .collect()
    }
}

/// Gives every line of a text its number, and notes where it starts if the text does at `at`.
fn number<'a>(
    text: &'a [u8],
    mut at: usize,
    interner: &mut Interner<&'a [u8]>,
    numbers: &mut Vec<Token>,
    starts: &mut Vec<usize>,
) {
    for line in sources::byte_lines(text) {
        numbers.push(interner.intern(line));
        starts.push(at);
        at += line.len();
    }
}

/// Lines of a text; a last one without its end counts.
fn count(text: &[u8]) -> u32 {
    let ends = memchr::memchr_iter(b'\n', text).count();
    let open = text.last().is_some_and(|last| *last != b'\n');
    u32::try_from(ends + usize::from(open)).unwrap_or(u32::MAX)
}

/// Bytes at the end that git does not compare: whole equal blocks, but for the rest of a line.
fn common_tail(old: &[u8], new: &[u8]) -> usize {
    let blocks = old.rchunks_exact(BLOCK).zip(new.rchunks_exact(BLOCK));
    let equal = blocks.take_while(|(old, new)| old == new).count() * BLOCK;
    let tail = &old[old.len() - equal..];
    equal - memchr::memchr(b'\n', tail).map_or(equal, |end| end + 1)
}

/// Bytes at the start that are equal and end with a line, but for some lines kept as a margin.
fn common_head(old: &[u8], new: &[u8]) -> usize {
    let blocks = old.chunks_exact(BLOCK).zip(new.chunks_exact(BLOCK));
    let equal = blocks.take_while(|(old, new)| old == new).count() * BLOCK;
    let rest = old[equal..].iter().zip(&new[equal..]).take_while(|(old, new)| old == new).count();
    let ends = memchr::memrchr_iter(b'\n', &old[..equal + rest]);
    ends.into_iter().nth(MARGIN).map_or(0, |end| end + 1)
}

/// The line that heads a hunk: the last one before it that begins like a function or a heading.
struct Header {
    text: String,
    /// Everything before this byte has been looked at.
    seen: usize,
}

impl Header {
    fn move_to(&mut self, text: &[u8], hunk: usize) {
        let mut end = hunk;
        while end > self.seen {
            let start = memchr::memrchr(b'\n', &text[..end - 1]).map_or(0, |before| before + 1);
            let line = &text[start..end];
            if line[0].is_ascii_alphabetic() || line[0] == b'_' || line[0] == b'$' {
                let line = &line[..line.len().min(HEADER)];
                String::from_utf8_lossy(line).trim_end().clone_into(&mut self.text);
                break;
            }
            end = start;
        }
        self.seen = hunk;
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
    use proptest::prelude::*;

    use super::*;

    fn shown(old: &str, new: &str) -> Vec<(u32, u32, u32, u32)> {
        let hunks = hunks(old.as_bytes(), new.as_bytes());
        hunks.iter().map(|hunk| (hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines)).collect()
    }

    #[test]
    fn starts_and_counts_are_git_s() {
        assert_eq!(shown("a\nb\nc\n", "a\nB\nc\n"), [(2, 1, 2, 1)]);
        assert_eq!(shown("a\nb\n", "a\nx\ny\nb\n"), [(1, 0, 2, 2)]);
        assert_eq!(shown("a\nb\n", "b\n"), [(1, 1, 0, 0)]);
        assert_eq!(shown("", "a\nb"), [(0, 0, 1, 2)]);
        assert_eq!(shown("a\n", ""), [(1, 1, 0, 0)]);
        assert_eq!(shown("a\n", "a"), [(1, 1, 1, 1)], "a line end is part of its line");
        assert_eq!(shown("", ""), []);
    }

    #[test]
    fn lines_lose_their_ends_only() {
        assert_eq!(lines(b"a \r\nb\r"), ["a ", "b"]);
        assert_eq!(lines(b"a\r\r\n\n"), ["a\r", ""]);
        assert_eq!(lines(b"\xff\n"), ["\u{fffd}"]);
        assert!(lines(b"").is_empty());
    }

    #[test]
    fn the_enclosing_function_heads_a_hunk() {
        let old = "fn a() { \n    1\n    2\n}\n$x\n\n 3\n";
        let hunks = hunks(old.as_bytes(), old.replace('2', "two").replace('3', "three").as_bytes());
        let headers: Vec<&str> = hunks.iter().map(|hunk| hunk.header.as_str()).collect();
        assert_eq!(headers, ["fn a() {", "$x"]);
        let long = format!("{}\n 1\n", "f".repeat(200));
        assert_eq!(super::hunks(long.as_bytes(), long.replace('1', "2").as_bytes())[0].header.len(), HEADER);
    }

    fn text() -> impl Strategy<Value = String> {
        let line = prop_oneof![
            Just("{"),
            Just("}"),
            Just(""),
            Just("    x();"),
            Just("a long line of text"),
            Just("fn f() {")
        ];
        prop::collection::vec(line, 0..200).prop_map(|lines| lines.join("\n"))
    }

    proptest! {
        #[test]
        fn hunks_lead_from_the_old_text_to_the_new(old in text(), head in text(), tail in text(), new in text()) {
            let (old, new) = (format!("{head}{old}{tail}"), format!("{head}{new}{tail}"));
            let mut rebuilt = String::new();
            let mut rest: Vec<&str> = old.split_inclusive('\n').collect();
            let mut at = 0;
            for hunk in hunks(old.as_bytes(), new.as_bytes()) {
                let start = hunk.old_start as usize - usize::from(hunk.old_lines > 0);
                rebuilt.extend(rest.drain(..start - at));
                let removed: Vec<&str> = rest.drain(..hunk.old_lines as usize).map(|line| line.trim_end_matches('\n')).collect();
                prop_assert_eq!(removed, hunk.removed.iter().collect::<Vec<_>>());
                at = start + hunk.old_lines as usize;
                prop_assert_eq!(hunk.added.len(), hunk.new_lines as usize);
                hunk.added.iter().for_each(|line| rebuilt.extend([line, "\n"]));
            }
            rebuilt.extend(rest);
            prop_assert_eq!(rebuilt.trim_end_matches('\n'), new.trim_end_matches('\n'));
        }
    }
}
