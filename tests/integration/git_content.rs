//! Files of commits and of the index, compared with git.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use taskproof::git::{Contents, Extraction, Repository, TreeEntry};
use taskproof::model::{Listing, Oid};

use crate::support::git::{Git, lines};

fn contents(git: &Git) -> Contents {
    Contents::new(&Repository::open(&git.root).expect("a repository"), &Extraction::default())
}

/// Files, a symlink, another repository, names that are not UTF-8, and a history with a merge.
fn project() -> Git {
    let git = Git::init();
    git.write("a.rs", lines("a", 200));
    git.write("dir/deep/b.rs", lines("b", 40));
    git.write("dir.rs", "beside the directory\n");
    git.write(OsStr::from_bytes(b"dir/caf\xe9.txt"), "latin\n");
    git.write("dir/größe.txt", "utf-8\n");
    git.symlink("link", "dir/deep");
    git.run(["init", "-q", "other"]);
    git.run(["-C", "other", "commit", "-q", "--allow-empty", "-m", "another's"]);
    git.commit("first");
    git.run(["checkout", "-q", "-b", "side"]);
    git.write("dir/deep/b.rs", lines("b", 41));
    git.write("a.rs", lines("ours", 3));
    git.commit("on the side");
    git.run(["checkout", "-q", "main"]);
    git.remove("dir.rs");
    git.write("dir.rs/now", "a directory\n");
    git.write("a.rs", lines("theirs", 4));
    git.commit("on main");
    git.run(["merge", "-q", "-s", "ours", "-m", "both", "side"]);
    git
}

/// Lines of git, which end with zeros, that say a blob and, after a tab, a path: as a listing has them.
fn said(git: &Git, args: &[&str], blob: usize) -> Vec<(String, String)> {
    let bytes = git.bytes(args.iter().copied());
    let lines =
        bytes.split(|&byte| byte == 0).filter(|line| !line.is_empty() && !line.starts_with(b"160000 "));
    let fields = lines.map(|line| {
        let tab = line.iter().position(|&byte| byte == b'\t').expect("a path");
        let facts = str::from_utf8(&line[..tab]).expect("facts");
        let path = str::from_utf8(&line[tab + 1..]).unwrap_or(NOT_UTF8);
        (path.to_owned(), facts.split_whitespace().nth(blob).expect("a blob").to_owned())
    });
    let mut said: Vec<_> = fields.collect();
    said.sort();
    said.dedup_by(|later, first| later.0 == first.0);
    said
}

fn listed(listing: &Listing) -> Vec<(String, String)> {
    (0..listing.len()).map(|at| (listing.path(at).to_owned(), listing.blob(at).to_hex())).collect()
}

/// How git quotes the one path that is not UTF-8.
const NOT_UTF8: &str = r#""dir/caf\351.txt""#;

fn index(git: &Git) -> Vec<(String, String)> {
    said(git, &["ls-files", "-s", "-z"], 1)
}

#[test]
fn commits_have_the_files_that_git_lists() {
    let git = project();
    for packed in [false, true] {
        if packed {
            git.run(["repack", "-q", "-a", "-d", "-f"]);
        }
        let contents = contents(&git);
        for revision in ["HEAD", "HEAD~1", "side", "HEAD~2"] {
            let commit = git.id(revision);
            let theirs = said(&git, &["ls-tree", "-r", "-z", revision], 2);
            assert_eq!(listed(&contents.files(&commit).expect("a tree")), theirs, "{revision}");
            for (path, blob) in theirs.iter().filter(|(path, _)| !path.starts_with('"')) {
                let blob = Oid::from_hex(blob).expect("an id");
                assert_eq!(contents.entry(&commit, path), TreeEntry::Blob(blob), "{path}");
                let text = git.bytes(["cat-file", "blob", &blob.to_hex()]);
                assert_eq!(contents.read(&blob, text.len()), Some(text.clone()), "{path}");
                assert_eq!(contents.read(&blob, text.len() - 1), None, "{path} is larger");
            }
            for nothing in ["dir", "other", "a.rs/x", "dir/", "", "nowhere"] {
                assert_eq!(contents.entry(&commit, nothing), TreeEntry::Absent, "{nothing}");
            }
        }
        let none = Oid([0x11; 20]);
        assert_eq!(contents.entry(&none, "a.rs"), TreeEntry::Missing);
        assert!(!contents.has_commit(&none) && contents.files(&none).is_none());
    }
}

#[test]
fn a_part_of_a_directory_is_no_directory() {
    let git = project();
    let tree = git.bytes(["cat-file", "tree", "HEAD^{tree}"]);
    git.write("../damaged", &tree[..tree.len() - 13]);
    let damaged = git.run(["hash-object", "-t", "tree", "-w", "--literally", "../damaged"]);
    let commit = git.run(["commit-tree", "-m", "damaged", &damaged]);
    let commit = Oid::from_hex(commit).expect("an id");
    let contents = contents(&git);
    assert!(contents.has_commit(&commit));
    assert_eq!(contents.entry(&commit, "a.rs"), TreeEntry::Missing, "nobody knows what else it had");
    assert!(contents.files(&commit).is_none() && contents.changes(&git.id("HEAD"), &commit).is_none());
}

#[test]
fn changes_are_those_of_git() {
    let git = project();
    let contents = contents(&git);
    for (from, to) in [("HEAD~2", "HEAD"), ("side", "HEAD~1"), ("HEAD", "HEAD")] {
        let text = git.run(["diff-tree", "-r", "--no-renames", "--abbrev=40", from, to]);
        let change = |line: &str| {
            let (facts, path) = line.split_once('\t')?;
            let facts: Vec<&str> = facts.split_whitespace().collect();
            let blob = |id: &str| Oid::from_hex(id).filter(|id| *id != Oid::default());
            Some((path.to_owned(), blob(facts[2]), blob(facts[3])))
        };
        let mut theirs: Vec<_> = text.lines().filter_map(change).collect();
        theirs.sort();
        let (from, to) = (git.id(from), git.id(to));
        assert_eq!(contents.changes(&from, &to).expect("trees"), theirs);
    }
}

#[test]
fn the_line_of_first_parents_is_that_of_git() {
    let git = project();
    let contents = contents(&git);
    let theirs: Vec<Oid> =
        git.run(["rev-list", "--first-parent", "HEAD"]).lines().filter_map(Oid::from_hex).collect();
    assert_eq!(contents.first_parents(&git.id("HEAD"), None, 10), theirs);
    assert_eq!(contents.first_parents(&git.id("HEAD"), None, 2), theirs[..2]);
    let fork = git.id("HEAD~2");
    assert_eq!(contents.first_parents(&git.id("HEAD"), Some(&git.id("side")), 10).last(), Some(&fork));
}

#[test]
fn the_index_lists_what_git_lists_however_it_is_written() {
    let git = project();
    let agree = |why: &str| {
        assert_eq!(listed(&contents(&git).indexed(None).expect("an index")), index(&git), "{why}");
    };
    agree("as it is");
    for version in ["4", "2"] {
        git.run(["update-index", "--index-version", version]);
        agree(version);
    }
    git.write("new", "not staged in full\n");
    git.run(["add", "--intent-to-add", "new"]);
    agree("more flags");
    git.run(["rm", "-q", "--cached", "new"]);
    git.run(["update-index", "--split-index"]);
    git.write("more", "in the other half\n");
    git.run(["add", "more"]);
    assert_eq!(contents(&git).indexed(None), None, "neither libgit2 nor we read a split one, and say so");
    git.run(["update-index", "--no-split-index"]);
    git.run(["rm", "-q", "--cached", "more"]);
    agree("whole again");
    git.run(["read-tree", "-m", "HEAD~2", "HEAD~1", "side"]);
    assert!(git.run(["ls-files", "-u"]).contains("a.rs"), "a conflict");
    agree("a conflict");
    std::fs::write(git.root.join(".git/index"), "DIRC and nothing more").expect("damaged");
    assert_eq!(contents(&git).indexed(None), None);
    std::fs::remove_file(git.root.join(".git/index")).expect("removed");
    agree("none");
}
