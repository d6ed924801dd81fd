//! Where a plan's range starts and ends.

use taskproof::git::{Extraction, GitError, HeadState, Range, RangeRequest, Repository, commits, find_range};
use taskproof::model::{BaseSource, Oid};

use crate::support::git::Git;

fn request() -> RangeRequest {
    RangeRequest { plan_name: "epic".to_owned(), ..RangeRequest::default() }
}

fn find(git: &Git, request: &RangeRequest) -> Range {
    find_range(&git.open(), request).expect("a range")
}

fn subjects(git: &Git, range: &Range) -> Vec<String> {
    let (commits, _) = commits(&git.open(), range, &Extraction::default()).expect("commits");
    commits.into_iter().map(|commit| commit.subject).collect()
}

/// `main` with two commits; `work` with the init commit and one more after the first.
fn epic() -> Git {
    let git = Git::init();
    git.commit("first");
    git.run(["checkout", "-q", "-b", "work"]);
    git.commit("before");
    git.commit("megaplan: epic init");
    git.write("a", "1\n");
    git.commit("task");
    git.run(["checkout", "-q", "main"]);
    git.commit("on main");
    git.run(["checkout", "-q", "work"]);
    git
}

#[test]
fn flags_win() {
    let git = epic();
    let flags = RangeRequest {
        base: Some("HEAD~2".into()),
        head: Some("HEAD~1".into()),
        recorded_base: Some("main".into()),
        ..request()
    };
    let range = find(&git, &flags);
    assert_eq!(range.base_source, BaseSource::Flag);
    assert_eq!((range.base, &range.head), (Some(git.id("HEAD~2")), &git.id("HEAD~1")));
    assert_eq!(subjects(&git, &range), ["megaplan: epic init"]);
}

#[test]
fn a_recorded_base_counts_if_it_leads_to_head() {
    let git = epic();
    let recorded = |base: &str| RangeRequest { recorded_base: Some(base.to_owned()), ..request() };
    let range = find(&git, &recorded(&git.id("HEAD~1").to_hex()));
    assert_eq!((range.base_source, range.reason), (BaseSource::Recorded, None));
    let beside = find(&git, &recorded(&git.id("main").to_hex()));
    assert_eq!(beside.base_source, BaseSource::InitCommit);
    assert!(beside.reason.unwrap().contains("is not an ancestor of head"));
    let unknown = find(&git, &recorded("0123456789012345678901234567890123456789"));
    assert!(unknown.reason.unwrap().contains("names no commit"));
}

#[test]
fn the_init_commit_belongs_to_the_range() {
    let git = epic();
    let range = find(&git, &request());
    assert_eq!((range.base_source, range.base), (BaseSource::InitCommit, Some(git.id("HEAD~2"))));
    assert_eq!(subjects(&git, &range), ["megaplan: epic init", "task"]);
    let other = RangeRequest { plan_name: "epi".to_owned(), ..request() };
    assert_eq!(find(&git, &other).base_source, BaseSource::MergeBase);
}

#[test]
fn what_the_default_branch_has_is_left_out() {
    let git = epic();
    git.run(["merge", "-q", "-m", "take main", "main"]);
    let range = find(&git, &request());
    assert_eq!(range.hidden, [git.id("main")]);
    assert_eq!(subjects(&git, &range), ["megaplan: epic init", "task", "take main"]);
}

#[test]
fn work_on_the_default_branch_is_not_hidden() {
    let git = epic();
    git.run(["checkout", "-q", "main"]);
    git.run(["merge", "-q", "--no-ff", "-m", "merge the epic", "work"]);
    let range = find(&git, &request());
    assert_eq!((range.base_source, range.hidden.len()), (BaseSource::InitCommit, 0));
    assert!(subjects(&git, &range).contains(&"task".to_owned()));
}

#[test]
fn the_merge_base_is_the_last_resort() {
    let git = Git::init();
    git.commit("first");
    git.run(["checkout", "-q", "-b", "work"]);
    git.commit("task");
    let range = find(&git, &request());
    assert_eq!((range.base_source, range.base), (BaseSource::MergeBase, Some(git.id("main"))));
    git.run(["checkout", "-q", "main"]);
    let empty = find(&git, &request());
    assert_eq!(empty.base, Some(empty.head));
    assert!(
        empty
            .reason
            .unwrap()
            .contains("the range is empty: head is on the default branch `main`; give --base")
    );
}

#[test]
fn a_plan_may_start_with_the_repository() {
    let git = Git::init();
    git.commit("megaplan: epic init");
    git.commit("task");
    let range = find(&git, &request());
    assert_eq!((range.base_source, range.base), (BaseSource::InitCommit, None));
    assert!(range.hidden.is_empty() && range.reason.is_none(), "{range:?}");
}

#[test]
fn without_any_base_all_of_history_counts() {
    let git = Git::init();
    git.run(["checkout", "-q", "-b", "lonely"]);
    git.commit("first");
    git.commit("second");
    let range = find(&git, &request());
    assert_eq!((range.base_source, range.base), (BaseSource::None, None));
    assert!(range.reason.as_ref().unwrap().contains("give --base"));
    assert_eq!(subjects(&git, &range).len(), 2);
}

#[test]
fn a_squash_merge_falls_through_to_the_merge_base() {
    let git = epic();
    git.run(["checkout", "-q", "-b", "squashed", "main"]);
    git.run(["merge", "-q", "--squash", "work"]);
    git.commit("epic (#1)");
    let range = find(&git, &request());
    assert_eq!(range.base_source, BaseSource::MergeBase);
    assert_eq!(subjects(&git, &range), ["epic (#1)"]);
}

#[test]
fn the_remote_says_which_branch_is_the_default() {
    let git = epic();
    assert_eq!(git.open().default_branch(), Some(("main".to_owned(), git.id("main"))));
    git.run(["update-ref", "refs/remotes/origin/develop", "HEAD~1"]);
    git.run(["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop"]);
    assert_eq!(git.open().default_branch(), Some(("origin/develop".to_owned(), git.id("HEAD~1"))));
}

/// A forge's merge commit of `work` into `main`, checked out detached.
fn pull_request(message: &str) -> Git {
    let git = epic();
    git.run(["checkout", "-q", "--detach", "main"]);
    git.run(["merge", "-q", "--no-ff", "-m", message, "work"]);
    git
}

#[test]
fn the_merge_commit_of_a_pull_request_stands_for_its_branch() {
    let git = pull_request("whatever");
    git.run(["update-ref", "refs/remotes/pull/7/merge", "HEAD"]);
    let by_ref = find(&git, &RangeRequest::default());
    assert_eq!((&by_ref.head, by_ref.base), (&git.id("work"), Some(git.id("main~1"))));
    assert_eq!(subjects(&git, &by_ref), ["before", "megaplan: epic init", "task"]);
    let named = RangeRequest { head: Some("HEAD".to_owned()), ..RangeRequest::default() };
    assert_eq!(find(&git, &named), by_ref, "under whatever name");
    let subject = format!("Merge {} into {}", git.id("work"), git.id("main"));
    let by_subject = find(&pull_request(&subject), &request());
    assert_eq!(by_subject.head, git.id("work"));
    let plain = find(&pull_request("Merge branch 'work'"), &request());
    assert_ne!(plain.head, git.id("work"), "any other merge is taken as it is");
}

#[test]
fn heads_are_told_apart() {
    let git = Git::init();
    assert_eq!(git.open().head_state().unwrap(), HeadState::Unborn("main".to_owned()));
    let first = git.commit("first");
    assert_eq!(git.open().head_state().unwrap(), HeadState::Branch { name: "main".to_owned(), oid: first });
    git.run(["checkout", "-q", "--detach"]);
    assert_eq!(git.open().head_state().unwrap(), HeadState::Detached(first));
}

#[test]
fn revisions_are_peeled_to_commits() {
    let git = Git::init();
    git.write("a", "1\n");
    let first = git.commit("first");
    git.run(["tag", "-a", "-m", "tag", "v1"]);
    let repo = git.open();
    assert_eq!(repo.resolve("v1").unwrap(), Some(first));
    for nothing in ["nope", "HEAD:a", "a..b", "", &"0".repeat(40)] {
        assert_eq!(repo.resolve(nothing).unwrap(), None, "{nothing:?}");
    }
    assert_eq!(repo.blob_at(&first, "a", 2).unwrap(), Some(b"1\n".to_vec()));
    assert!(repo.blob_at(&first, "a", 1).is_err());
    assert_eq!(repo.blob_at(&first, "b", 9).unwrap(), None);
}

#[test]
fn shallow_clones_say_so() {
    let git = epic();
    let old = git.id("main~1");
    let clone = git.scratch.path().join("shallow");
    let url = format!("file://{}", git.root.display());
    git.run(["clone", "-q", "--depth", "1", "--branch", "work", &url, clone.to_str().unwrap()]);
    let repo = Repository::open(&clone).unwrap();
    assert!(repo.is_shallow());
    let with_base = RangeRequest { base: Some(old.to_hex()), ..request() };
    let recorded = RangeRequest { recorded_base: Some(old.to_hex()), ..request() };
    for request in [with_base, recorded, request()] {
        let error = find_range(&repo, &request).unwrap_err();
        assert!(matches!(error, GitError::Shallow { .. }), "{error}");
        assert!(error.to_string().contains("git fetch --unshallow"), "{error}");
        assert!(error.to_string().contains("fetch-depth: 0"), "{error}");
    }
    let Some(head) = repo.resolve("HEAD").unwrap() else { panic!("a head") };
    let all =
        Range { base: None, base_source: BaseSource::None, head, hidden: Vec::<Oid>::new(), reason: None };
    let (commits, problems) = commits(&repo, &all, &Extraction::default()).unwrap();
    assert!(commits[0].changes.is_empty(), "the boundary did not add every file");
    assert!(problems[0].contains("shallow"), "{problems:?}");
}

#[test]
fn a_shallow_pull_request_says_so() {
    let git = epic();
    git.run(["checkout", "-q", "-b", "merged", "main"]);
    let subject = format!("Merge {} into {}", git.id("work"), git.id("main"));
    git.run(["merge", "-q", "--no-ff", "-m", &subject, "work"]);
    let clone = git.scratch.path().join("shallow");
    let url = format!("file://{}", git.root.display());
    git.run(["clone", "-q", "--depth", "1", &url, clone.to_str().unwrap()]);
    let error = find_range(&Repository::open(&clone).unwrap(), &request()).unwrap_err();
    assert!(matches!(&error, GitError::Shallow { what } if what.contains("pull request")), "{error}");
}
