//! What changed, path by path.

use rayon::prelude::*;

use super::super::ownership::{self, Overwrites};
use super::super::vocabulary::{Terms, Vocabulary};
use super::{ChangeEvidence, NEIGHBOURS, PathEvidence};
use crate::attribute::context::Context;
use crate::attribute::noise::is_shared;
use crate::model::Place;
use crate::words::Reader;

/// Every path that changed or that a record names, sorted by path.
fn places(context: &Context<'_>) -> Vec<Place> {
    let plan = context.input.plan;
    let lists = plan.batches.iter().flat_map(|batch| batch.files.as_deref().unwrap_or_default());
    let rows = plan.tasks.iter().flat_map(|task| context.rows_of(task)).flat_map(|row| &row.files);
    let recorded = plan.tasks.iter().flat_map(|task| &task.files_changed);
    let predicted = plan.predictions.iter().flat_map(|(_, files)| files);
    let claims: Vec<String> = lists.chain(rows).chain(recorded).chain(predicted).cloned().collect();
    let cited = plan.tasks.iter().flat_map(|task| context.citations.of(&task.id));
    let cited = cited.map(|citation| citation.place.clone());
    let changed = context.changed.keys().map(|path| context.changed_place(path));
    let mut places: Vec<Place> = context.places(&claims).chain(cited).chain(changed).collect();
    // What a record spells comes before what we would.
    places.sort_by(|one, other| one.path.cmp(&other.path));
    places.dedup_by(|later, first| later.path == first.path);
    places
}

/// What changed of every path that changed or that a record names, sorted by path, and who overwrote whose lines there; in
/// parallel over paths.
pub(super) fn read(vocabulary: &Vocabulary, context: &Context<'_>) -> (Vec<PathEvidence>, Overwrites) {
    let read = |reader: &mut Reader, place: Place| {
        let words = terms(&place.path, vocabulary, reader);
        let positions = context.change_places.get(place.path.as_str()).map_or(&[][..], Vec::as_slice);
        let overwrites = overwrites(&place.path, positions, context);
        (read_one(place, words, positions, context), overwrites)
    };
    let read = places(context).into_par_iter().with_min_len(NEIGHBOURS).map_init(Reader::default, read);
    let (paths, overwrites): (Vec<PathEvidence>, Vec<Overwrites>) = read.unzip();
    (paths, overwrites.into_iter().flatten().collect())
}

fn overwrites(path: &str, positions: &[(usize, usize)], context: &Context<'_>) -> Overwrites {
    let history = context.input.history;
    let changes_of =
        |commit: usize| history.commits.get(commit).map_or(&history.uncommitted, |commit| &commit.changes);
    let changes = positions.iter().map(|&(commit, at)| (commit, &changes_of(commit)[at]));
    ownership::overwrites(path, changes)
}

fn read_one(place: Place, words: Terms, positions: &[(usize, usize)], context: &Context<'_>) -> PathEvidence {
    let changes = positions.iter().map(|&(commit, place)| ChangeEvidence { commit, place });
    PathEvidence {
        changes: changes.collect(),
        words,
        is_shared: is_shared(&place.path) || context.carried.contains(&place.path),
        place,
        claimants: Vec::new(),
        listed: Vec::new(),
        cited: Vec::new(),
        predicted: Vec::new(),
        described: Vec::new(),
        noted: Vec::new(),
        planned: Vec::new(),
        partners: Vec::new(),
    }
}

/// The terms of the names of all paths that exist or changed: what the repository calls its files.
pub(super) fn all_names(vocabulary: &Vocabulary, context: &Context<'_>) -> Vec<Terms> {
    let existing = &context.input.history.reach.existing;
    let gone = context.changed.keys().copied().filter(|path| !existing.contains(*path));
    let all: Vec<&str> = existing.iter().map(String::as_str).chain(gone).collect();
    let read = |reader: &mut Reader, path: &str| terms(path, vocabulary, reader);
    all.into_par_iter().with_min_len(NEIGHBOURS).map_init(Reader::default, read).collect()
}

fn terms(path: &str, vocabulary: &Vocabulary, reader: &mut Reader) -> Terms {
    vocabulary.terms_of(reader.read([path.as_bytes()], None))
}
