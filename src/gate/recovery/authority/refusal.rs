//! What the authority says where it refuses, word by word: the harness makes a blocker of it, and the blocker's id, by which
//! an answer is recorded, is a hash of the words.
//!
//! Where anything is odd nothing is told, and an answer that may have been given is not found: then the plan waits.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::record::{TERMINAL, has_substance};
use super::{Asked, FINALIZE, View, accepted};
use crate::gate::blocker::blocker_id;
use crate::model::Blocker;

/// The id of a refusal.
pub(super) fn blocker(message: String) -> String {
    blocker_id(&Blocker {
        pointer: String::new(),
        kind: "phase_coverage".to_owned(),
        message,
        task_id: None,
        explicit_id: None,
    })
}

/// What is said of tasks that wait, where there is a present commit. It comes before everything else.
///
/// `sources` names, by task, the batch artifact whose row could stand in for that of `finalize.json`.
pub(super) fn waiting(
    view: &View<'_>,
    asked: &[Asked<'_, '_>],
    sources: &BTreeMap<&str, &str>,
) -> Option<String> {
    let waits = |asked: &&Asked<'_, '_>| {
        asked.record.status.trim().eq_ignore_ascii_case("pending") && !sources.contains_key(asked.record.task)
    };
    let waiting: Vec<&str> = asked.iter().filter(waits).map(|asked| asked.record.task).collect();
    let told = "finalize.json has pending tasks without authoritative execution updates";
    (view.history.head.is_some() && !waiting.is_empty()).then(|| format!("{told}: {}", waiting.join(", ")))
}

/// What is said of tasks that are over and not vouched for; `is_judged` says by which rule they were asked about.
pub(super) fn unvouched(
    view: &View<'_>,
    asked: &[Asked<'_, '_>],
    sources: &BTreeMap<&str, &str>,
    is_judged: bool,
) -> Option<String> {
    // Of other words it may say more.
    if !asked.iter().all(|asked| TERMINAL.contains(&asked.record.status)) {
        return None;
    }
    let open: Vec<&Asked<'_, '_>> = asked.iter().filter(|asked| asked.verdict.is_some()).collect();
    let closed: HashSet<&str> =
        asked.iter().filter(|asked| asked.verdict.is_none()).map(|asked| asked.record.task).collect();
    let source = |task: &str| sources.get(task).copied().unwrap_or(FINALIZE);
    let mut parts = Vec::new();
    let mut disagreements = BTreeSet::new();
    for asked in open {
        let (record, verdict) = (asked.record, asked.verdict?);
        let (task, reason) = (record.task, &verdict.reason);
        parts.push(format!("{task}='{}':{reason}:source={}", verdict.status, source(task)));
        let kind = if sources.contains_key(task) { "batch overlay" } else { "finalize data" };
        let authority = match is_judged {
            true => accepted::sources(view.plan, record, verdict.doubt, &closed)?,
            false => "accepted-attempt projection unavailable".to_owned(),
        };
        disagreements.insert(format!(
            "chain_authority_shadow[{task}]: {kind} source {} status='{}' disagrees with \
             dispatch-grant/accepted-attempt authority ({authority}): {reason}",
            source(task),
            record.status,
        ));
    }
    parts.extend(disagreements);
    let empty = asked.iter().filter(|asked| !has_substance(asked.record));
    parts.extend(
        empty.map(|asked| format!("{}='unknown':missing_finalize_authority_fields", asked.record.task)),
    );
    Some(format!("finalize.json has non-authoritative tasks: {}", parts.join(", ")))
}
