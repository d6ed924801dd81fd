//! When two claims are one: what they assert counts, not how they are worded.

mod key;

use std::collections::HashMap;

use crate::digest::sha256_hex;
use crate::gate::Message;
use crate::model::Claim;

/// For every claim, the earliest one before it that says the same.
pub fn duplicates(claims: &[Claim], _messages: &[Option<Message>]) -> Vec<Option<usize>> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    claims
        .iter()
        .enumerate()
        .map(|(at, claim)| {
            let first = *seen.entry(key::wording(&claim.text)).or_insert(at);
            (first != at).then_some(first)
        })
        .collect()
}

/// `claim:` and a hash of what a claim asserts and where it stands, but not at which position.
pub fn id(claim: &Claim) -> String {
    let section =
        claim.origin.pointer.split('/').find(|token| !token.is_empty() && token.parse::<usize>().is_err());
    let tasks: Vec<&str> = claim.task_ids.iter().map(|id| id.0.as_str()).collect();
    let parts = [
        claim.origin.artifact.as_str(),
        section.unwrap_or_default(),
        claim.evidence_file.as_deref().unwrap_or_default(),
        &tasks.join(","),
        &key::wording(&claim.text),
    ];
    format!("claim:{}", &sha256_hex(parts.join("\n").as_bytes())[..12])
}
