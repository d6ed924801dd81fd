//! The same history, however git stores it and whatever stands in for its objects.

use std::path::Path;

use taskproof::git::{Extraction, Range, Repository, commits};
use taskproof::model::{BaseSource, Commit, Content};

use crate::support::git::{Git, lines};
use crate::support::oracle::{agree, read};

/// Files that change often and a little, so that packs hold chains of deltas.
fn project() -> Git {
    let git = Git::init();
    for number in 0..12 {
        for name in ["a.rs", "dir/b.rs", "dir/deep/c.rs"] {
            let text = lines(name, 300).replace("line 7 ", &format!("line {number} of {name} "));
            git.write(name, text + &lines(&format!("tail {number}"), number));
        }
        git.commit(&format!("step {number}"));
    }
    git
}

fn all(repo: &Repository, extraction: &Extraction) -> (Vec<Commit>, Vec<String>) {
    let head = repo.resolve("HEAD").expect("readable").expect("a head");
    let range = Range { base: None, base_source: BaseSource::None, head, hidden: Vec::new(), reason: None };
    commits(repo, &range, extraction).expect("commits")
}

fn shown(dir: &Path) -> String {
    let (commits, problems) = all(&Repository::open(dir).expect("a repository"), &Extraction::default());
    assert_eq!(problems, Vec::<String>::new());
    format!("{commits:#?}")
}

#[test]
fn loose_packed_and_mixed_objects_read_the_same() {
    let git = project();
    let loose = shown(&git.root);
    git.run(["repack", "-q", "-a", "-d", "-f", "--depth=50", "--window=50"]);
    let verified = Extraction { verify_objects: true, ..Extraction::default() };
    assert_eq!(format!("{:#?}", all(&git.open(), &verified).0), loose);
    assert_eq!(shown(&git.root), loose);
    git.write("a.rs", "loose again\n");
    git.commit("beside the pack");
    agree(&git, None, "HEAD");
}

#[test]
fn several_packs_with_an_index_over_all_and_a_commit_graph() {
    let git = project();
    git.run(["repack", "-q", "-d"]);
    git.write("a.rs", "second pack\n");
    git.commit("second pack");
    git.run(["repack", "-q", "-d"]);
    git.run(["multi-pack-index", "write"]);
    git.run(["commit-graph", "write", "--reachable", "--changed-paths"]);
    agree(&git, None, "HEAD");
    git.write("a.rs", "the graph is stale\n");
    git.commit("stale");
    agree(&git, None, "HEAD");
}

#[test]
fn objects_of_alternates_are_found() {
    let git = project();
    git.run(["repack", "-q", "-a", "-d"]);
    let shared = git.scratch.path().join("shared");
    git.run(["clone", "-q", "--shared", ".", shared.to_str().unwrap()]);
    let clone = Git::at(shared);
    assert_eq!(shown(&clone.root), shown(&git.root));
    clone.write("a.rs", "of the clone\n");
    clone.commit("of the clone");
    agree(&clone, None, "HEAD");
}

#[test]
fn partial_clones_know_paths_and_miss_contents() {
    let git = project();
    git.run(["config", "uploadpack.allowFilter", "true"]);
    let partial = git.scratch.path().join("partial.git");
    let url = format!("file://{}", git.root.display());
    git.run(["clone", "-q", "--bare", "--filter=blob:none", &url, partial.to_str().unwrap()]);
    let (commits, problems) = all(&Repository::open(&partial).unwrap(), &Extraction::default());
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(commits.len(), 12);
    for change in commits.iter().flat_map(|commit| &commit.changes) {
        assert_eq!(change.content, Content::Missing, "nothing was fetched for {}", change.path);
    }
}

#[test]
fn replaced_objects_are_those_that_git_shows() {
    let git = project();
    let (old, new) = (git.run(["rev-parse", "HEAD~3:a.rs"]), git.run(["rev-parse", "HEAD~7:dir/b.rs"]));
    git.run(["replace", &old, &new]);
    let tree = git.run(["rev-parse", "HEAD~5^{tree}"]);
    let parent = git.run(["rev-parse", "HEAD~8"]);
    let other = git.run(["commit-tree", "-p", &parent, "-m", "in its place", &tree]);
    git.run(["replace", "HEAD~5", &other]);
    let commits = agree(&git, None, "HEAD");
    assert!(commits.iter().any(|commit| commit.subject == "in its place"));
    assert_eq!(commits.len(), 10, "two commits are passed by");
}

#[test]
fn grafts_count_as_they_do_for_git() {
    let git = project();
    let grafts = format!("{} {}\n{}\n", git.id("HEAD~2"), git.id("HEAD~6"), git.id("HEAD~9"));
    git.write(".git/info/grafts", grafts);
    let commits = agree(&git, None, "HEAD");
    assert_eq!(commits.len(), 7);
}

#[test]
fn a_missing_commit_ends_the_history_there() {
    let git = project();
    let lost = git.id("HEAD~4").to_hex();
    git.remove(&format!(".git/objects/{}/{}", &lost[..2], &lost[2..]));
    let (commits, problems) = all(&git.open(), &Extraction::default());
    assert_eq!(commits.len(), 4);
    assert!(problems.iter().any(|problem| problem.contains(&lost) && problem.contains("is missing")));
    assert!(commits[0].changes.is_empty(), "what it changed is unknown, not everything");
}

#[test]
fn damaged_packs_are_reported_and_passed() {
    let git = project();
    git.run(["repack", "-q", "-a", "-d"]);
    let pack = git.run(["rev-parse", "--git-path", "objects/pack"]);
    let file = std::fs::read_dir(git.root.join(pack))
        .unwrap()
        .flatten()
        .map(|file| file.path())
        .find(|path| path.extension().is_some_and(|end| end == "pack"))
        .expect("a pack");
    let whole = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    // Everything in the second half is lost: none of it may end in a panic or pass for sound.
    let mut damaged = whole.clone();
    let half = damaged.len() / 2;
    damaged[half..].fill(0xa5);
    for bytes in [&damaged, &whole[..half].to_vec(), &Vec::new()] {
        std::fs::write(&file, bytes).unwrap();
        let repo = git.open();
        let range = Range {
            base: None,
            base_source: BaseSource::None,
            head: git.id("HEAD"),
            hidden: Vec::new(),
            reason: None,
        };
        if let Ok((commits, problems)) = commits(&repo, &range, &Extraction::default()) {
            let missing = commits
                .iter()
                .flat_map(|commit| &commit.changes)
                .any(|change| change.content == Content::Missing);
            assert!(missing || !problems.is_empty());
        }
    }
}

#[test]
fn attributes_say_what_is_binary() {
    let git = Git::init();
    git.write(".gitattributes", "*.lock -diff\n*.bin diff\n");
    git.write("a.lock", "1\n");
    git.write("b.bin", [b'x', 0, b'\n']);
    git.commit("first");
    git.write("a.lock", "2\n");
    git.write("b.bin", [b'y', 0, b'\n']);
    git.commit("second");
    let commits = read(&git, None, "HEAD");
    let contents: Vec<_> = commits[1].changes.iter().map(|change| &change.content).collect();
    assert_eq!(contents[0], &Content::Binary);
    assert_eq!(contents[1].hunks().count(), 1);
}
