//! From claims to assessments: recompute or verify, classify, identify.

use rayon::prelude::*;

use super::bookkeeping::{self, Records};
use super::cover::cover;
use super::identity::{self, Link};
use super::{Sources, verify};
use crate::gate::{Family, Message, names_done_tasks};
use crate::model::{Assessment, Claim, ClaimClass, ClaimKind, Plan, Ruling, Verdict};

/// What claims are decided with.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The plan they come from, if any.
    pub records: Option<Records<'a>>,
    /// Text of files; `None` without a repository.
    pub sources: Option<&'a dyn Sources>,
    /// What the plan's files hold: old blocker ids are hashes of some of these texts.
    pub texts: &'a [String],
    /// The longest claim that is read, in bytes.
    pub max_claim_bytes: usize,
}

/// Decides every claim, in the order of their records.
pub fn assess(mut claims: Vec<Claim>, input: &Input<'_>) -> Vec<Assessment> {
    let plan = input.records.map(|records| records.plan);
    let messages: Vec<Option<Message>> =
        claims.par_iter().map(|claim| bookkeeping::message(claim, plan)).collect();
    let (mut rulings, links) = rulings(&claims, input, &messages, || identity::links(&claims, &messages));
    claims.par_iter_mut().for_each(name);
    let decided = rulings.par_iter_mut().zip(links).enumerate().map(|(at, (ruling, link))| {
        let class = class(&claims[at], messages[at].as_ref(), ruling, plan);
        tell_growth(ruling, link.as_ref(), &claims);
        let duplicate_of = match link {
            Some(Link::Same(earlier)) => Some(claims[earlier].id.clone()),
            _ => None,
        };
        (class, duplicate_of)
    });
    let decided: Vec<_> = decided.collect();
    let assessed = claims.into_par_iter().zip(rulings).zip(decided);
    let assessed = assessed.map(|((claim, ruling), (class, duplicate_of))| Assessment {
        class,
        claim,
        ruling,
        duplicate_of,
        resolution: None,
    });
    let mut assessed: Vec<Assessment> = assessed.collect();
    if let Some(records) = &input.records {
        cover(&mut assessed, &messages, records, input.texts, input.sources);
    }
    assessed
}

/// A claim whose set grew is about the new members.
fn tell_growth(ruling: &mut Ruling, link: Option<&Link>, claims: &[Claim]) {
    if let Some(Link::Grown(earlier, new)) = link {
        let names: Vec<String> = new.iter().map(|name| format!("`{name}`")).collect();
        let text = format!(" New since `{}`: {}.", claims[*earlier].id, names.join(", "));
        ruling.reason.push_str(&text);
    }
}

/// Claims that are the harness's messages are recomputed; all others are checked against files, and `beside` is done where that
/// leaves threads idle.
fn rulings<T: Send>(
    claims: &[Claim],
    input: &Input<'_>,
    messages: &[Option<Message>],
    beside: impl FnOnce() -> T + Send,
) -> (Vec<Ruling>, T) {
    let recomputed: Vec<Option<Box<Ruling>>> = claims
        .par_iter()
        .zip(messages)
        .map(|(claim, message)| {
            bookkeeping::ruling(claim, message.as_ref(), input.records.as_ref(), input.sources).map(Box::new)
        })
        .collect();
    let open = claims.iter().zip(&recomputed).filter(|(_, ruling)| ruling.is_none());
    let free: Vec<&Claim> = open.map(|(claim, _)| claim).collect();
    let (verified, told) = match input.sources {
        Some(sources) => verify::rulings_beside(&free, sources, input.max_claim_bytes, beside),
        None => (free.iter().map(|_| unread()).collect(), beside()),
    };
    if free.len() == claims.len() {
        return (verified, told);
    }
    let mut verified = verified.into_iter();
    let next = |ruling: Option<Box<Ruling>>| ruling.map(|ruling| *ruling).or_else(|| verified.next());
    (recomputed.into_iter().map(next).map(|ruling| ruling.unwrap_or_else(unread)).collect(), told)
}

fn unread() -> Ruling {
    Ruling {
        kind: ClaimKind::Semantic,
        verdict: Verdict::CannotTell,
        confidence: 0.5,
        reason: "There is no repository to look into.".to_owned(),
        witness: None,
    }
}

/// A claim without an id gets one that says the same wherever it stands in its record.
fn name(claim: &mut Claim) {
    if claim.id.is_empty() {
        claim.id = identity::id(claim);
    }
}

/// What a claim would have the harness wait for (spec section 7, "Classifier").
fn class(claim: &Claim, message: Option<&Message>, ruling: &Ruling, plan: Option<&Plan>) -> ClaimClass {
    // A text that no template matches is implementation: nothing unknown is waved through.
    let by_wording = message.map_or(ClaimClass::Implementation, |message| message.family.class());
    match (message, plan) {
        _ if is_remark(claim, plan) => ClaimClass::Informational,
        (Some(message), Some(plan)) if by_wording == ClaimClass::Metadata => {
            // Bookkeeping is bookkeeping only if all the tasks it names are done.
            if names_done_tasks(message, plan) { ClaimClass::Metadata } else { ClaimClass::Implementation }
        }
        (Some(message), _)
            if matches!(message.family, Family::PhantomFiles | Family::UnclaimedFiles)
                && ruling.verdict == Verdict::Stale =>
        {
            ClaimClass::Informational
        }
        _ => by_wording,
    }
}

/// Whether a claim is a remark of a review that let the work pass.
fn is_remark(claim: &Claim, plan: Option<&Plan>) -> bool {
    let review = plan.and_then(|plan| plan.review.as_ref());
    // A file of claims may be called like that, too; its claims have a position and no section.
    let has_section = claim.origin.pointer.get(1..).is_some_and(|place| place.parse::<usize>().is_err());
    claim.origin.artifact == "review.json"
        && has_section
        && review.is_some_and(|review| review.verdict == "approved")
}
