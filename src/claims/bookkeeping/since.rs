//! Claimed files without a plan: what changed since the claim was made decides.

use super::{Standing, cannot_tell, conclude};
use crate::claims::{Entry, Sources, Version};
use crate::gate::{self, Message, Subject};
use crate::model::{Claim, ClaimKind, ClaimWitness, Oid, Ruling};

const KIND: ClaimKind = ClaimKind::PhantomClaim;

/// Files that an executor claimed and git did not show then: stale when every one has changed since.
pub(super) fn phantom(claim: &Claim, message: &Message, sources: Option<&dyn Sources>) -> Ruling {
    let Subject::Paths(list) = &message.subject else { return cannot_tell(KIND, "It names no path.") };
    let Some(sources) = sources else { return cannot_tell(KIND, "There is no git history to look into.") };
    let Some(made_at) = claim.made_at.as_ref().filter(|at| sources.has(at)) else {
        return cannot_tell(KIND, "When it was made is not known, so what changed since is not, either.");
    };
    let line = sources.line(Some(made_at));
    let resolve = |path: &str| resolve(path, made_at, sources);
    let is_known = |path: &str| resolve(path).is_some();
    let member = |path: String| match resolve(&path) {
        None => Standing::Open(format!("the repository has no `{path}`, neither then nor now")),
        Some(found) => match change_of(&found, made_at, &line, sources) {
            Some(proof) => Standing::Gone(format!("`{found}` has changed since"), Some(proof)),
            None => Standing::Holds(format!("`{found}` has not changed since")),
        },
    };
    let paths = gate::message_paths(list, &is_known);
    let first_unchanged = paths
        .iter()
        .filter_map(|path| resolve(path))
        .find(|path| change_of(path, made_at, &line, sources).is_none());
    let mut ruling = conclude(KIND, paths.into_iter().map(member).collect());
    if ruling.verdict == crate::model::Verdict::Holds {
        ruling.witness = first_unchanged.map(|path| ClaimWitness {
            path,
            blob: None,
            lines: None,
            commit: sources.head(),
            excerpt: "not changed since".to_owned(),
        });
    }
    ruling
}

/// The repository path that is meant: as spelled, or without leading directories of another machine.
fn resolve(spelled: &str, made_at: &Oid, sources: &dyn Sources) -> Option<String> {
    let exists = |path: &&str| {
        let there = |version| matches!(sources.entry(version, path), Entry::File(_));
        there(Version::Now) || there(Version::At(made_at))
    };
    let clean = spelled.trim().trim_start_matches("./");
    let whole = Some(clean).filter(|path| !path.starts_with('/'));
    // A short tail may be another repository's file: the more directories agree, the better.
    let least = if clean.starts_with('/') { 2 } else { 1 };
    let tails = clean.match_indices('/').map(|(at, _)| &clean[at + 1..]);
    let tails = tails.filter(|tail| tail.matches('/').count() >= least);
    whole.into_iter().chain(tails).find(exists).map(str::to_owned)
}

/// The first commit since `made_at` that changed a path, along first parents.
fn change_of(path: &str, made_at: &Oid, line: &[Oid], sources: &dyn Sources) -> Option<ClaimWitness> {
    let mut before = sources.entry(Version::At(made_at), path);
    let oldest_first = line.iter().rev().filter(|commit| *commit != made_at);
    for commit in oldest_first {
        let after = sources.entry(Version::At(commit), path);
        if after != before && after != Entry::Unknown && before != Entry::Unknown {
            return Some(witness(path, &after, Some(commit)));
        }
        before = after;
    }
    let now = sources.entry(Version::Now, path);
    (!sources.is_work_tree() && now != before && now != Entry::Unknown && before != Entry::Unknown)
        .then(|| witness(path, &now, None))
}

fn witness(path: &str, after: &Entry, commit: Option<&Oid>) -> ClaimWitness {
    let blob = match after {
        Entry::File(blob) => blob.clone(),
        Entry::Absent | Entry::Unknown => None,
    };
    ClaimWitness {
        path: path.to_owned(),
        blob,
        lines: None,
        commit: commit.cloned(),
        excerpt: "changed since the claim was made".to_owned(),
    }
}
