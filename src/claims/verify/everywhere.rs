//! Code that has no place: one sweep over the tree as it is now, and one per revision over what differed then.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::facts::Facts;
use crate::claims::locate::{Hits, sweep};
use crate::claims::parse::Form;
use crate::claims::sources::{Sources, Version};
use crate::model::{Listing, Oid};

/// More literals than this are not searched for.
const MAX_LITERALS: usize = 50_000;
/// Trees of more revisions than this are not looked at.
const MAX_REVISIONS: usize = 32;

type Literal = (String, Form);
type Found = HashMap<Literal, Hits>;

/// Completes the facts of every atom that has no place.
pub(super) fn complete(all: &mut [Facts], sources: &dyn Sources) {
    let wanted = wanted(all);
    let literals: Vec<Literal> = wanted.keys().take(MAX_LITERALS).cloned().collect();
    if literals.is_empty() {
        return;
    }
    let Some(files) = sources.files(Version::Now) else { return };
    let now = sweep(&literals, &files, Version::Now, sources);
    let revisions: BTreeSet<&Oid> = wanted.values().flatten().flatten().collect();
    let mut then: HashMap<Oid, Past> = HashMap::new();
    for revision in revisions.into_iter().take(MAX_REVISIONS) {
        let wanted = wanted.iter().filter(|(_, at)| at.contains(&Some(*revision)));
        let literals: Vec<Literal> = wanted.map(|(literal, _)| literal.clone()).collect();
        if let Some(past) = Past::read(&literals, revision, sources) {
            then.insert(*revision, past);
        }
    }
    for facts in all {
        let past = facts.made_at.as_ref().and_then(|commit| then.get(commit));
        for at in open(facts) {
            let literal = literal(facts, at);
            let Some(hits) = now.get(&literal) else { continue };
            let was = match facts.is_made_now {
                true => Some(hits.count),
                false => past.and_then(|past| past.count(&literal, hits)),
            };
            facts.complete(at, hits, was);
        }
    }
}

/// What is searched for, each with the revisions at which claims speak of it.
fn wanted(all: &[Facts]) -> BTreeMap<Literal, BTreeSet<Option<Oid>>> {
    let mut wanted: BTreeMap<Literal, BTreeSet<Option<Oid>>> = BTreeMap::new();
    for facts in all {
        for at in open(facts) {
            let past = facts.made_at.filter(|_| !facts.is_made_now);
            wanted.entry(literal(facts, at)).or_default().insert(past);
        }
    }
    wanted
}

fn open(facts: &Facts) -> Vec<usize> {
    (0..facts.atoms.len()).filter(|&at| facts.atoms[at].is_everywhere).collect()
}

fn literal(facts: &Facts, at: usize) -> Literal {
    let atom = &facts.reading.atoms[at];
    (atom.text.clone(), atom.form)
}

/// What the files that have changed since a revision said then, and which of today's are not among them.
struct Past {
    then: Found,
    /// Of the files that have changed, what they say now.
    now: Found,
}

impl Past {
    fn read(literals: &[Literal], revision: &Oid, sources: &dyn Sources) -> Option<Self> {
        let changes = sources.changes(Version::At(revision), Version::Now)?;
        let side = |is_then: bool| {
            let files = changes.iter().filter_map(|change| {
                let blob = if is_then { change.before } else { change.after };
                Some((&change.path, blob?))
            });
            Listing::new(files)
        };
        Some(Self {
            then: sweep(literals, &side(true), Version::At(revision), sources),
            now: sweep(literals, &side(false), Version::Now, sources),
        })
    }

    /// In how many files a literal was: as many as now, without those that have changed, and with what they said.
    fn count(&self, literal: &Literal, now: &Hits) -> Option<usize> {
        let (then, changed) = (self.then.get(literal)?.count, self.now.get(literal)?.count);
        Some(now.count.saturating_sub(changed) + then)
    }
}
