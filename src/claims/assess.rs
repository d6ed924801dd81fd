//! From claims to assessments: recompute or verify, classify, identify.

use rayon::prelude::*;

use super::bookkeeping::{self, Records};
use super::cover::cover;
use super::identity::{self, Link};
use super::{Sources, verify};
use crate::gate::{Family, Message, names_done_tasks};
use crate::model::{Assessment, Claim, ClaimClass, ClaimKind, Plan, Ruling, Verdict};

/// What there is to decide, and what with.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The claims, in the order of their records.
    pub claims: &'a [Claim],
    /// The plan they come from, if any.
    pub records: Option<Records<'a>>,
    /// Text of files; `None` without a repository.
    pub sources: Option<&'a dyn Sources>,
    /// What the plan's files hold: old blocker ids are hashes of some of these texts.
    pub texts: &'a [String],
    /// The longest claim that is read, in bytes.
    pub max_claim_bytes: usize,
}

/// Decides every claim, in order.
pub fn assess(input: &Input<'_>) -> Vec<Assessment> {
    let plan = input.records.map(|records| records.plan);
    let messages: Vec<Option<Message>> =
        input.claims.par_iter().map(|claim| bookkeeping::message(claim, plan)).collect();
    let rulings = rulings(input, &messages);
    let links = identity::links(input.claims, &messages);
    let mut claims: Vec<Claim> = input.claims.par_iter().cloned().collect();
    name(&mut claims);
    let decided = rulings.into_par_iter().zip(links).enumerate().map(|(at, (ruling, link))| {
        let class = class(&claims[at], messages[at].as_ref(), &ruling, plan);
        let ruling = with_growth(ruling, link.as_ref(), &claims);
        let duplicate_of = match link {
            Some(Link::Same(earlier)) => Some(claims[earlier].id.clone()),
            _ => None,
        };
        (class, ruling, duplicate_of)
    });
    let decided: Vec<_> = decided.collect();
    let assessed = claims.into_iter().zip(decided);
    let assessed = assessed.map(|(claim, (class, ruling, duplicate_of))| Assessment {
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
fn with_growth(mut ruling: Ruling, link: Option<&Link>, claims: &[Claim]) -> Ruling {
    if let Some(Link::Grown(earlier, new)) = link {
        let names: Vec<String> = new.iter().map(|name| format!("`{name}`")).collect();
        let text = format!(" New since `{}`: {}.", claims[*earlier].id, names.join(", "));
        ruling.reason.push_str(&text);
    }
    ruling
}

/// Claims that are the harness's messages are recomputed; all others are checked against files.
fn rulings<'a>(input: &Input<'a>, messages: &[Option<Message>]) -> Vec<Ruling> {
    let recomputed: Vec<Option<Ruling>> = input
        .claims
        .par_iter()
        .zip(messages)
        .map(|(claim, message)| {
            bookkeeping::ruling(claim, message.as_ref(), input.records.as_ref(), input.sources)
        })
        .collect();
    let open = |(claim, ruling): (&'a Claim, &Option<Ruling>)| ruling.is_none().then_some(claim);
    let free: Vec<&Claim> = input.claims.iter().zip(&recomputed).filter_map(open).collect();
    let mut verified = match input.sources {
        Some(sources) => verify::rulings(&free, sources, input.max_claim_bytes),
        None => free.iter().map(|_| unread()).collect(),
    }
    .into_iter();
    recomputed.into_iter().map(|ruling| ruling.or_else(|| verified.next()).unwrap_or_else(unread)).collect()
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

/// Claims without an id get one that says the same wherever they stand in their record.
fn name(claims: &mut [Claim]) {
    for claim in claims {
        if claim.id.is_empty() {
            claim.id = identity::id(claim);
        }
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
