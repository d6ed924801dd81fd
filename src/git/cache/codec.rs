//! Commits as bytes.
//!
//! The words of a commit stand in one list, and each hunk says which of them it has: most are in many hunks, and whoever
//! reads for certain words has to look up each once.
//!
//! What is written here takes no more than a commit may take that is read, and no more is read than that, whoever wrote it.

use crate::git::limits::{Limits, Room};
use crate::model::{Change, ChangeKind, Commit, Content, Edits, Hunks, Oid, Trailer};
use crate::varint;
use crate::words::{Interest, Word, WordSets, Wording};

/// Bytes of the largest record.
pub(super) fn most_of_record(limits: &Limits) -> u64 {
    limits.commit_bytes().min(u32::MAX.into())
}

/// What is in a commit beside its id, parents and committer time, which are kept elsewhere. `None` if
/// something could not be read when it was extracted: another time it may be. Likewise if [`decode`] has no room for it.
pub(super) fn encode(commit: &Commit, limits: &Limits) -> Option<Vec<u8>> {
    let mut writer = Writer { bytes: Vec::new(), words: words(commit), room: Room::of(limits) };
    writer.fixed(commit.author_time);
    writer.text(&commit.subject);
    writer.text(&commit.body);
    writer.number(commit.trailers.len());
    for trailer in &commit.trailers {
        writer.room.take(trailer.key.as_bytes()).ok()?;
        writer.text(&trailer.key);
        writer.text(&trailer.value);
    }
    writer.dictionary();
    writer.number(commit.wording.count);
    writer.word_set(&commit.wording.words)?;
    writer.number(commit.changes.len());
    commit.changes.iter().try_for_each(|change| writer.change(change))?;
    Some(writer.bytes).filter(|bytes| bytes.len() as u64 <= most_of_record(limits))
}

/// The words of the message and of all changes, each once, in rising order.
fn words(commit: &Commit) -> Vec<Word> {
    let edits = commit.changes.iter().filter_map(|change| match &change.content {
        Content::Text(edits) => Some(edits.words.words()),
        _ => None,
    });
    let mut words: Vec<Word> = edits.flatten().chain(&commit.wording.words).copied().collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// The commit again, with the words of interest, given its id, parents and committer time; `None` if the bytes are not
/// what [`encode`] writes within the same `limits`.
pub(super) fn decode(
    bytes: &[u8],
    (id, parents, commit_time): (Oid, &[Oid], i64),
    interest: Option<&Interest>,
    limits: &Limits,
) -> Option<Commit> {
    let mut reader = Reader { bytes, words: Vec::new(), room: Room::of(limits) };
    let (author_time, subject) = (reader.fixed()?, reader.text()?.to_owned());
    let (body, trailers) = reader.message(interest)?;
    let commit = Commit {
        id,
        parents: parents.to_vec(),
        commit_time,
        author_time,
        subject,
        body,
        trailers,
        wording: {
            reader.words = reader.dictionary(interest)?;
            let count = reader.small()?;
            let mut words = Vec::new();
            reader.word_set(|word| words.push(word))?;
            let mut wording = Wording { words, count };
            if let Some(interest) = interest {
                wording.retain(interest);
            }
            wording
        },
        changes: reader.list(Reader::change)?,
    };
    reader.bytes.is_empty().then_some(commit)
}

const KINDS: [ChangeKind; 6] = [
    ChangeKind::Added,
    ChangeKind::Modified,
    ChangeKind::Deleted,
    ChangeKind::Renamed,
    ChangeKind::Copied,
    ChangeKind::TypeChanged,
];

/// Bits of the byte that a change begins with: three for its kind, then these, then its content.
const HAS_OLD_PATH: u8 = 1 << 3;
const HAS_BLOB: u8 = 1 << 4;
const CONTENT: u32 = 5;
/// Within a text: nothing but white space differs.
const IS_LAYOUT: u8 = 1;

struct Writer {
    bytes: Vec<u8>,
    /// All words, rising.
    words: Vec<Word>,
    /// What the reader will have.
    room: Room,
}

impl Writer {
    fn fixed(&mut self, value: i64) {
        self.bytes.extend(value.to_le_bytes());
    }

    fn number(&mut self, value: impl TryInto<u64>) {
        varint::put(&mut self.bytes, value.try_into().unwrap_or(u64::MAX));
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn change(&mut self, change: &Change) -> Option<()> {
        let kind = KINDS.iter().position(|kind| *kind == change.kind)?;
        let content = match change.content {
            Content::Text(_) => 0,
            Content::Binary => 1,
            Content::TooLarge => 2,
            Content::None => 3,
            Content::Missing => return None,
        };
        let old = if change.old_path.is_some() { HAS_OLD_PATH } else { 0 };
        let blob = if change.blob.is_some() { HAS_BLOB } else { 0 };
        self.bytes.push(u8::try_from(kind).ok()? | old | blob | content << CONTENT);
        self.room.take(change.path.as_bytes()).ok()?;
        self.text(&change.path);
        if let Some(old) = &change.old_path {
            self.room.take(old.as_bytes()).ok()?;
            self.text(old);
        }
        if let Some(blob) = &change.blob {
            self.bytes.extend(blob.0);
        }
        if let Content::Text(edits) = &change.content {
            self.edits(edits)?;
        }
        Some(())
    }

    fn edits(&mut self, edits: &Edits) -> Option<()> {
        self.room.hunks(edits.hunks.len()).ok()?;
        self.bytes.push(if edits.is_layout { IS_LAYOUT } else { 0 });
        self.number(edits.hunks.len());
        self.bytes.extend_from_slice(edits.hunks.as_bytes());
        let sets = edits.words.iter().chain(std::iter::repeat(&[][..]));
        sets.take(edits.hunks.len()).try_for_each(|words| self.word_set(words))
    }

    /// A rising set, as places in the dictionary.
    fn word_set(&mut self, words: &[Word]) -> Option<()> {
        self.room.words(words.len()).ok()?;
        self.number(words.len());
        let mut next = 0;
        for word in words {
            let place = self.words.partition_point(|known| known < word);
            self.number(place - next);
            next = place;
        }
        Some(())
    }

    fn dictionary(&mut self) {
        self.number(self.words.len());
        let numbers = self.words.iter().flat_map(|word| word.0.to_le_bytes());
        self.bytes.extend(numbers);
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    /// All words, and whether each is of interest.
    words: Vec<(Word, bool)>,
    /// A few bytes may tell of a million changes.
    room: Room,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    fn fixed(&mut self) -> Option<i64> {
        Some(i64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    fn number(&mut self) -> Option<u64> {
        varint::take(&mut self.bytes)
    }

    fn small(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    /// Body and trailers as [`Commit::retain_message`] leaves them.
    fn message(&mut self, interest: Option<&Interest>) -> Option<(String, Vec<Trailer>)> {
        let body = self.text()?;
        let trailers = self.list(Self::trailer)?;
        let is_said = |text| interest.is_none_or(|interest| interest.is_said_in(text));
        if !is_said(body) && !trailers.iter().any(|(_, value)| is_said(value)) {
            return Some(Default::default());
        }
        let owned = |(key, value): (&str, &str)| Trailer { key: key.to_owned(), value: value.to_owned() };
        Some((body.to_owned(), trailers.into_iter().map(owned).collect()))
    }

    /// A number of items. Each takes a byte at least, so that a wrong number asks for no memory.
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = usize::try_from(self.number()?).ok().filter(|count| *count <= self.bytes.len())?;
        let mut items = Vec::with_capacity(count.min(1 << 12));
        for _ in 0..count {
            items.push(item(self)?);
        }
        Some(items)
    }

    fn trailer(&mut self) -> Option<(&'a str, &'a str)> {
        let (key, value) = (self.text()?, self.text()?);
        self.room.take(key.as_bytes()).ok()?;
        Some((key, value))
    }

    fn path(&mut self) -> Option<String> {
        let path = self.text()?;
        self.room.take(path.as_bytes()).ok()?;
        Some(path.to_owned())
    }

    fn change(&mut self) -> Option<Change> {
        let first = self.byte()?;
        Some(Change {
            kind: *KINDS.get(usize::from(first & 7))?,
            path: self.path()?,
            old_path: if first & HAS_OLD_PATH == 0 { None } else { Some(self.path()?) },
            blob: match first & HAS_BLOB {
                0 => None,
                _ => Some(Oid::from_slice(self.take(20)?)?),
            },
            content: match first >> CONTENT {
                0 => Content::Text(self.edits()?),
                1 => Content::Binary,
                2 => Content::TooLarge,
                3 => Content::None,
                _ => return None,
            },
        })
    }

    fn dictionary(&mut self, interest: Option<&Interest>) -> Option<Vec<(Word, bool)>> {
        let count = usize::try_from(self.number()?).ok()?;
        let (words, _) = self.take(count.checked_mul(4)?)?.as_chunks();
        let word = |bytes: &[u8; 4]| {
            let word = Word(u32::from_le_bytes(*bytes));
            (word, interest.is_none_or(|interest| interest.contains(word)))
        };
        Some(words.iter().map(word).collect())
    }

    fn edits(&mut self) -> Option<Edits> {
        let is_layout = self.byte()? == IS_LAYOUT;
        let count = usize::try_from(self.number()?).ok()?;
        self.room.hunks(count).ok()?;
        let hunks = Hunks::take(&mut self.bytes, count)?;
        let (mut words, mut wanted) = (WordSets::default(), Vec::new());
        for _ in 0..count {
            wanted.clear();
            self.word_set(|word| wanted.push(word))?;
            words.push(&wanted);
        }
        words.shrink_to_fit();
        Some(Edits { hunks, words, is_layout })
    }

    /// The words of a set that are of interest.
    fn word_set(&mut self, mut found: impl FnMut(Word)) -> Option<()> {
        let count = self.number()?;
        self.room.words(usize::try_from(count).ok()?).ok()?;
        let mut place = 0_usize;
        for _ in 0..count {
            place = place.checked_add(self.small()? as usize)?;
            let (word, is_wanted) = *self.words.get(place)?;
            if is_wanted {
                found(word);
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;
