//! Histories that tell of more than fits any memory.

use taskproof::git::{
    CacheOptions, Contents, Extraction, GitError, HistoryRequest, Limits, Range, RangeRequest, Repository,
    WorktreeMode, commits, history, uncommitted,
};
use taskproof::model::{BaseSource, Commit, Oid};

use crate::support::git::{Git, lines};

/// A tree of ten entries, each of that mode and id.
fn tree(git: &Git, mode: &str, id: Oid) -> Oid {
    let entry = |number: usize| [format!("{mode} {number}\0").as_bytes(), &id.0].concat();
    git.write(".git/tree", (0..10).flat_map(entry).collect::<Vec<u8>>());
    Oid::from_hex(git.run(["hash-object", "-t", "tree", "-w", ".git/tree"])).expect("an id")
}

/// A commit of a tree in which `leaf` stands ten thousand million times.
fn bomb(git: &Git, mode: &str, leaf: Oid, parent: Oid) -> Oid {
    let tree = (0..9).fold(tree(git, mode, leaf), |inner, _| tree(git, "40000", inner));
    let commit = git.run(["commit-tree", &tree.to_hex(), "-p", &parent.to_hex(), "-m", "very many"]);
    Oid::from_hex(commit).expect("an id")
}

fn range(base: Option<Oid>, head: Oid) -> Range {
    Range { base, base_source: BaseSource::Flag, head, hidden: Vec::new(), reason: None }
}

#[test]
fn a_few_trees_that_tell_of_very_many_files_are_not_read() {
    let git = Git::init();
    git.write("a", "x\n");
    let start = git.commit("start");
    let nothing = git.run(["hash-object", "-t", "tree", "-w", "/dev/null"]);
    let leaves = [("100644", git.id("HEAD:a")), ("40000", Oid::from_hex(nothing).expect("an id"))];
    for (mode, leaf) in leaves {
        let head = bomb(&git, mode, leaf, start);
        let read = commits(&git.open(), &range(None, head), &Extraction::default());
        assert!(matches!(read, Err(GitError::TooMuch { .. })), "{mode}");
        // Where nothing of it has changed, its commits are few, and what there is at its head is not.
        let made = git.run(["commit-tree", &format!("{head}^{{tree}}"), "-p", &head.to_hex(), "-m", "next"]);
        let next = Oid::from_hex(made).expect("an id");
        let read = commits(&git.open(), &range(Some(head), next), &Extraction::default());
        assert_eq!(read.expect("a commit").0.len(), 1);
        let asked =
            RangeRequest { base: Some(head.to_hex()), head: Some(next.to_hex()), ..RangeRequest::default() };
        let read = history(&git.open(), &HistoryRequest { range: asked, ..HistoryRequest::default() });
        assert!(matches!(read, Err(GitError::TooMuch { .. })), "{mode}");
        let contents = Contents::new(&git.open(), &Extraction::default());
        assert!(contents.files(&head).is_none() && contents.changes(&start, &head).is_none());
        assert!(contents.has_commit(&head) && contents.files(&start).is_some());
    }
}

#[test]
fn what_one_commit_may_change_does_not_depend_on_what_the_cache_has() {
    let git = Git::init();
    git.commit("start");
    (0..20).for_each(|number| git.write(format!("{number}"), ""));
    git.commit("twenty files");
    let cache = || Some(CacheOptions::new(git.scratch.path().join("cache")));
    let read = |history_bytes, cache| {
        let limits = Limits { history_bytes, ..Limits::default() };
        let extraction = Extraction { limits, cache, ..Extraction::default() };
        commits(&git.open(), &range(Some(git.id("HEAD~1")), git.id("HEAD")), &extraction)
    };
    // Enough for what is kept of them, and an eighth of it is not enough for their paths.
    let bytes = 10_000;
    assert!(read(10 * bytes, cache()).is_ok() && read(10 * bytes, cache()).is_ok());
    for cache in [None, cache()] {
        assert!(matches!(read(bytes, cache), Err(GitError::TooMuch { .. })));
    }
}

#[test]
fn two_texts_that_differ_at_many_paths_are_not_compared_for_ever() {
    let git = Git::init();
    let start = git.commit("start");
    git.write(".git/text", "one\n".repeat(200_000));
    let leaf = Oid::from_hex(git.run(["hash-object", "-w", ".git/text"])).expect("an id");
    let tree = (0..2).fold(tree(&git, "100644", leaf), |inner, _| tree(&git, "40000", inner));
    let made = git.run(["commit-tree", &tree.to_hex(), "-p", &start.to_hex(), "-m", "a thousand times"]);
    let head = Oid::from_hex(made).expect("an id");
    let limits = Limits { history_bytes: 10 << 20, ..Limits::default() };
    let extraction = Extraction { limits, ..Extraction::default() };
    let read = commits(&git.open(), &range(Some(start), head), &extraction);
    assert!(matches!(read, Err(GitError::TooMuch { .. })));
}

/// Eight commits, some on a branch, each with a few changes.
fn project() -> Git {
    let git = Git::init();
    for number in 0..8 {
        git.write("a.rs", lines("a", 10 + number));
        git.write(format!("dir/{number}"), "x\n");
        git.commit(&format!("step {number}"));
    }
    git
}

#[test]
fn what_is_kept_of_a_range_is_counted_the_same_way_however_it_is_read() {
    let git = project();
    let root = &git.root;
    let cache = Some(CacheOptions::new(git.scratch.path().join("cache")));
    let read = |history_bytes, cache: Option<&CacheOptions>, threads| -> Result<Vec<Commit>, GitError> {
        let limits = Limits { history_bytes, ..Limits::default() };
        let extraction = Extraction { limits, cache: cache.cloned(), ..Extraction::default() };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let range = range(Some(git.id("HEAD~6")), git.id("HEAD"));
        let read = || commits(&Repository::open(root).expect("a repository"), &range, &extraction);
        pool.install(read).map(|(commits, _)| commits)
    };
    // The least that is enough, found by halving.
    let (mut few, mut enough) = (0, 1 << 20);
    while enough - few > 1 {
        let middle = u64::midpoint(few, enough);
        *if read(middle, None, 1).is_ok() { &mut enough } else { &mut few } = middle;
    }
    for threads in [1, 4] {
        for cache in [None, cache.as_ref(), cache.as_ref()] {
            assert_eq!(read(enough, cache, threads).expect("enough").len(), 6, "{threads}");
            let error = read(enough - 1, cache, threads).expect_err("too few");
            assert!(matches!(error, GitError::TooMuch { bytes } if bytes == enough - 1), "{error}");
        }
    }
}

/// A commit object as it is written here, whatever it says.
fn commit_object(git: &Git, headers: &str, message: &str) -> Oid {
    let tree = git.run(["rev-parse", "HEAD^{tree}"]);
    let who = "T <t@example.org> 1700000000 +0000";
    git.write(".git/commit", format!("tree {tree}\n{headers}author {who}\ncommitter {who}\n\n{message}\n"));
    Oid::from_hex(git.run(["hash-object", "-t", "commit", "--literally", "-w", ".git/commit"]))
        .expect("an id")
}

#[test]
fn very_many_parents_that_are_missing_are_not_named_one_by_one() {
    let git = Git::init();
    git.write("a", "x\n");
    let start = git.commit("start");
    let parents: Vec<String> = (0..150_u64).map(|number| format!("parent {number:040x}\n")).collect();
    let parents = parents.concat();
    let head = commit_object(&git, &format!("parent {start}\n{parents}"), "many");
    let (commits, problems) =
        commits(&git.open(), &range(Some(start), head), &Extraction::default()).expect("a commit");
    assert_eq!(commits.len(), 1);
    assert_eq!(problems.iter().filter(|problem| problem.starts_with("object 0")).count(), 100);
    assert!(problems.iter().any(|problem| problem.starts_with("50 more commits")), "{problems:?}");
}

#[test]
fn a_walk_ends_where_it_takes_too_much() {
    let git = Git::init();
    git.write("a", "x\n");
    let start = git.commit("start");
    let again = format!("parent {start}\n").repeat(10_000);
    let head = commit_object(&git, &again, "of one parent, often");
    let read = |history_bytes| {
        let extraction =
            Extraction { limits: Limits { history_bytes, ..Limits::default() }, ..Extraction::default() };
        commits(&git.open(), &range(None, head), &extraction).map(|(commits, _)| commits.len())
    };
    assert!(matches!(read(100_000), Err(GitError::TooMuch { bytes: 100_000 })));
    assert_eq!(read(1 << 20).expect("commits"), 2);
}

#[test]
fn a_head_of_very_many_files_is_not_compared_with_the_work_tree() {
    let git = Git::init();
    git.write("a", "x\n");
    let start = git.commit("start");
    let head = bomb(&git, "100644", git.id("HEAD:a"), start);
    git.run(["update-ref", "HEAD", &head.to_hex()]);
    let asked = RangeRequest { head: Some(start.to_hex()), ..RangeRequest::default() };
    for (worktree, is_read) in [(WorktreeMode::Include, false), (WorktreeMode::Exclude, true)] {
        let request = HistoryRequest { range: asked.clone(), worktree, ..HistoryRequest::default() };
        let read = history(&git.open(), &request);
        assert_eq!(!matches!(read, Err(GitError::TooMuch { .. })), is_read, "{worktree:?}");
    }
}

#[test]
fn what_is_not_committed_has_the_room_of_a_commit() {
    let git = Git::init();
    git.commit("start");
    (0..20).for_each(|number| git.write(format!("{number}"), "x\n"));
    let read = |history_bytes| {
        uncommitted(&git.open(), None, &Limits { history_bytes, ..Limits::default() })
            .map(|worktree| worktree.changes.len())
    };
    assert_eq!(read(8 * 20 * 200).expect("the work tree"), 20);
    assert!(matches!(read(8 * 20 * 100), Err(GitError::TooMuch { .. })));
    let some = uncommitted(&git.open(), Some(&["7", "8"].into()), &Limits::default()).expect("the work tree");
    assert!(some.changes.iter().map(|change| change.path.as_str()).eq(["7", "8"]));
}
