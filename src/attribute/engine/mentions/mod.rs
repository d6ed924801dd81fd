//! Where a text names files, and in what manner: a mention is not a change.

mod index;
mod manner;

pub(super) use index::PathIndex;
pub(super) use manner::Manner;

/// How exactly a text names a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exactness {
    /// A directory above it.
    Directory,
    /// Its base name without the extension, as an identifier.
    Stem,
    /// A base name that several files have.
    SharedName,
    /// Its base name, which no other file has.
    Name,
    /// Its path, or the end of it.
    Path,
}

/// A place in a text that names a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mention {
    /// Index of the path.
    pub(super) path: usize,
    pub(super) exactness: Exactness,
    pub(super) manner: Manner,
    /// Where in the text, 0 at its beginning to 1 at its end.
    pub(super) position: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, Exactness, Manner)> {
        let paths = [
            "src/ui/board.ts",
            "src/core/board.ts",
            "src/lockFile.rs",
            "web/app/page.tsx",
            "web/app/nav.tsx",
        ];
        let index = PathIndex::new(paths.map(str::to_owned).to_vec(), &[("board/alias.ts".into(), 0)]);
        index.mentions(text).into_iter().map(|found| (found.path, found.exactness, found.manner)).collect()
    }

    #[test]
    fn files_are_named_in_several_ways() {
        use Exactness::*;
        use Manner::Named;
        assert_eq!(found("in src/ui/board.ts:12"), [(0, Path, Named)]);
        assert_eq!(found("in `ui/board.ts`"), [(0, Path, Named)]);
        assert_eq!(found("/home/x/repo/src/core/board.ts."), [(1, Path, Named)]);
        assert_eq!(found("the board.ts"), [(0, SharedName, Named), (1, SharedName, Named)]);
        assert_eq!(found("lockFile"), [(2, Stem, Named)]);
        assert_eq!(found("lockFile.rs"), [(2, Name, Named)]);
        assert_eq!(found("web/app/"), [(3, Directory, Named), (4, Directory, Named)]);
        assert_eq!(found("board/alias.ts"), [(0, Path, Named)]);
        assert_eq!(found("board, page, other/board.ts"), []);
    }

    #[test]
    fn the_clause_tells_the_manner() {
        let manner = |text: &str| found(text).last().map(|(_, _, manner)| *manner);
        assert_eq!(manner("Added a lock to src/lockFile.rs"), Some(Manner::Changed));
        assert_eq!(manner("Added a lock; verified with src/lockFile.rs"), Some(Manner::Read));
        assert_eq!(manner("Updated it. src/lockFile.rs stays unchanged"), Some(Manner::Read));
        assert_eq!(manner("Updated it, see `cargo test src/lockFile.rs`"), Some(Manner::Read));
        assert_eq!(manner("A lock in src/lockFile.rs"), Some(Manner::Named));
    }
}
