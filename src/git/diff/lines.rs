//! Where the lines of two texts differ, hunk by hunk as `git diff -U0` shows them.

use std::hash::BuildHasher;
use std::ops::Range;

use gix_imara_diff::{Algorithm, Diff, IndentHeuristic, IndentLevel, Token};
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::git::bytes::common;
use crate::model::Hunk;

/// Git compares the ends of files in blocks of this many bytes when it shows no context.
const BLOCK: usize = 1024;
/// Equal lines kept before the first difference: hunks that could stand higher up slide over them.
const MARGIN: usize = 32;
/// Lines above a hunk that decide where it stands: git passes over twenty blank ones, and looks at the next.
const DECIDING: u32 = 21;
/// Bytes of a usual line.
const LINE: usize = 32;
/// Columns between the stops of a tab.
const TAB: u8 = 8;
/// Of the line that a hunk is headed by, git shows this many bytes.
const HEADER: usize = 80;

/// A hunk as bytes of the two texts.
pub(in crate::git) struct Raw<'a> {
    pub(in crate::git) at: Hunk,
    /// The line that heads it, as far as git shows it.
    pub(in crate::git) header: &'a [u8],
    pub(in crate::git) removed: &'a [u8],
    pub(in crate::git) added: &'a [u8],
}

/// The hunks between two texts.
pub(in crate::git) fn hunks<'a>(old: &'a [u8], new: &'a [u8]) -> impl Iterator<Item = Raw<'a>> {
    let mut header = Header { line: &[], seen: 0 };
    differing(old, new).into_iter().map(move |Place { before, after, old_bytes, new_bytes }| {
        header.move_to(old, old_bytes.start);
        let at = Hunk {
            old_start: before.start + u32::from(!before.is_empty()),
            old_lines: before.end - before.start,
            new_start: after.start + u32::from(!after.is_empty()),
            new_lines: after.end - after.start,
        };
        Raw { at, header: header.line, removed: &old[old_bytes], added: &new[new_bytes] }
    })
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
    let mut comparison = Comparison::of(old, new, head);
    if comparison.has_inner_matches() {
        comparison.look_at_head();
    }
    let places = comparison.places();
    let first = places.first().map_or(u32::MAX, |place| place.before.start);
    if first >= count(comparison.head).saturating_add(DECIDING) || comparison.head.is_empty() {
        return places;
    }
    comparison.look_at_head(); // It slid so far up that more of the head matters than was kept.
    comparison.places()
}

/// Two texts as lines that were given numbers.
struct Comparison<'a> {
    numbers: Numbers<'a>,
    before: Vec<Token>,
    after: Vec<Token>,
    /// Where the numbered lines start; the last entry is where the text ends.
    old_starts: Vec<usize>,
    new_starts: Vec<usize>,
    /// What both texts begin with and has no numbers.
    head: &'a [u8],
}

impl<'a> Comparison<'a> {
    /// Numbers the lines of two texts after their first `head` bytes, which are equal lines.
    fn of(old: &'a [u8], new: &'a [u8], head: usize) -> Self {
        let mut numbers = Numbers::with_capacity((old.len() + new.len() - 2 * head) / LINE);
        let (before, old_starts) = numbers.of(old, head);
        let (after, new_starts) =
            numbers.of_similar(new, head, &Numbered { text: old, numbers: &before, starts: &old_starts });
        Self { numbers, before, after, old_starts, new_starts, head: &old[..head] }
    }

    /// Whether any line between the first and the last difference is on both sides.
    fn has_inner_matches(&self) -> bool {
        let (before, after) = (&self.before, &self.after);
        let head = before.iter().zip(after).take_while(|(old, new)| old == new).count();
        let (before, after) = (&before[head..], &after[head..]);
        let tail = before.iter().rev().zip(after.iter().rev()).take_while(|(old, new)| old == new).count();
        let mut in_old = vec![false; self.numbers.lines.len()];
        before[..before.len() - tail].iter().for_each(|token| in_old[token.0 as usize] = true);
        after[..after.len() - tail].iter().any(|token| in_old[token.0 as usize])
    }

    /// Puts the head before the numbered lines: which of them git takes for matches depends on how common
    /// they are in the whole file. Lines that are only in the head are all the same to that question.
    fn look_at_head(&mut self) {
        let other = Token(u32::try_from(self.numbers.lines.len()).unwrap_or(u32::MAX));
        self.numbers.lines.push(b"\n");
        let lines = count(self.head) as usize;
        let (mut starts, mut head) = (Vec::with_capacity(lines), Vec::with_capacity(lines));
        for line in lines_of(self.head, 0) {
            starts.push(line.start);
            head.push(self.numbers.find(&self.head[line]).unwrap_or(other));
        }
        self.before.splice(0..0, head.iter().copied());
        self.after.splice(0..0, head);
        self.old_starts.splice(0..0, starts.iter().copied());
        self.new_starts.splice(0..0, starts);
        self.head = &[];
    }

    /// Where the texts differ.
    fn places(&self) -> Vec<Place> {
        let mut diff = Diff::default();
        let numbers = u32::try_from(self.numbers.lines.len()).unwrap_or(u32::MAX);
        diff.compute_with(Algorithm::Myers, &self.before, &self.after, numbers);
        let indent = |token: Token| {
            IndentLevel::for_ascii_line(self.numbers.lines[token.0 as usize].iter().copied(), TAB)
        };
        diff.postprocess_with(&self.before, &self.after, IndentHeuristic::new(indent));
        let bytes =
            |starts: &[usize], lines: &Range<u32>| starts[lines.start as usize]..starts[lines.end as usize];
        let skipped = count(self.head);
        let moved = |range: &Range<u32>| range.start + skipped..range.end + skipped;
        diff.hunks()
            .map(|hunk| Place {
                before: moved(&hunk.before),
                after: moved(&hunk.after),
                old_bytes: bytes(&self.old_starts, &hunk.before),
                new_bytes: bytes(&self.new_starts, &hunk.after),
            })
            .collect()
    }
}

/// Numbers for lines: equal lines have equal ones.
struct Numbers<'a> {
    lines: Vec<&'a [u8]>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl<'a> Numbers<'a> {
    fn with_capacity(lines: usize) -> Self {
        Self {
            lines: Vec::with_capacity(lines + 1),
            table: HashTable::with_capacity(lines + 1),
            hasher: DefaultHashBuilder::default(),
        }
    }

    /// The numbers of the lines of `text` from a byte on, and where they start; last, where the text ends.
    fn of(&mut self, text: &'a [u8], from: usize) -> (Vec<Token>, Vec<usize>) {
        let expected = (text.len() - from) / LINE + 2;
        let (mut numbers, mut starts) = (Vec::with_capacity(expected), Vec::with_capacity(expected));
        for line in lines_of(text, from) {
            starts.push(line.start);
            numbers.push(self.give(&text[line]));
        }
        starts.push(text.len());
        (numbers, starts)
    }

    /// The same of a text that is much like another one, whose lines have all the numbers that there are so far. Where both go
    /// on alike, numbers are copied and lines are not looked at.
    fn of_similar(&mut self, text: &'a [u8], from: usize, other: &Numbered<'_>) -> (Vec<Token>, Vec<usize>) {
        let expected = other.numbers.len() + text.len().saturating_sub(other.text.len()) / LINE + 2;
        let (mut numbers, mut starts) = (Vec::with_capacity(expected), Vec::with_capacity(expected));
        let first = other.first_places(self.lines.len());
        let (mut at, mut expected) = (from, 0);
        while at < text.len() {
            let alike = other.go_on(expected, &text[at..]);
            let run = expected..expected + alike;
            let start_there = other.starts[expected];
            numbers.extend_from_slice(&other.numbers[run.clone()]);
            starts.extend(other.starts[run].iter().map(|start| at + (start - start_there)));
            expected += alike;
            at += other.starts[expected] - start_there;
            if at == text.len() {
                break;
            }
            let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |end| at + end + 1);
            let number = self.give(&text[at..end]);
            starts.push(at);
            numbers.push(number);
            at = end;
            // What comes after it there may come here too, unless that was passed already.
            let place = first.get(number.0 as usize).filter(|place| **place >= expected);
            expected = place.map_or(expected, |place| place + 1);
        }
        starts.push(text.len());
        (numbers, starts)
    }

    fn give(&mut self, line: &'a [u8]) -> Token {
        let Self { lines, table, hasher } = self;
        let entry = table.entry(
            hasher.hash_one(line),
            |number| lines[*number as usize] == line,
            |number| hasher.hash_one(lines[*number as usize]),
        );
        let number = *entry
            .or_insert_with(|| {
                lines.push(line);
                u32::try_from(lines.len() - 1).unwrap_or(u32::MAX)
            })
            .get();
        Token(number)
    }

    fn find(&self, line: &[u8]) -> Option<Token> {
        let is_it = |number: &u32| self.lines[*number as usize] == line;
        self.table.find(self.hasher.hash_one(line), is_it).copied().map(Token)
    }
}

/// A text whose lines have numbers.
struct Numbered<'a> {
    text: &'a [u8],
    numbers: &'a [Token],
    /// Where they start, and where the text ends.
    starts: &'a [usize],
}

impl Numbered<'_> {
    /// Where each of so many numbers stands first.
    fn first_places(&self, numbers: usize) -> Vec<usize> {
        // Numbers were given in the order of the lines.
        let mut first = Vec::with_capacity(numbers);
        for (place, number) in self.numbers.iter().enumerate() {
            if number.0 as usize == first.len() {
                first.push(place);
            }
        }
        first
    }

    /// How many lines from a place on are those that `text` begins with.
    fn go_on(&self, place: usize, text: &[u8]) -> usize {
        let here = &self.text[self.starts[place]..];
        let end = self.starts[place] + common(here, text);
        let lines = self.starts[place + 1..].iter().take_while(|start| **start <= end).count();
        // A last line without its end is another one where the text goes on.
        let is_cut = lines > 0 && end == self.text.len() && !here.ends_with(b"\n") && text.len() > here.len();
        lines - usize::from(is_cut)
    }
}

/// Where the lines of a text are, from a byte on, their ends included.
fn lines_of(text: &[u8], from: usize) -> impl Iterator<Item = Range<usize>> {
    let ends = memchr::memchr_iter(b'\n', &text[from..]).map(move |end| from + end + 1);
    let rest = text.last().filter(|last| **last != b'\n' && from < text.len()).map(|_| text.len());
    let mut start = from;
    ends.chain(rest).map(move |end| std::mem::replace(&mut start, end)..end)
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
    let ends = memchr::memrchr_iter(b'\n', &old[..common(old, new)]);
    ends.into_iter().nth(MARGIN).map_or(0, |end| end + 1)
}

/// The line that heads a hunk: the last one before it that begins like a function or a heading.
struct Header<'a> {
    line: &'a [u8],
    /// Everything before this byte has been looked at.
    seen: usize,
}

impl<'a> Header<'a> {
    fn move_to(&mut self, text: &'a [u8], hunk: usize) {
        let mut end = hunk;
        while end > self.seen {
            let start = memchr::memrchr(b'\n', &text[..end - 1]).map_or(0, |before| before + 1);
            let line = &text[start..end];
            if line[0].is_ascii_alphabetic() || line[0] == b'_' || line[0] == b'$' {
                self.line = line[..line.len().min(HEADER)].trim_ascii_end();
                break;
            }
            end = start;
        }
        self.seen = hunk;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(old: &str, new: &str) -> Vec<(u32, u32, u32, u32)> {
        let hunks = hunks(old.as_bytes(), new.as_bytes()).map(|hunk| hunk.at);
        hunks.map(|at| (at.old_start, at.old_lines, at.new_start, at.new_lines)).collect()
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
    fn the_enclosing_function_heads_a_hunk() {
        let old = "fn a() { \n    1\n    2\n}\n$x\n\n 3\n";
        let new = old.replace('2', "two").replace('3', "three");
        let headers: Vec<&[u8]> = hunks(old.as_bytes(), new.as_bytes()).map(|hunk| hunk.header).collect();
        assert_eq!(headers, [b"fn a() {" as &[u8], b"$x"]);
        let old = format!("{}\n 1\n", "f".repeat(200));
        let new = old.replace('1', "2");
        let hunk = hunks(old.as_bytes(), new.as_bytes()).next().unwrap();
        assert_eq!(hunk.header.len(), HEADER);
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

    #[test]
    fn only_lines_near_a_difference_are_numbered() {
        let line = |number: usize| format!("line {number}\n");
        let old: String = (0..10_000).map(line).collect();
        let new = old.replace(&line(5000), "another\n");
        let (old, new) = (old.as_bytes(), new.as_bytes());
        let tail = common_tail(old, new);
        let comparison =
            Comparison::of(&old[..old.len() - tail], &new[..new.len() - tail], common_head(old, new));
        assert!(comparison.before.len() < MARGIN + 2 + BLOCK / 9, "{}", comparison.before.len());
        assert!(!comparison.has_inner_matches());
    }

    proptest! {
        #[test]
        fn numbers_of_a_similar_text_are_those_of_any(old in text(), new in text(), head in text()) {
            let (old, new) = (format!("{head}{old}{head}"), format!("{head}{new}{head}"));
            for (old, new) in [(&old, &new), (&new, &old), (&head, &new), (&new, &head)] {
                let (mut one, mut other) = (Numbers::with_capacity(9), Numbers::with_capacity(9));
                let (numbers, starts) = one.of(old.as_bytes(), 0);
                prop_assert_eq!((&numbers, &starts), (&other.of(old.as_bytes(), 0).0, &other.of(old.as_bytes(), 0).1));
                let numbered = Numbered { text: old.as_bytes(), numbers: &numbers, starts: &starts };
                prop_assert_eq!(one.of_similar(new.as_bytes(), 0, &numbered), other.of(new.as_bytes(), 0));
                prop_assert_eq!(&one.lines, &other.lines);
            }
        }

        #[test]
        fn hunks_lead_from_the_old_text_to_the_new(old in text(), head in text(), tail in text(), new in text()) {
            let (old, new) = (format!("{head}{old}{tail}"), format!("{head}{new}{tail}"));
            let mut rebuilt = String::new();
            let mut rest: Vec<&str> = old.split_inclusive('\n').collect();
            let mut at = 0;
            for hunk in hunks(old.as_bytes(), new.as_bytes()) {
                let start = hunk.at.old_start as usize - usize::from(hunk.at.old_lines > 0);
                rebuilt.extend(rest.drain(..start - at));
                let removed: String = rest.drain(..hunk.at.old_lines as usize).collect();
                prop_assert_eq!(removed.as_bytes(), hunk.removed);
                at = start + hunk.at.old_lines as usize;
                prop_assert_eq!(count(hunk.added), hunk.at.new_lines);
                rebuilt.push_str(std::str::from_utf8(hunk.added).unwrap());
            }
            rebuilt.extend(rest);
            prop_assert_eq!(rebuilt.trim_end_matches('\n'), new.trim_end_matches('\n'));
        }
    }
}
