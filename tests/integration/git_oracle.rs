//! Commits, names and hunks are those that git itself reports.

use taskproof::git::{Extraction, Limits, Range, commits, patch};
use taskproof::model::{BaseSource, ChangeKind, Commit, Content};

use crate::support::git::{Git, lines, raw_path};
use crate::support::oracle::{agree, read};

fn last(commits: &[Commit]) -> &Commit {
    commits.last().expect("a commit")
}

#[test]
fn edits_additions_and_deletions() {
    let git = Git::init();
    git.write("src/a.rs", "fn main() {\n    one();\n    two();\n    three();\n}\n");
    git.write("gone.txt", "x\n");
    git.write("empty", "");
    let base = git.commit("first");
    git.write("src/a.rs", "fn main() {\n    one();\n    2;\n    three();\n    four();\n}");
    git.write("crlf.txt", "a\r\nb\r\n");
    git.remove("gone.txt");
    git.commit("second\n\nwith a body\n\nTask: T1\nReviewed-by: Bo\n");
    git.write("src/a.rs", "fn main() {\n    one();\n}\n");
    git.write("new/deep/file.txt", "no newline at the end");
    git.commit("third");
    agree(&git, None, "HEAD");
    let commits = agree(&git, Some(&base.to_hex()), "HEAD");
    let second = &commits[0];
    assert_eq!((second.subject.as_str(), second.trailers.len()), ("second", 2));
    assert_eq!(
        second.trailers[0].value,
        git.run(["log", "-1", "--format=%(trailers:key=Task,valueonly)", "HEAD~1"])
    );
    assert_eq!(second.author_time.to_string(), git.run(["log", "-1", "--format=%at", "HEAD~1"]));
}

#[test]
fn renames_and_copies() {
    let git = Git::init();
    git.write("old.rs", lines("old", 40));
    git.write("copied.rs", lines("copied", 40));
    git.write("exact.rs", lines("exact", 40));
    git.commit("first");
    git.run(["mv", "exact.rs", "dir-exact.rs"]);
    git.run(["mv", "old.rs", "new.rs"]);
    git.write("new.rs", lines("old", 40).replace("line 5 ", "LINE 5 "));
    git.write("copied.rs", lines("copied", 41));
    git.write("copy.rs", lines("copied", 40).replace("line 9 ", "LINE 9 "));
    git.commit("moves");
    let commits = agree(&git, None, "HEAD");
    let kinds: Vec<_> =
        last(&commits).changes.iter().map(|change| (change.path.as_str(), change.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("copied.rs", ChangeKind::Modified),
            ("copy.rs", ChangeKind::Copied),
            ("dir-exact.rs", ChangeKind::Renamed),
            ("new.rs", ChangeKind::Renamed),
        ]
    );
    assert_eq!(last(&commits).changes[2].content, Content::None);
}

#[test]
fn small_files_that_are_less_than_half_alike_are_new() {
    let git = Git::init();
    git.write("entries.py", "def entries():\n    return 1\n");
    git.commit("first");
    git.write("entries.py", "def entries():\n    return 2\n");
    git.write("umlaute.py", "def umlaute():\n    return 1\n");
    git.commit("second");
    let commits = agree(&git, None, "HEAD");
    assert_eq!(last(&commits).changes[1].kind, ChangeKind::Added);
}

#[test]
fn hunks_that_could_stand_in_many_places() {
    let git = Git::init();
    let body = |line: &str, count: usize| format!("fn a() {{\n{}}}\n", line.repeat(count));
    for (name, line) in [("calls", "    x();\n"), ("blank", "\n"), ("pairs", "    x();\n    y();\n")] {
        git.write(name, lines("head", 200) + &body(line, 200) + &lines("tail", 100));
        git.write(format!("{name}.end"), body(line, 200));
    }
    git.commit("first");
    for (name, line) in [("calls", "    x();\n"), ("blank", "\n"), ("pairs", "    x();\n    y();\n")] {
        git.write(name, lines("head", 200) + &body(line, 210) + &lines("tail", 100));
        git.write(format!("{name}.end"), body(line, 190));
    }
    git.commit("second");
    // Lines that are common in the whole file and rare near the change.
    let blocks = |edit: &str| -> String {
        let block = |number: usize| format!("fn f{number}() {{\n    work();\n\n}}\n\n");
        let whole: String = (0..120).map(block).collect();
        whole.replace("fn f90() {\n    work();\n", &format!("fn f90() {{\n{edit}\n    more();\n"))
    };
    git.write("blocks", blocks("    work();"));
    git.commit("third");
    git.write("blocks", blocks("    other();\n}\n\nfn g() {\n    work();\n"));
    git.commit("fourth");
    agree(&git, None, "HEAD");
}

#[test]
fn symlinks_binaries_modes_and_types() {
    let git = Git::init();
    git.write("binary", [0, 1, 2, 255].repeat(64));
    git.write("tool.sh", "#!/bin/sh\n");
    git.write("becomes-link", "text\n");
    git.symlink("link", "tool.sh");
    git.write("dir/inner", "text\n");
    git.commit("first");
    git.write("binary", [0, 1, 3, 255].repeat(64));
    git.run(["update-index", "--chmod=+x", "tool.sh"]);
    git.run(["config", "core.fileMode", "false"]);
    git.remove("becomes-link");
    git.symlink("becomes-link", "link");
    git.remove("dir/inner");
    std::fs::remove_dir(git.root.join("dir")).unwrap();
    git.write("dir", "a file now\n");
    git.commit("second");
    let commits = agree(&git, None, "HEAD");
    let contents: Vec<_> = last(&commits)
        .changes
        .iter()
        .map(|change| (change.path.as_str(), change.kind, &change.content))
        .collect();
    assert!(contents.contains(&("binary", ChangeKind::Modified, &Content::Binary)));
    assert!(contents.contains(&("tool.sh", ChangeKind::Modified, &Content::None)));
    assert!(
        contents.iter().any(|(path, kind, _)| *path == "becomes-link" && *kind == ChangeKind::TypeChanged)
    );
}

#[test]
fn a_file_that_moves_and_leaves_a_symlink() {
    let git = Git::init();
    git.write("chain.yaml", lines("chain", 30));
    git.commit("first");
    git.run(["mv", "chain.yaml", "archived.yaml"]);
    git.symlink("chain.yaml", "archived.yaml");
    git.commit("second");
    let commits = agree(&git, None, "HEAD");
    let kinds: Vec<_> = last(&commits).changes.iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::Copied, ChangeKind::TypeChanged]);
}

#[test]
fn missing_objects_cost_only_what_they_hold() {
    let git = Git::init();
    git.write("a", lines("a", 20));
    git.write("moved", lines("moved", 20));
    git.commit("first");
    git.write("a", lines("a", 21));
    git.run(["mv", "moved", "target"]);
    git.write("target", lines("moved", 21));
    git.write("dir/b", "b\n");
    git.commit("second");
    git.write("dir/b", "b2\n");
    git.commit("third");
    for object in ["HEAD:a", "HEAD:target", "HEAD:dir"] {
        let id = git.run(["rev-parse", object]);
        git.remove(&format!(".git/objects/{}/{}", &id[..2], &id[2..]));
    }
    let repo = git.open();
    let head = git.id("HEAD");
    let range = Range { base: None, base_source: BaseSource::None, head, hidden: Vec::new(), reason: None };
    let (commits, problems) = commits(&repo, &range, &Extraction::default()).unwrap();
    assert_eq!(commits.len(), 3);
    let second: Vec<_> =
        commits[1].changes.iter().map(|change| (change.path.as_str(), &change.content)).collect();
    assert!(second.contains(&("a", &Content::Missing)), "{second:?}");
    assert!(second.contains(&("target", &Content::Missing)), "{second:?}");
    assert!(second.iter().any(|(path, content)| *path == "dir/b" && content.hunks().count() == 1));
    assert!(commits[2].changes.is_empty());
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].contains(&commits[2].id.to_hex()), "{problems:?}");
}

#[test]
fn paths_that_are_not_utf8_are_quoted() {
    let git = Git::init();
    git.write(raw_path(b"caf\xe9"), "x\n");
    git.write("café", "x\n");
    git.write("a -> b", "y\n");
    git.commit("odd names");
    let commits = agree(&git, None, "HEAD");
    let paths: Vec<_> = last(&commits).changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["\"caf\\351\"", "a -> b", "café"]);
}

#[test]
fn merges_show_what_differs_from_every_parent() {
    let git = Git::init();
    git.write("both", lines("both", 30));
    git.write("ours", "1\n");
    git.write("theirs", "1\n");
    git.commit("first");
    git.run(["checkout", "-q", "-b", "side"]);
    git.write("both", lines("both", 30).replace("line 2 ", "LINE 2 "));
    git.write("theirs", "2\n");
    git.commit("side");
    git.run(["checkout", "-q", "main"]);
    git.write("both", lines("both", 30).replace("line 20 ", "LINE 20 "));
    git.write("ours", "2\n");
    git.commit("main");
    git.run(["merge", "-q", "--no-ff", "-m", "clean merge", "side"]);
    git.run(["checkout", "-q", "-b", "evil", "side"]);
    git.write("more", "x\n");
    git.commit("more");
    git.run(["checkout", "-q", "main"]);
    git.run(["merge", "-q", "--no-ff", "--no-commit", "evil"]);
    git.write("slipped-in", "by the merge\n");
    git.commit("evil merge");
    let commits = agree(&git, None, "HEAD");
    let evil = last(&commits);
    assert_eq!(evil.changes.len(), 1);
    let shown = patch(&git.open(), &evil.id, None, &Extraction::default()).expect("a patch");
    assert_eq!(shown[0].content.hunks()[0].added, ["by the merge"]);
}

#[test]
fn octopus_and_unrelated_histories() {
    let git = Git::init();
    git.write("a", "1\n");
    git.commit("first");
    for name in ["x", "y"] {
        git.run(["checkout", "-q", "-b", name, "main"]);
        git.write(name, name);
        git.commit(name);
    }
    git.run(["checkout", "-q", "main"]);
    git.run(["merge", "-q", "-m", "octopus", "x", "y"]);
    git.run(["checkout", "-q", "--orphan", "island"]);
    git.run(["rm", "-rfq", "."]);
    git.write("island", "1\n");
    git.commit("island");
    git.run(["checkout", "-q", "main"]);
    git.run(["merge", "-q", "--allow-unrelated-histories", "-m", "join", "island"]);
    agree(&git, None, "HEAD");
    agree(&git, Some("main~1"), "HEAD");
}

#[test]
fn submodules_have_no_content() {
    let git = Git::init();
    git.write("a", "1\n");
    let first = git.commit("first");
    git.run(["update-index", "--add", "--cacheinfo", &format!("160000,{first},vendor/lib")]);
    git.run(["commit", "-q", "-m", "add submodule"]);
    let second = git.id("HEAD");
    git.run(["update-index", "--cacheinfo", &format!("160000,{second},vendor/lib")]);
    git.run(["commit", "-q", "-m", "move submodule"]);
    let commits = agree(&git, None, "HEAD");
    for commit in &commits[1..] {
        assert_eq!(
            (commit.changes[0].path.as_str(), &commit.changes[0].content),
            ("vendor/lib", &Content::None)
        );
    }
}

#[test]
fn large_files_are_named_and_not_read() {
    let git = Git::init();
    git.write("large", "x".repeat(2000));
    git.write("small", "x\n");
    git.commit("first");
    let repo = git.open();
    let range = Range {
        base: None,
        base_source: BaseSource::None,
        head: git.id("HEAD"),
        hidden: Vec::new(),
        reason: None,
    };
    let limits = Limits { blob_bytes: 1000, ..Limits::default() };
    let extraction = Extraction { limits, ..Extraction::default() };
    let (commits, _) = commits(&repo, &range, &extraction).unwrap();
    assert_eq!(commits[0].changes[0].content, Content::TooLarge);
    assert_eq!(commits[0].changes[1].content.hunks().count(), 1);
}

#[test]
fn bare_repositories_and_linked_work_trees_read_the_same() {
    let git = Git::init();
    git.write("a", lines("a", 20));
    git.commit("first");
    git.write("a", lines("a", 25));
    git.commit("second");
    let expected = format!("{:?}", agree(&git, None, "HEAD"));
    let elsewhere = git.scratch.path().join("elsewhere");
    git.run(["worktree", "add", "-q", "-b", "linked", elsewhere.to_str().unwrap()]);
    let bare = git.scratch.path().join("bare.git");
    git.run(["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    for dir in [elsewhere, bare] {
        let view = Git::at(dir);
        assert_eq!(format!("{:?}", read(&view, None, "HEAD")), expected);
    }
}

#[test]
fn the_order_is_fixed() {
    let git = Git::init();
    git.commit("first");
    for name in ["x", "y", "z"] {
        git.run(["checkout", "-q", "-b", name, "main"]);
        git.write(name, name);
        git.commit(name);
    }
    git.run(["merge", "-q", "-m", "join", "x", "y"]);
    let commits = agree(&git, None, "HEAD");
    for (place, commit) in commits.iter().enumerate() {
        let earlier = |id| commits[..place].iter().any(|commit| commit.id == id);
        assert!(commit.parents.iter().copied().all(earlier));
    }
    let subjects: Vec<_> = commits.iter().map(|commit| commit.subject.as_str()).collect();
    assert_eq!(subjects, ["first", "x", "y", "z", "join"]);
}
