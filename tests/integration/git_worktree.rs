//! Uncommitted changes and reach are those that git itself reports.

use std::collections::BTreeSet;

use taskproof::git::{Limits, Worktree, reach, uncommitted};
use taskproof::model::{Change, ChangeKind, Content, Patch};

use crate::support::git::{Git, lines};
use crate::support::oracle::{Named, named, parse_names, sections};

fn read(git: &Git) -> Worktree {
    uncommitted(&git.open(), None, &Limits::default()).expect("the work tree")
}

fn of<'a>(worktree: &'a Worktree, path: &str) -> &'a Change<Patch> {
    let found = worktree.changes.iter().find(|change| change.path == path);
    found.unwrap_or_else(|| panic!("{path} among {:?}", worktree.changes))
}

/// Tracked changes by `git diff HEAD`, untracked files by `git status`.
fn agree(git: &Git) -> Worktree {
    let worktree = read(git);
    let args = ["diff", "--name-status", "-z", "-M", "-C", "--ignore-submodules=dirty", "HEAD"];
    let mut theirs: BTreeSet<Named> = parse_names(&git.bytes(args)).into_iter().collect();
    let status = git.bytes(["status", "--porcelain=v2", "-z", "-uall", "--ignore-submodules=dirty"]);
    let fields = status.split(|byte| *byte == 0).filter_map(|field| field.strip_prefix(b"? "));
    for path in fields.filter(|path| !path.ends_with(b"/")) {
        theirs.insert(('A', None, String::from_utf8(path.to_vec()).expect("text")));
    }
    assert_eq!(named(&worktree.changes), theirs);
    worktree
}

/// Something staged, something not, something new, something ignored.
fn dirty() -> Git {
    let git = Git::init();
    for name in ["staged", "unstaged", "both", "deleted", "staged-away", "moved", "undone"] {
        git.write(name, lines(name, 20));
    }
    git.write(".gitignore", "*.log\nbuild/\n");
    git.commit("first");
    git.write("staged", lines("staged", 21));
    git.write("both", lines("both", 21));
    git.write("undone", "x\n");
    git.write("added", "a\n");
    git.run(["mv", "moved", "moved-to"]);
    git.run(["rm", "-q", "staged-away"]);
    git.run(["add", "-A"]);
    git.write("undone", lines("undone", 20));
    git.write("both", lines("both", 22));
    git.write("unstaged", lines("unstaged", 19));
    git.remove("deleted");
    git.write("new/deep/one", "1\n2\n");
    git.write("new/two", "2\n");
    git.symlink("new/link", "../staged");
    git.write("noise.log", "x\n");
    git.write("build/out", "x\n");
    git
}

#[test]
fn staged_unstaged_and_untracked() {
    let git = dirty();
    let worktree = agree(&git);
    let staged = git.run(["rev-parse", ":staged"]);
    assert_eq!(of(&worktree, "staged").blob.unwrap().to_hex(), staged);
    assert_eq!(of(&worktree, "both").blob, None);
    assert_eq!(of(&worktree, "moved-to").kind, ChangeKind::Renamed);
    let untracked = of(&worktree, "new/deep/one").content.hunks();
    assert_eq!((untracked.len(), untracked[0].at.new_start, untracked[0].added.len()), (1, 1, 2));
    assert_eq!(of(&worktree, "new/link").content.hunks()[0].added, ["../staged"]);
    assert!(worktree.foreign.is_empty());
}

#[test]
fn uncommitted_hunks_are_those_of_git_diff() {
    let git = dirty();
    let worktree = read(&git);
    for path in ["staged", "unstaged", "both", "deleted", "added"] {
        let theirs = sections(&git.bytes(["diff", "-U0", "--no-color", "HEAD", "--", path]));
        assert_eq!(of(&worktree, path).content.hunks(), theirs[0], "{path}");
    }
}

#[test]
fn a_clean_tree_has_no_changes() {
    let git = Git::init();
    git.write("a", "1\n");
    git.commit("first");
    assert!(agree(&git).changes.is_empty());
}

#[test]
fn large_and_binary_files_are_named_and_not_read() {
    let git = Git::init();
    git.commit("first");
    git.write("large", "x\n".repeat(600_000));
    git.write("binary", [0, 159, 146, 150].repeat(10));
    let worktree = agree(&git);
    assert_eq!(of(&worktree, "large").content, Content::TooLarge);
    assert_eq!(of(&worktree, "binary").content, Content::Binary);
}

#[test]
fn conflicts_and_type_changes() {
    let git = Git::init();
    git.write("a", "1\n");
    git.write("b", "1\n");
    git.commit("first");
    git.run(["checkout", "-q", "-b", "side"]);
    git.write("a", "side\n");
    git.commit("side");
    git.run(["checkout", "-q", "main"]);
    git.write("a", "main\n");
    git.commit("main");
    let merge = git.output_in(&git.root, ["merge", "-q", "side"]);
    assert!(!merge.status.success());
    git.remove("b");
    git.symlink("b", "a");
    let worktree = read(&git);
    let kinds: Vec<_> = worktree.changes.iter().map(|change| (change.path.as_str(), change.kind)).collect();
    assert_eq!(kinds, [("a", ChangeKind::Modified), ("b", ChangeKind::TypeChanged)]);
}

#[test]
fn files_left_out_by_a_sparse_checkout_are_not_deleted() {
    let git = Git::init();
    git.write("kept/a", "1\n");
    git.write("left/b", "1\n");
    git.commit("first");
    git.run(["sparse-checkout", "set", "kept"]);
    assert!(!git.root.join("left/b").exists());
    assert!(agree(&git).changes.is_empty());
}

#[test]
fn nested_repositories_and_submodules_are_foreign() {
    let git = Git::init();
    git.write("a", "1\n");
    git.commit("first");
    let library = Git::init();
    library.write("lib.rs", "1\n");
    library.commit("library");
    git.run([
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "add",
        "-q",
        library.root.to_str().unwrap(),
        "sub",
    ]);
    git.run(["commit", "-q", "-m", "submodule"]);
    git.run(["clone", "-q", library.root.to_str().unwrap(), "vendor/nested"]);
    git.write("vendor/ours", "1\n");
    git.write("vendor/nested/dirt", "1\n");
    git.write("sub/dirt", "1\n");
    git.write("sub/lib.rs", "2\n");
    let worktree = agree(&git);
    assert_eq!(worktree.changes.len(), 1);
    let head = git.id("HEAD");
    let none = BTreeSet::new();
    let with = reach(&git.open(), Some(&head), Some(&worktree), &none).unwrap();
    assert_eq!(with.foreign, ["sub", "vendor/nested"]);
    let claimed = BTreeSet::from(["vendor/nested/lib.rs".to_owned()]);
    let without = reach(&git.open(), Some(&head), None, &claimed).unwrap();
    assert_eq!(without.foreign, ["sub", "vendor/nested"]);
    assert!(without.is_unverifiable("vendor/nested/lib.rs") && !without.is_unverifiable("vendor/ours"));
}

#[test]
fn a_submodule_that_moved_on_is_a_change_without_content() {
    let git = Git::init();
    let library = Git::init();
    library.write("lib.rs", "1\n");
    library.commit("library");
    git.run([
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "add",
        "-q",
        library.root.to_str().unwrap(),
        "sub",
    ]);
    git.commit("first");
    git.run(["-C", "sub", "commit", "-q", "--allow-empty", "-m", "moved on"]);
    let worktree = agree(&git);
    assert_eq!((worktree.changes[0].path.as_str(), &worktree.changes[0].content), ("sub", &Content::None));
    let reached = reach(&git.open(), Some(&git.id("HEAD")), Some(&worktree), &BTreeSet::new()).unwrap();
    assert!(!reached.existing.contains("sub"));
}

#[test]
fn existing_paths_are_those_of_head_and_the_work_tree() {
    let git = dirty();
    let head = git.id("HEAD");
    let none = BTreeSet::new();
    let committed = reach(&git.open(), Some(&head), None, &none).unwrap();
    let theirs: BTreeSet<String> =
        git.run(["ls-tree", "-r", "--name-only", "HEAD"]).lines().map(str::to_owned).collect();
    assert_eq!(committed.existing, theirs);
    let present = reach(&git.open(), Some(&head), Some(&read(&git)), &none).unwrap();
    let listed = git.run(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let theirs: BTreeSet<String> = listed
        .lines()
        .filter(|path| git.root.join(path).symlink_metadata().is_ok())
        .map(str::to_owned)
        .collect();
    assert_eq!(present.existing, theirs);
}

#[test]
fn ignored_paths_are_those_of_check_ignore() {
    let git = dirty();
    git.write("tracked.log", "x\n");
    git.run(["add", "-f", "tracked.log"]);
    git.run(["commit", "-q", "-m", "second"]);
    let asked =
        ["noise.log", "build/out", "build/sub/not-there", "staged", "tracked.log", "a/b.log", "nothing"];
    let paths: BTreeSet<String> =
        asked.iter().chain(&["", "/etc/passwd", "../x.log"]).map(|path| (*path).to_owned()).collect();
    let reached = reach(&git.open(), Some(&git.id("HEAD")), None, &paths).unwrap();
    let theirs = git.bytes([&["check-ignore"], asked.as_slice()].concat());
    let theirs: BTreeSet<String> = String::from_utf8(theirs).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(reached.ignored, theirs);
}
