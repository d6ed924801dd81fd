//! Memory for reading a history. Objects that were read lately fill it, and give way to what is made of them: a longer history
//! does not take more.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use super::objects::Recent;
use crate::model::Commit;

/// Bytes of memory, for all threads together.
const MOST: usize = 136 << 20;
/// What is used of it while there are few commits, and how much more for each: clearing room that is hardly used again takes
/// longer than it saves. So much is left for objects, however long the history is.
const AT_FIRST: usize = 32 << 20;
const PER_COMMIT: usize = 32 << 10;
/// What a commit takes before it is read: its place in the walk and among what is to do.
const WAITING: usize = 200;

/// The memory of all threads that read one history.
pub(super) struct Memory {
    recent: Recent,
    /// How many commits are read, as far as it is known.
    commits: AtomicUsize,
    /// Bytes of those that were read, of the few that turn out not to be of the range, too.
    kept: AtomicUsize,
}

impl Memory {
    /// For so many threads.
    pub(super) fn of_threads(threads: usize) -> Self {
        Self { recent: Recent::of_threads(threads), commits: AtomicUsize::new(0), kept: AtomicUsize::new(0) }
    }

    /// What is remembered while so many commits are read, or more.
    pub(super) fn reading(&self, commits: usize) -> &Recent {
        self.commits.fetch_max(commits, Relaxed);
        self.divide();
        &self.recent
    }

    /// Commits that were read stay in memory from now on.
    pub(super) fn keep<'c>(&self, commits: impl Iterator<Item = &'c Commit>) {
        self.kept.fetch_add(commits.map(Commit::memory).sum(), Relaxed);
        self.divide();
    }

    /// Lets go of all objects: everything was read.
    pub(super) fn forget(&self) {
        self.recent.allow(0);
    }

    fn divide(&self) {
        self.recent.allow(for_objects(self.commits.load(Relaxed), self.kept.load(Relaxed)));
    }
}

/// How many bytes of objects are remembered, of so many commits and beside so many bytes of those that were read.
fn for_objects(commits: usize, kept: usize) -> usize {
    let worthwhile = AT_FIRST.saturating_add(commits.saturating_mul(PER_COMMIT)).min(MOST);
    let others = commits.saturating_mul(WAITING).saturating_add(kept);
    // What objects leave behind has gaps: five bytes less of them are four bytes that others can have.
    worthwhile.saturating_sub(others.saturating_add(others / 4)).max(AT_FIRST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::script::build;
    use crate::git::source::{Extraction, Source};
    use crate::git::{RangeRequest, Repository, find_range, walk};

    const SCRIPT: &str = r#"
        branch = "main"
        [[commit]]
        message = "first"
        time = "2026-05-21T09:00:00Z"
        write = { "a" = "1\n" }
        [[commit]]
        message = "second"
        time = "2026-05-21T10:00:00Z"
        write = { "a" = "2\n", "b" = "1\n" }
        [[commit]]
        message = "third"
        time = "2026-05-21T11:00:00Z"
        write = { "b" = "2\n" }
    "#;

    #[test]
    fn every_commit_that_was_read_is_counted() {
        let scratch = tempfile::tempdir().expect("a directory");
        build(&toml::from_str(SCRIPT).expect("a script"), scratch.path()).expect("a repository");
        let read = || {
            let repo = Repository::open(scratch.path()).expect("a repository");
            let source = Source::open(&repo, false).expect("a source");
            let request = RangeRequest { base: Some("main~2".to_owned()), ..RangeRequest::default() };
            let range = find_range(&repo, &request).expect("a range");
            let (commits, _) = walk::read(&source, &range, &Extraction::default()).expect("commits");
            (source.memory.kept.load(Relaxed), commits)
        };
        // One thread reads them after the walk, several while it goes on.
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            let (kept, commits) = pool.install(read);
            assert_eq!((commits.len(), kept), (2, commits.iter().map(Commit::memory).sum()), "{threads}");
        }
    }

    #[test]
    fn objects_give_way_to_commits() {
        let all = MOST / PER_COMMIT;
        assert_eq!(for_objects(0, 0), AT_FIRST);
        assert_eq!(for_objects(1000, 0), AT_FIRST + 1000 * (PER_COMMIT - WAITING * 5 / 4));
        assert_eq!(for_objects(all, 0), MOST - all * WAITING * 5 / 4);
        assert_eq!(for_objects(all, 20 << 20), for_objects(all, 0) - (25 << 20));
        assert_eq!(for_objects(usize::MAX, usize::MAX), AT_FIRST, "some are always remembered");
    }
}
