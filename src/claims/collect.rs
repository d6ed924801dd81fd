//! The claims of a plan: what its gate, its reviews and its audits say.
//!
//! Reading is total: what has another shape than the harness writes is left out, and its neighbours are read.

use std::collections::{BTreeSet, HashSet};

use super::identity;
use crate::config::MAX_CLAIMS;
use crate::gate::blocker_id;
use crate::json::{Node, child, resolve};
use crate::model::{Claim, ClaimOrigin, History, Oid, Plan, TaskId};

/// Names of criteria priorities and of severities that hold nobody up.
const REMARKS: [&str; 4] = ["info", "minor", "n/a", "none"];

/// When the claims of a plan were made, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MadeAt {
    /// What HEAD was when execute ended.
    pub execute: Option<Oid>,
    /// What HEAD was when the review ended.
    pub review: Option<Oid>,
}

impl MadeAt {
    /// From the steps that the state's history records, and the commits of the plan's range. A commit that was
    /// rewritten since is younger than its step, and then nothing is known.
    pub fn of(plan: &Plan, history: &History) -> Self {
        let state = plan.artifacts.get("state.json").and_then(|state| state.document.as_ref());
        let steps = state.and_then(|state| state.root.get("history")?.as_array()).unwrap_or_default();
        let ended = |name: &str| {
            let mut named = steps.iter().rev().filter(|step| text(step, "step") == Some(name));
            let stamp = named.find_map(|step| text(step, "timestamp"))?;
            Some(stamp.trim().parse::<jiff::Timestamp>().ok()?.as_second())
        };
        let head_at = |time: i64| {
            let older = history.commits.iter().filter(|commit| commit.commit_time <= time);
            older.max_by_key(|commit| commit.commit_time).map(|commit| commit.id)
        };
        Self { execute: ended("execute").and_then(head_at), review: ended("review").and_then(head_at) }
    }
}

/// Every claim of a plan: blockers first, then the review, the audit and the execution, each in the order of its
/// record. What one record says twice is one claim.
pub fn collect(plan: &Plan, made_at: &MadeAt) -> Vec<Claim> {
    let tasks = plan.tasks.iter().map(|task| task.id.0.as_str()).collect();
    let mut collected = Collected { plan, tasks, made_at, claims: Vec::new(), ids: BTreeSet::new() };
    collected.blockers();
    collected.review();
    collected.listed("execution_audit.json", "/findings");
    collected.listed("execution.json", "/deviations");
    collected.claims
}

struct Collected<'a> {
    plan: &'a Plan,
    tasks: HashSet<&'a str>,
    made_at: &'a MadeAt,
    claims: Vec<Claim>,
    /// Artifact and id of what was collected.
    ids: BTreeSet<(String, String)>,
}

/// What a record says of one claim.
#[derive(Default)]
struct Said<'a> {
    text: &'a str,
    evidence_file: Option<&'a str>,
    task_ids: Vec<&'a str>,
}

impl<'a> Collected<'a> {
    fn blockers(&mut self) {
        let Some(result) = &self.plan.phase_result else { return };
        for deviation in &result.deviations {
            let said = Said {
                text: &deviation.message,
                task_ids: deviation.task_id.as_deref().into_iter().collect(),
                ..Said::default()
            };
            self.add(
                "phase_result.json",
                deviation.pointer.clone(),
                &said,
                Some(blocker_id(deviation)),
                true,
            );
        }
        for (at, node) in self.rows("phase_result.json", "/blocked_tasks") {
            let text = text(node, "reason").or_else(|| text(node, "notes")).unwrap_or("reported blocked");
            let said = Said { text, task_ids: text_list(node, "task_id"), ..Said::default() };
            self.add("phase_result.json", at, &said, None, true);
        }
    }

    fn review(&mut self) {
        const NAME: &str = "review.json";
        for (at, node) in self.rows(NAME, "/rework_items") {
            let (key, text) = first(node, &["actual", "issue", "expected"]);
            let said = Said { text, evidence_file: file(node), task_ids: text_list(node, "task_id") };
            self.add(NAME, child_of(&at, key), &said, None, false);
        }
        for (at, node) in self.rows(NAME, "/issues") {
            let (key, text) = first(node, &["issue", "detail", "description", "text"]);
            let said = Said { text, evidence_file: file(node), task_ids: text_list(node, "task_id") };
            self.add(NAME, child_of(&at, key), &said, None, false);
        }
        for (at, node) in self.rows(NAME, "/checks") {
            let about = texts(node, "concerned_task_ids");
            for (at, finding) in self.rows(NAME, &child(&at, "findings")) {
                let is_flagged = finding.get("flagged").is_some_and(Node::is_truthy);
                if is_flagged && !is_remark(finding, "status") {
                    let (key, text) = first(finding, &["detail"]);
                    let said = Said { text, evidence_file: file(finding), task_ids: about.clone() };
                    self.add(NAME, child_of(&at, key), &said, None, false);
                }
            }
        }
        for (at, node) in self.rows(NAME, "/criteria") {
            if is_failed(node) && !is_remark(node, "priority") {
                let (key, text) = first(node, &["evidence", "name"]);
                let said = Said { text, evidence_file: file(node), ..Said::default() };
                self.add(NAME, child_of(&at, key), &said, None, false);
            }
        }
        for (at, node) in self.rows(NAME, "/pre_check_flags") {
            let (key, text) = first(node, &["detail", "check"]);
            let said = Said { text, evidence_file: file(node), ..Said::default() };
            self.add(NAME, child_of(&at, key), &said, None, false);
        }
    }

    /// Plain strings, or objects with a message.
    fn listed(&mut self, artifact: &str, pointer: &str) {
        for (at, node) in self.rows(artifact, pointer) {
            let (key, text) = first(node, &["message", "detail"]);
            let said = Said { text, evidence_file: file(node), task_ids: text_list(node, "task_id") };
            self.add(artifact, child_of(&at, key), &said, None, false);
        }
    }

    /// Items of a list, or of a map, with their pointers.
    fn rows(&self, artifact: &str, pointer: &str) -> Vec<(String, &'a Node)> {
        let document = self.plan.artifacts.get(artifact).and_then(|artifact| artifact.document.as_ref());
        let Some(list) = document.and_then(|document| resolve(&document.root, pointer)) else {
            return Vec::new();
        };
        match list.as_array() {
            Some(items) => {
                let items = items.iter().enumerate().take(MAX_CLAIMS);
                items.map(|(at, item)| (child(pointer, at), item)).collect()
            }
            None => {
                let members = list.members().iter().take(MAX_CLAIMS);
                members.map(|member| (child(pointer, &member.key), &member.value)).collect()
            }
        }
    }

    fn add(
        &mut self,
        artifact: &str,
        pointer: String,
        said: &Said<'_>,
        id: Option<String>,
        is_blocker: bool,
    ) {
        if said.text.trim().is_empty() {
            return;
        }
        let mut claim = Claim {
            id: id.unwrap_or_default(),
            text: said.text.to_owned(),
            origin: ClaimOrigin { artifact: artifact.to_owned(), pointer },
            task_ids: self.tasks(said),
            evidence_file: said.evidence_file.map(str::to_owned),
            made_at: self.made_at(artifact),
            // A review confirms and complains, about the work and about the plan: the wording tells which.
            stance: None,
            is_blocker,
        };
        if claim.id.is_empty() {
            claim.id = identity::id(&claim);
        }
        if self.ids.insert((artifact.to_owned(), claim.id.clone())) {
            self.claims.push(claim);
        }
    }

    fn made_at(&self, artifact: &str) -> Option<Oid> {
        let of_review = artifact == "review.json"
            || (artifact == "phase_result.json"
                && self.plan.phase_result.as_ref().is_some_and(|result| result.phase == "review"));
        if of_review { self.made_at.review } else { self.made_at.execute }
    }

    /// Tasks of the record, then known tasks that the text names as words of their own.
    fn tasks(&self, said: &Said<'_>) -> Vec<TaskId> {
        let recorded = said.task_ids.iter().copied();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let words = said.text.split(|c: char| !is_part(c)).map(|word| word.trim_matches(['.', '-']));
        let named = words.filter(|word| self.tasks.contains(word));
        let mut seen = HashSet::new();
        let ids = recorded.chain(named).filter(|id| !id.is_empty() && seen.insert(*id));
        ids.map(TaskId::from).collect()
    }
}

fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Node::as_str).filter(|text| !text.trim().is_empty())
}

fn text_list<'a>(node: &'a Node, key: &str) -> Vec<&'a str> {
    text(node, key).into_iter().collect()
}

fn texts<'a>(node: &'a Node, key: &str) -> Vec<&'a str> {
    let items = node.get(key).and_then(Node::as_array).unwrap_or_default();
    items.iter().filter_map(Node::as_str).collect()
}

fn file(node: &Node) -> Option<&str> {
    text(node, "evidence_file")
}

/// The item itself if it is a text, else the first of its fields that says something.
fn first<'a>(node: &'a Node, keys: &[&'static str]) -> (Option<&'static str>, &'a str) {
    if let Some(text) = node.as_str() {
        return (None, text);
    }
    keys.iter().find_map(|key| Some((Some(*key), text(node, key)?))).unwrap_or((None, ""))
}

fn child_of(pointer: &str, key: Option<&str>) -> String {
    key.map_or_else(|| pointer.to_owned(), |key| child(pointer, key))
}

fn is_remark(node: &Node, key: &str) -> bool {
    text(node, key).is_some_and(|word| REMARKS.contains(&word))
}

/// Criteria say `fail`; older ones say `false`.
fn is_failed(node: &Node) -> bool {
    let pass = node.get("pass");
    pass.is_some_and(|pass| pass.as_str() == Some("fail") || pass.as_bool() == Some(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};
    use crate::model::testing::{plan, task};
    use crate::model::{Artifact, Blocker, PhaseResult};

    fn collected(artifacts: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut plan = plan(vec![task("T1"), task("T10")]);
        for (name, text) in artifacts {
            let document = Some(parse(text, Limits::default()).unwrap());
            plan.artifacts.insert(Artifact { name: (*name).into(), text: (*text).into(), document });
        }
        let claims = collect(&plan, &MadeAt::default());
        claims.into_iter().map(|claim| (claim.origin.pointer, claim.text)).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(pointer, text)| ((*pointer).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_review_is_read_where_it_complains() {
        let review = r#"{
            "rework_items": [{"issue": "i", "actual": "a", "evidence_file": "x.rs"}, {"issue": "only"}],
            "issues": ["one", {"detail": "two"}],
            "checks": [{"findings": [{"detail": "f", "flagged": true}, {"detail": "g", "flagged": false},
                                     {"detail": "h", "flagged": true, "status": "minor"}]}],
            "criteria": [{"name": "n", "pass": "fail", "evidence": "e"}, {"name": "o", "pass": false},
                         {"name": "p", "pass": "pass", "evidence": "q"},
                         {"name": "r", "pass": "fail", "priority": "info", "evidence": "s"}],
            "pre_check_flags": [{"detail": "d"}]
        }"#;
        assert_eq!(
            collected(&[("review.json", review)]),
            pairs(&[
                ("/rework_items/0/actual", "a"),
                ("/rework_items/1/issue", "only"),
                ("/issues/0", "one"),
                ("/issues/1/detail", "two"),
                ("/checks/0/findings/0/detail", "f"),
                ("/criteria/0/evidence", "e"),
                ("/criteria/1/name", "o"),
                ("/pre_check_flags/0/detail", "d"),
            ])
        );
    }

    #[test]
    fn every_malformed_shape_is_passed_over() {
        for review in [
            "[]",
            "{\"rework_items\": 1, \"issues\": null, \"checks\": [[], 3, {\"findings\": \"x\"}], \"criteria\": {\"a\": []}}",
            "{\"issues\": [1, null, {}, [], \"\", \" \"], \"pre_check_flags\": [{\"detail\": 5}]}",
        ] {
            assert_eq!(collected(&[("review.json", review)]), pairs(&[]), "{review}");
        }
        // A map is a list whose places have names.
        let map = "{\"findings\": {\"a/b\": {\"message\": \"m\"}}}";
        assert_eq!(collected(&[("execution_audit.json", map)]), pairs(&[("/findings/a~1b/message", "m")]));
    }

    #[test]
    fn blockers_come_first_and_once() {
        let mut plan = plan(vec![task("T1"), task("T10")]);
        let deviation = |at: usize, message: &str| Blocker {
            pointer: format!("/deviations/{at}"),
            kind: "quality_gate".into(),
            message: message.into(),
            task_id: None,
            explicit_id: None,
        };
        let text = "Done tasks missing both files_changed and commands_run: T10";
        let deviations = vec![deviation(0, text), deviation(1, text)];
        plan.phase_result = Some(PhaseResult { deviations, ..PhaseResult::default() });
        let claims = collect(&plan, &MadeAt::default());
        assert_eq!(claims.len(), 1, "one id is one blocker");
        assert!(claims[0].is_blocker && claims[0].id.starts_with("quality:global:"));
        assert_eq!(claims[0].task_ids, ["T10".into()], "`T1` is no part of `T10`");
    }
}
