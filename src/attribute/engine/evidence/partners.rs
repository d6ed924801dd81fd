//! Tests and what they test, paired by their names: `board.test.ts`, `test_board.py` and `board_test.go`.

use std::collections::HashMap;

use super::PathEvidence;
use crate::attribute::noise::base_name;

/// Two paths, of which one is a test and the other what it tests.
pub(in crate::attribute::engine) struct Paired {
    pub(in crate::attribute::engine) path: usize,
    pub(in crate::attribute::engine) partner: usize,
}

/// Every path with each of its partners, in no particular order.
pub(in crate::attribute::engine) fn pairs<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<Paired> {
    /// A name that more files share pairs nothing.
    const MOST: usize = 6;
    let mut by_subject: HashMap<String, Vec<(usize, bool)>> = HashMap::new();
    for (at, path) in paths.enumerate() {
        let (subject, is_test) = subject(path);
        by_subject.entry(subject).or_default().push((at, is_test));
    }
    let mut pairs = Vec::new();
    for group in by_subject.into_values().filter(|group| (2..=MOST).contains(&group.len())) {
        for (path, is_test) in &group {
            let others = group.iter().filter(|(_, other)| other != is_test);
            pairs.extend(others.map(|(partner, _)| Paired { path: *path, partner: *partner }));
        }
    }
    pairs
}

/// Pairs the paths of the evidence.
pub(super) fn link(paths: &mut [PathEvidence]) {
    let pairs = pairs(paths.iter().map(|path| path.place.path.as_str()));
    for Paired { path, partner } in pairs {
        paths[path].partners.push(partner);
    }
    for path in paths {
        path.partners.sort_unstable();
    }
}

/// What a file is about by its base name, and whether it is a test of it.
fn subject(path: &str) -> (String, bool) {
    let name = base_name(path).to_lowercase();
    let stem = name.split('.').next().unwrap_or(&name);
    let marked = [".test.", ".spec."].iter().any(|mark| name.contains(mark))
        || path.split('/').any(|part| part == "__tests__");
    let prefixes = ["test_", "test-"].iter().filter_map(|prefix| stem.strip_prefix(prefix));
    let suffixes =
        ["_test", "-test", "_spec", "_tests"].iter().filter_map(|suffix| stem.strip_suffix(suffix));
    let stripped = prefixes.chain(suffixes).next();
    (stripped.unwrap_or(stem).replace(['-', '_'], ""), marked || stripped.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_known_by_their_names() {
        let about = |path: &str| subject(path);
        for test in ["a/board.test.ts", "t/test_board.py", "board_test.go", "x/__tests__/board.ts"] {
            assert_eq!(about(test), ("board".to_owned(), true), "{test}");
        }
        assert_eq!(about("src/board.rs"), ("board".to_owned(), false));
        assert_eq!(about("src/undo-redo.ts").0, about("tests/test_undo_redo.py").0);
        assert_eq!(about("src/contest.rs"), ("contest".to_owned(), false));
    }
}
