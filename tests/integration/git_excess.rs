//! Files of a repository that are made to take all memory, or for ever.

use std::fmt::Write as _;
use std::os::unix::fs::symlink;
use std::process::Command;

use taskproof::git::{
    GitError, HistoryRequest, RangeRequest, Repository, WorktreeMode, brought_by_clone, history,
};
use taskproof::model::{Content, History};

use crate::support::git::Git;

/// All that was committed since the first commit, or a word with which the error says what is too much.
fn read(git: &Git, worktree: WorktreeMode) -> Result<History, String> {
    let range = RangeRequest { base: Some("HEAD~1".to_owned()), ..RangeRequest::default() };
    let request = HistoryRequest { range, worktree, ..HistoryRequest::default() };
    let read = Repository::open(&git.root).and_then(|repo| history(&repo, &request));
    read.map(|(history, _)| history).map_err(|error| match error {
        GitError::Excessive { .. } => error.to_string(),
        GitError::Special { .. } => "special".to_owned(),
        _ => panic!("{error}"),
    })
}

fn refuses(git: &Git, worktree: WorktreeMode, why: &str) {
    let error = read(git, worktree).expect_err("too much");
    assert!(error.contains(why), "{error}");
}

/// A repository of two commits.
fn project() -> Git {
    let git = Git::init();
    git.write("a.rs", "one\n");
    git.commit("start");
    git.write("sub/b.rs", "two\n");
    git.commit("next");
    git
}

#[test]
fn links_are_no_attribute_files() {
    let git = project();
    git.write(".gitattributes", "*.x diff\n");
    git.write("rules", "*.rs -diff\n");
    symlink("../rules", git.root.join("sub/.gitattributes")).expect("a link");
    git.write("sub/b.rs", "three\n");
    git.commit("with a link");
    let history = read(&git, WorktreeMode::Exclude).expect("a history");
    let changes = &history.commits[0].changes;
    let change = changes.iter().find(|change| change.path == "sub/b.rs").expect("a change");
    assert!(matches!(change.content, Content::Text(_)), "as git sees it: {:?}", change.content);
    let shown = git.run(["log", "-1", "-p", "--format=", "--", "sub/b.rs"]);
    assert!(shown.contains("+three"), "{shown}");
}

#[test]
fn a_link_to_what_never_ends_is_not_opened() {
    for name in [".gitattributes", ".gitignore"] {
        let git = project();
        let pipe = git.scratch.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        symlink(&pipe, git.root.join("sub").join(name)).expect("a link");
        git.commit("with a link");
        // Of a comparison with the work tree, libgit2 would open it.
        assert_eq!(read(&git, WorktreeMode::Include).expect_err("a pipe"), "special", "{name}");
        assert_eq!(read(&git, WorktreeMode::Exclude).expect("a history").commits.len(), 1, "{name}");
    }
}

#[test]
fn many_links_to_one_file_of_rules_are_many_files() {
    let git = project();
    git.write("rules", "# not much\n".repeat(80_000));
    for number in 0..20 {
        git.write(format!("{number}/file"), "x\n");
        symlink("../rules", git.root.join(format!("{number}/.gitattributes"))).expect("a link");
    }
    git.commit("with links");
    refuses(&git, WorktreeMode::Include, "16 MiB");
    assert!(read(&git, WorktreeMode::Exclude).is_ok());
}

#[test]
fn files_of_rules_are_not_too_long() {
    let rules = "*.x diff\n".repeat(500);
    let mut macros = String::new();
    for number in 0..100 {
        writeln!(macros, "[attr]m{number}{}", " word".repeat(300)).expect("text");
    }
    for (content, why) in [
        ("# a comment\n".repeat(100_000), "1 MiB"),
        (format!("*.x{} diff\n", " word".repeat(500)), "2,048 bytes"),
        (format!("{macros}{rules}"), "macros"),
    ] {
        let git = project();
        git.write(".gitattributes", content);
        refuses(&git, WorktreeMode::Exclude, why);
    }
}

#[test]
fn very_many_rules_are_not_asked_about_very_many_files() {
    let git = project();
    let rules: Vec<String> = (0..30_000).map(|number| format!("*a*b{number}\n")).collect();
    git.write(".gitignore", rules.concat() + "target/\n");
    git.commit("rules");
    (0..1100).for_each(|number| git.write(format!("target/{}/{number}", number % 10), ""));
    git.write("new", "");
    let history = read(&git, WorktreeMode::Include).expect("what is ignored does not count");
    assert_eq!(history.uncommitted.len(), 1);
    (0..1100).for_each(|number| git.write(format!("new-ones/{number}"), ""));
    refuses(&git, WorktreeMode::Include, "too many rules");
    assert!(read(&git, WorktreeMode::Exclude).is_ok());
    // So it is with paths that are only spoken of.
    let paths_of_interest = (0..1100).map(|number| format!("none/{number}")).collect();
    let range = RangeRequest { base: Some("HEAD~1".to_owned()), ..RangeRequest::default() };
    let request = HistoryRequest {
        range,
        worktree: WorktreeMode::Exclude,
        paths_of_interest,
        ..HistoryRequest::default()
    };
    assert!(matches!(history_of(&git, &request), Err(GitError::Excessive { .. })));
}

fn history_of(git: &Git, request: &HistoryRequest) -> Result<History, GitError> {
    history(&git.open(), request).map(|(history, _)| history)
}

#[test]
fn an_index_that_libgit2_cannot_read_is_not_shown_to_it() {
    let git = project();
    let nested = [&b"TREE\0\x0f\0\0\0-1 1\n"[..], &b"a\0-1 1\n".repeat(140_000)].concat();
    git.write(".git/index", [&b"DIRC\0\0\0\x02\0\0\0\0"[..], &nested, &[0; 20]].concat());
    for worktree in [WorktreeMode::Include, WorktreeMode::Exclude] {
        refuses(&git, worktree, "nested too deep");
    }
    assert_eq!(brought_by_clone(&git.root.join("cache")), Some(git.root.join(".git")));
}

#[test]
fn very_many_references_are_not_read() {
    let git = project();
    let file = std::fs::File::create(git.root.join(".git/packed-refs")).expect("a file");
    file.set_len(129 << 20).expect("a length");
    refuses(&git, WorktreeMode::Exclude, "128 MiB");
    file.set_len(0).expect("a length");
    assert!(read(&git, WorktreeMode::Exclude).is_ok());
}
