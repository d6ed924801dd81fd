//! What changed, path by path.

use std::collections::{BTreeMap, HashMap};

use super::super::ownership;
use super::super::vocabulary::Vocabulary;
use super::{ChangeEvidence, PathEvidence};
use crate::attribute::context::Context;
use crate::attribute::noise::{base_name, is_shared};
use crate::model::{Change, Commit, Hunk, Place};

/// Every path that changed or that a record names, sorted by path.
pub(super) fn places(context: &Context<'_>) -> Vec<Place> {
    let plan = context.input.plan;
    let lists = plan.batches.iter().flat_map(|batch| batch.files.as_deref().unwrap_or_default());
    let rows = plan.tasks.iter().flat_map(|task| context.rows_of(task)).flat_map(|row| &row.files);
    let recorded = plan.tasks.iter().flat_map(|task| &task.files_changed);
    let predicted = plan.predictions.iter().flat_map(|(_, files)| files);
    let claims: Vec<String> = lists.chain(rows).chain(recorded).chain(predicted).cloned().collect();
    let cited = plan.tasks.iter().flat_map(|task| context.citations.of(&task.id));
    let cited = cited.map(|citation| citation.place.clone());
    let changed = context.changed.keys().map(|path| context.changed_place(path));
    let mut places = BTreeMap::new();
    for place in context.places(&claims).chain(cited).chain(changed) {
        places.entry(place.path.clone()).or_insert(place);
    }
    places.into_values().collect()
}

pub(super) fn read(place: &Place, vocabulary: &Vocabulary, context: &Context<'_>) -> PathEvidence {
    let seen: &[(Option<&Commit>, &Change)] =
        context.changed.get(place.path.as_str()).map_or(&[], Vec::as_slice);
    let number = |commit: Option<&Commit>| context.commit_number(commit);
    let overwrites = ownership::overwrites(&place.path, seen, number);
    let changes = seen.iter().zip(overwrites).map(|((commit, change), overwrites)| ChangeEvidence {
        commit: number(*commit),
        hunks: change.content.hunks().iter().map(|hunk| vocabulary.terms(lines(hunk))).collect(),
        overwrites,
    });
    PathEvidence {
        changes: changes.collect(),
        words: vocabulary.terms(std::iter::once(place.path.as_str())),
        is_shared: is_shared(&place.path) || context.carried.contains(&place.path),
        place: place.clone(),
        claimants: Vec::new(),
        listed: Vec::new(),
        cited: Vec::new(),
        predicted: Vec::new(),
        described: Vec::new(),
        noted: Vec::new(),
        partners: Vec::new(),
    }
}

fn lines(hunk: &Hunk) -> impl Iterator<Item = &str> {
    std::iter::once(hunk.header.as_str()).chain(&hunk.removed).chain(&hunk.added)
}

/// Pairs tests with what they test by their names, such as `board.test.ts`, `test_board.py` and `board_test.go`.
pub(super) fn link_partners(paths: &mut [PathEvidence]) {
    /// A name that more files share pairs nothing.
    const MOST: usize = 6;
    let mut by_subject: HashMap<String, Vec<(usize, bool)>> = HashMap::new();
    for (at, path) in paths.iter().enumerate() {
        let (subject, is_test) = subject(&path.place.path);
        by_subject.entry(subject).or_default().push((at, is_test));
    }
    for group in by_subject.values().filter(|group| (2..=MOST).contains(&group.len())) {
        for (at, is_test) in group {
            let others = group.iter().filter(|(_, other)| other != is_test).map(|(other, _)| *other);
            paths[*at].partners.extend(others);
        }
    }
}

/// What a file is about by its base name, and whether it is a test of it.
pub(in crate::attribute::engine) fn subject(path: &str) -> (String, bool) {
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
