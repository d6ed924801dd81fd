//! What shows that a verdict is right.

use super::facts::{AtomFacts, Facts, Hit};
use crate::claims::locate::{Place, Shelf, carry, edits};
use crate::claims::sources::{Entry, Version};
use crate::model::{ClaimWitness, Oid};

/// Longest excerpt, in characters, and in lines.
const MAX_EXCERPT: usize = 400;
const MAX_LINES: u32 = 6;

/// Where a rule points; made into a [`ClaimWitness`] only for verdicts that are given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// The file.
    pub path: String,
    /// First and last line, one-based; `None` where something is absent.
    pub lines: Option<(u32, u32)>,
    /// The commit that made it so.
    pub commit: Option<Oid>,
    /// Where it was last, for what is gone.
    pub was: Option<Hit>,
}

impl Pointer {
    /// To an occurrence.
    pub fn hit(hit: &Hit) -> Self {
        Self { path: hit.path.clone(), lines: Some((hit.line, hit.line)), commit: None, was: None }
    }

    /// To the file in which something is not.
    pub fn absence(path: &str) -> Self {
        Self { path: path.to_owned(), lines: None, commit: None, was: None }
    }

    /// With the commit that made it so.
    pub fn since(self, commit: Option<&Oid>) -> Self {
        Self { commit: commit.cloned(), ..self }
    }
}

/// The best place to show that `atom` is there now: within the lines that the claim names, else the first.
pub fn present(facts: &Facts, atom: &AtomFacts, shelf: &Shelf<'_>) -> Option<Pointer> {
    let first = atom.hits.first()?;
    let cited = facts.places.iter().filter(|place| place.now.as_ref() == Some(&first.path));
    let ranges: Vec<(u32, u32)> = cited.flat_map(|place| carried(facts, place, shelf)).collect();
    let distance = |hit: &Hit| {
        let away = ranges.iter().map(|&(first, last)| first.saturating_sub(hit.line) + hit.line.saturating_sub(last));
        if hit.path == first.path { away.min().unwrap_or(0) } else { u32::MAX }
    };
    atom.hits.iter().min_by_key(|hit| distance(hit)).map(Pointer::hit)
}

/// What to show of files that are the same: an asserted atom within the lines that the claim names, else those
/// lines, else an atom, else the file in which something is not.
pub fn same(facts: &Facts, shelf: &Shelf<'_>) -> Option<Pointer> {
    let cited = facts.named().find(|place| place.now.is_some() && !place.lines.is_empty());
    let hits = || facts.asserted().flat_map(|(_, found)| &found.hits);
    if let Some((place, path)) = cited.and_then(|place| Some((place, place.now.as_ref()?))) {
        let within = hits().find(|hit| {
            let is_cited = place.lines.iter().any(|&(first, last)| (first..=last).contains(&hit.line));
            hit.path == *path && is_cited
        });
        let lines = place.lines.first().copied();
        let whole = Pointer { path: path.clone(), lines, commit: None, was: None };
        return Some(within.map_or(whole, Pointer::hit));
    }
    if let Some((_, found)) = facts.asserted().find(|(_, found)| found.now == Some(true)) {
        return present(facts, found, shelf);
    }
    let place = facts.named().find_map(|place| place.now.as_ref())?;
    Some(Pointer::absence(place))
}

/// The lines that a claim names in a file, where they are now; those that were edited are left out.
pub fn carried(facts: &Facts, place: &Place, shelf: &Shelf<'_>) -> Vec<(u32, u32)> {
    let (Some(commit), Some(now)) = (&facts.made_at, &place.now) else { return place.lines.clone() };
    if place.is_same != Some(false) || facts.is_made_now {
        return place.lines.clone();
    }
    let Some(then) = &place.then else { return place.lines.clone() };
    let (old, new) = (shelf.text(Version::At(commit), then), shelf.text(Version::Now, now));
    let edits = old.text().zip(new.text()).and_then(|(old, new)| edits(old.raw(), new.raw()));
    let Some(edits) = edits else { return Vec::new() };
    place.lines.iter().filter_map(|&lines| carry(lines, &edits)).collect()
}

/// Reads what a pointer points at.
pub fn read(pointer: Pointer, shelf: &Shelf<'_>) -> ClaimWitness {
    let text = shelf.text(Version::Now, &pointer.path);
    let length = text.text().map_or(0, |text| u32::try_from(text.raw().lines().count()).unwrap_or(u32::MAX));
    let lines = pointer.lines.filter(|&(first, _)| first <= length).map(|(first, last)| (first, last.min(length)));
    let excerpt = match (lines, text.text()) {
        (Some((first, last)), Some(text)) => {
            let last = last.min(first.saturating_add(MAX_LINES - 1));
            text.lines(first, last).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    };
    let blob = match shelf.entry(Version::Now, &pointer.path) {
        Entry::File(blob) => blob,
        Entry::Absent | Entry::Unknown => None,
    };
    ClaimWitness { path: pointer.path, blob, lines, commit: pointer.commit, excerpt: short(&excerpt) }
}

fn short(text: &str) -> String {
    text.chars().take(MAX_EXCERPT).collect()
}
