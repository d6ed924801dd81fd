//! Names that texts may have.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// Tells at once that a text has none of some names, in capitals or not.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    /// `None` if they are too much: then any text may have one.
    any: Option<AhoCorasick>,
}

impl Names {
    /// Of more names no automaton is made: what that takes grows with the square of their number.
    pub(crate) const MOST: usize = 4096;
    /// Nor of names that are longer together, in bytes.
    const MOST_BYTES: usize = 64 << 10;

    /// Of these names.
    pub(crate) fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut few, mut bytes) = (Vec::new(), 0);
        for name in names {
            bytes += name.len();
            few.push(name);
            if few.len() > Self::MOST || bytes > Self::MOST_BYTES {
                return Self { any: None };
            }
        }
        // A table of all letters of all names would be faster, and a kilobyte for each.
        let kind = Some(AhoCorasickKind::ContiguousNFA);
        Self { any: AhoCorasick::builder().kind(kind).ascii_case_insensitive(true).build(few).ok() }
    }

    /// Whether a text may have any of them, if only as a part of a word.
    pub(crate) fn may_be_in(&self, text: &str) -> bool {
        self.any.as_ref().is_none_or(|any| any.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_names_may_be_anywhere() {
        for (count, may_be) in [(Names::MOST, false), (Names::MOST + 1, true)] {
            let names: Vec<String> = (0..count).map(|number| format!("T{number}")).collect();
            let names = Names::of(names.iter().map(String::as_str));
            assert_eq!(names.may_be_in("a clock"), may_be, "{count}");
            assert!(names.may_be_in("for xt7"));
        }
    }

    #[test]
    fn too_long_names_may_be_anywhere() {
        for (length, may_be) in [(Names::MOST_BYTES, false), (Names::MOST_BYTES + 1, true)] {
            assert_eq!(Names::of([&*"T".repeat(length)]).may_be_in("a clock"), may_be, "{length}");
        }
    }
}
