use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::*;
use crate::model::{Change, ChangeKind, Content};
use crate::words::Wording;

struct Place {
    root: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { root: tempfile::tempdir().expect("a directory") }
    }

    fn open(&self, most_bytes: u64, way: &str) -> Cache {
        let options = CacheOptions { directory: self.root.path().join("cache"), most_bytes };
        Cache::open(&options, &Limits::default(), &[way.as_bytes()])
    }

    fn files(&self) -> Vec<PathBuf> {
        let folder = self.root.path().join("cache").join(FOLDER);
        let directories = fs::read_dir(&folder).into_iter().flatten().flatten();
        directories.flat_map(|directory| segment_files(&folder, &directory.path())).collect()
    }
}

fn node(number: u8) -> Node {
    Node {
        id: Oid([number; 20]),
        time: i64::from(number),
        parents: vec![Oid([number - 1; 20])],
        is_new: true,
        tree: None,
        commit: None,
    }
}

fn commit(number: u8) -> Commit {
    Commit {
        id: node(number).id,
        parents: node(number).parents,
        subject: format!("commit {number}"),
        body: "x".repeat(1000),
        trailers: Vec::new(),
        wording: Wording::default(),
        author_time: 7,
        commit_time: i64::from(number),
        changes: Vec::new(),
    }
}

fn fill(cache: Cache, numbers: impl IntoIterator<Item = u8>) {
    for number in numbers {
        cache.add(vec![Entry::of(&node(number), Some(&commit(number)), &Limits::default())]);
    }
    cache.finish();
}

#[test]
fn after_a_failure_nothing_more_is_written() {
    let place = Place::new();
    let cache = place.open(1 << 20, "way");
    let in_the_way = place.root.path().join("cache");
    fs::write(&in_the_way, "").expect("a file");
    cache.add(vec![Entry::of(&node(1), Some(&commit(1)), &Limits::default())]);
    fs::remove_file(&in_the_way).expect("removed");
    fill(cache, [2]);
    assert!(place.files().is_empty(), "a part would stand for all");
    fill(place.open(1 << 20, "way"), [2]);
    assert_eq!(known(&place.open(1 << 20, "way")), [2]);
}

fn known(cache: &Cache) -> Vec<u8> {
    (1..=255).filter(|number| cache.commit(Oid([*number; 20]), None).is_some()).collect()
}

#[test]
fn commits_come_back_in_the_next_run() {
    let place = Place::new();
    let first = place.open(1 << 20, "a");
    assert!(place.files().is_empty(), "looking leaves nothing behind");
    first.add(vec![Entry::of(&node(3), None, &Limits::default())]);
    fill(first, 1..=2);
    let second = place.open(1 << 20, "a");
    assert_eq!(format!("{:?}", second.commit(Oid([2; 20]), None)), format!("{:?}", Some(commit(2))));
    let passed = Node { is_new: false, ..node(3) };
    assert_eq!(
        (second.node(Oid([3; 20])), second.commit(Oid([3; 20]), None).is_none()),
        (Some(passed), true)
    );
    fill(second, [3]);
    let third = place.open(1 << 20, "a");
    assert_eq!(known(&third), [1, 2, 3], "a commit that was walked over before is known in full now");
    assert_eq!(known(&place.open(1 << 20, "b")), [0_u8; 0], "another way of reading shares nothing");
    third.finish();
    assert_eq!(place.files().len(), 2, "without news, nothing is written");
}

#[test]
fn damage_costs_what_is_damaged_and_heals() {
    let place = Place::new();
    fill(place.open(1 << 20, "a"), 1..=2);
    let file = place.files().remove(0);
    let whole = fs::read(&file).expect("a segment");
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        fs::write(&file, &bytes).expect("written");
        let found = place.open(1 << 20, "a");
        for number in known(&found) {
            assert_eq!(
                format!("{:?}", found.commit(Oid([number; 20]), None)),
                format!("{:?}", Some(commit(number))),
                "byte {at}"
            );
        }
        assert!(known(&found).len() < 2, "byte {at} went unnoticed");
    }
    fs::write(&file, &whole[..whole.len() / 2]).expect("written");
    assert_eq!(known(&place.open(1 << 20, "a")), [0_u8; 0]);
    assert!(!file.exists(), "a segment without its end is removed");
    fill(place.open(1 << 20, "a"), 1..=2);
    assert_eq!(known(&place.open(1 << 20, "a")), [1, 2]);
}

#[test]
fn many_small_segments_become_one() {
    let place = Place::new();
    for number in 1..=40 {
        fill(place.open(1 << 20, "a"), [number]);
        assert!(place.files().len() <= MOST_SEGMENTS);
    }
    assert_eq!(known(&place.open(1 << 20, "a")), (1..=40).collect::<Vec<u8>>());
}

#[test]
fn the_oldest_go_when_it_grows_too_large() {
    let place = Place::new();
    for (number, way) in (1..=6).zip(["a", "b"].into_iter().cycle()) {
        fill(place.open(4000, way), [number]);
        let file = place
            .files()
            .into_iter()
            .max_by_key(|file| fs::metadata(file).and_then(|data| data.modified()).ok());
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1000 * u64::from(number));
        fs::File::options()
            .write(true)
            .open(file.expect("a file"))
            .and_then(|file| file.set_modified(time))
            .expect("a time");
    }
    let total: u64 =
        place.files().iter().filter_map(|file| fs::metadata(file).ok()).map(|data| data.len()).sum();
    assert!(total <= 4000, "{total}");
    assert_eq!((known(&place.open(4000, "a")), known(&place.open(4000, "b"))), (vec![5], vec![4, 6]));
}

#[test]
fn processes_do_not_disturb_each_other() {
    let place = Place::new();
    let (one, two) = (place.open(1 << 20, "a"), place.open(1 << 20, "a"));
    fill(one, 1..=2);
    fill(two, 2..=3);
    let both = place.open(1 << 20, "a");
    assert_eq!((known(&both), place.files().len()), (vec![1, 2, 3], 2));
}

#[test]
fn what_could_not_be_read_is_not_kept() {
    let place = Place::new();
    let mut broken = commit(1);
    broken.changes.push(Change {
        path: "a".to_owned(),
        old_path: None,
        kind: ChangeKind::Added,
        blob: None,
        content: Content::Missing,
    });
    let cache = place.open(1 << 20, "a");
    cache.add(vec![Entry::of(&node(1), Some(&broken), &Limits::default())]);
    cache.finish();
    assert_eq!(known(&place.open(1 << 20, "a")), [0_u8; 0]);
}

#[test]
fn a_directory_that_cannot_be_written_is_no_error() {
    let place = Place::new();
    fs::write(place.root.path().join("cache"), "a file").expect("written");
    fill(place.open(1 << 20, "a"), [1]);
}

/// Files as old as can be: the first to go.
fn precious(directory: &Path, names: &[&str]) {
    fs::create_dir_all(directory).expect("a directory");
    for name in names {
        let path = directory.join(name);
        fs::write(&path, "precious".repeat(1000)).expect("a file");
        let file = fs::File::options().write(true).open(path).expect("the file");
        file.set_modified(SystemTime::UNIX_EPOCH).expect("a time");
    }
}

fn count(directory: &Path) -> usize {
    fs::read_dir(directory).expect("a directory").count()
}

#[test]
fn what_does_not_look_like_ours_stays() {
    let place = Place::new();
    let other = place.root.path().join("cache").join(FOLDER).join("other");
    let names =
        ["notes.txt", "x1.segment", "+1.segment", ".segment", "1segment", "a draft-", "2.segment.old"];
    precious(&other, &names);
    precious(&other, &["1.segment", "draft-x"]);
    fill(place.open(100, "a"), [1]);
    assert_eq!(count(&other), names.len(), "what is ours went");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let place = Place::new();
    let (victim, cache) = (place.root.path().join("victim"), place.root.path().join("cache"));
    let names = ["1.segment", "draft-thesis.md"];
    precious(&victim.join("docs"), &names);
    precious(&victim, &names);
    let way = place.open(100, "a").directory;
    let way = way.file_name().expect("a name");
    fs::create_dir_all(cache.join(FOLDER)).expect("a folder");
    symlink(&victim, cache.join(FOLDER).join("elsewhere")).expect("a link");
    symlink(victim.join("docs"), cache.join(FOLDER).join(way)).expect("a link");
    fill(place.open(100, "a"), [1]);
    fill(place.open(100, "b"), [1]);
    fs::remove_dir_all(cache.join(FOLDER)).expect("removed");
    symlink(&victim, cache.join(FOLDER)).expect("a link");
    fill(place.open(100, "a"), [1]);
    assert_eq!((count(&victim.join("docs")), count(&victim)), (2, 3), "nothing came and nothing went");
}

#[test]
fn no_more_commits_are_known_than_are_walked_over() {
    let place = Place::new();
    let options = CacheOptions::new(place.root.path().join("cache"));
    let open = |history_bytes| {
        let limits = Limits { history_bytes, ..Limits::default() };
        Cache::open(&options, &limits, &[b"a"])
    };
    fill(open(1 << 20), 1..=9);
    assert_eq!((known(&open(1 << 20)).len(), known(&open(2000)).len()), (9, 0));
    assert_eq!(known(&place.open(1 << 20, "a")).len(), 9, "it stays for whoever has more room");
}
