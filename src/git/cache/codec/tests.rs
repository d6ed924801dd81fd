use proptest::prelude::*;

use super::*;
use crate::model::{Hunk, Oid};

fn commit() -> Commit {
    let hunk = Hunk { old_start: 300, old_lines: 1, new_start: 70_000, new_lines: 2 };
    let mut words = WordSets::default();
    words.push(&[Word(7), Word(9_000_000)]);
    words.push(&[Word(7), Word(u32::MAX)]);
    let edits = Edits { hunks: [hunk; 2].into_iter().collect(), words, is_layout: true };
    let change = |kind: ChangeKind, content: Content| Change {
        path: "dir/ä.rs".to_owned(),
        old_path: (kind == ChangeKind::Renamed).then(|| "old".to_owned()),
        kind,
        blob: (kind != ChangeKind::Deleted).then_some(Oid([0xa7; 20])),
        content,
    };
    Commit {
        id: Oid([1; 20]),
        parents: vec![Oid([2; 20]), Oid([3; 20])],
        subject: "subject".to_owned(),
        body: "body\n\nTask: T1".to_owned(),
        trailers: vec![Trailer { key: "Task".to_owned(), value: "T1".to_owned() }],
        wording: Wording { words: vec![Word(7), Word(8)], count: 9 },
        author_time: -5,
        commit_time: 1_750_000_000,
        changes: vec![
            change(ChangeKind::Renamed, Content::Text(edits)),
            change(ChangeKind::Deleted, Content::Binary),
            change(ChangeKind::Added, Content::TooLarge),
            change(ChangeKind::TypeChanged, Content::None),
        ],
    }
}

fn again(bytes: &[u8]) -> Option<Commit> {
    within(&Limits::default(), bytes)
}

fn within(limits: &Limits, bytes: &[u8]) -> Option<Commit> {
    decode(bytes, (Oid([1; 20]), &[Oid([2; 20]), Oid([3; 20])], 1_750_000_000), None, limits)
}

#[test]
fn a_commit_comes_back_as_it_went_in() {
    let bytes = encode(&commit(), &Limits::default()).expect("bytes");
    assert_eq!(format!("{:?}", again(&bytes)), format!("{:?}", Some(commit())));
    for length in 0..bytes.len() {
        assert!(again(&bytes[..length]).is_none(), "{length} of {}", bytes.len());
    }
}

#[test]
fn messages_are_left_out_as_when_they_are_read() {
    let bytes = encode(&commit(), &Limits::default()).expect("bytes");
    for (name, is_kept) in [("T1", true), ("T2", false)] {
        let interest = Interest::of([]).in_names([name]);
        let mut read = commit();
        read.retain(&interest);
        let parents = [Oid([2; 20]), Oid([3; 20])];
        let known = (Oid([1; 20]), &parents[..], 1_750_000_000);
        let again = decode(&bytes, known, Some(&interest), &Limits::default());
        assert_eq!(format!("{again:?}"), format!("{:?}", Some(&read)));
        assert_eq!((read.body.is_empty(), read.trailers.len()), (!is_kept, usize::from(is_kept)));
    }
}

#[test]
fn words_that_nobody_looks_for_are_left_out() {
    let mut commit = commit();
    let Content::Text(edits) = &mut commit.changes[0].content else { panic!("a text") };
    let of = |text: &str| crate::words::Reader::default().read([text.as_bytes()], None).to_vec();
    edits.words = WordSets::default();
    edits.words.push(&of("clock moon"));
    edits.words.push(&of("moon"));
    commit.wording = Wording { words: of("a clock of the moon"), count: 2 };
    let bytes = encode(&commit, &Limits::default()).expect("bytes");
    let about = (Oid([1; 20]), &[][..], 0);
    let read = decode(&bytes, about, Some(&Interest::of(["a clock"])), &Limits::default()).expect("a commit");
    let Content::Text(edits) = &read.changes[0].content else { panic!("a text") };
    assert!(edits.words.iter().eq([of("clock"), Vec::new()]));
    assert_eq!(read.wording, Wording { words: of("clock"), count: 2 });
}

#[test]
fn a_few_bytes_tell_of_no_more_than_a_commit_may_take() {
    let limits = Limits { history_bytes: 8 << 14, ..Limits::default() };
    let bytes = encode(&Commit { changes: Vec::new(), ..commit() }, &limits).expect("bytes");
    let (start, none) = bytes.split_at(bytes.len() - 1);
    assert_eq!(none, [0], "no changes");
    // What comes, how often, and what of it there is room for.
    let text = [1, 0, 0, 0];
    let hunks = [vec![1, 0, 0, 0xff, 0x7f], vec![0; 5 * 0x3fff]].concat();
    for (what, times, fits) in [(&[0x61, 0][..], 2000, 100), (&text, 2000, 100), (&hunks, 1, 0)] {
        let of = |times: usize| {
            let mut writer = Writer { bytes: start.to_vec(), words: Vec::new(), room: Room::of(&limits) };
            writer.number(times);
            writer.bytes.extend(what.repeat(times));
            writer.bytes
        };
        assert!(within(&Limits::default(), &of(times)).is_some(), "{what:?}");
        assert!(within(&limits, &of(times)).is_none() && within(&limits, &of(fits)).is_some(), "{what:?}");
    }
}

#[test]
fn numbers_that_are_far_too_large_are_survived() {
    let limits = Limits::default();
    let none = encode(&Commit { changes: Vec::new(), ..commit() }, &limits).expect("bytes");
    let start = &none[..none.len() - 1];
    for before in [&[1, 1, 0, 0][..], &[1, 1, 0, 0, 1, 0, 0, 0, 0]] {
        let mut writer =
            Writer { bytes: [start, before].concat(), words: Vec::new(), room: Room::of(&limits) };
        writer.number(u64::MAX);
        writer.bytes.push(0);
        assert!(again(&writer.bytes).is_none(), "{before:?}");
    }
}

#[test]
fn what_there_is_no_room_for_is_not_written() {
    let mut large = commit();
    large.changes = (0..1000).map(|_| large.changes[0].clone()).collect();
    let limits = Limits { history_bytes: 8 << 14, ..Limits::default() };
    assert!(encode(&large, &Limits::default()).is_some());
    assert_eq!(encode(&large, &limits), None);
    assert!(encode(&commit(), &limits).is_some());
}

#[test]
fn what_was_missing_is_asked_for_again() {
    let mut commit = commit();
    commit.changes[1].content = Content::Missing;
    assert_eq!(encode(&commit, &Limits::default()), None);
}

proptest! {
    #[test]
    fn any_bytes_are_survived(place in 0_usize..200, byte in any::<u8>(), noise in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = encode(&commit(), &Limits::default()).expect("bytes");
        let place = place % bytes.len();
        bytes[place] = byte;
        let _ = again(&bytes);
        let _ = again(&noise);
    }
}
