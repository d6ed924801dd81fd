//! Git is the oracle: every object of a repository, ours against `git cat-file --batch`.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use super::super::{Kind, Libgit2, Misses};
use super::*;

/// Enough for every object of these repositories.
const ALL: u64 = 1 << 30;

fn git(dir: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("git")
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"])
        .args(arguments)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A repository of one pack with long chains of deltas; number of commits.
fn packed(dir: &Path) -> usize {
    git(dir, &["init", "-q", "-b", "main"]);
    let commits = 40;
    for number in 0..commits {
        for file in 0..4 {
            let line = |line: usize| format!("line {line} of {file}, changed {}\n", number / (line % 9 + 1));
            let text: String = (0..400).map(line).collect();
            std::fs::write(dir.join(format!("file{file}")), text).expect("written");
        }
        std::fs::write(dir.join("noise"), vec![u8::try_from(number).unwrap(); 3000 * number])
            .expect("written");
        git(dir, &["add", "-A"]);
        git(dir, &["commit", "-q", "-m", &format!("step {number}")]);
    }
    git(dir, &["tag", "-a", "-m", "a tag", "v1"]);
    git(dir, &["repack", "-q", "-a", "-d", "-f", "--depth=50", "--window=20"]);
    commits
}

/// Compares every object, and returns how many there are and how many entries were inflated.
fn compare(dir: &Path) -> (u64, u64) {
    let repo = git2::Repository::open(dir).expect("a repository");
    let packs = Packs::of(repo.commondir().join("objects"));
    let (recent, mut desk) = (Recent::of_threads(1), Desk::default());
    recent.allow(64 << 20);
    let misses = Misses::default();
    let mut ours = Packed::new(&packs, Libgit2::new(&repo, &misses), &recent, &mut desk);
    let mut oracle = Command::new("git")
        .args(["cat-file", "--batch", "--batch-all-objects"])
        .current_dir(dir)
        .stdout(Stdio::piped())
        .spawn()
        .expect("git runs");
    let mut theirs = BufReader::new(oracle.stdout.take().expect("its output"));
    let (mut count, mut header) = (0, String::new());
    while theirs.read_line(&mut header).expect("a header") > 0 {
        let fields: Vec<&str> = header.split_whitespace().collect();
        let id = Oid::from_hex(fields[0].as_bytes()).expect("an id");
        let mut content = vec![0; fields[2].parse::<usize>().expect("a size") + 1];
        theirs.read_exact(&mut content).expect("content");
        content.pop();
        match ours.read(id, ALL) {
            Found::Object(kind, found) => {
                assert_eq!(format!("{kind:?}").to_lowercase(), fields[1], "{id}");
                assert!(*found == content, "content of {id}");
            }
            other => panic!("{id}: {other:?}"),
        }
        count += 1;
        header.clear();
    }
    assert!(oracle.wait().expect("its end").success());
    (count, desk.inflated)
}

#[test]
fn every_object_is_what_git_says() {
    let scratch = tempfile::tempdir().expect("a directory");
    packed(scratch.path());
    let (count, inflated) = compare(scratch.path());
    assert!(count > 200, "{count}");
    // The guard against reading chains of deltas again and again.
    assert!(inflated <= count, "{inflated} entries inflated for {count} objects");
}

/// `TASKPROOF_REPO=DIR cargo test --release --lib every_object_of_a_given -- --ignored`
#[test]
#[ignore = "reads a repository that is given in the environment"]
fn every_object_of_a_given_repository_is_what_git_says() {
    let dir = std::env::var_os("TASKPROOF_REPO").expect("TASKPROOF_REPO names a repository");
    let (count, inflated) = compare(Path::new(&dir));
    assert!(count > 0 && inflated > 0);
}

#[test]
fn packs_may_be_replaced_while_they_are_read() {
    let scratch = tempfile::tempdir().expect("a directory");
    let dir = scratch.path();
    packed(dir);
    let repo = git2::Repository::open(dir).expect("a repository");
    let packs = Packs::of(repo.commondir().join("objects"));
    let (recent, mut desk) = (Recent::of_threads(1), Desk::default());
    recent.allow(1 << 20);
    let misses = Misses::default();
    let mut store = Packed::new(&packs, Libgit2::new(&repo, &misses), &recent, &mut desk);
    let ids: Vec<Oid> = packs.all()[0].index.ids().collect();
    assert!(matches!(store.read(ids[0], ALL), Found::Object(..)));
    std::fs::write(dir.join("new"), "new\n").expect("written");
    git(dir, &["add", "-A"]);
    git(dir, &["commit", "-q", "-m", "new"]);
    let new = Oid::from_hex(git(dir, &["rev-parse", "HEAD:new"]).trim_ascii_end()).expect("an id");
    git(dir, &["repack", "-q", "-a", "-d", "-f", "--depth=1"]);
    assert!(ids.iter().all(|id| matches!(store.read(*id, ALL), Found::Object(..))));
    assert_eq!(store.read(new, ALL), Found::Object(Kind::Blob, Arc::new(b"new\n".to_vec())));
}

/// A store that says which objects it was asked for.
#[derive(Default)]
struct Asked(Vec<Oid>);

impl ObjectStore for Asked {
    fn read(&mut self, id: Oid, _: u64) -> Found {
        self.0.push(id);
        Found::Missing
    }
}

/// Writes a pack of entries, each given as kind, size and content, with ids of their number.
fn write_pack(dir: &Path, entries: &[(u8, usize, Vec<u8>)]) {
    let mut pack = b"PACK\0\0\0\x02\0\0\0\0".to_vec();
    let mut offsets = Vec::new();
    for (kind, size, content) in entries {
        offsets.push(u32::try_from(pack.len()).unwrap());
        let mut rest = size >> 4;
        let mut byte = kind << 4 | u8::try_from(size & 0x0f).unwrap();
        while rest > 0 {
            pack.push(byte | 0x80);
            byte = u8::try_from(rest & 0x7f).unwrap();
            rest >>= 7;
        }
        pack.push(byte);
        pack.extend(content);
    }
    let mut index = vec![0xff, b't', b'O', b'c', 0, 0, 0, 2];
    for first in 0..256 {
        index.extend(u32::try_from(entries.len().min(first + 1)).unwrap().to_be_bytes());
    }
    (0..entries.len()).for_each(|number| index.extend([u8::try_from(number).unwrap(); 20]));
    index.extend(vec![0; 4 * entries.len()]);
    for offset in offsets {
        index.extend(offset.to_be_bytes());
    }
    index.extend([0; 40]);
    let packs = dir.join("pack");
    std::fs::create_dir_all(&packs).expect("a directory");
    std::fs::File::create(packs.join("pack-x.pack"))
        .and_then(|mut file| file.write_all(&pack))
        .expect("written");
    std::fs::write(packs.join("pack-x.idx"), index).expect("written");
}

fn deflate(content: &[u8]) -> Vec<u8> {
    let mut packer = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
    let mut out = vec![0; packer.zlib_compress_bound(content.len())];
    let length = packer.zlib_compress(content, &mut out).expect("compressed");
    out.truncate(length);
    out
}

/// A delta against the object of twenty times `base` that repeats its base of `size` bytes `times` over.
fn repeated(base: u8, size: usize, times: usize) -> (u8, usize, Vec<u8>) {
    let number = |mut value: usize| {
        let mut bytes = Vec::new();
        while value >= 0x80 {
            bytes.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
            value >>= 7;
        }
        bytes.push(u8::try_from(value).unwrap());
        bytes
    };
    let mut delta = [number(size), number(size * times)].concat();
    let length = u32::try_from(size).unwrap().to_le_bytes();
    (0..times).for_each(|_| delta.extend([0xf0, length[0], length[1], length[2]]));
    (7, delta.len(), [vec![base; 20], deflate(&delta)].concat())
}

#[test]
fn bombs_do_not_go_off() {
    let scratch = tempfile::tempdir().expect("a directory");
    let start = vec![b'x'; 1000];
    // Each is 200 times the one before: 1 kB, 200 kB, 40 MB, 8 GB. And a delta that is its own base.
    let bomb = [
        (3, start.len(), deflate(&start)),
        repeated(0, 1000, 200),
        repeated(1, 200_000, 200),
        repeated(2, 40_000_000 % (1 << 24), 200),
        repeated(4, 1000, 1),
        // Says that it is small, and is not.
        (3, 10, deflate(&start)),
    ];
    write_pack(scratch.path(), &bomb);
    let packs = Packs::of(scratch.path().to_path_buf());
    let (recent, mut desk) = (Recent::of_threads(1), Desk::default());
    recent.allow(1 << 20);
    let mut store = Packed::new(&packs, Asked::default(), &recent, &mut desk);
    let id = |number: u8| Oid([number; 20]);
    assert_eq!(store.read(id(0), 1000), Found::Object(Kind::Blob, Arc::new(start)));
    assert!(matches!(store.read(id(1), 200_000), Found::Object(_, content) if content.len() == 200_000));
    assert_eq!(store.read(id(1), 199_999), Found::TooLarge);
    assert_eq!(store.read(id(2), 1 << 20), Found::TooLarge);
    assert_eq!(store.read(id(3), u64::MAX), Found::TooLarge);
    assert_eq!((store.read(id(4), 1 << 20), store.read(id(5), 1 << 20)), (Found::Missing, Found::Missing));
    assert_eq!(store.others.0, [id(4), id(5)], "what is odd is left to the other store");
}

#[test]
fn directories_that_name_each_other_are_looked_into_once() {
    let scratch = tempfile::tempdir().expect("a directory");
    let [one, other] = ["one", "other"].map(|name| scratch.path().join(name));
    let names: Vec<String> =
        (0..100).map(|number| format!("{}../one\n../other\n", "./".repeat(number))).collect();
    for directory in [&one, &other] {
        std::fs::create_dir_all(directory.join("info")).expect("a directory");
        std::fs::write(directory.join("info/alternates"), names.concat()).expect("written");
    }
    assert_eq!(directories(&one).len(), 2);
    assert!(directories(&scratch.path().join("none")).is_empty());
}
