//! Scripted histories become the same repositories everywhere.

use taskproof::git::script::{HistoryScript, build};
use taskproof::git::{GitError, Repository};

use crate::support::git::Git;
use crate::support::oracle::agree;

const SCRIPT: &str = r#"
branch = "main"

[refs]
"refs/remotes/origin/main" = "main"
"refs/remotes/origin/HEAD" = "ref: refs/remotes/origin/main"
"refs/tags/start" = "main~1"

[[commit]]
message = "first"
time = "2026-05-21T09:00:00Z"
write = { "a" = "1\n", "src/b.rs" = "fn b() {}\n", "both" = "1\n" }
symlink = { "link" = "a" }

[[commit]]
message = "work"
time = "2026-05-21T10:00:00Z"
branch = "epic/x"
author = "Bo Example <bo@example.org>"
rename = { "src/b.rs" = "src/c.rs" }
remove = ["a"]
write = { "both" = "2\n" }

[[commit]]
message = "meanwhile"
time = "2026-05-21T11:00:00Z"
branch = "main"
write = { "both" = "3\n", "main" = "1\n" }

[[commit]]
message = "take main"
time = "2026-05-21T12:00:00Z"
branch = "epic/x"
merge = ["main"]
write = { "both" = "2 and 3\n" }

[worktree]
write = { "staged" = "something else\n", "untracked" = "1\n" }
remove = ["main"]
stage = ["staged", "main"]

[[nested]]
directory = "vendor/lib"
[[nested.commit]]
message = "library"
time = "2026-05-21T09:00:00Z"
write = { "lib.rs" = "" }
"#;

fn script(text: &str) -> HistoryScript {
    toml::from_str(text).expect("a script")
}

fn built(text: &str) -> Git {
    let git = Git::nowhere();
    build(&script(text), &git.root).expect("the script is built");
    git
}

#[test]
fn a_script_becomes_a_repository() {
    let git = built(SCRIPT);
    let commits = agree(&git, None, "HEAD");
    let subjects: Vec<_> = commits.iter().map(|commit| commit.subject.as_str()).collect();
    assert_eq!(subjects, ["first", "work", "meanwhile", "take main"]);
    assert_eq!(git.run(["branch", "--show-current"]), "epic/x");
    assert_eq!(
        git.run(["log", "-1", "--format=%an %ae %at", "HEAD~1"]),
        "Bo Example bo@example.org 1779357600"
    );
    assert_eq!(git.run(["show", "HEAD:both"]), "2 and 3");
    assert_eq!(git.run(["rev-parse", "--abbrev-ref", "origin/HEAD"]), "origin/main");
    assert_eq!(git.id("start"), git.id("main~1"));
    let status = git.run(["status", "--porcelain", "-uall"]);
    assert_eq!(status, "D  main\nA  staged\n?? untracked\n?? vendor/lib/");
    git.run(["fsck", "--strict"]);
    assert!(Repository::open(&git.root.join("vendor/lib")).unwrap().resolve("main").unwrap().is_some());
}

#[test]
fn ids_are_the_same_everywhere() {
    let (one, other) = (built(SCRIPT), built(SCRIPT));
    assert_eq!(one.id("HEAD"), other.id("HEAD"));
    assert_eq!(one.id("HEAD").to_hex(), "a7b1a3306368261e3a754a10df747ed0196125fa");
}

#[test]
fn files_that_were_there_stay_uncommitted() {
    let git = Git::nowhere();
    git.write("plan/finalize.json", "{}\n");
    build(&script(SCRIPT), &git.root).unwrap();
    assert!(git.run(["status", "--porcelain", "-uall"]).contains("?? plan/finalize.json"));
}

#[test]
fn a_script_without_commits_is_an_unborn_branch() {
    let git = built("branch = \"trunk\"\n");
    assert_eq!(git.run(["symbolic-ref", "HEAD"]), "refs/heads/trunk");
}

/// What is wrong with one commit.
fn fault(commit: &str) -> String {
    let text = format!("[[commit]]\nmessage = \"m\"\ntime = \"2026-05-21T09:00:00Z\"\n{commit}\n");
    let error = build(&script(&text), &Git::nowhere().root).expect_err("a fault");
    assert!(matches!(error, GitError::Script { .. }));
    error.to_string()
}

#[test]
fn faults_of_a_script_are_named() {
    assert!(fault("write = { \"../x\" = \"\" }").contains("`../x` leaves the repository"));
    assert!(fault("write = { \".git/hooks/x\" = \"\" }").contains("leaves the repository"));
    assert!(fault("remove = [\"x\"]").contains("`x` is not a file of branch `main`"));
    assert!(fault("rename = { \"x\" = \"y\" }").contains("`x` is not a file"));
    assert!(fault("merge = [\"other\"]").contains("`other` names no commit"));
    assert!(fault("author = \"nobody\"").contains("author `nobody` is not like"));
    let conflicting = SCRIPT.replace("write = { \"both\" = \"2 and 3\\n\" }", "");
    let error = build(&script(&conflicting), &Git::nowhere().root).unwrap_err();
    assert!(error.to_string().contains("merges with conflicts"), "{error}");
    assert!(toml::from_str::<HistoryScript>("colour = 1").is_err());
}
