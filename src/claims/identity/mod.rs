//! When two claims are one: what they assert counts, not how they are worded.
//!
//! Messages of the harness are compared by family and members. For all others `features` takes a text
//! apart into files, symbols and words, `compare` weighs what two texts share, and `index` finds what is
//! worth comparing.

mod compare;
mod features;
mod index;
mod members;
mod recall;
mod tokens;
mod vocabulary;
mod wording;

use rayon::prelude::*;

use crate::digest::sha256_hex;
use crate::gate::Message;
use crate::model::Claim;
use features::{Desk, Features};
use members::Members;

pub use recall::recall;

/// How a claim relates to an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// It says the same.
    Same(usize),
    /// It says the same about more: these are new.
    Grown(usize, Vec<String>),
}

/// For every claim, how it relates to the earliest one that says the same, if any does. `messages` are the
/// claims as messages of the harness, where they are.
pub fn links(claims: &[Claim], messages: &[Option<Message>]) -> Vec<Option<Link>> {
    let features: Vec<Option<Features>> = claims
        .par_iter()
        .zip(messages)
        .map_init(Desk::default, |desk, (claim, message)| {
            message.is_none().then(|| Features::of(claim, desk))
        })
        .collect();
    let members: Vec<Option<Members>> =
        messages.par_iter().map(|message| message.as_ref().map(Members::of)).collect();
    let index = index::Index::new(&features, &members);
    (0..claims.len())
        .into_par_iter()
        .map_init(
            || index::Shared::of(claims.len()),
            |shared, later| link(later, &index.candidates(later, shared), &features, &members),
        )
        .collect()
}

fn link(
    later: usize,
    candidates: &[usize],
    features: &[Option<Features>],
    members: &[Option<Members>],
) -> Option<Link> {
    let mut grown: Option<Link> = None;
    for &earlier in candidates {
        match (&members[earlier], &members[later], &features[earlier], &features[later]) {
            (Some(a), Some(b), ..) => match members::compare(a, b) {
                members::Relation::Same => return Some(Link::Same(earlier)),
                members::Relation::Grown(new) => {
                    // The closest relative leaves the fewest new members.
                    let is_closer = match &grown {
                        Some(Link::Grown(_, fewest)) => new.len() < fewest.len(),
                        _ => true,
                    };
                    if is_closer {
                        grown = Some(Link::Grown(earlier, new));
                    }
                }
                members::Relation::Different => {}
            },
            (.., Some(a), Some(b)) if compare::is_same(a, b) => return Some(Link::Same(earlier)),
            _ => {}
        }
    }
    grown
}

/// Files that a text names, as spelled.
pub fn files(text: &str) -> Vec<String> {
    features::file_names(text)
}

/// `claim:` and a hash of what a claim asserts and where it stands, but not at which position.
pub fn id(claim: &Claim) -> String {
    let tokens = claim.origin.pointer.split('/');
    let section = tokens.skip(1).find(|token| token.parse::<usize>().is_err());
    let tasks: Vec<&str> = claim.task_ids.iter().map(|id| id.0.as_str()).collect();
    let parts = [
        claim.origin.artifact.as_str(),
        section.unwrap_or_default(),
        claim.evidence_file.as_deref().unwrap_or_default(),
        &tasks.join(","),
        &wording::normal(&claim.text),
    ];
    format!("claim:{}", &sha256_hex(parts.join("\n").as_bytes())[..12])
}

#[cfg(test)]
mod tests;
