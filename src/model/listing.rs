//! The files of one state of a tree.

use super::Oid;

/// Files and their blobs, in the order of their paths. All paths lie in one text: a tree of a hundred thousand files is listed
/// without a hundred thousand pieces of memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Paths, one after the other, in their order.
    text: String,
    files: Vec<File>,
}

/// Whether files with a name, in bytes, are to be listed.
pub type NameFilter<'a> = &'a dyn Fn(&[u8]) -> bool;

/// Where the path of a file begins and ends in the text, and its blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct File {
    start: usize,
    end: usize,
    blob: Oid,
}

impl Listing {
    /// Lists files in any order, each by its `/` separated path and its blob. Of a path that comes several times, the first
    /// counts.
    pub fn new<P: AsRef<str>>(files: impl IntoIterator<Item = (P, Oid)>) -> Self {
        let mut listing = Self::default();
        files.into_iter().for_each(|(path, blob)| listing.add(path.as_ref(), blob));
        listing.in_order()
    }

    /// Lists what `fill` adds, about so many files and bytes of paths, or nothing if that fails. It tells whether it has added
    /// everything once and in order.
    pub(crate) fn filled(
        (count, bytes): (usize, usize),
        fill: impl FnOnce(&mut dyn FnMut(&str, Oid)) -> Option<bool>,
    ) -> Option<Self> {
        let mut listing = Self { text: String::with_capacity(bytes), files: Vec::with_capacity(count) };
        let is_in_order = fill(&mut |path, blob| listing.add(path, blob))?;
        Some(if is_in_order { listing } else { listing.in_order() })
    }

    fn add(&mut self, path: &str, blob: Oid) {
        let start = self.text.len();
        self.text.push_str(path);
        self.files.push(File { start, end: self.text.len(), blob });
    }

    fn in_order(mut self) -> Self {
        let path = |file: &File| &self.text[file.start..file.end];
        if self.files.is_sorted_by(|one, next| path(one) < path(next)) {
            return self;
        }
        self.files.sort_by(|one, other| path(one).cmp(path(other)));
        self.files.dedup_by(|later, first| path(later) == path(first));
        let mut sorted = Self { text: String::with_capacity(self.text.len()), files: Vec::new() };
        sorted.files.reserve_exact(self.files.len());
        self.files.iter().for_each(|file| sorted.add(&self.text[file.start..file.end], file.blob));
        sorted
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The path of the file with this number, which is below [`Self::len`].
    pub fn path(&self, number: usize) -> &str {
        let file = self.files[number];
        &self.text[file.start..file.end]
    }

    /// Its blob.
    pub fn blob(&self, number: usize) -> Oid {
        self.files[number].blob
    }

    /// All paths, in order.
    pub fn paths(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|number| self.path(number))
    }

    /// The number of the first file whose path is not before `path`.
    pub fn first_from(&self, path: &str) -> usize {
        self.files.partition_point(|file| self.text[file.start..file.end] < *path)
    }

    /// Paths that have a text in them, in order, and none twice.
    pub fn having<'a, 'w>(&'a self, wanted: &'w str) -> impl Iterator<Item = &'a str> + use<'a, 'w> {
        let mut next = 0;
        let finder = memchr::memmem::Finder::new(wanted);
        std::iter::from_fn(move || {
            loop {
                let from = self.files.get(next)?.start;
                let at = from + finder.find(&self.text.as_bytes()[from..])?;
                next += self.files[next..].partition_point(|file| file.end <= at);
                let file = self.files.get(next)?;
                next += 1;
                // What ends in the next path is in neither.
                if at + wanted.len() <= file.end {
                    return Some(&self.text[file.start..file.end]);
                }
            }
        })
    }

    /// Whether there is a file at a path.
    pub fn has(&self, path: &str) -> bool {
        let number = self.first_from(path);
        number < self.len() && self.path(number) == path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_in_order_and_each_is_there_once() {
        let [one, two, three, four] = [1, 2, 3, 4].map(|byte| Oid([byte; 20]));
        let listing = Listing::new([("b", two), ("a/z", one), ("b", three), ("a", four)]);
        assert_eq!(listing.paths().collect::<Vec<_>>(), ["a", "a/z", "b"]);
        assert_eq!((listing.blob(0), listing.blob(2)), (four, two));
        assert!(listing.has("a/z") && !listing.has("a/") && !listing.has("c"));
        assert_eq!((listing.first_from("a/"), listing.first_from("z"), listing.len()), (1, 3, 3));
        assert_eq!(listing.having("a").collect::<Vec<_>>(), ["a", "a/z"]);
        assert_eq!(listing.having("").count(), 3);
        assert_eq!(listing.having("zb").count(), 0, "no path has both");
        assert!(Listing::default().is_empty() && !Listing::default().has(""));
    }
}
