//! Range, commits, work tree and reach in one piece.

use taskproof::git::{HistoryRequest, RangeRequest, Repository, WorktreeMode, history};
use taskproof::model::{BaseSource, History};

use crate::support::git::Git;

fn read(git: &Git, worktree: WorktreeMode, head: Option<&str>) -> History {
    let range = RangeRequest { head: head.map(str::to_owned), ..RangeRequest::default() };
    let request = HistoryRequest { range, worktree, ..HistoryRequest::default() };
    let (history, problems) = history(&git.open(), &request).expect("a history");
    assert!(problems.is_empty(), "{problems:?}");
    history
}

fn project() -> Git {
    let git = Git::init();
    git.write("project/a", "1\n");
    git.commit("first");
    git.run(["checkout", "-q", "-b", "work"]);
    git.write("project/a", "2\n");
    git.commit("second");
    git.write("project/b", "1\n");
    git
}

#[test]
fn uncommitted_changes_count_when_the_range_ends_at_head() {
    let git = project();
    let auto = read(&git, WorktreeMode::Auto, None);
    assert_eq!((auto.base_source, auto.commits.len()), (BaseSource::MergeBase, 1));
    assert!(auto.worktree && auto.uncommitted.len() == 1 && auto.reach.existing.contains("project/b"));
    for without in [read(&git, WorktreeMode::Exclude, None), read(&git, WorktreeMode::Auto, Some("work"))] {
        assert!(!without.worktree && without.uncommitted.is_empty());
        assert!(!without.reach.existing.contains("project/b"));
    }
    assert!(read(&git, WorktreeMode::Include, Some("work")).worktree);
    assert!(read(&git, WorktreeMode::Auto, Some("HEAD")).worktree, "HEAD is HEAD, named or not");
}

#[test]
fn a_subdirectory_sees_the_whole_repository() {
    let git = project();
    let repo = Repository::open(&git.root.join("project")).unwrap();
    let (history, _) = history(&repo, &HistoryRequest::default()).unwrap();
    assert_eq!(history.commits[0].changes[0].path, "project/a");
    assert_eq!(history.uncommitted[0].path, "project/b");
}

#[test]
fn a_branch_without_commits_has_uncommitted_changes_only() {
    let git = Git::init();
    git.write("staged", "1\n");
    git.run(["add", "staged"]);
    git.write("untracked", "1\n");
    let history = read(&git, WorktreeMode::Auto, None);
    assert_eq!((history.head, history.worktree), (None, true));
    let paths: Vec<_> = history.uncommitted.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["staged", "untracked"]);
    assert!(history.reach.existing.contains("staged") && history.is_present());
    assert!(history.reason.unwrap().contains("has no commit yet"));
}

#[test]
fn bare_repositories_have_commits_only() {
    let git = project();
    let bare = git.scratch.path().join("bare.git");
    git.run(["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    let history = read(&Git::at(bare), WorktreeMode::Auto, None);
    assert!(!history.worktree && history.commits.len() == 1);
}

#[test]
fn reading_changes_nothing() {
    let git = project();
    let stamp = |name: &str| git.root.join(".git").join(name).metadata().unwrap().modified().unwrap();
    let before = (stamp("index"), stamp("HEAD"), git.run(["count-objects"]));
    read(&git, WorktreeMode::Auto, None);
    assert_eq!((stamp("index"), stamp("HEAD"), git.run(["count-objects"])), before);
}
