//! What the later harness persists about a dispatch and its results, read as strictly as it reads them itself: one
//! field too many, a digest that does not fit, or a link that leads elsewhere, and the whole artifact counts for
//! nothing.

use std::collections::{BTreeSet, HashSet};

use super::record::{text, values};
use crate::digest::sha256_hex;
use crate::json::{Node, Value, write};

/// A dispatch: who may report on which tasks, and in which run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dispatch<'a> {
    pub(super) run: (&'a str, &'a str),
    pub(super) tasks: BTreeSet<&'a str>,
    grant: &'a str,
    coordinator: &'a str,
    token: &'a str,
    capabilities: BTreeSet<&'a str>,
    evidence: BTreeSet<&'a str>,
    canonical: String,
}

/// A result that was reported under a dispatch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Envelope<'a> {
    pub(super) task: &'a str,
    pub(super) digest: String,
    /// Whether it is about a task, and not about a sense check.
    pub(super) is_completion: bool,
    /// Whether the worker reported that the task is over.
    pub(super) is_terminal: bool,
    /// What a decision of its own says, where there is one.
    pub(super) outcome: Option<&'a str>,
    /// Its parts by kind and name, with their canonical text: one name must not stand for two things.
    pub(super) parts: Vec<(&'static str, String, String)>,
}

const IDENTITY: [&str; 5] = ["schema_version", "grant", "fence", "prerequisite_digest", "worker_id"];
const ENVELOPE: [&str; 5] = ["schema_version", "dispatch", "attempt", "claim", "evidence"];
const CONTEXT: [&str; 4] = ["run_id", "run_revision", "coordinator_attempt_id", "fence_token"];
const GRANT: [&str; 4] = ["grant_id", "subject_ids", "capabilities", "evidence_ids"];
const ATTEMPT: [&str; 4] = ["attempt_id", "subject_id", "grant_id", "ordinal"];
const CLAIM: [&str; 9] = [
    "claim_id",
    "subject_id",
    "attempt_id",
    "grant_id",
    "claim_type",
    "evidence_ids",
    "idempotency_key",
    "payload",
    "payload_hash",
];
const DECISION: [&str; 10] = [
    "decision_id",
    "subject_id",
    "attempt_id",
    "grant_id",
    "claim_id",
    "outcome",
    "evidence_ids",
    "idempotency_key",
    "payload",
    "payload_hash",
];
const EVIDENCE: [&str; 7] =
    ["evidence_id", "run_id", "run_revision", "evidence_type", "source", "payload", "payload_hash"];
/// What a claim is about, and the capability that its dispatch needs.
const CLAIM_TYPES: [(&str, &str); 2] = [
    ("megaplan.task.completion", "megaplan.task.result"),
    ("megaplan.sense_check.acknowledgment", "megaplan.sense_check.result"),
];
const OUTCOMES: [&str; 4] = ["accepted", "rejected", "quarantined", "superseded"];
const TERMINAL: [&str; 3] = ["done", "completed", "skipped"];

/// The dispatch and the results of an artifact; `None` if any part of them is not as it should be.
pub(super) fn read(root: &Node) -> Option<(Dispatch<'_>, Vec<Envelope<'_>>)> {
    let dispatch = read_dispatch(root.get("dispatch_identity")?)?;
    let envelopes = match root.get("result_envelopes").filter(|node| !node.is_null()) {
        None => Vec::new(),
        Some(list) => {
            list.as_array()?.iter().map(|item| read_envelope(item, &dispatch)).collect::<Option<Vec<_>>>()?
        }
    };
    Some((dispatch, envelopes))
}

fn read_dispatch(node: &Node) -> Option<Dispatch<'_>> {
    has_exactly(node, &IDENTITY, &["cas_expectation"])?;
    let (grant, fence) = (node.get("grant")?, node.get("fence")?);
    is_contract(grant, "capability_grant", CONTEXT.iter().chain(&GRANT))?;
    is_contract(fence, "coordinator_fence", &["run_id", "run_revision", "coordinator_attempt_id", "token"])?;
    let token = number(fence, "token")?;
    let run = (required(grant, "run_id")?, required(grant, "run_revision")?);
    let coordinator = required(grant, "coordinator_attempt_id")?;
    let agrees = run == (required(fence, "run_id")?, required(fence, "run_revision")?)
        && coordinator == required(fence, "coordinator_attempt_id")?
        && number(grant, "fence_token")? == token
        && is_one(node)
        && [required(node, "prerequisite_digest")?, required(node, "worker_id")?]
            .iter()
            .all(|it| !it.is_empty());
    is_expected(node.get("cas_expectation"), run)?;
    let dispatch = Dispatch {
        run,
        tasks: names(grant, "subject_ids")?,
        grant: required(grant, "grant_id")?,
        coordinator,
        token,
        capabilities: names(grant, "capabilities")?,
        evidence: names(grant, "evidence_ids")?,
        canonical: canonical(node),
    };
    let known = CLAIM_TYPES.map(|(_, capability)| capability);
    let is_known = dispatch.capabilities.iter().all(|capability| known.contains(capability));
    let is_whole = !dispatch.tasks.is_empty() && !dispatch.capabilities.is_empty();
    (agrees && is_known && is_whole).then_some(dispatch)
}

fn read_envelope<'a>(node: &'a Node, dispatch: &Dispatch<'a>) -> Option<Envelope<'a>> {
    has_exactly(node, &ENVELOPE, &["decision", "cas_expectation"])?;
    let (attempt, claim) = (node.get("attempt")?, node.get("claim")?);
    let decision = node.get("decision").filter(|decision| !decision.is_null());
    let (_, capability) =
        CLAIM_TYPES.into_iter().find(|(claim_type, _)| text(claim, "claim_type") == *claim_type)?;
    is_contract(attempt, "subject_attempt", CONTEXT.iter().chain(&ATTEMPT))?;
    is_contract(claim, "claim", CONTEXT.iter().chain(&CLAIM))?;
    let mut linked = vec![attempt, claim];
    let mut needed = &dispatch.evidence | &names(claim, "evidence_ids").filter(|names| !names.is_empty())?;
    if let Some(decision) = decision {
        is_contract(decision, "decision", CONTEXT.iter().chain(&DECISION))?;
        let is_about = required(decision, "claim_id")? == required(claim, "claim_id")?;
        let is_decided = OUTCOMES.contains(&text(decision, "outcome")) && is_about && has_payload(decision);
        needed.extend(names(decision, "evidence_ids").filter(|names| is_decided && !names.is_empty())?);
        required(decision, "decision_id")?;
        required(decision, "idempotency_key")?;
        linked.push(decision);
    }
    let task = required(attempt, "subject_id")?;
    let attempt_id = required(attempt, "attempt_id")?;
    let is_linked = |part: &Node| {
        dispatch.holds(part)
            && text(part, "subject_id") == task
            && text(part, "attempt_id") == attempt_id
            && text(part, "grant_id") == dispatch.grant
    };
    let evidence = read_evidence(node.get("evidence")?, &needed, dispatch.run)?;
    is_expected(node.get("cas_expectation"), dispatch.run)?;
    let is_whole = is_one(node)
        && canonical(node.get("dispatch")?) == dispatch.canonical
        && dispatch.tasks.contains(task)
        && dispatch.capabilities.contains(capability)
        && linked.into_iter().all(is_linked)
        && number(attempt, "ordinal")? != "0"
        && has_payload(claim);
    let mut parts = vec![
        ("attempt", attempt_id.to_owned(), canonical(attempt)),
        ("claim", required(claim, "claim_id")?.to_owned(), canonical(claim)),
        ("key", required(claim, "idempotency_key")?.to_owned(), text(claim, "payload_hash").to_owned()),
        ("grant", dispatch.grant.to_owned(), dispatch.canonical.clone()),
    ];
    parts.extend(evidence.iter().map(|it| ("evidence", text(it, "evidence_id").to_owned(), canonical(it))));
    is_whole.then(|| Envelope {
        task,
        digest: sha256_hex(canonical(node).as_bytes()),
        is_completion: capability == CLAIM_TYPES[0].1,
        is_terminal: is_terminal(claim, &evidence),
        outcome: decision.map(|decision| text(decision, "outcome")),
        parts,
    })
}

impl Dispatch<'_> {
    /// Whether a part was written under this dispatch.
    fn holds(&self, part: &Node) -> bool {
        (text(part, "run_id"), text(part, "run_revision")) == self.run
            && text(part, "coordinator_attempt_id") == self.coordinator
            && number(part, "fence_token") == Some(self.token)
    }
}

fn read_evidence<'a>(list: &'a Node, needed: &BTreeSet<&str>, run: (&str, &str)) -> Option<Vec<&'a Node>> {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut found = Vec::new();
    for item in list.as_array()? {
        is_contract(item, "evidence", &EVIDENCE)?;
        let id = required(item, "evidence_id")?;
        let own = (required(item, "run_id")?, required(item, "run_revision")?);
        required(item, "evidence_type")?;
        required(item, "source")?;
        if !seen.insert(id) || !has_payload(item) || (needed.contains(id) && own != run) {
            return None;
        }
        found.push(item);
    }
    needed.iter().all(|id| seen.contains(id)).then_some(found)
}

/// What the worker reported: the first evidence that has a result with a status, or the claim itself.
fn is_terminal(claim: &Node, evidence: &[&Node]) -> bool {
    let mut sorted = evidence.to_vec();
    sorted.sort_by_key(|item| text(item, "evidence_id"));
    let results = sorted.into_iter().filter_map(|item| item.get("payload")?.get("result"));
    let reported = results.map(|result| text(result, "status")).find(|status| !status.is_empty());
    let claimed = claim.get("payload").map(|payload| text(payload, "status"));
    [reported, claimed].into_iter().flatten().any(|status| TERMINAL.contains(&status))
}

/// A compare-and-swap expectation, if there is one, is about this run.
fn is_expected(node: Option<&Node>, run: (&str, &str)) -> Option<()> {
    let Some(node) = node.filter(|node| !node.is_null()) else { return Some(()) };
    is_contract(node, "cas_expectation", &["run_id", "expected_revision", "expected_cursor"])?;
    let cursor = node.get("expected_cursor")?;
    let is_cursor = cursor.is_null() || number(node, "expected_cursor").is_some();
    let own = (text(node, "run_id"), text(node, "expected_revision"));
    (is_cursor && own == run).then_some(())
}

fn is_contract<'k>(node: &Node, contract: &str, keys: impl IntoIterator<Item = &'k &'k str>) -> Option<()> {
    let keys: Vec<&str> = keys.into_iter().copied().chain(["contract_type", "schema_version"]).collect();
    has_exactly(node, &keys, &[])?;
    (text(node, "contract_type") == contract && is_one(node)).then_some(())
}

fn has_exactly(node: &Node, keys: &[&str], optional: &[&str]) -> Option<()> {
    let is_known = |key: &str| keys.contains(&key) || optional.contains(&key);
    let is_whole = keys.iter().all(|key| node.get(key).is_some());
    (is_whole && node.members().iter().all(|member| is_known(&member.key))).then_some(())
}

fn is_one(node: &Node) -> bool {
    number(node, "schema_version") == Some("1")
}

fn has_payload(node: &Node) -> bool {
    let Some(payload) = node.get("payload").filter(|payload| payload.is_object()) else { return false };
    let hash = node.get("payload_hash");
    hash.is_none_or(Node::is_null)
        || hash.and_then(Node::as_str) == Some(sha256_hex(canonical(payload).as_bytes()).as_str())
}

fn required<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key)?.as_str().filter(|text| !text.trim().is_empty())
}

fn number<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    match &node.get(key)?.value {
        Value::Number(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => Some(text),
        _ => None,
    }
}

/// A list of names; `None` if one is blank or no text.
fn names<'a>(node: &'a Node, key: &str) -> Option<BTreeSet<&'a str>> {
    let items = node.get(key)?.as_array()?;
    let found: BTreeSet<&str> = values(node.get(key)).collect();
    let is_whole = items.iter().all(|item| item.as_str().is_some_and(|text| !text.trim().is_empty()));
    is_whole.then_some(found)
}

/// The text that the harness hashes: keys sorted, nothing between tokens, nothing escaped that need not be.
fn canonical(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(text) => text.clone(),
        Value::String(text) => write::string(text, false),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let keys: BTreeSet<&str> = members.iter().map(|member| member.key.as_str()).collect();
            let member = |key: &str| {
                let value = node.get(key).map(canonical).unwrap_or_default();
                format!("{}:{value}", write::string(key, false))
            };
            let members: Vec<String> = keys.into_iter().map(member).collect();
            format!("{{{}}}", members.join(","))
        }
    }
}
