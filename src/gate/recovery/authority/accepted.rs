//! The rule where rows were judged: a task is vouched for by the newest attempt at it, if that was accepted, and only if
//! the tasks that it depends on are vouched for as well.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::contracts::{Dispatch, Envelope, read};
use super::record::{Record, text, values};
use super::{Doubt, FINALIZE, root};
use crate::json::Node;
use crate::model::{Artifact, Plan};

/// For each record why no accepted attempt vouches for it; `None` as a whole if no row was judged.
pub(super) fn doubts(plan: &Plan, records: &[Record<'_>]) -> Option<Vec<Option<Doubt>>> {
    let accepted = accepted(plan)?;
    let known: HashSet<&str> = records.iter().map(|record| record.task).collect();
    let mut closed: HashSet<&str> = HashSet::new();
    loop {
        let is_next = |record: &&Record<'_>| {
            accepted.contains(record.task)
                && !closed.contains(record.task)
                && record.depends_on.iter().all(|task| known.contains(task) && closed.contains(task))
        };
        let Some(next) = records.iter().find(is_next) else { break };
        closed.insert(next.task);
    }
    let doubt = |record: &Record<'_>| match () {
        () if closed.contains(record.task) => None,
        () if accepted.contains(record.task) => Some(Doubt::Dependency),
        () => Some(Doubt::NoAttempt),
    };
    Some(records.iter().map(doubt).collect())
}

/// Tasks whose newest attempt was accepted. A newer row about a task hides the older ones, whatever it says.
fn accepted(plan: &Plan) -> Option<BTreeSet<String>> {
    let mut names: Vec<&str> = plan.batches.iter().map(|batch| batch.artifact.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut waves: Vec<&Artifact> = names.into_iter().filter_map(|name| plan.artifacts.get(name)).collect();
    waves.sort_by_cached_key(|wave| Reverse(newness(wave)));
    let mut seen: HashSet<&str> = HashSet::new();
    let mut run: Option<(&str, &str)> = None;
    let mut is_judged = false;
    let mut accepted: BTreeMap<&str, Envelope<'_>> = BTreeMap::new();
    for wave in waves {
        let Some(document) = root(wave) else { continue };
        let Some((dispatch, envelopes)) = read(document) else { continue };
        let of_run = *run.get_or_insert(dispatch.run);
        let scope = scope(document, &dispatch);
        for row in document.get("task_updates").and_then(Node::as_array).unwrap_or_default() {
            let judged = row.get("authority_validation").filter(|judged| judged.is_object());
            let Some(task) = subject(row, judged) else { continue };
            let outcome = judged.map_or("", |judged| text(judged, "outcome"));
            is_judged |= !outcome.is_empty();
            if !scope.contains(task) || !seen.insert(task) || outcome != "accepted" {
                continue;
            }
            let envelope = envelope(row, judged, task, &envelopes).filter(|it| it.is_completion);
            let counts = |it: &&Envelope<'_>| dispatch.run == of_run && (stands(it) || is_paid(plan, task));
            accepted.extend(envelope.filter(counts).map(|it| (task, it.clone())));
        }
    }
    is_judged.then(|| without_conflicts(&accepted))
}

/// Whether a result that was accepted counts: its task is over, and no decision of its own differs.
fn stands(envelope: &Envelope<'_>) -> bool {
    envelope.is_terminal && envelope.outcome.is_none_or(|outcome| outcome == "accepted")
}

/// Whether a receipt says that an exhausted test budget of a task was accepted as debt. The worker had to report that it
/// was stopped, so its result is not of a task that is over, and counts all the same.
fn is_paid(plan: &Plan, task: &str) -> bool {
    let start = format!("{RECEIPTS}{task}_");
    let is_about = |artifact: &&Artifact| artifact.name.starts_with(&start);
    plan.artifacts.iter().filter(is_about).filter_map(root).any(|receipt| {
        text(receipt, "task_id") == task && text(receipt, "disposition") == "accepted_with_debt"
    })
}

/// How the names of such receipts begin.
const RECEIPTS: &str = "verification/task_budget_acceptance_";

/// Where a task is told of, by the names of the artifacts: what the authority lists as its sources, joined as it does.
pub(super) fn sources(
    plan: &Plan,
    asked: &Record<'_>,
    doubt: Doubt,
    closed: &HashSet<&str>,
) -> Option<String> {
    let mut all: BTreeSet<String> = BTreeSet::new();
    let mut telling: BTreeSet<&str> = BTreeSet::from([FINALIZE]);
    for batch in &plan.batches {
        let artifact = plan.artifacts.get(&batch.artifact)?;
        let rows = root(artifact)?.get("task_updates").and_then(Node::as_array).unwrap_or_default();
        let tells = |row: &Node| {
            let named = [text(row, "task_id"), text(row, "id")];
            named.into_iter().find(|id| !id.is_empty()) == Some(asked.task) && !text(row, "status").is_empty()
        };
        if rows.iter().any(tells) {
            telling.insert(&artifact.name);
        }
        all.insert(artifact.name.clone());
    }
    if doubt == Doubt::NoAttempt {
        all.insert(FINALIZE.to_owned());
    }
    if asked.depends_on.iter().any(|task| !closed.contains(task)) {
        all.insert(telling.into_iter().collect::<Vec<_>>().join(","));
    }
    Some(all.into_iter().collect::<Vec<_>>().join(", "))
}

/// By the fence, which rises within a run; then, instead of the file's time, by its name.
fn newness(wave: &Artifact) -> (bool, Option<usize>, &str) {
    let identity = root(wave).and_then(|root| root.get("dispatch_identity")).filter(|it| it.is_object());
    let token = identity.and_then(|identity| identity.get("fence")?.get("token")?.as_usize());
    (identity.is_some(), token, &wave.name)
}

fn scope<'a>(document: &'a Node, dispatch: &Dispatch<'a>) -> HashSet<&'a str> {
    let recorded = document.get("batch_scope").and_then(|scope| scope.get("task_ids"));
    dispatch.tasks.iter().copied().chain(values(recorded)).collect()
}

fn subject<'a>(row: &'a Node, judged: Option<&'a Node>) -> Option<&'a str> {
    let named = judged.map_or("", |judged| text(judged, "subject_id"));
    [named, text(row, "task_id"), text(row, "id")].into_iter().find(|task| !task.is_empty())
}

/// The result that a row was judged by: by its digest, or the only one about the task.
fn envelope<'e, 'a>(
    row: &Node,
    judged: Option<&Node>,
    task: &str,
    envelopes: &'e [Envelope<'a>],
) -> Option<&'e Envelope<'a>> {
    let digests = [judged, row.get("authority")].into_iter().flatten().map(|it| text(it, "envelope_digest"));
    let digest = digests.into_iter().find(|digest| !digest.is_empty()).unwrap_or_default();
    let by_digest = envelopes.iter().rev().find(|envelope| envelope.digest == digest);
    let mut about = envelopes.iter().filter(|envelope| envelope.task == task);
    by_digest.or_else(|| about.next().filter(|_| about.next().is_none()))
}

/// The tasks whose results have no part that another result has under the same name with other content.
fn without_conflicts(accepted: &BTreeMap<&str, Envelope<'_>>) -> BTreeSet<String> {
    let mut contents: HashMap<(&str, &str), HashSet<&str>> = HashMap::new();
    for (kind, name, content) in accepted.values().flat_map(|envelope| &envelope.parts) {
        contents.entry((kind, name)).or_default().insert(content);
    }
    let is_single = |(kind, name, _): &(&'static str, String, String)| {
        contents.get(&(*kind, name.as_str())).is_some_and(|contents| contents.len() == 1)
    };
    let whole = accepted.values().filter(|envelope| envelope.parts.iter().all(is_single));
    whole.map(|envelope| envelope.task.to_owned()).collect()
}
