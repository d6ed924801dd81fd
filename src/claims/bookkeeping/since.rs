//! Claimed files without a plan: what changed since the claim was made decides.

use super::{Standing, cannot_tell, conclude};
use crate::claims::{Entry, Sources, Version};
use crate::gate::{self, Message, Subject};
use crate::model::{Claim, ClaimKind, ClaimWitness, Listing, Oid, Ruling, Verdict};

const KIND: ClaimKind = ClaimKind::PhantomClaim;

/// Files that an executor claimed and git did not show then: stale when every one has changed since.
pub(super) fn phantom(claim: &Claim, message: &Message, sources: Option<&dyn Sources>) -> Ruling {
    let Subject::Paths(list) = &message.subject else { return cannot_tell(KIND, "It names no path.") };
    let Some(sources) = sources else { return cannot_tell(KIND, "There is no git history to look into.") };
    let Some(made_at) = claim.made_at.as_ref().filter(|at| sources.has(at)) else {
        return cannot_tell(KIND, "When it was made is not known, so what changed since is not, either.");
    };
    let since = Since { made_at, line: &sources.line(Some(made_at)), sources };
    let is_known = |path: &str| matches!(since.find(path), Found::File(_));
    let mut unchanged = None;
    let mut member = |path: String| match since.find(&path) {
        Found::Elsewhere => Standing::Open(format!("`{path}` is not of this repository")),
        Found::Nowhere => {
            unchanged.get_or_insert(path.clone());
            Standing::Holds(format!("there is no `{path}`, neither then nor now"), None)
        }
        Found::File(file) => match since.change_of(&file) {
            Some(proof) => Standing::Gone(format!("`{file}` has changed since"), Some(proof)),
            None => {
                unchanged.get_or_insert(file.clone());
                Standing::Holds(format!("`{file}` has not changed since"), None)
            }
        },
    };
    let members = gate::message_paths(list, &is_known).into_iter().map(&mut member).collect();
    let mut ruling = conclude(KIND, members);
    if ruling.verdict == Verdict::Holds {
        ruling.witness = unchanged.map(|path| ClaimWitness {
            path,
            blob: None,
            lines: None,
            commit: sources.head(),
            excerpt: "not changed since the claim was made".to_owned(),
        });
    }
    ruling
}

/// What the repository has under a spelled path.
enum Found {
    /// A file, then or now.
    File(String),
    /// No file, but the directory it would be in.
    Nowhere,
    /// Nothing that the path could mean.
    Elsewhere,
}

/// The time between a claim and now.
struct Since<'a> {
    made_at: &'a Oid,
    line: &'a [Oid],
    sources: &'a dyn Sources,
}

impl Since<'_> {
    /// The repository path that is meant: as spelled, or without leading directories of another machine.
    fn find(&self, spelled: &str) -> Found {
        let clean = spelled.trim().trim_start_matches("./");
        let is_absolute = clean.starts_with('/');
        // A short tail may be another repository's file: the more directories agree, the better.
        let least = if is_absolute { 2 } else { 1 };
        let tails = clean.match_indices('/').map(|(at, _)| &clean[at + 1..]);
        let tails = tails.filter(|tail| tail.matches('/').count() >= least);
        let whole = Some(clean).filter(|_| !is_absolute);
        match whole.into_iter().chain(tails).find(|path| self.is_file(path)) {
            Some(path) => Found::File(path.to_owned()),
            None if !is_absolute && self.has_directory(clean) => Found::Nowhere,
            None => Found::Elsewhere,
        }
    }

    fn is_file(&self, path: &str) -> bool {
        let there = |version| matches!(self.sources.entry(version, path), Entry::File(_));
        there(Version::Now) || there(Version::At(self.made_at))
    }

    /// Whether the repository has the outermost directory of a path.
    fn has_directory(&self, path: &str) -> bool {
        let Some((top, _)) = path.split_once('/') else { return true };
        let top = format!("{top}/");
        let holds = |files: &Listing| {
            let first = files.first_from(&top);
            first < files.len() && files.path(first).starts_with(&top)
        };
        [Version::Now, Version::At(self.made_at)]
            .into_iter()
            .any(|version| self.sources.files(version).is_some_and(|files| holds(&files)))
    }

    /// The first commit since then that changed a path, along first parents.
    fn change_of(&self, path: &str) -> Option<ClaimWitness> {
        let differs = |before: &Entry, after: &Entry| {
            before != after && *before != Entry::Unknown && *after != Entry::Unknown
        };
        let mut before = self.sources.entry(Version::At(self.made_at), path);
        for commit in self.line.iter().rev().filter(|commit| *commit != self.made_at) {
            let after = self.sources.entry(Version::At(commit), path);
            if differs(&before, &after) {
                return Some(witness(path, after, Some(commit)));
            }
            before = after;
        }
        // The work tree has no blobs to compare with; whether a file is there can be told.
        let now = self.sources.entry(Version::Now, path);
        let is_file = |entry: &Entry| matches!(entry, Entry::File(_));
        let moved = match self.sources.is_work_tree() {
            true => is_file(&now) != is_file(&before) && differs(&before, &now),
            false => differs(&before, &now),
        };
        moved.then(|| witness(path, now, None))
    }
}

fn witness(path: &str, after: Entry, commit: Option<&Oid>) -> ClaimWitness {
    let blob = match after {
        Entry::File(blob) => blob,
        Entry::Absent | Entry::Unknown => None,
    };
    ClaimWitness {
        path: path.to_owned(),
        blob,
        lines: None,
        commit: commit.copied(),
        excerpt: "changed since the claim was made".to_owned(),
    }
}
