//! Paths, base names and directories that task texts and steps of the plan name. A mention is not a change: what a clause says was
//! only read, run or left alone does not count as named.

use std::collections::BTreeMap;

use super::super::count;
use super::super::evidence::{Named, TaskEvidence};
use super::super::mentions::{Exactness, Manner};
use super::claims::names;
use super::{Bid, Pair};

/// How much a mention says, by how exact it is.
fn strength(named: &Named) -> f64 {
    match named.exactness {
        Exactness::Path => 1.0,
        Exactness::Name => 0.9,
        Exactness::Stem => 0.6,
        Exactness::SharedName => 0.4,
        Exactness::Directory => 0.2,
    }
}

/// Share of the commit's files that the description names, 0 to 1.
pub(super) fn share_of_commit(bid: &Bid<'_>) -> f64 {
    named_in_commit(bid) / count(bid.commit().paths.len().max(1))
}

/// Share of what the description names that the commit changes, 0 to 1.
pub(super) fn found_in_commit(bid: &Bid<'_>) -> f64 {
    let all: f64 = bid.task().described.values().map(strength).sum();
    if all > 0.0 { named_in_commit(bid) / all } else { 0.0 }
}

fn named_in_commit(bid: &Bid<'_>) -> f64 {
    let named = |path: &usize| bid.task().described.get(path);
    bid.commit().paths.iter().filter_map(named).map(strength).sum()
}

/// Share of the commit's files that steps of the plan name which the task carries out, 0 to 1.
pub(super) fn planned_share_of_commit(bid: &Bid<'_>) -> f64 {
    let named = |path: &usize| bid.task().planned.get(path);
    let planned: f64 = bid.commit().paths.iter().filter_map(named).map(strength).sum();
    planned / count(bid.commit().paths.len().max(1))
}

/// How much the names of the commit's files and the description share, as a logarithm.
pub(super) fn words_of_commit(bid: &Bid<'_>) -> f64 {
    bid.overlap().path_words.ln_1p()
}

fn described<'a>(pair: &Pair<'a>) -> Option<&'a Named> {
    pair.task().described.get(&pair.path)
}

fn noted<'a>(pair: &Pair<'a>) -> Option<&'a Named> {
    pair.task().noted.get(&pair.path)
}

fn is_named(named: Option<&Named>, exactness: &[Exactness]) -> f64 {
    let fits = |named: &Named| exactness.contains(&named.exactness) && named.manner != Manner::Read;
    f64::from(named.is_some_and(fits))
}

fn is_changed(named: Option<&Named>) -> f64 {
    let fits = |named: &Named| named.exactness > Exactness::Directory && named.manner == Manner::Changed;
    f64::from(named.is_some_and(fits))
}

/// 1 when the description names the path, or the end of it.
pub(super) fn path_in_description(pair: &Pair<'_>) -> f64 {
    is_named(described(pair), &[Exactness::Path])
}

/// 1 when the description names a base name that is this file's alone.
pub(super) fn name_in_description(pair: &Pair<'_>) -> f64 {
    is_named(described(pair), &[Exactness::Name])
}

/// 1 when the description names the file without its extension, or by a name that others have too.
pub(super) fn stem_in_description(pair: &Pair<'_>) -> f64 {
    is_named(described(pair), &[Exactness::Stem, Exactness::SharedName])
}

/// 1 when the description names a directory above the path, and the path in no better way.
pub(super) fn directory_in_description(pair: &Pair<'_>) -> f64 {
    is_named(described(pair), &[Exactness::Directory])
}

/// The same for the notes.
pub(super) fn directory_in_notes(pair: &Pair<'_>) -> f64 {
    is_named(noted(pair), &[Exactness::Directory])
}

/// How exactly a step of the plan that this task carries out names the path, 0 to 1.
pub(super) fn named_in_plan_step(pair: &Pair<'_>) -> f64 {
    let named = pair.task().planned.get(&pair.path).filter(|named| named.manner != Manner::Read);
    named.map_or(0.0, strength)
}

/// 1 when only steps name the path that other tasks carry out.
pub(super) fn step_of_another(pair: &Pair<'_>) -> f64 {
    let planned = &pair.path().planned;
    let is_exact = |task: &usize| {
        let named = pair.evidence.tasks[*task].planned.get(&pair.path);
        pair.is_other(*task) && named.is_some_and(|named| named.exactness >= Exactness::Name)
    };
    f64::from(!planned.contains(&pair.task) && planned.iter().any(is_exact))
}

/// 1 when the description says that it is to be changed.
pub(super) fn changed_in_description(pair: &Pair<'_>) -> f64 {
    is_changed(described(pair))
}

/// As [`path_in_description`], for the notes.
pub(super) fn path_in_notes(pair: &Pair<'_>) -> f64 {
    is_named(noted(pair), &[Exactness::Path])
}

/// As [`name_in_description`], for the notes.
pub(super) fn name_in_notes(pair: &Pair<'_>) -> f64 {
    is_named(noted(pair), &[Exactness::Name])
}

/// As [`stem_in_description`], for the notes.
pub(super) fn stem_in_notes(pair: &Pair<'_>) -> f64 {
    is_named(noted(pair), &[Exactness::Stem, Exactness::SharedName])
}

/// 1 when the notes say that it was changed.
pub(super) fn changed_in_notes(pair: &Pair<'_>) -> f64 {
    is_changed(noted(pair))
}

/// 1 when this description names the path and no other does as exactly.
pub(super) fn only_description(pair: &Pair<'_>) -> f64 {
    is_only(pair, &pair.path().described, |task| &task.described)
}

/// 1 when these notes name the path and no others do as exactly.
pub(super) fn only_notes(pair: &Pair<'_>) -> f64 {
    is_only(pair, &pair.path().noted, |task| &task.noted)
}

fn is_only(pair: &Pair<'_>, naming: &[usize], text: fn(&TaskEvidence) -> &BTreeMap<usize, Named>) -> f64 {
    let named_by = |task: usize| text(&pair.evidence.tasks[task]).get(&pair.path);
    let is_telling = |named: &&Named| named.exactness > Exactness::Directory && named.manner != Manner::Read;
    let Some(own) = named_by(pair.task).filter(is_telling) else { return 0.0 };
    let as_exact = |task: &usize| named_by(*task).is_some_and(|named| named.exactness >= own.exactness);
    f64::from(!naming.iter().filter(|task| pair.is_other(**task)).any(as_exact))
}

/// Share of the other tasks whose description names the path, 0 to 1.
pub(super) fn named_by_others(pair: &Pair<'_>) -> f64 {
    let others = pair.evidence.tasks.iter().filter(|task| task.is_active).count().saturating_sub(1);
    count(others_naming(pair).count()) / count(others.max(1))
}

fn others_naming<'a>(pair: &Pair<'a>) -> impl Iterator<Item = usize> + use<'a> {
    let pair = *pair;
    pair.path().described.iter().copied().filter(move |task| {
        let named = pair.evidence.tasks[*task].described.get(&pair.path);
        pair.is_other(*task) && named.is_some_and(|named| named.exactness > Exactness::Directory)
    })
}

/// Share of the path's own words that the description has, 0 to 1.
pub(super) fn path_words(pair: &Pair<'_>) -> f64 {
    let total = pair.evidence.vocabulary.name_total(&pair.path().words);
    if total > 0.0 { pair.overlap().path_words / total } else { 0.0 }
}

/// Share of the path's own words that the notes have, 0 to 1.
pub(super) fn path_words_in_notes(pair: &Pair<'_>) -> f64 {
    let total = pair.evidence.vocabulary.name_total(&pair.path().words);
    if total > 0.0 { pair.overlap().noted_path_words / total } else { 0.0 }
}

/// This task's share of the path's own words, among all descriptions, 0 to 1.
pub(super) fn path_words_share(pair: &Pair<'_>) -> f64 {
    let total = pair.evidence.vocabulary.name_total(&pair.path().words);
    let own = pair.overlap().path_words;
    if own > 0.0 { own / (pair.totals().path_words + total / 2.0) } else { 0.0 }
}

pub(super) fn tell_description(_: &Pair<'_>) -> String {
    "the description names it".to_owned()
}

pub(super) fn tell_changed(_: &Pair<'_>) -> String {
    "the description says that it is to be changed".to_owned()
}

pub(super) fn tell_only_description(_: &Pair<'_>) -> String {
    "no other description names it as exactly".to_owned()
}

pub(super) fn tell_notes(_: &Pair<'_>) -> String {
    "its notes name it".to_owned()
}

pub(super) fn tell_changed_in_notes(_: &Pair<'_>) -> String {
    "its notes say that it was changed".to_owned()
}

pub(super) fn tell_only_notes(_: &Pair<'_>) -> String {
    "no other task's notes name it as exactly".to_owned()
}

pub(super) fn tell_others(pair: &Pair<'_>) -> String {
    format!("described by {} too", names(pair, others_naming(pair)))
}

pub(super) fn tell_words(_: &Pair<'_>) -> String {
    "the description has words of its path".to_owned()
}

pub(super) fn tell_words_share(_: &Pair<'_>) -> String {
    "of all descriptions, this has its share of the words of the path".to_owned()
}

pub(super) fn tell_words_in_notes(_: &Pair<'_>) -> String {
    "its notes have words of its path".to_owned()
}

pub(super) fn tell_directory(_: &Pair<'_>) -> String {
    "the description names a directory above it".to_owned()
}

pub(super) fn tell_directory_in_notes(_: &Pair<'_>) -> String {
    "its notes name a directory above it".to_owned()
}

pub(super) fn tell_plan_step(_: &Pair<'_>) -> String {
    "a step of the plan that it carries out names it".to_owned()
}

pub(super) fn tell_step_of_another(pair: &Pair<'_>) -> String {
    let others = pair.path().planned.iter().copied().filter(|task| pair.is_other(*task));
    format!("steps of the plan name it, and {} carry them out", names(pair, others))
}
