//! The files that a claim speaks of.

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

use super::shelf::{Later, Shelf};
use super::tree::{Named, Tree, is_test, name};
use crate::claims::parse::{Form, Reading, SpelledPath};
use crate::claims::sources::{Entry, Version};
use crate::model::{Claim, Oid};

/// A file that a claim speaks of, when it was made and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// How the claim comes to it.
    pub source: PlaceSource,
    /// Its path when the claim was made; `None` if there was none, or nobody knows when that was.
    pub then: Option<String>,
    /// Its path now; `None` if it is gone.
    pub now: Option<String>,
    /// The lines that are named with it.
    pub lines: Vec<(u32, u32)>,
    /// Whether it is the same, byte for byte; `None` if that is unknown.
    pub is_same: Option<bool>,
}

impl Place {
    /// Whether it is the same file.
    pub fn is_like(&self, other: &Self) -> bool {
        self.then == other.then && self.now == other.now
    }
}

/// How a claim comes to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceSource {
    /// Its text names it; index into its paths.
    Path(usize),
    /// Its text names the symbol that the file is named after; index into its atoms.
    Symbol(usize),
    /// Its record names it.
    Evidence,
}

/// How alike two texts must be, in common lines, for one to be the other under a new name.
const RENAME_SIMILARITY: f64 = 0.5;

/// The files that a claim speaks of, and the number of paths that name none.
pub fn places(claim: &Claim, reading: &Reading, shelf: &Shelf<'_>) -> Result<(Vec<Place>, usize), Later> {
    let then = claim.made_at.as_ref().filter(|commit| shelf.sources().has(commit));
    let finder = Finder { shelf, then, waits: Cell::new(false) };
    let mut places = Vec::new();
    let mut unresolved = 0;
    // Most claims name the file of their record, which need not be looked for twice.
    let mut evidence = claim.evidence_file.as_deref();
    for (at, mention) in reading.paths.iter().enumerate() {
        let spelled = finder.spelled(&mention.spelled);
        evidence = evidence.filter(|file| *file != spelled);
        match finder.place(&spelled, PlaceSource::Path(at), &mention.spelled.lines) {
            Some(place) => places.push(place),
            None => unresolved += 1,
        }
    }
    if let Some(file) = evidence {
        let place = finder.place(file, PlaceSource::Evidence, &[]);
        places.extend(place.filter(|place| !is_known(&places, place)));
    }
    // Looking for the file of a symbol needs the whole tree. Where every sentence names its file, it is not asked for.
    let has_path = |sentence| reading.paths.iter().any(|path| path.sentence == sentence);
    let needs_symbols = unresolved > 0 || reading.atoms.iter().any(|atom| !has_path(atom.sentence));
    for (at, atom) in reading.atoms.iter().enumerate().filter(|(_, atom)| atom.form == Form::Identifier) {
        let source = PlaceSource::Symbol(at);
        let known = places.iter().find(|place| is_named_after(place, &atom.text));
        let place = match known {
            Some(known) => Some(Place { source, lines: Vec::new(), ..known.clone() }),
            None if needs_symbols => finder.symbol(&atom.text, source),
            None => None,
        };
        places.extend(place);
    }
    if finder.waits.get() { Err(Later) } else { Ok((places, unresolved)) }
}

/// Whether a file has the name of a symbol.
fn is_named_after(place: &Place, symbol: &str) -> bool {
    let path = place.now.as_ref().or(place.then.as_ref());
    path.is_some_and(|path| !is_test(path) && name(path).split('.').next() == Some(symbol))
}

fn is_known(places: &[Place], place: &Place) -> bool {
    places.iter().any(|known| known.is_like(place))
}

struct Finder<'a> {
    shelf: &'a Shelf<'a>,
    then: Option<&'a Oid>,
    /// Whether something is not known yet, and all that was found is worth nothing.
    waits: Cell<bool>,
}

impl Finder<'_> {
    /// The path as it is meant: what may be the side of a diff is a directory where there is such a file.
    fn spelled<'m>(&self, mentioned: &'m SpelledPath) -> Cow<'m, str> {
        if mentioned.side.is_empty() {
            return Cow::Borrowed(&mentioned.path);
        }
        let whole = format!("{}{}", mentioned.side, mentioned.path);
        let version = self.then.map_or(Version::Now, Version::At);
        match self.shelf.entry(version, &whole) {
            Entry::File(_) => Cow::Owned(whole),
            Entry::Absent | Entry::Unknown => Cow::Borrowed(&mentioned.path),
        }
    }

    fn place(&self, spelled: &str, source: PlaceSource, lines: &[(u32, u32)]) -> Option<Place> {
        let then = self.then.and_then(|commit| self.named(Version::At(commit), spelled));
        let now = match &then {
            Some(path) => self.still(path),
            None => self.named(Version::Now, spelled),
        };
        self.complete(source, then, now, lines)
    }

    fn symbol(&self, symbol: &str, source: PlaceSource) -> Option<Place> {
        if symbol.contains(['.', ':']) {
            return None;
        }
        let of = |version| Some(self.tree(version)?.of_symbol(symbol)?.to_owned());
        let then = self.then.and_then(|commit| of(Version::At(commit)));
        let now = match &then {
            Some(path) => self.still(path),
            None => of(Version::Now),
        };
        self.complete(source, then, now, &[])
    }

    fn complete(
        &self,
        source: PlaceSource,
        then: Option<String>,
        now: Option<String>,
        lines: &[(u32, u32)],
    ) -> Option<Place> {
        if then.is_none() && now.is_none() {
            return None;
        }
        let is_same = self.then.and_then(|commit| {
            let before = then.as_deref().map(|path| self.shelf.entry(Version::At(commit), path));
            let after = now.as_deref().map(|path| self.shelf.entry(Version::Now, path));
            match (before, after) {
                (Some(Entry::File(Some(before))), Some(Entry::File(Some(after)))) => Some(before == after),
                (Some(Entry::File(Some(_))), Some(Entry::File(None))) => {
                    let then = self.shelf.text(Version::At(commit), then.as_deref()?);
                    let now = self.shelf.text(Version::Now, now.as_deref()?);
                    Some(then.text()?.raw() == now.text()?.raw())
                }
                (Some(Entry::Unknown), _) | (_, Some(Entry::Unknown)) => None,
                _ => Some(false),
            }
        });
        Some(Place { source, then, now, lines: lines.to_vec(), is_same })
    }

    /// The one file of a version that a path names.
    fn named(&self, version: Version<'_>, spelled: &str) -> Option<String> {
        let plain = spelled.strip_prefix("./").unwrap_or(spelled);
        if plain.contains('/') && matches!(self.shelf.entry(version, plain), Entry::File(_)) {
            return Some(plain.to_owned());
        }
        match self.tree(version)?.named(spelled) {
            Named::File(path) => Some(path),
            Named::Ambiguous(_) | Named::Nothing => None,
        }
    }

    /// The files of a version by name, or those that this claim asks for.
    fn tree(&self, version: Version<'_>) -> Option<Arc<Tree>> {
        let tree = if self.waits.get() { Err(Later) } else { self.shelf.tree_or_later(version) };
        self.waits.set(tree.is_err());
        tree.ok().flatten()
    }

    /// Where a file of then is now.
    fn still(&self, path: &str) -> Option<String> {
        match self.shelf.entry(Version::Now, path) {
            Entry::File(_) => Some(path.to_owned()),
            Entry::Absent => self.renamed(path),
            Entry::Unknown => None,
        }
    }

    /// The file that has taken a removed one's place: the same bytes, or the same name and most of its lines.
    fn renamed(&self, path: &str) -> Option<String> {
        let then = Version::At(self.then?);
        let changes = self.shelf.changes(then, Version::Now)?;
        let before = changes.iter().find(|change| change.path == path)?.before?;
        let added = || changes.iter().filter(|change| change.before.is_none());
        let same = added().find(|change| change.after.as_ref() == Some(&before));
        if let Some(same) = same {
            return Some(same.path.clone());
        }
        let mut named = added().filter(|change| name(&change.path) == name(path));
        let (first, second) = (named.next()?, named.next());
        if second.is_some() {
            return None;
        }
        let (old, new) = (self.shelf.text(then, path), self.shelf.text(Version::Now, &first.path));
        let is_alike = similarity(&old.text()?.shown(), &new.text()?.shown()) >= RENAME_SIMILARITY;
        is_alike.then(|| first.path.clone())
    }
}

/// The share of lines of the longer text that the other has too.
fn similarity(old: &str, new: &str) -> f64 {
    let (mut old, mut new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    old.sort_unstable();
    new.sort_unstable();
    let longer = old.len().max(new.len()).max(1);
    let (mut common, mut at) = (0u32, 0);
    for line in old {
        while at < new.len() && new[at] < line {
            at += 1;
        }
        if at < new.len() && new[at] == line {
            common += 1;
            at += 1;
        }
    }
    f64::from(common) / f64::from(u32::try_from(longer).unwrap_or(u32::MAX))
}
