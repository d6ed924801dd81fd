//! Paths, base names and directories that task texts name.

use std::collections::HashMap;

use super::super::count;
use super::super::evidence::{Named, TaskEvidence};
use super::super::mentions::{Exactness, Manner};
use super::super::vocabulary::Terms;
use super::{Bid, Pair};

/// How much a mention says, by how exact it is.
fn strength(named: &Named) -> f64 {
    match named.exactness {
        Exactness::Path => 1.0,
        Exactness::Name => 0.9,
        Exactness::SharedName => 0.4,
        Exactness::Stem => 0.6,
        Exactness::Directory => 0.2,
    }
}

/// Share of the commit's files that the description names.
pub(super) fn of_commit(bid: &Bid<'_>) -> f64 {
    named_strength(bid) / count(bid.commit().paths.len().max(1))
}

/// Share of what the description names exactly that the commit changes.
pub(super) fn found_in_commit(bid: &Bid<'_>) -> f64 {
    let all: f64 = bid.task().named_in_description.values().map(strength).sum();
    if all <= 0.0 { 0.0 } else { named_strength(bid) / all }
}

fn named_strength(bid: &Bid<'_>) -> f64 {
    let named = |path: &usize| bid.task().named_in_description.get(path);
    bid.commit().paths.iter().filter_map(named).map(strength).sum()
}

fn in_description<'a>(pair: &'a Pair<'_>) -> Option<&'a Named> {
    pair.task().named_in_description.get(&pair.path)
}

fn in_notes<'a>(pair: &'a Pair<'_>) -> Option<&'a Named> {
    pair.task().named_in_notes.get(&pair.path)
}

fn is_by(named: Option<&Named>, exactness: &[Exactness]) -> f64 {
    f64::from(named.is_some_and(|named| exactness.contains(&named.exactness) && named.manner != Manner::Read))
}

fn is_in(named: Option<&Named>, manner: Manner) -> f64 {
    let is_telling = |named: &&Named| named.exactness > Exactness::Directory && named.manner == manner;
    f64::from(named.filter(is_telling).is_some())
}

pub(super) fn path_in_description(pair: &Pair<'_>) -> f64 {
    is_by(in_description(pair), &[Exactness::Path])
}

pub(super) fn name_in_description(pair: &Pair<'_>) -> f64 {
    is_by(in_description(pair), &[Exactness::Name])
}

pub(super) fn stem_in_description(pair: &Pair<'_>) -> f64 {
    is_by(in_description(pair), &[Exactness::Stem, Exactness::SharedName])
}

pub(super) fn directory_in_description(pair: &Pair<'_>) -> f64 {
    is_by(in_description(pair), &[Exactness::Directory])
}

pub(super) fn read_in_description(pair: &Pair<'_>) -> f64 {
    is_in(in_description(pair), Manner::Read)
}

pub(super) fn changed_in_description(pair: &Pair<'_>) -> f64 {
    is_in(in_description(pair), Manner::Changed)
}

/// Where the description first names the path, 0 to 1.
pub(super) fn late_in_description(pair: &Pair<'_>) -> f64 {
    in_description(pair).map_or(0.0, |named| named.position)
}

pub(super) fn path_in_notes(pair: &Pair<'_>) -> f64 {
    is_by(in_notes(pair), &[Exactness::Path])
}

pub(super) fn name_in_notes(pair: &Pair<'_>) -> f64 {
    is_by(in_notes(pair), &[Exactness::Name])
}

pub(super) fn stem_in_notes(pair: &Pair<'_>) -> f64 {
    is_by(in_notes(pair), &[Exactness::Stem, Exactness::SharedName])
}

pub(super) fn read_in_notes(pair: &Pair<'_>) -> f64 {
    is_in(in_notes(pair), Manner::Read)
}

pub(super) fn changed_in_notes(pair: &Pair<'_>) -> f64 {
    is_in(in_notes(pair), Manner::Changed)
}

/// 1 when this description names the path and no other does as exactly.
pub(super) fn only_description(pair: &Pair<'_>) -> f64 {
    only(pair, |task| &task.named_in_description)
}

/// 1 when these notes name the path and no others do as exactly.
pub(super) fn only_notes(pair: &Pair<'_>) -> f64 {
    only(pair, |task| &task.named_in_notes)
}

fn only(pair: &Pair<'_>, text: fn(&TaskEvidence) -> &HashMap<usize, Named>) -> f64 {
    let Some(own) = text(pair.task()).get(&pair.path) else { return 0.0 };
    if own.exactness <= Exactness::Directory || own.manner == Manner::Read {
        return 0.0;
    }
    let is_rivalled = |rival: usize| {
        let named = text(&pair.evidence.tasks[rival]).get(&pair.path);
        named.is_some_and(|named| named.exactness >= own.exactness)
    };
    f64::from(!pair.rivals().any(is_rivalled))
}

/// Share of the other descriptions that name the path.
pub(super) fn named_by_others(pair: &Pair<'_>) -> f64 {
    let is_named = |rival: usize| {
        let named = pair.evidence.tasks[rival].named_in_description.get(&pair.path);
        named.is_some_and(|named| named.exactness > Exactness::Directory)
    };
    let rivals = pair.rivals().count();
    count(pair.rivals().filter(|rival| is_named(*rival)).count()) / count(rivals.max(1))
}

/// Share of the path's own words that the description has.
pub(super) fn path_words_in_description(pair: &Pair<'_>) -> f64 {
    words(pair, &pair.task().description)
}

/// Share of the path's own words that the notes have.
pub(super) fn path_words_in_notes(pair: &Pair<'_>) -> f64 {
    words(pair, &pair.task().notes)
}

/// This task's share of the path's own words, among all descriptions.
pub(super) fn path_words_share(pair: &Pair<'_>) -> f64 {
    let own = words(pair, &pair.task().description);
    let others: f64 = pair.rivals().map(|rival| words(pair, &pair.evidence.tasks[rival].description)).sum();
    if own <= 0.0 { 0.0 } else { own / (own + others + 0.5) }
}

fn words(pair: &Pair<'_>, text: &Terms) -> f64 {
    let vocabulary = &pair.evidence.vocabulary;
    let total = vocabulary.total(&pair.path().words);
    if total <= 0.0 { 0.0 } else { vocabulary.shared(&pair.path().words, text, |_| true) / total }
}
