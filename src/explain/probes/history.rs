//! git says more, or commit messages do.

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Hypothesis, TRIED};
use crate::explain::compare::named as list;
use crate::model::{
    Attribution, BaseSource, Change, ChangeKind, Commit, Content, Decision, History, Oid, TaskId,
};
use crate::words::{Reader, Wording};

/// How the subjects of the harness's own commits begin: they hold everybody's work at once.
const PHASE: &str = "megaplan: ";
/// Id of a commit that does not exist.
const SUPPOSED: Oid = Oid([0; 20]);

/// The range is known to be the plan's.
pub(super) fn bounded<'a>(case: &Case<'a>) -> Vec<Hypothesis<'a>> {
    let history = case.input.history;
    if history.base_source != BaseSource::None || history.commits.is_empty() || !case.is_open() {
        return Vec::new();
    }
    let premise = "If `--base REV` says where the plan's commits begin, ".to_owned();
    vec![Hypothesis::new(premise, move |world| {
        let history = world.history.to_mut();
        history.base_source = BaseSource::Flag;
        history.base = Some(SUPPOSED);
    })]
}

/// git shows a change of the claimed files that it does not show now.
pub(super) fn shown<'a>(case: &Case<'a>) -> Vec<Hypothesis<'a>> {
    if !case.is_open() {
        return Vec::new();
    }
    let history = case.input.history;
    let ours = unseen(case.attribution);
    if ours.is_empty() {
        return Vec::new();
    }
    let files = list(&ours.iter().copied().collect::<Vec<_>>());
    let (premise, unseen) = if history.is_present() {
        let premise =
            format!("If {files} changed outside the range, and `--base` or `--worktree include` showed it, ");
        (premise, ours)
    } else {
        // Then it would show everybody's.
        let premise = format!("With a repository (`--repo DIR`) in which {files} changed, ");
        (premise, case.all.iter().flat_map(unseen).collect())
    };
    let commit = commit(String::new(), unseen.into_iter().map(modified).collect());
    vec![Hypothesis::new(premise, move |world| add(world.history.to_mut(), commit))]
}

/// An uncommitted candidate is committed under the task's name.
pub(super) fn committed<'a>(case: &Case<'a>) -> Vec<Hypothesis<'a>> {
    if !case.is_open() {
        return Vec::new();
    }
    let is_uncommitted = |path: &str| {
        let change = case.input.history.uncommitted.iter().find(|change| change.path == path)?;
        Some(change.clone())
    };
    let uncommitted = case.possible_files().filter_map(|file| is_uncommitted(&file.path));
    let id = &case.task.id;
    let supposed = |change: Change| {
        let path = change.path.clone();
        let premise = format!("If you commit `{path}` with a subject that names `{id}`, ");
        Hypothesis::new(premise, move |world| {
            let history = world.history.to_mut();
            history.uncommitted.retain(|change| change.path != path);
            add(history, commit(subject(id, "work"), vec![change]));
        })
    };
    uncommitted.take(TRIED).map(supposed).collect()
}

/// A commit of the range that touches a good candidate names the task.
pub(super) fn named<'a>(case: &Case<'a>) -> Vec<Hypothesis<'a>> {
    if !case.is_open() {
        return Vec::new();
    }
    let possible: BTreeMap<&str, f64> =
        case.possible_files().map(|file| (file.path.as_str(), file.confidence)).collect();
    let mut commits: Vec<(f64, &Commit)> = case
        .input
        .history
        .commits
        .iter()
        .rev()
        .filter(|commit| commit.parents.len() < 2 && !commit.subject.starts_with(PHASE))
        .map(|commit| (likeness(commit, &possible), commit))
        .filter(|(likeness, _)| *likeness > 0.0)
        .collect();
    commits.sort_by(|a, b| b.0.total_cmp(&a.0));
    commits.into_iter().take(TRIED).map(|(_, commit)| names(case, commit)).collect()
}

/// How much a commit looks like the task: it changed many of the best candidates and little else. Not at all, if
/// most of it is others' work.
fn likeness(commit: &Commit, possible: &BTreeMap<&str, f64>) -> f64 {
    let (mut confidence, mut touched, mut all) = (0.0, 0.0, 0.0);
    for change in &commit.changes {
        if let Some(sure) = possible.get(change.path.as_str()) {
            confidence += sure;
            touched += 1.0;
        }
        all += 1.0;
    }
    // Little else weighs more than many.
    if touched * 2.0 >= all && touched > 0.0 {
        f64::powi(confidence / all, 2) * f64::sqrt(touched)
    } else {
        0.0
    }
}

fn names<'a>(case: &Case<'a>, commit: &'a Commit) -> Hypothesis<'a> {
    let id = &case.task.id;
    let short = commit.id.short();
    let premise = format!("If the subject of {short} (“{}”) named `{id}`, ", clipped(&commit.subject));
    Hypothesis::new(premise, move |world| {
        let commits = &mut world.history.to_mut().commits;
        if let Some(found) = commits.iter_mut().find(|found| found.id == commit.id) {
            found.subject = subject(id, &found.subject);
            found.wording.add(&id.0, &mut Reader::default());
        }
    })
}

/// Files of the task that are claimed and that git does not show.
fn unseen(attribution: &Attribution) -> BTreeSet<&str> {
    let is_open = |decision| matches!(decision, Decision::Candidate | Decision::Rejected);
    let files = attribution.files.iter().filter(|file| is_open(file.decision) && file.witnesses.is_empty());
    files.map(|file| file.path.as_str()).collect()
}

fn add(history: &mut History, commit: Commit) {
    history.reach.existing.extend(commit.changes.iter().map(|change| change.path.clone()));
    if history.head.is_none() {
        history.base_source = BaseSource::Flag;
        history.base = Some(SUPPOSED);
    }
    history.head = Some(commit.id);
    history.commits.push(commit);
}

fn commit(subject: String, changes: Vec<Change>) -> Commit {
    Commit {
        wording: Wording::of(&[&subject], &mut Reader::default(), None),
        id: SUPPOSED,
        parents: Vec::new(),
        subject,
        body: String::new(),
        trailers: Vec::new(),
        author_time: 0,
        commit_time: 0,
        changes,
    }
}

fn modified(path: &str) -> Change {
    Change {
        path: path.to_owned(),
        old_path: None,
        kind: ChangeKind::Modified,
        blob: None,
        content: Content::None,
    }
}

fn subject(task: &TaskId, rest: &str) -> String {
    format!("{task}: {rest}")
}

fn clipped(subject: &str) -> String {
    /// Enough to recognise a commit by.
    const LONGEST: usize = 50;
    if subject.chars().count() <= LONGEST {
        return subject.to_owned();
    }
    let start: String = subject.chars().take(LONGEST).collect();
    format!("{}…", start.trim_end())
}
