//! Every error says what is wrong and what to do.

use std::os::unix::fs::chown;
use std::path::Path;

use taskproof::git::{GitError, HistoryRequest, RangeRequest, Repository, WorktreeMode, find_range, history};

use crate::support::git::Git;

/// The error of opening `dir`.
fn refusal(dir: &Path) -> GitError {
    match Repository::discover(dir) {
        Ok(repo) => panic!("opened {}", repo.git_dir().display()),
        Err(error) => error,
    }
}

fn says(error: &GitError, what: &str, remedy: &str) {
    let text = error.to_string();
    assert!(text.contains(what) && text.contains(remedy), "{text}");
    assert!(text.starts_with(|c: char| c.is_lowercase() || c == '-'), "{text}");
}

#[test]
fn no_repository() {
    let git = Git::nowhere();
    let error = refusal(&git.root);
    assert!(matches!(error, GitError::NotARepository { .. }));
    says(&error, "no git repository", "--repo");
}

#[test]
fn discovery_walks_upward_even_from_what_is_not_there() {
    let git = Git::init();
    let repo = Repository::discover(&git.root.join("not/yet/there")).unwrap();
    assert_eq!(repo.work_dir().unwrap().canonicalize().unwrap(), git.root.canonicalize().unwrap());
    std::fs::create_dir_all(git.root.join("sub/dir")).unwrap();
    assert!(!Repository::open(&git.root.join("sub/dir")).unwrap().is_bare());
}

#[test]
fn sha256_repositories() {
    let git = Git::nowhere();
    git.run(["init", "-q", "--object-format=sha256"]);
    git.run(["commit", "-q", "--allow-empty", "-m", "first"]);
    let error = refusal(&git.root);
    assert!(matches!(error, GitError::Sha256 { .. }), "{error:?}");
    says(&error, "SHA-256", "go on without history");
    let bare = git.scratch.path().join("bare.git");
    git.run(["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    assert!(matches!(refusal(&bare), GitError::Sha256 { .. }));
}

#[test]
fn damaged_repositories() {
    let git = Git::init();
    git.remove(".git/HEAD");
    let error = refusal(&git.root);
    assert!(matches!(error, GitError::Damaged { .. }), "{error:?}");
    says(&error, "is damaged", "git fsck");
}

#[test]
fn repositories_of_other_users() {
    let git = Git::init();
    if chown(git.root.join(".git"), Some(12345), None).is_err()
        || chown(&git.root, Some(12345), None).is_err()
    {
        return; // Only root may give files away.
    }
    let error = refusal(&git.root);
    assert!(matches!(error, GitError::Ownership { .. }), "{error:?}");
    says(&error, "belongs to another user", "safe.directory");
}

#[test]
fn unknown_revisions_name_their_flag() {
    let git = Git::init();
    git.commit("first");
    let base = RangeRequest { base: Some("nope".into()), ..RangeRequest::default() };
    let head = RangeRequest { head: Some("nope".into()), ..RangeRequest::default() };
    for (flag, request) in [("--base", base), ("--head", head)] {
        let error = find_range(&git.open(), &request).unwrap_err();
        assert!(matches!(error, GitError::UnknownRevision { flag: named, .. } if named == flag));
        says(&error, &format!("{flag} `nope`"), "fetch it first");
    }
}

#[test]
fn unborn_branches() {
    let git = Git::init();
    let error = find_range(&git.open(), &RangeRequest::default()).unwrap_err();
    says(&error, "branch `main` has no commit yet", "commit something");
}

#[test]
fn bare_repositories_have_no_uncommitted_changes() {
    let git = Git::nowhere();
    git.run(["init", "-q", "--bare"]);
    let request = HistoryRequest { worktree: WorktreeMode::Include, ..HistoryRequest::default() };
    let error = history(&git.open(), &request).unwrap_err();
    says(&error, "is bare", "drop `--worktree include`");
}

#[test]
fn missing_commits() {
    let git = Git::init();
    let first = git.commit("first").to_hex();
    git.commit("second");
    git.remove(&format!(".git/objects/{}/{}", &first[..2], &first[2..]));
    let error = find_range(&git.open(), &RangeRequest::default()).unwrap_err();
    assert!(std::error::Error::source(&error).is_some());
    says(&error, "cannot read the history", "git fsck");
}
