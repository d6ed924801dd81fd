//! What can be observed about a claim: where its code was, where it is, and what happened in between.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::claims::locate::{
    Hits, Later, Needle, Place, PlaceSource, Read, Shelf, Text, is_hidden, is_prose, is_test, places,
};
use crate::claims::parse::{Atom, Form, Polarity, Reading, read};
use crate::claims::sources::Version;
use crate::model::{Claim, Oid};

/// Files in which moved code is looked for, per commit.
const MAX_MOVE_CANDIDATES: usize = 400;

/// Everything that was observed about a claim. Rules read this and nothing else.
pub struct Facts {
    /// What it says.
    pub reading: Reading,
    /// The files it speaks of.
    pub places: Vec<Place>,
    /// Paths that it names and that name no file.
    pub unresolved: usize,
    /// The commit at which it was made, if that is in the repository.
    pub made_at: Option<Oid>,
    /// Whether it was made at what is now.
    pub is_made_now: bool,
    /// What was observed about each of its atoms, in the same order.
    pub atoms: Vec<AtomFacts>,
}

/// What was observed about one piece of code.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent observation")]
pub struct AtomFacts {
    /// Indices of the places that it is looked for in.
    pub home: Vec<usize>,
    /// Whether those are places that its clause names, and not the rest of the claim.
    pub is_own: bool,
    /// Whether it names one of the places, as a component names its file.
    pub is_subject: bool,
    /// Whether it was there when the claim was made; `None` if nobody knows.
    pub then: Option<bool>,
    /// Whether it is there now.
    pub now: Option<bool>,
    /// Whether it was there at a time in between.
    pub was_between: bool,
    /// Occurrences when the claim was made, and now.
    pub count: (usize, usize),
    /// Where it is now; where it was last, if it is not.
    pub hits: Vec<Hit>,
    /// The commit since which it is gone, or there again.
    pub flipped_at: Option<Oid>,
    /// Whether it is in another file since the commit that removed it.
    pub has_moved: bool,
    /// Whether it was searched for in the whole tree, for want of a place.
    pub is_everywhere: bool,
}

/// An occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The file.
    pub path: String,
    /// The line, one-based.
    pub line: u32,
}

impl AtomFacts {
    /// Whether it was there once, and is there no more.
    pub fn is_gone(&self) -> bool {
        self.now == Some(false) && (self.then == Some(true) || self.was_between)
    }

    /// Whether it was not there when the claim was made, and is there now.
    pub fn is_new(&self) -> bool {
        self.now == Some(true) && self.then == Some(false)
    }

    /// Whether it was never there, as far as was looked.
    pub fn is_never(&self) -> bool {
        self.now == Some(false) && self.then == Some(false) && !self.was_between
    }
}

impl Facts {
    /// Observes what the files that `claim` names say. Atoms without a place are left open.
    /// Of the claim's text, `most` bytes are read.
    pub fn gather(claim: &Claim, shelf: &Shelf<'_>, most: usize) -> Result<Self, Later> {
        let reading = read(claim, most);
        let (places, unresolved) = places(claim, &reading, shelf)?;
        let made_at = claim.made_at.filter(|commit| shelf.sources().has(commit));
        let is_made_now =
            made_at.is_some() && made_at == shelf.sources().head() && !shelf.sources().is_work_tree();
        let mut facts = Self { reading, places, unresolved, made_at, is_made_now, atoms: Vec::new() };
        facts.atoms = (0..facts.reading.atoms.len()).map(|at| facts.observe(at, shelf)).collect();
        Ok(facts)
    }

    /// Whether some of its code has no place, and waits for a sweep of the whole tree.
    pub fn is_open(&self) -> bool {
        self.atoms.iter().any(|atom| atom.is_everywhere)
    }

    /// The places that a claim names itself: paths and evidence, else symbols.
    pub fn named(&self) -> impl Iterator<Item = &Place> {
        let has_paths = self.places.iter().any(|place| !matches!(place.source, PlaceSource::Symbol(_)));
        self.places.iter().filter(move |place| !has_paths || !matches!(place.source, PlaceSource::Symbol(_)))
    }

    /// Whether everything that the claim names is the same as when it was made; `None` if it names nothing, or
    /// nobody knows.
    pub fn is_same(&self) -> Option<bool> {
        if self.is_made_now {
            return Some(true);
        }
        let same: Vec<Option<bool>> = self.named().map(|place| place.is_same).collect();
        match same.as_slice() {
            [] => None,
            same if same.contains(&Some(false)) => Some(false),
            same if same.contains(&None) => None,
            _ => Some(true),
        }
    }

    /// Atoms that the claim rests on, with what was observed about them.
    pub fn bearing(&self) -> impl Iterator<Item = (&Atom, &AtomFacts)> {
        self.reading.atoms.iter().zip(&self.atoms).filter(|(atom, facts)| {
            // An unmarked name that is nowhere may be a product, or English.
            let is_code =
                atom.is_marked || (atom.form == Form::Identifier && facts.now.is_some() && !facts.is_never());
            !facts.is_subject && atom.polarity != Polarity::Mentioned && is_code
        })
    }

    /// Atoms that are said to be there.
    pub fn asserted(&self) -> impl Iterator<Item = (&Atom, &AtomFacts)> {
        self.bearing().filter(|(atom, _)| atom.polarity == Polarity::Asserted)
    }

    /// Atoms that are said not to be there.
    pub fn negated(&self) -> impl Iterator<Item = (&Atom, &AtomFacts)> {
        self.bearing().filter(|(atom, _)| atom.polarity == Polarity::Negated)
    }

    /// The file to point at for an atom: where it is or was, else its first home, else the claim's file.
    pub fn path_of(&self, found: &AtomFacts) -> Option<String> {
        let path = |place: &Place| place.now.clone().or_else(|| place.then.clone());
        let home = || found.home.iter().find_map(|&at| path(&self.places[at]));
        found.hits.first().map(|hit| hit.path.clone()).or_else(home).or_else(|| self.focus())
    }

    /// The file that has most of what the claim says is there.
    pub fn focus(&self) -> Option<String> {
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for found in self.atoms.iter().filter(|found| found.now == Some(true)) {
            let paths: BTreeSet<&str> = found.hits.iter().map(|hit| hit.path.as_str()).collect();
            for path in paths.into_iter().filter(|path| !is_test(path)) {
                *count.entry(path).or_default() += 1;
            }
        }
        let most = count.into_iter().max_by_key(|&(path, count)| (count, std::cmp::Reverse(path)));
        most.map(|(path, _)| path.to_owned())
    }

    /// Whether a file that is said not to be there is there.
    pub fn denies_existing(&self) -> bool {
        self.places.iter().any(|place| {
            let is_denied =
                matches!(place.source, PlaceSource::Path(path) if self.reading.paths[path].is_denied);
            is_denied && place.now.is_some()
        })
    }

    fn observe(&self, at: usize, texts: &Shelf<'_>) -> AtomFacts {
        let atom = &self.reading.atoms[at];
        let own = self.own_places(at);
        let file = self.places.iter().find(|place| place.source == PlaceSource::Symbol(at));
        let is_file = |place: usize| file.is_some_and(|file| self.places[place].is_like(file));
        let is_subject = file.is_some() && own.iter().all(|&place| is_file(place));
        // That a symbol is in the file that is named after it says nothing.
        let is_other = |place: &usize| !own.contains(place) && (is_subject || !is_file(*place));
        let others: Vec<usize> = (0..self.places.len()).filter(is_other).collect();
        let needle = Needle::new(&atom.text, atom.form);
        let mut facts = AtomFacts { is_subject, is_own: !own.is_empty(), ..AtomFacts::default() };
        facts.home = if own.is_empty() { others.clone() } else { own };
        if facts.home.is_empty() {
            facts.is_everywhere = true;
            return facts;
        }
        self.look(&needle, &mut facts, texts);
        // What is said to be there may be in any file that the claim names; what is not, only where it is said.
        let is_unseen = facts.now == Some(false) && facts.then != Some(true) && !facts.was_between;
        if facts.is_own && is_unseen && atom.polarity != Polarity::Negated && !others.is_empty() {
            let mut wider = AtomFacts { home: others, is_subject, ..AtomFacts::default() };
            self.look(&needle, &mut wider, texts);
            if wider.now == Some(true) || wider.is_gone() {
                return wider;
            }
        }
        facts
    }

    /// The places that an atom is said to be in: the paths of its clause, else those before it in its sentence, else
    /// the file of a symbol before it in its clause or sentence, else the paths of the last sentence that has some.
    fn own_places(&self, at: usize) -> Vec<usize> {
        let atom = &self.reading.atoms[at];
        let is_before = |place: &Mentioned| place.start < atom.span.start;
        let last = self.reading.paths.iter().map(|path| path.sentence).filter(|&of| of < atom.sentence).max();
        let choices: [&dyn Fn(&Mentioned) -> bool; 5] = [
            &|place| place.is_path && place.clause == atom.clause,
            &|place| place.is_path && place.sentence == atom.sentence && is_before(place),
            &|place| !place.is_path && place.clause == atom.clause && is_before(place),
            &|place| !place.is_path && place.sentence == atom.sentence && is_before(place),
            &|place| place.is_path && Some(place.sentence) == last,
        ];
        let pick = |wanted: &&dyn Fn(&Mentioned) -> bool| -> Vec<usize> {
            let is_wanted = |place| self.mentioned(place).is_some_and(|place| wanted(&place));
            (0..self.places.len()).filter(|&at| is_wanted(&self.places[at])).collect()
        };
        choices.iter().map(pick).find(|choice| !choice.is_empty()).unwrap_or_default()
    }

    /// Where in the text a place is mentioned.
    fn mentioned(&self, place: &Place) -> Option<Mentioned> {
        match place.source {
            PlaceSource::Path(path) => {
                let path = &self.reading.paths[path];
                let (sentence, clause, start) = (path.sentence, path.clause, path.span.start);
                Some(Mentioned { is_path: true, sentence, clause, start })
            }
            PlaceSource::Symbol(symbol) => {
                let symbol = &self.reading.atoms[symbol];
                let (sentence, clause, start) = (symbol.sentence, symbol.clause, symbol.span.start);
                Some(Mentioned { is_path: false, sentence, clause, start })
            }
            PlaceSource::Evidence => None,
        }
    }

    /// Looks for a needle in its home, now, then and in between.
    fn look(&self, needle: &Needle, facts: &mut AtomFacts, texts: &Shelf<'_>) {
        let homes: Vec<&Place> = facts.home.iter().map(|&at| &self.places[at]).collect();
        let mut now = Sum::default();
        for place in &homes {
            match &place.now {
                Some(path) => now.add(path, texts.text(Version::Now, path), needle),
                None => now.is_known |= place.then.is_some(),
            }
        }
        facts.now = now.answer();
        facts.hits = now.hits;
        facts.count.1 = now.count;
        let Some(commit) = &self.made_at else {
            if facts.now == Some(false) {
                self.look_back(needle, &homes, facts, texts);
            }
            return;
        };
        let mut then = Sum::default();
        for place in &homes {
            match &place.then {
                Some(path) => then.add(path, texts.text(Version::At(commit), path), needle),
                None => then.is_known |= place.now.is_some(),
            }
        }
        facts.then = then.answer();
        facts.count.0 = then.count;
        if facts.now == Some(false) {
            facts.hits = then.hits;
        }
        if facts.now != facts.then || facts.now == Some(false) {
            self.look_back(needle, &homes, facts, texts);
        }
    }

    /// Looks through the states of its home since the claim was made, for the last one that differs from now.
    fn look_back(&self, needle: &Needle, homes: &[&Place], facts: &mut AtomFacts, texts: &Shelf<'_>) {
        let Some(now) = facts.now else { return };
        if self.is_made_now {
            return;
        }
        let mut paths: BTreeSet<&String> = homes.iter().filter_map(|place| place.now.as_ref()).collect();
        paths.extend(homes.iter().filter_map(|place| place.then.as_ref()));
        for path in paths {
            let steps = texts.history(path, self.made_at.as_ref());
            // What is in none of its homes is not looked for again in the text of one, where that was the same.
            let is_home = homes.iter().any(|place| place.now.as_ref() == Some(path));
            let missed = if now || !is_home { None } else { texts.text(Version::Now, path).text().cloned() };
            let is_missed =
                |text: &Arc<Text>| missed.as_ref().is_some_and(|missed| Arc::ptr_eq(missed, text));
            let differs = steps.iter().position(|step| {
                let text = step.blob.map(|blob| texts.text_of(Version::At(&step.commit), path, Some(blob)));
                let other = text.as_ref().and_then(Read::text).filter(|text| !is_missed(text));
                let lines = other.map_or_else(Vec::new, |text| needle.lines(text));
                let is_there = !lines.is_empty();
                if is_there && !now && facts.hits.is_empty() {
                    facts.hits = vec![Hit { path: path.clone(), line: lines[0] }];
                }
                is_there != now && (is_there || step.blob.is_some() || text.is_none())
            });
            let Some(differs) = differs else { continue };
            facts.was_between |= !now && Some(&steps[differs].commit) != self.made_at.as_ref();
            let Some(flip) = differs.checked_sub(1).map(|at| &steps[at]) else { continue };
            if facts.flipped_at.is_none() {
                facts.flipped_at = Some(flip.commit);
                if let (false, Some(before)) = (now, &flip.before) {
                    facts.has_moved = has_moved(needle, path, before, &flip.commit, texts);
                }
            }
        }
    }

    /// Completes an atom that has no place with what a sweep of the whole tree found, now and then.
    pub fn complete(&mut self, at: usize, now: &Hits, then: Option<usize>) {
        let facts = &mut self.atoms[at];
        facts.now = Some(now.count > 0);
        facts.then = then.map(|count| count > 0);
        facts.count = (then.unwrap_or_default(), now.count);
        let hits = now
            .files
            .iter()
            .flat_map(|(path, lines)| lines.iter().map(|&line| Hit { path: path.clone(), line }));
        facts.hits = hits.collect();
    }
}

/// Where in the text of a claim a place is mentioned.
struct Mentioned {
    is_path: bool,
    sentence: usize,
    clause: usize,
    start: usize,
}

/// Whether a commit that removed something from one file put it into another.
fn has_moved(needle: &Needle, from: &str, before: &Oid, after: &Oid, shelf: &Shelf<'_>) -> bool {
    let Some(changes) = shelf.changes(Version::At(before), Version::At(after)) else { return true };
    let count = |commit: &Oid, path: &str| {
        let read = shelf.text(Version::At(commit), path);
        read.text().map_or(0, |text: &Arc<Text>| needle.lines(text).len())
    };
    let others = changes.iter().filter(|change| change.path != from && change.after.is_some());
    let mut others = others.filter(|change| !is_hidden(&change.path) && !is_prose(&change.path));
    others.by_ref().take(MAX_MOVE_CANDIDATES).any(|change| {
        let was = if change.before.is_some() { count(before, &change.path) } else { 0 };
        count(after, &change.path) > was
    })
}

/// Occurrences over several files.
#[derive(Default)]
struct Sum {
    is_known: bool,
    is_unknown: bool,
    count: usize,
    hits: Vec<Hit>,
}

impl Sum {
    fn add(&mut self, path: &str, read: Read, needle: &Needle) {
        match read {
            Read::Unknown => self.is_unknown = true,
            Read::Absent => self.is_known = true,
            Read::Text(text) => {
                self.is_known = true;
                let lines = needle.lines(&text);
                self.count += lines.len();
                self.hits.extend(lines.into_iter().map(|line| Hit { path: path.to_owned(), line }));
            }
        }
    }

    fn answer(&self) -> Option<bool> {
        if self.count > 0 {
            return Some(true);
        }
        (self.is_known && !self.is_unknown).then_some(false)
    }
}
