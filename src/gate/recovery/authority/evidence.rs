//! The rule where no row was judged: what a task's row names has to stand in a record of finished work, written at the
//! present commit or since the execution began.

use std::collections::{BTreeSet, HashMap};

use super::head::Present;
use super::record::{OUTPUTS, Record, rows, text, values};
use super::{Doubt, FINALIZE, Verdict, View, root};
use crate::json::Node;
use crate::model::Artifact;

/// Keys of a reference that say which task it is about.
const LINKS: [&str; 6] = ["task_id", "task_ids", "tasks", "criterion_id", "criterion_ids", "criteria"];
/// Statuses under which a row tells of finished work.
const FINISHED: [&str; 4] = ["done", "skipped", "waived", "not_applicable"];

/// What a reference says of its task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Satisfied,
    Unsatisfied,
    /// Waived, or not applicable.
    Excepted,
    Unknown,
}

/// One piece of evidence.
#[derive(Debug)]
struct Reference<'a> {
    /// Tasks it is about.
    tasks: Vec<&'a str>,
    standing: Standing,
    /// What it names. A path of an artifact stands for a value of any field.
    outputs: Vec<(Option<&'static str>, &'a str)>,
    is_fresh: bool,
    /// What sort of evidence it says it is; empty for what a record names, which is called after its field.
    kind: &'a str,
    /// Whether it says at which commit it was made.
    is_dated: bool,
}

/// All evidence that the records hold, by what it is about.
pub(super) struct Evidence<'a> {
    references: Vec<Reference<'a>>,
    by_task: HashMap<&'a str, Vec<usize>>,
    by_output: HashMap<&'a str, Vec<usize>>,
    /// References that name no task.
    open: Vec<usize>,
}

impl<'a> Evidence<'a> {
    /// Evidence of every batch that counts, and of `finalize.json` with the fills that a repair adds.
    pub(super) fn new(view: &View<'a>) -> Self {
        const LISTS: [&str; 2] = ["task_updates", "tasks"];
        let present = Present::new(view);
        let mut references: Vec<Reference<'a>> = Vec::new();
        let mut artifacts: Vec<&Artifact> = view.artifacts.clone();
        artifacts.sort_by(|a, b| a.name.cmp(&b.name));
        for artifact in artifacts {
            references.extend(of_node(root(artifact).and_then(|root| root.get("evidence")), &present));
            references
                .extend(rows(artifact, &LISTS).flat_map(|row| of_record(&row, &artifact.name, &present)));
        }
        if let Some(finalize) = view.plan.artifacts.get(FINALIZE) {
            references.extend(of_node(root(finalize).and_then(|root| root.get("evidence")), &present));
        }
        let tasks = view.plan.tasks.iter().map(|task| Record::of_task(task, view.row(task)));
        references.extend(tasks.flat_map(|record| of_record(&record, FINALIZE, &present)));
        Self::indexed(references)
    }

    fn indexed(references: Vec<Reference<'a>>) -> Self {
        let mut found =
            Self { references, by_task: HashMap::new(), by_output: HashMap::new(), open: Vec::new() };
        for (at, reference) in found.references.iter().enumerate() {
            for task in &reference.tasks {
                found.by_task.entry(task).or_default().push(at);
            }
            for (_, value) in &reference.outputs {
                found.by_output.entry(value).or_default().push(at);
            }
            if reference.tasks.is_empty() {
                found.open.push(at);
            }
        }
        found
    }

    /// Why a record is not corroborated; `None` if it is.
    pub(super) fn verdict(&self, record: &Record<'_>) -> Option<Verdict> {
        if record.is_explained_skip() || record.is_explained_nothing() {
            return None;
        }
        let linked = self.linked(record);
        let fresh: Vec<&Reference<'_>> = linked.iter().copied().filter(|it| it.is_fresh).collect();
        let is_stale = fresh.is_empty();
        let effective = if is_stale { linked } else { fresh };
        let first = |standing| effective.iter().find(|reference| reference.standing == standing);
        let is_named =
            |(field, value): &&(&str, &str)| effective.iter().any(|reference| reference.names(field, value));
        let missing = record.outputs.iter().find(|output| !is_named(output));
        let Some(earliest) = effective.first() else {
            return Some(verdict(Doubt::Nothing, "unknown", "missing_linked_evidence".to_owned()));
        };
        if first(Standing::Excepted).is_some() {
            return None;
        }
        let unsatisfied = first(Standing::Unsatisfied);
        let contradicted = unsatisfied.or_else(|| first(Standing::Unknown)).is_some();
        let doubt = match () {
            () if contradicted => Doubt::Contradicted,
            () if missing.is_some() => Doubt::Uncorroborated,
            () if is_stale => Doubt::Stale,
            () => return None,
        };
        let is_moved = is_stale && effective.iter().any(|reference| reference.is_dated);
        let is_unsatisfied = unsatisfied.is_some() || missing.is_some() || is_moved;
        let status = if is_unsatisfied { "unsatisfied" } else { "unknown" };
        let reason = match (missing, unsatisfied) {
            (Some((field, value)), _) => format!("missing_output:{field}:{value}"),
            _ if is_stale => format!("stale_evidence:{}", earliest.staleness(record)),
            (None, Some(reference)) => format!("unsatisfied_evidence:{}", reference.kind(record)),
            (None, None) => status.to_owned(),
        };
        Some(verdict(doubt, status, reason))
    }

    /// References that are about a record: by its task, or by something that it names.
    fn linked(&self, record: &Record<'_>) -> Vec<&Reference<'a>> {
        let mut places: BTreeSet<usize> =
            self.by_task.get(record.task).into_iter().flatten().copied().collect();
        for (field, value) in &record.outputs {
            let named = self.by_output.get(value).into_iter().flatten().copied();
            places.extend(named.filter(|at| self.references[*at].names(field, value)));
        }
        if record.outputs.is_empty() {
            places.extend(&self.open);
        }
        places.into_iter().map(|at| &self.references[at]).collect()
    }
}

fn verdict(doubt: Doubt, status: &'static str, reason: String) -> Verdict {
    Verdict { doubt, status, reason }
}

impl Reference<'_> {
    /// What the authority calls it where it is about a record.
    fn kind(&self, record: &Record<'_>) -> String {
        if !self.kind.is_empty() {
            return self.kind.to_owned();
        }
        let is_about = self.tasks.contains(&record.task);
        let mut named = self.outputs.iter().filter_map(|(field, value)| Some(((*field)?, *value)));
        let named = named.find(|output| is_about || record.outputs.contains(output));
        named.map_or("task_executor_notes".to_owned(), |(field, _)| format!("task_{field}"))
    }

    fn staleness(&self, record: &Record<'_>) -> String {
        let what = if self.is_dated { "head_mismatch" } else { "missing_head" };
        format!("{what}:{}", self.kind(record))
    }

    fn names(&self, field: &str, value: &str) -> bool {
        self.outputs.iter().any(|(of, name)| *name == value && of.is_none_or(|of| of == field))
    }
}

/// What a record names, if it tells of finished work, and the references that it carries.
fn of_record<'a>(record: &Record<'a>, artifact: &'a str, present: &Present<'_>) -> Vec<Reference<'a>> {
    let mut found = of_node(record.evidence, present);
    let files: Vec<&str> =
        record.outputs.iter().filter(|(field, _)| *field == OUTPUTS[0]).map(|(_, file)| *file).collect();
    let is_fresh = present.is_fresh(record.head) || (record.is_settled && present.has_committed(&files));
    let reference = |standing, mut outputs: Vec<(Option<&'static str>, &'a str)>| {
        outputs.push((None, artifact));
        Reference { tasks: vec![record.task], standing, outputs, is_fresh, kind: "", is_dated: true }
    };
    let named: Vec<_> = record.outputs.iter().map(|(field, value)| (Some(*field), *value)).collect();
    if FINISHED.contains(&record.status) && !named.is_empty() {
        found.push(reference(Standing::Satisfied, named));
    } else if record.is_shown_by_notes() {
        found.push(reference(Standing::Satisfied, Vec::new()));
    } else if ["waived", "not_applicable"].contains(&record.status) {
        found.push(reference(Standing::Excepted, Vec::new()));
    }
    found
}

/// References as they are recorded: one, or a list.
fn of_node<'a>(node: Option<&'a Node>, present: &Present<'_>) -> Vec<Reference<'a>> {
    let Some(node) = node else { return Vec::new() };
    let items = node.as_array().unwrap_or(std::slice::from_ref(node));
    items.iter().filter(|item| item.is_object()).map(|item| read(item, present)).collect()
}

fn read<'a>(item: &'a Node, present: &Present<'_>) -> Reference<'a> {
    let details = item.get("details").filter(|details| details.is_object());
    let detail = |key: &str| values(details.and_then(|details| details.get(key))).collect::<Vec<_>>();
    let first = |keys: &[&str]| {
        keys.iter().map(|key| details.map_or("", |it| text(it, key))).find(|text| !text.is_empty())
    };
    let mut outputs: Vec<(Option<&'static str>, &str)> = Vec::new();
    for field in OUTPUTS {
        outputs.extend(detail(field).into_iter().map(|value| (Some(field), value)));
    }
    outputs.extend(first(&["command", "cmd"]).map(|command| (Some("commands_run"), command)));
    let several = item.get("artifacts").and_then(Node::as_array).unwrap_or_default();
    let artifacts = item.get("artifact").into_iter().chain(several);
    outputs.extend(artifacts.map(|it| (None, text(it, "path"))).filter(|(_, path)| !path.is_empty()));
    let subject = item.get("subject").and_then(Node::as_str).map(str::trim).filter(|it| !it.is_empty());
    let observed = first(&["head_sha", "current_head", "head"]);
    Reference {
        kind: text(item, "kind"),
        is_dated: observed.is_some(),
        tasks: subject.into_iter().chain(LINKS.into_iter().flat_map(detail)).collect(),
        standing: match text(item, "status") {
            "satisfied" => Standing::Satisfied,
            "unsatisfied" | "fail-not-success" => Standing::Unsatisfied,
            "waived" | "not_applicable" => Standing::Excepted,
            _ => Standing::Unknown,
        },
        outputs,
        is_fresh: present.is_dated(observed),
    }
}
