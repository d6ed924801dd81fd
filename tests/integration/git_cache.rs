//! With the cache, without it, and on any number of threads: the same history.

use std::path::{Path, PathBuf};

use taskproof::git::{CacheOptions, Extraction, Range, Repository, commits};
use taskproof::model::{BaseSource, Oid};

use crate::support::git::{Git, lines};

/// A history with merges, moves and files of all kinds.
fn project() -> Git {
    let git = Git::init();
    for number in 0..8 {
        git.write("a.rs", lines("a", 100 + number));
        git.write("binary", [0, u8::try_from(number).expect("a byte")]);
        git.commit(&format!("step {number}\n\nbody\n\nTask: T{number}"));
    }
    git.run(["checkout", "-q", "-b", "side", "HEAD~3"]);
    git.run(["mv", "a.rs", "moved.rs"]);
    git.commit("moved");
    git.run(["checkout", "-q", "main"]);
    git.write("more/c", "x\n");
    git.commit("more");
    git.run(["merge", "-q", "--no-ff", "-m", "join", "side"]);
    git
}

fn shown(dir: &Path, range: &Range, cache: Option<&Path>) -> String {
    let cache = cache.map(|directory| CacheOptions::new(directory.to_path_buf()));
    let extraction = Extraction { cache, ..Extraction::default() };
    let repo = Repository::open(dir).expect("a repository");
    format!("{:#?}", commits(&repo, range, &extraction).expect("commits"))
}

fn range(base: Option<Oid>, head: Oid) -> Range {
    Range { base, base_source: BaseSource::Flag, head, hidden: Vec::new(), reason: None }
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut pending = vec![directory.to_path_buf()];
    let mut files = Vec::new();
    while let Some(directory) = pending.pop() {
        for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
            if entry.path().is_dir() { &mut pending } else { &mut files }.push(entry.path());
        }
    }
    files.sort();
    files
}

#[test]
fn a_second_run_says_the_same() {
    let git = project();
    let cache = git.scratch.path().join("cache");
    let before = files(&git.root.join(".git"));
    for (base, head) in [(None, "HEAD~1"), (None, "HEAD"), (Some("HEAD~2"), "HEAD"), (Some("side"), "main")] {
        let range = range(base.map(|base| git.id(base)), git.id(head));
        let plain = shown(&git.root, &range, None);
        for run in ["cold", "warm"] {
            assert_eq!(shown(&git.root, &range, Some(&cache)), plain, "{run} {head}");
        }
    }
    assert_eq!(files(&git.root.join(".git")), before, "the repository was not written to");
    assert_eq!(files(&cache).len(), 2, "what was known was not written again");
}

#[test]
fn the_cache_stands_in_for_the_objects() {
    let git = project();
    let cache = git.scratch.path().join("cache");
    let range = range(None, git.id("HEAD"));
    let first = shown(&git.root, &range, Some(&cache));
    // All but head, which finding it needs, is gone.
    let head = git.id("HEAD").to_hex();
    for file in files(&git.root.join(".git/objects")) {
        if !file.ends_with(Path::new(&head[..2]).join(&head[2..])) {
            std::fs::remove_file(file).unwrap();
        }
    }
    assert_eq!(shown(&git.root, &range, Some(&cache)), first);
}

#[test]
fn a_damaged_cache_changes_nothing() {
    let git = project();
    let cache = git.scratch.path().join("cache");
    let range = range(None, git.id("HEAD"));
    let first = shown(&git.root, &range, Some(&cache));
    let file = files(&cache).remove(0);
    let whole = std::fs::read(&file).unwrap();
    for at in [0, 8, 100, whole.len() / 2, whole.len() - 30, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xff;
        std::fs::write(&file, damaged).unwrap();
        assert_eq!(shown(&git.root, &range, Some(&cache)), first, "byte {at}");
    }
}

#[test]
fn what_stands_in_for_objects_counts_at_once() {
    let git = project();
    let cache = git.scratch.path().join("cache");
    let range = range(None, git.id("HEAD"));
    let first = shown(&git.root, &range, Some(&cache));
    let (old, new) = (git.run(["rev-parse", "HEAD~2:a.rs"]), git.run(["rev-parse", "HEAD~4:a.rs"]));
    git.run(["replace", &old, &new]);
    let replaced = shown(&git.root, &range, None);
    assert_ne!(replaced, first);
    assert_eq!(shown(&git.root, &range, Some(&cache)), replaced);
    git.run(["replace", "-d", &old]);
    git.write(".git/info/grafts", format!("{}\n", git.id("HEAD~1")));
    let grafted = shown(&git.root, &range, None);
    assert_ne!(grafted, first);
    assert_eq!(shown(&git.root, &range, Some(&cache)), grafted);
    git.remove(".git/info/grafts");
    git.write(".gitattributes", "*.rs -diff\n");
    let declared = shown(&git.root, &range, None);
    assert_ne!(declared, first);
    assert_eq!(shown(&git.root, &range, Some(&cache)), declared);
}

#[test]
fn any_number_of_threads_reads_the_same() {
    let git = project();
    let range = range(None, git.id("HEAD"));
    let shown_by = |threads: usize, cache: Option<&Path>| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| shown(&git.root, &range, cache))
    };
    let one = shown_by(1, None);
    for threads in [2, 3, 8] {
        let cache = git.scratch.path().join(format!("cache{threads}"));
        assert_eq!(shown_by(threads, None), one);
        assert_eq!(shown_by(threads, Some(&cache)), one);
        assert_eq!(shown_by(1, Some(&cache)), one);
    }
}
