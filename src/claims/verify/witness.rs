//! What shows that a verdict is right.

use std::borrow::Cow;

use super::facts::{AtomFacts, Facts, Hit};
use crate::claims::locate::{Place, Shelf, Text, carry, edits, is_test};
use crate::claims::sources::Version;
use crate::model::{ClaimWitness, Oid};
use crate::word_list::WordList;

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
        Self { commit: commit.copied(), ..self }
    }
}

/// The best place to show that `atom` is there now: nearest to the lines that the claim names, in the claim's own file,
/// where it is defined, and outside tests.
pub(super) fn present(facts: &Facts, atom: &AtomFacts, shelf: &Shelf<'_>) -> Option<Pointer> {
    if let [only] = atom.hits.as_slice() {
        return Some(Pointer::hit(only));
    }
    let ranges: Vec<(&str, (u32, u32))> = facts
        .named()
        .filter_map(|place| Some((place, place.now.as_deref()?)))
        .flat_map(|(place, path)| carried(facts, place, shelf).into_iter().map(move |lines| (path, lines)))
        .collect();
    let focus = if atom.home.is_empty() { facts.focus() } else { None };
    let rank = |hit: &Hit| {
        let away = ranges
            .iter()
            .filter(|(path, _)| *path == hit.path)
            .map(|(_, lines)| distance(hit.line, *lines))
            .min();
        let is_elsewhere = focus.as_ref().is_some_and(|focus| *focus != hit.path);
        (away.is_none(), away, is_elsewhere, is_test(&hit.path))
    };
    let ranked: Vec<_> = atom.hits.iter().map(|hit| (rank(hit), hit)).collect();
    let best = ranked.iter().map(|(rank, _)| rank).min()?;
    // Lines are looked at only where nothing else tells hits apart.
    let alike: Vec<&Hit> = ranked.iter().filter(|(rank, _)| rank == best).map(|(_, hit)| *hit).collect();
    let defined = alike.iter().find(|hit| alike.len() > 1 && is_definition(hit, shelf));
    defined.or(alike.first()).map(|hit| Pointer::hit(hit))
}

fn distance(line: u32, (first, last): (u32, u32)) -> u32 {
    first.saturating_sub(line) + line.saturating_sub(last)
}

/// Whether a line defines something, in any usual language.
fn is_definition(hit: &Hit, shelf: &Shelf<'_>) -> bool {
    static WORDS: WordList = WordList::new(
        "function const let var class def fn type interface struct enum trait impl mod export pub",
    );
    let read = shelf.text(Version::Now, &hit.path);
    let line = read.text().and_then(|text| text.lines(hit.line, hit.line).next());
    let first = line.as_deref().and_then(|line| line.split_whitespace().next());
    first.is_some_and(|first| WORDS.has(first.split('(').next().unwrap_or(first)))
}

/// How far from the lines that a claim names its code may lie to be what they mean.
const NEAR: u32 = 20;

/// What to show of files that are the same: an asserted atom at the lines that the claim names, else the file in which
/// something is not, else those lines, else an atom.
pub(super) fn same(facts: &Facts, shelf: &Shelf<'_>) -> Option<Pointer> {
    let cited = facts.named().filter_map(|place| Some((place.now.as_ref()?, place.lines.first().copied()?)));
    let cited: Vec<_> = cited.collect();
    let hits = facts.asserted().flat_map(|(_, found)| &found.hits);
    let near = hits.filter_map(|hit| {
        let away = cited
            .iter()
            .filter(|(path, _)| **path == hit.path)
            .map(|&(_, lines)| distance(hit.line, lines))
            .min();
        away.filter(|&away| away <= NEAR).map(|away| (away, hit))
    });
    if let Some((_, hit)) = near.min_by_key(|(away, _)| *away) {
        return Some(Pointer::hit(hit));
    }
    if let Some((_, found)) = facts.negated().find(|(_, found)| found.now == Some(false) && found.is_own) {
        return facts.path_of(found).map(|path| Pointer::absence(&path));
    }
    if let Some((path, lines)) = cited.first() {
        return Some(Pointer { path: (*path).clone(), lines: Some(*lines), commit: None, was: None });
    }
    if let Some((_, found)) = facts.asserted().find(|(_, found)| found.now == Some(true)) {
        return present(facts, found, shelf);
    }
    let place = facts.named().find_map(|place| place.now.clone()).or_else(|| facts.focus())?;
    Some(Pointer::absence(&place))
}

/// The lines that a claim names in a file, where they are now; those that were edited are left out.
pub(super) fn carried(facts: &Facts, place: &Place, shelf: &Shelf<'_>) -> Vec<(u32, u32)> {
    let (Some(commit), Some(now)) = (&facts.made_at, &place.now) else { return place.lines.clone() };
    if place.is_same != Some(false) || facts.is_made_now {
        return place.lines.clone();
    }
    let Some(then) = &place.then else { return place.lines.clone() };
    let (old, new) = (shelf.text(Version::At(commit), then), shelf.text(Version::Now, now));
    let edits = old.text().zip(new.text()).and_then(|(old, new)| edits(&old.shown(), &new.shown()));
    let Some(edits) = edits else { return Vec::new() };
    place.lines.iter().filter_map(|&lines| carry(lines, &edits)).collect()
}

/// Reads what a pointer points at.
pub(super) fn read(pointer: Pointer, shelf: &Shelf<'_>) -> ClaimWitness {
    let text = shelf.text(Version::Now, &pointer.path);
    let (lines, excerpt) = match (pointer.lines, text.text()) {
        (Some(lines), Some(text)) => excerpt(lines, text),
        _ => (None, String::new()),
    };
    let blob = shelf.blob(Version::Now, &pointer.path);
    ClaimWitness { path: pointer.path, blob, lines, commit: pointer.commit, excerpt }
}

/// The lines from `first` to `last` that there are, and what the first of them say.
fn excerpt((first, last): (u32, u32), text: &Text) -> (Option<(u32, u32)>, String) {
    // There is no line 0; who names it means the first.
    let first = first.max(1);
    let shown = last.min(first.saturating_add(MAX_LINES - 1));
    let said: Vec<Cow<'_, str>> = text.lines(first, shown).collect();
    let end = match u32::try_from(said.len()) {
        Ok(0) => None,
        // Where all that was asked for is shown, nothing has to be counted.
        Ok(count) if shown == last => Some(first.saturating_add(count - 1)),
        _ => Some(last.min(text.line_count())),
    };
    (end.map(|end| (first, end)), short(&said.join("\n")))
}

fn short(text: &str) -> String {
    // There are no more characters than bytes.
    let end = if text.len() > MAX_EXCERPT { text.char_indices().nth(MAX_EXCERPT) } else { None };
    text[..end.map_or(text.len(), |(end, _)| end)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_end_where_the_file_does() {
        let text = Text::new("a.md", "x\n".repeat(40).into());
        let lines = |first, last| excerpt((first, last), &text).0;
        assert_eq!(lines(2, 3), Some((2, 3)));
        assert_eq!((lines(39, 41), lines(40, 40), lines(41, 41)), (Some((39, 40)), Some((40, 40)), None));
        assert_eq!((lines(1, u32::MAX), lines(0, 0)), (Some((1, 40)), Some((1, 1))));
        assert_eq!(lines(u32::MAX, u32::MAX), None);
        assert_eq!(excerpt((1, 40), &text).1.lines().count(), MAX_LINES as usize);
        let long = "\u{e9}".repeat(MAX_EXCERPT + 1);
        assert_eq!(
            (short(&long).chars().count(), short(&long[..MAX_EXCERPT]).len()),
            (MAX_EXCERPT, MAX_EXCERPT)
        );
    }
}
