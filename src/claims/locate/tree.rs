//! Which file of a tree a reviewer means by a path.

use std::hash::BuildHasher as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::model::Listing;

/// The files of one version, by name.
pub struct Tree {
    files: Arc<Listing>,
    by_name: Parts,
    /// By what names begin with, up to the first dot.
    by_stem: Parts,
}

/// Files of a listing by a part of their paths.
struct Parts {
    /// The part of a path.
    part: fn(&str) -> &str,
    /// How often they were asked for.
    asked: AtomicUsize,
    chains: OnceLock<Chains>,
}

/// So many questions are answered by looking through all paths, which takes less than a table of them.
const FEW: usize = 16;

impl Parts {
    fn new(part: fn(&str) -> &str) -> Self {
        Self { part, asked: AtomicUsize::new(0), chains: OnceLock::new() }
    }

    /// The paths that have `wanted` as their part, in order.
    fn paths<'a>(&'a self, files: &'a Listing, wanted: &str) -> Vec<&'a str> {
        let (part, asked) = (self.part, self.asked.fetch_add(1, Ordering::Relaxed));
        if asked < FEW && self.chains.get().is_none() {
            return files.having(wanted).filter(|path| part(path) == wanted).collect();
        }
        self.chains.get_or_init(|| Chains::new(files, part)).paths(files, part, wanted).collect()
    }
}

/// A table of the parts of all paths.
struct Chains {
    hasher: DefaultHashBuilder,
    /// The first file of every part.
    first: HashTable<u32>,
    /// Of every file, the next that has its part; the last has its own number.
    next: Vec<u32>,
}

impl Chains {
    fn new(files: &Listing, part: fn(&str) -> &str) -> Self {
        let hasher = DefaultHashBuilder::default();
        let part_of = |at: u32| part(files.path(at as usize));
        let mut first: HashTable<u32> = HashTable::with_capacity(files.len());
        let count = u32::try_from(files.len()).unwrap_or(u32::MAX);
        let mut next: Vec<u32> = (0..count).collect();
        // From the last to the first, so that those of one part come in the order of their paths.
        for at in (0..count).rev() {
            let part = part_of(at);
            let is_same = |&other: &u32| part_of(other) == part;
            match first.entry(hasher.hash_one(part), is_same, |&other| hasher.hash_one(part_of(other))) {
                Entry::Occupied(mut later) => next[at as usize] = std::mem::replace(later.get_mut(), at),
                Entry::Vacant(free) => drop(free.insert(at)),
            }
        }
        Self { hasher, first, next }
    }

    /// The paths of the files that have `wanted` as their `part`, which is that of [`Self::new`].
    fn paths<'a>(
        &'a self,
        files: &'a Listing,
        part: fn(&str) -> &str,
        wanted: &str,
    ) -> impl Iterator<Item = &'a str> + use<'a> {
        let path = |at: u32| files.path(at as usize);
        let first = self.first.find(self.hasher.hash_one(wanted), |&at| part(path(at)) == wanted).copied();
        let next = |&at: &u32| Some(self.next[at as usize]).filter(|&next| next != at);
        std::iter::successors(first, next).map(path)
    }
}

/// What a spelled path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// This file.
    File(String),
    /// One of several.
    Ambiguous(Vec<String>),
    /// None.
    Nothing,
}

/// How many files an ambiguous name may have before they are not listed any more.
const MAX_AMBIGUOUS: usize = 8;

impl Tree {
    /// Finds the files of a listing by their names.
    pub fn new(files: Arc<Listing>) -> Self {
        Self { by_name: Parts::new(name), by_stem: Parts::new(stem), files }
    }

    /// The file that a path names, however much of it is spelled, and whatever directories of another machine
    /// or above the repository stand before it.
    pub fn named(&self, spelled: &str) -> Named {
        let parts = parts(spelled);
        let Some(name) = parts.last() else { return Named::Nothing };
        let same_name = self.with_name(name);
        if same_name.is_empty() {
            return Named::Nothing;
        }
        for dropped in 0..parts.len() {
            if dropped > 1 && parts.len() - dropped < 2 {
                // Far from here, only the name is the same: another project's file.
                return Named::Nothing;
            }
            let tail = parts[dropped..].join("/");
            let mut found: Vec<&str> =
                same_name.iter().copied().filter(|path| ends_with(path, &tail)).collect();
            // `x/package.json` with an unknown `x` may be the root's, but not any other's.
            if dropped > 0 && parts.len() - dropped < 2 {
                found.retain(|path| *path == tail);
            }
            if found.contains(&tail.as_str()) {
                return Named::File(tail);
            }
            match found.as_slice() {
                [] => {}
                [file] => return Named::File((*file).to_owned()),
                several => return Self::several(several),
            }
        }
        Named::Nothing
    }

    fn several(paths: &[&str]) -> Named {
        let seen: Vec<&str> = paths.iter().copied().filter(|path| !is_hidden(path)).collect();
        match seen.as_slice() {
            [file] => Named::File((*file).to_owned()),
            _ => Named::Ambiguous(seen.into_iter().take(MAX_AMBIGUOUS).map(str::to_owned).collect()),
        }
    }

    /// The source file that is named after a symbol: `Panel.tsx` for `Panel`. Tests do not count, nor what is hidden
    /// or written for people.
    pub fn of_symbol(&self, symbol: &str) -> Option<&str> {
        let found = self.by_stem.paths(&self.files, symbol).into_iter();
        let mut found = found.filter(|path| !is_test(path) && !is_hidden(path) && !is_prose(path));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// The paths of files with this name.
    pub fn with_name(&self, wanted: &str) -> Vec<&str> {
        self.by_name.paths(&self.files, wanted)
    }
}

/// The name of the file that a spelled path names, see [`Tree::named`].
pub(super) fn name_of_spelled(spelled: &str) -> Option<&str> {
    parts(spelled).pop()
}

/// The parts of a path after the last `..`: nothing leads out of the repository.
fn parts(spelled: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in spelled.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => parts.clear(),
            _ => parts.push(part),
        }
    }
    parts
}

fn ends_with(path: &str, tail: &str) -> bool {
    path.strip_suffix(tail).is_some_and(|head| head.is_empty() || head.ends_with('/'))
}

/// The last part of a path.
pub fn name(path: &str) -> &str {
    &path[memchr::memrchr(b'/', path.as_bytes()).map_or(0, |slash| slash + 1)..]
}

/// The name of a path up to its first dot.
fn stem(path: &str) -> &str {
    let name = name(path);
    &name[..memchr::memchr(b'.', name.as_bytes()).unwrap_or(name.len())]
}

/// Whether a file or a directory on the way to it is hidden. There, tools keep their records, and plans lie.
pub fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

/// Whether a file is written for people: what it says of code is no code.
pub fn is_prose(path: &str) -> bool {
    let ending = name(path).rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(ending, "md" | "mdx" | "markdown" | "rst" | "txt" | "adoc" | "log" | "lock" | "patch" | "diff")
}

/// Whether a file is a test, by its name or directory.
pub fn is_test(path: &str) -> bool {
    let name = name(path);
    let marks = [".test", ".spec", "_test", "_spec"];
    let mut dots = memchr::memchr_iter(b'.', name.as_bytes());
    dots.any(|dot| marks.iter().any(|mark| name[..dot].ends_with(mark)))
        || name.starts_with("test_")
        || path.split('/').any(|part| matches!(part, "tests" | "test" | "__tests__" | "spec" | "e2e"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Oid;

    fn tree(paths: &[&str]) -> Tree {
        Tree::new(Arc::new(Listing::new(paths.iter().map(|path| (path, Oid::default())))))
    }

    fn file(path: &str) -> Named {
        Named::File(path.into())
    }

    #[test]
    fn paths_are_resolved_as_people_write_them() {
        let tree = tree(&[
            "package.json",
            "src/a/Panel.tsx",
            "src/a/index.ts",
            "src/b/index.ts",
            ".plans/x/Panel.tsx",
        ]);
        for (spelled, found) in [
            ("src/a/Panel.tsx", file("src/a/Panel.tsx")),
            ("./a/Panel.tsx", file("src/a/Panel.tsx")),
            ("Panel.tsx", file("src/a/Panel.tsx")),
            ("app/src/b/index.ts", file("src/b/index.ts")),
            ("/Users/x/app/src/b/index.ts", file("src/b/index.ts")),
            ("app/package.json", file("package.json")),
            ("../../src/b/index.ts", file("src/b/index.ts")),
            ("/x/y/z/package.json", Named::Nothing),
            ("other/dir/Panel.tsx", Named::Nothing),
            ("nowhere.ts", Named::Nothing),
            ("..", Named::Nothing),
        ] {
            assert_eq!(tree.named(spelled), found, "{spelled}");
        }
        assert_eq!(
            tree.named("index.ts"),
            Named::Ambiguous(vec!["src/a/index.ts".into(), "src/b/index.ts".into()])
        );
        assert_eq!(tree.of_symbol("Panel"), Some("src/a/Panel.tsx"));
        assert_eq!(tree.of_symbol("index"), None);
        assert_eq!(tree.with_name("index.ts"), ["src/a/index.ts", "src/b/index.ts"]);
    }

    proptest! {
        #[test]
        fn many_questions_are_answered_like_few(paths in prop::collection::vec("([ab.]{0,3}/){0,2}[ab.]{1,3}", 0..9)) {
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            let tree = tree(&paths);
            let ask = || ["a", "b", "ab", "a.b", "", "."].map(|part| {
                (tree.by_name.paths(&tree.files, part), tree.by_stem.paths(&tree.files, part))
            });
            let few = ask();
            (0..FEW).for_each(|_| drop(ask()));
            prop_assert_eq!(few, ask());
        }
    }

    #[test]
    fn a_symbol_has_one_file_whatever_names_stand_beside_it() {
        let beside = ["a/Panel-x.ts", "a/Panel.md", "a/Panel.test.ts", "a/PanelX.ts", ".b/Panel.ts"];
        for own in ["a/Panel.ts", "a/Panel", "z/Panel.module.css"] {
            assert_eq!(tree(&[&beside[..], &[own]].concat()).of_symbol("Panel"), Some(own));
        }
        assert_eq!(tree(&beside).of_symbol("Panel"), None);
        assert_eq!(tree(&["a/Panel", "a/Panel.ts"]).of_symbol("Panel"), None);
    }
}
