//! What tasks say, what changed, and how the two meet: gathered once, owned, and read-only from then on.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use super::mentions::{Exactness, Manner, Mention, PathIndex};
use super::ownership;
use super::vocabulary::{Terms, Vocabulary};
use crate::attribute::context::Context;
use crate::attribute::noise::is_shared;
use crate::gate;
use crate::model::{Change, ChangeKind, Commit, Field, Hunk, Place, Status, Task, TaskId};

/// Everything signals look at. Tasks, paths and commits are known by their index.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) vocabulary: Vocabulary,
    /// In plan order.
    pub(super) tasks: Vec<TaskEvidence>,
    /// Paths that changed or that any record names, sorted.
    pub(super) paths: Vec<PathEvidence>,
    /// In the order of the history; the uncommitted changes, if any, come last.
    pub(super) commits: Vec<CommitEvidence>,
    /// Whether any batch has a list of files.
    pub(super) has_lists: bool,
    /// Whether the plan has a history to look at.
    pub(super) has_history: bool,
    /// Log-odds that an unexplained commit is no task's.
    pub(super) crowd: f64,
}

/// What is known of one task.
#[derive(Debug, Default)]
pub(super) struct TaskEvidence {
    pub(super) id: String,
    /// Done, and its files are missing: the engine looks for them.
    pub(super) is_open: bool,
    /// It may have changed something: it is done, or begun.
    pub(super) is_active: bool,
    /// Its evidence is its notes: an audit, or research.
    pub(super) is_shown_by_notes: bool,
    pub(super) batch: Option<u32>,
    /// Paths in the lists of its batch, sorted.
    pub(super) list: Vec<usize>,
    pub(super) list_is_faithful: bool,
    /// Other tasks of its batch.
    pub(super) mates: Vec<usize>,
    /// Paths that records give it, sorted.
    pub(super) certain: Vec<usize>,
    /// Paths that a reviewer cited for it; whether also for others.
    pub(super) cited: HashMap<usize, bool>,
    pub(super) predicted: HashSet<usize>,
    pub(super) title: Terms,
    pub(super) description: Terms,
    pub(super) notes: Terms,
    pub(super) named_in_description: HashMap<usize, Named>,
    pub(super) named_in_notes: HashMap<usize, Named>,
}

/// How one text names one path, over all its mentions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Named {
    /// The most exact mention.
    pub(super) exactness: Exactness,
    /// The most telling manner among mentions at least as exact as a shared name.
    pub(super) manner: Manner,
    /// Where the first mention stands, 0 to 1.
    pub(super) position: f64,
}

/// What is known of one path.
#[derive(Debug, Default)]
pub(super) struct PathEvidence {
    pub(super) place: Option<Place>,
    pub(super) changes: Vec<ChangeEvidence>,
    /// Terms of all its changes.
    pub(super) terms: Terms,
    /// Terms of the path itself.
    pub(super) words: Terms,
    /// Tasks whose records claim it, sorted.
    pub(super) claimants: Vec<usize>,
    /// Everybody's: a lock file.
    pub(super) is_shared: bool,
    /// An earlier milestone left it behind.
    pub(super) is_carried: bool,
    /// The test of this source, or the source of this test.
    pub(super) partners: Vec<usize>,
}

/// One change of a path.
#[derive(Debug)]
pub(super) struct ChangeEvidence {
    pub(super) commit: usize,
    pub(super) is_new: bool,
    /// Terms of each hunk.
    pub(super) hunks: Vec<Terms>,
    /// Changed lines, added and removed.
    pub(super) lines: u32,
    /// For how many removed lines which earlier commit of the range had written them.
    pub(super) overwrites: Vec<(usize, u32)>,
}

/// What is known of one commit.
#[derive(Debug, Default)]
pub(super) struct CommitEvidence {
    /// Subject and body, as terms that tasks know.
    pub(super) message: Terms,
    pub(super) subject: Terms,
    /// Words of the subject and body that no task has, at most: how foreign the message is.
    pub(super) strange_words: usize,
    pub(super) known_words: usize,
    /// Terms of all its changes.
    pub(super) terms: Terms,
    /// Its paths, sorted.
    pub(super) paths: Vec<usize>,
    /// Author time, seconds since 1970.
    pub(super) time: i64,
    pub(super) kind: CommitKind,
    /// Tasks whose ids its message names.
    pub(super) names: Vec<usize>,
}

/// What sort of commit it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum CommitKind {
    /// Work of one task, or of none.
    #[default]
    Single,
    /// The work of many tasks at once: the harness's own phase commits, squashed branches.
    Bundle,
    /// A merge or a revert: not work on a task.
    Bookkeeping,
    /// Uncommitted changes.
    Uncommitted,
}

impl Evidence {
    pub(super) fn new(context: &Context<'_>) -> Self {
        let plan = context.input.plan;
        let mut vocabulary = Vocabulary::default();
        let mut tasks: Vec<TaskEvidence> =
            plan.tasks.iter().map(|task| read_task(task, &mut vocabulary, context)).collect();
        let places = gather_places(context);
        let at: BTreeMap<&str, usize> = places.keys().enumerate().map(|(at, path)| (path.as_str(), at)).collect();
        let index_of: HashMap<&TaskId, usize> =
            plan.tasks.iter().enumerate().map(|(at, task)| (&task.id, at)).collect();
        let mut commits = read_commits(context, &vocabulary, &index_of);
        let mut paths: Vec<PathEvidence> = places
            .par_iter()
            .map(|(path, place)| read_path(path, place, &vocabulary, context))
            .collect();
        link_claims(&mut tasks, &mut paths, &at, &index_of, context);
        link_lists(&mut tasks, &at, &index_of, context);
        link_reviews(&mut tasks, &at, context);
        link_mentions(&mut tasks, &places, &paths, context);
        link_partners(&mut paths, &places);
        for (index, path) in paths.iter().enumerate() {
            for change in &path.changes {
                commits[change.commit].paths.push(index);
            }
        }
        for commit in &mut commits {
            let terms: BTreeSet<_> = commit.paths.iter().flat_map(|path| &paths[*path].terms).copied().collect();
            commit.terms = terms.into_iter().collect();
        }
        let descriptions: Vec<&Terms> = tasks.iter().map(|task| &task.description).collect();
        let changed = paths.iter().filter(|path| !path.changes.is_empty()).map(|path| &path.terms);
        vocabulary.weigh(descriptions.into_iter(), changed);
        let has_lists = tasks.iter().any(|task| !task.list.is_empty());
        let mut evidence =
            Self { vocabulary, tasks, paths, commits, has_lists, has_history: context.input.history.is_present(), crowd: 0.0 };
        evidence.mark_bundles();
        evidence.crowd = evidence.crowd();
        evidence
    }

    /// A commit is a bundle when it holds what several tasks have to themselves, or when it is all there is.
    fn mark_bundles(&mut self) {
        let with_work = self.tasks.iter().filter(|task| task.is_active && !task.is_shown_by_notes).count();
        let alone = self.commits.iter().filter(|commit| !commit.paths.is_empty()).count() == 1;
        for at in 0..self.commits.len() {
            if self.commits[at].kind != CommitKind::Single {
                continue;
            }
            if self.whole_tasks_in(at) > 3 || (alone && with_work > 1) {
                self.commits[at].kind = CommitKind::Bundle;
            }
        }
    }

    /// How many tasks have all that is theirs alone in this one commit.
    fn whole_tasks_in(&self, commit: usize) -> usize {
        let is_whole = |task: &&TaskEvidence| {
            let mut own = task
                .certain
                .iter()
                .map(|path| &self.paths[*path])
                .filter(|path| path.claimants.len() == 1 && !path.changes.is_empty())
                .peekable();
            own.peek().is_some() && own.all(|path| path.changes.iter().any(|change| change.commit == commit))
        };
        self.tasks.iter().filter(is_whole).count()
    }

    fn crowd(&self) -> f64 {
        let mut explained = 0;
        let mut all = 0;
        for commit in self.commits.iter().filter(|commit| commit.kind == CommitKind::Single) {
            let claimed = commit.paths.iter().filter(|path| !self.paths[**path].claimants.is_empty()).count();
            all += usize::from(!commit.paths.is_empty());
            explained += usize::from(claimed * 5 >= commit.paths.len() * 4 && claimed > 0);
        }
        let known = self.tasks.iter().filter(|task| !task.certain.is_empty()).count();
        let open = self.tasks.iter().filter(|task| task.is_open).count();
        let per_task = if known > 0 { super::count(explained) / super::count(known) } else { 1.0 };
        let expected = super::count(open) * per_task.clamp(0.5, 3.0);
        let rest = (super::count(all) - super::count(explained)).max(0.0);
        ((rest - expected).max(0.0) + 1.0).ln() - (expected + 1.0).ln()
    }

    pub(super) fn is_changed(&self, path: usize) -> bool {
        !self.paths[path].changes.is_empty()
    }
}

fn read_task(task: &Task, vocabulary: &mut Vocabulary, context: &Context<'_>) -> TaskEvidence {
    let gap = gate::assess(task, &context.input.plan.mode);
    let notes = notes_of(task, context);
    TaskEvidence {
        id: task.id.0.clone(),
        is_open: gap.missing.contains(&Field::Files) && !task.truthy.files,
        is_active: task.status != Status::Pending,
        is_shown_by_notes: task.kind.is_shown_by_notes(),
        batch: context.scopes.batch_of.get(&task.id).copied(),
        title: vocabulary.learn(title(&task.description)),
        description: vocabulary.learn(&task.description),
        notes: vocabulary.learn(&notes),
        ..TaskEvidence::default()
    }
}

/// The first line of a description, as far as it can be a title.
fn title(description: &str) -> &str {
    const LONGEST: usize = 160;
    let line = description.trim_start().lines().next().unwrap_or_default();
    let sentence = line.find(". ").map_or(line, |end| &line[..end]);
    let end = sentence.char_indices().nth(LONGEST).map_or(sentence.len(), |(at, _)| at);
    &sentence[..end]
}

/// Everything executors wrote about a task.
pub(super) fn notes_of(task: &Task, context: &Context<'_>) -> String {
    let rows = context.rows_of(task).iter().map(|row| row.notes.as_str());
    let checks = context.input.plan.sense_checks.iter().filter(|check| check.task_id == task.id);
    let checks = checks.flat_map(|check| [check.question.as_str(), check.executor_note.as_str()]);
    let mut seen = HashSet::new();
    let all = [task.executor_notes.as_str(), task.reviewer_verdict.as_str()].into_iter().chain(rows).chain(checks);
    all.filter(|text| seen.insert(*text)).collect::<Vec<_>>().join("\n")
}

/// Every path that changed or that a record names.
fn gather_places(context: &Context<'_>) -> BTreeMap<String, Place> {
    let plan = context.input.plan;
    let mut places = BTreeMap::new();
    let lists = plan.batches.iter().flat_map(|batch| context.places(batch.files.as_deref().unwrap_or_default()));
    let rows = plan.tasks.iter().flat_map(|task| context.rows_of(task)).flat_map(|row| context.places(&row.files));
    let recorded = plan.tasks.iter().flat_map(|task| context.places(&task.files_changed));
    let predicted = plan.predictions.iter().flat_map(|(_, files)| context.places(files));
    let cited =
        plan.tasks.iter().flat_map(|task| context.citations.of(&task.id)).map(|citation| citation.place.clone());
    for place in lists.chain(rows).chain(recorded).chain(predicted).chain(cited) {
        places.entry(place.path.clone()).or_insert(place);
    }
    for path in context.changed.keys() {
        places.entry((*path).to_owned()).or_insert_with(|| context.changed_place(path));
    }
    places
}

fn read_commits(
    context: &Context<'_>,
    vocabulary: &Vocabulary,
    index_of: &HashMap<&TaskId, usize>,
) -> Vec<CommitEvidence> {
    let history = context.input.history;
    let mut commits: Vec<CommitEvidence> =
        history.commits.par_iter().map(|commit| read_commit(commit, vocabulary)).collect();
    for (task, namings) in context.namings() {
        for naming in namings {
            let at = history.commits.iter().position(|commit| commit.id == naming.commit.id);
            if let (Some(at), Some(task)) = (at, index_of.get(task)) {
                commits[at].names.push(*task);
            }
        }
    }
    if !history.uncommitted.is_empty() {
        commits.push(CommitEvidence { kind: CommitKind::Uncommitted, ..CommitEvidence::default() });
    }
    commits
}

fn read_commit(commit: &Commit, vocabulary: &Vocabulary) -> CommitEvidence {
    let lines = std::iter::once(commit.subject.as_str()).chain(commit.body.lines());
    let message = vocabulary.terms(lines.clone());
    let all: BTreeSet<String> =
        lines.flat_map(super::text::tokens).flat_map(|(_, token)| super::text::words(token)).collect();
    CommitEvidence {
        subject: vocabulary.terms(std::iter::once(commit.subject.as_str())),
        known_words: message.len(),
        strange_words: all.len().saturating_sub(message.len()),
        message,
        time: commit.author_time,
        kind: kind(commit),
        ..CommitEvidence::default()
    }
}

fn kind(commit: &Commit) -> CommitKind {
    if commit.parents.len() > 1 || commit.subject.starts_with("Revert ") {
        CommitKind::Bookkeeping
    } else if commit.subject.starts_with("megaplan: ") {
        CommitKind::Bundle
    } else {
        CommitKind::Single
    }
}

fn read_path(path: &str, place: &Place, vocabulary: &Vocabulary, context: &Context<'_>) -> PathEvidence {
    let seen: &[(Option<&Commit>, &Change)] = context.changed.get(path).map_or(&[], Vec::as_slice);
    let numbers = context.commit_numbers();
    let number = |commit: Option<&Commit>| commit.map_or(numbers.len(), |commit| numbers[commit.id.0.as_str()]);
    let overwrites = ownership::overwrites(path, seen, number);
    let changes: Vec<ChangeEvidence> = seen
        .iter()
        .zip(overwrites)
        .map(|((commit, change), overwrites)| {
            let hunks = change.content.hunks();
            ChangeEvidence {
                commit: number(*commit),
                is_new: change.kind == ChangeKind::Added,
                hunks: hunks.iter().map(|hunk| vocabulary.terms(lines(hunk))).collect(),
                lines: hunks.iter().map(|hunk| hunk.old_lines.saturating_add(hunk.new_lines)).sum(),
                overwrites,
            }
        })
        .collect();
    let terms: BTreeSet<_> = changes.iter().flat_map(|change| change.hunks.iter().flatten()).copied().collect();
    PathEvidence {
        place: Some(place.clone()),
        changes,
        terms: terms.into_iter().collect(),
        words: vocabulary.terms(std::iter::once(path)),
        is_shared: is_shared(path),
        is_carried: context.carried.contains(path),
        ..PathEvidence::default()
    }
}

fn lines(hunk: &Hunk) -> impl Iterator<Item = &str> {
    std::iter::once(&hunk.header).chain(&hunk.removed).chain(&hunk.added).map(String::as_str)
}

fn link_claims(
    tasks: &mut [TaskEvidence],
    paths: &mut [PathEvidence],
    at: &BTreeMap<&str, usize>,
    index_of: &HashMap<&TaskId, usize>,
    context: &Context<'_>,
) {
    for (path, claimants) in &context.claims {
        let Some(path) = at.get(path.as_str()) else { continue };
        for task in claimants.iter().filter_map(|task| index_of.get(*task)) {
            paths[*path].claimants.push(*task);
            tasks[*task].certain.push(*path);
        }
        paths[*path].claimants.sort_unstable();
    }
    tasks.iter_mut().for_each(|task| task.certain.sort_unstable());
}

fn link_lists(
    tasks: &mut [TaskEvidence],
    at: &BTreeMap<&str, usize>,
    index_of: &HashMap<&TaskId, usize>,
    context: &Context<'_>,
) {
    for (index, task) in context.input.plan.tasks.iter().enumerate() {
        let mut list = BTreeSet::new();
        let mut mates = BTreeSet::new();
        let mut is_faithful = true;
        for view in context.batches_of(task) {
            list.extend(view.files.iter().filter_map(|place| at.get(place.path.as_str())));
            mates.extend(view.members.iter().filter_map(|id| index_of.get(*id)).filter(|mate| **mate != index));
            is_faithful &= view.is_faithful;
        }
        tasks[index].list = list.into_iter().collect();
        tasks[index].mates = mates.into_iter().collect();
        tasks[index].list_is_faithful = is_faithful;
    }
}

fn link_reviews(tasks: &mut [TaskEvidence], at: &BTreeMap<&str, usize>, context: &Context<'_>) {
    for (task, evidence) in context.input.plan.tasks.iter().zip(tasks) {
        for citation in context.citations.of(&task.id) {
            if let Some(path) = at.get(citation.place.path.as_str()) {
                evidence.cited.insert(*path, context.citations.is_shared(&citation.place.path));
            }
        }
        let predictions = context.input.plan.predictions.iter().filter(|(id, _)| *id == task.id);
        let predicted = predictions.flat_map(|(_, files)| context.places(files));
        evidence.predicted = predicted.filter_map(|place| at.get(place.path.as_str())).copied().collect();
    }
}

fn link_mentions(
    tasks: &mut [TaskEvidence],
    places: &BTreeMap<String, Place>,
    paths: &[PathEvidence],
    context: &Context<'_>,
) {
    let aliases: Vec<(String, usize)> = paths
        .iter()
        .enumerate()
        .filter_map(|(at, path)| Some((path.place.as_ref()?.written.clone(), at)))
        .collect();
    let index = PathIndex::new(places.keys().cloned().collect(), &aliases);
    context.input.plan.tasks.par_iter().zip(tasks).for_each(|(task, evidence)| {
        evidence.named_in_description = summarise(&index.mentions(&task.description));
        evidence.named_in_notes = summarise(&index.mentions(&notes_of(task, context)));
    });
}

fn summarise(mentions: &[Mention]) -> HashMap<usize, Named> {
    let mut named: HashMap<usize, Named> = HashMap::new();
    for mention in mentions {
        let Mention { path, exactness, manner, position } = *mention;
        let known = named.entry(path).or_insert(Named { exactness, manner, position });
        known.exactness = known.exactness.max(exactness);
        known.manner = known.manner.max(manner);
        known.position = known.position.min(position);
    }
    named
}

/// Pairs tests with what they test by their names: `board.test.ts`, `test_board.py`, `board_test.go`.
fn link_partners(paths: &mut [PathEvidence], places: &BTreeMap<String, Place>) {
    let mut by_subject: HashMap<String, Vec<(usize, bool)>> = HashMap::new();
    for (at, path) in places.keys().enumerate() {
        let (subject, is_test) = subject(path);
        by_subject.entry(subject).or_default().push((at, is_test));
    }
    for group in by_subject.values().filter(|group| group.len() > 1 && group.len() <= 6) {
        for (at, is_test) in group {
            let others = group.iter().filter(|(_, other)| other != is_test).map(|(other, _)| *other);
            paths[*at].partners.extend(others);
        }
    }
}

/// What a file is about by its base name, and whether it is a test of it.
pub(super) fn subject(path: &str) -> (String, bool) {
    let name = crate::attribute::noise::base_name(path).to_lowercase();
    let stem = name.split('.').next().unwrap_or(&name).to_owned();
    let bare = stem.replace(['-', '_'], "");
    let marked = name.contains(".test.") || name.contains(".spec.");
    let stripped = stem
        .strip_prefix("test_")
        .or_else(|| stem.strip_suffix("_test"))
        .or_else(|| stem.strip_suffix("_spec"))
        .or_else(|| stem.strip_suffix("-test"));
    match stripped {
        Some(subject) => (subject.replace(['-', '_'], ""), true),
        None => (bare, marked || path.split('/').any(|part| part == "__tests__")),
    }
}
