//! The commits of a range, with what they changed.

mod ahead;

use std::cell::RefCell;

use super::cache::{Cache, Entry};
use super::diff::{Changed, Differ, KeepWords};
use super::error::{Cause, GitError};
use super::limits::{Kept, Limits, MessageRoom, TooMuch, WalkRoom, too_much};
use super::members::{Node, Walked, walk};
use super::objects::{RawCommit, Unreadable, read_commit};
use super::order::parents_first;
use super::range::Range;
use super::repository::Repository;
use super::source::{Extraction, Source, View};
use super::{message, pool};
use crate::model::{Commit, Edits, Oid};
use crate::words::{Interest, Wording};
use ahead::{Ahead, Met};
use hashbrown::{HashMap, HashSet};

/// Commits that are missing and are named one by one.
const MOST_MISSING: usize = 100;
/// Bytes for the cache that one thread gathers before they are written.
const MOST_OF_NEWS: usize = 1 << 20;

/// Every commit of `range`, parents before children, and what could not be read.
pub fn commits(
    repo: &Repository,
    range: &Range,
    extraction: &Extraction,
) -> Result<(Vec<Commit>, Vec<String>), GitError> {
    read(&Source::open(repo, extraction.verify_objects)?, range, extraction)
}

/// The same from a source that is open.
pub(super) fn read(
    source: &Source,
    range: &Range,
    extraction: &Extraction,
) -> Result<(Vec<Commit>, Vec<String>), GitError> {
    let options = extraction.cache.as_ref().filter(|_| !extraction.verify_objects);
    let cache = options.map(|options| source.cache(options, &extraction.limits));
    let room = MessageRoom::default();
    let ahead = Ahead::new(source, Job::new(extraction, cache.as_ref()), &room);
    let (walked, mut problems, order) = rayon::in_place_scope(|scope| {
        // Both hear of commits, but never at the same time.
        let met = RefCell::new(Met::default());
        let known = |id| ahead.known(id, &mut met.borrow_mut(), scope);
        let passed = |node: &mut Node, trees| ahead.passed(node, trees, &mut met.borrow_mut(), scope);
        let limits = &extraction.limits;
        let walked =
            source.single_view(|view| walked(view, range, limits, cache.as_ref(), &room, known, passed));
        ahead.rest(met.into_inner(), scope);
        // While other threads are busy with the last of them.
        walked?.map(|(walked, problems)| {
            let order = parents_first(&walked.members);
            (walked, problems, order)
        })
    })?;
    let (mut done, job) = ahead.finish();
    let Walked { members, others } = walked;
    let ordered: Vec<Oid> = order.iter().map(|place| members[*place].id).collect();
    done.keep(&ordered);
    let tasks = tasks(members, order, |id| !done.contains(id));
    if !tasks.is_empty() {
        job.kept.begin_with(ordered.iter().filter_map(|id| done.get(*id)));
    }
    let mut read = pool::map(source, tasks, |view, tasks| {
        let read = job.run(view, &tasks);
        source.memory.keep(read.iter().flatten().map(|(commit, _)| commit));
        read
    })?;
    source.memory.forget();
    let mut commits = Vec::with_capacity(ordered.len());
    let kept = Kept::of(&extraction.limits);
    for id in ordered {
        let Some(read) = done.take(id).map(Ok).or_else(|| read.next()) else { continue };
        let (commit, problem) = read?;
        // Once more, of the range and nothing else: others may have been read ahead.
        kept.add(&commit)?;
        commits.push(commit);
        problems.extend(problem);
    }
    source.check_attributes(&commits).map_err(|TooMuch| too_much(&extraction.limits))?;
    if let Some(cache) = cache {
        cache.add(only_walked(&others, source, &extraction.limits));
        cache.finish();
    }
    Ok((commits, problems))
}

/// Commits that were walked over and stand outside the range: knowing them spares the next walk reading them.
fn only_walked(others: &[Node], source: &Source, limits: &Limits) -> Vec<Entry> {
    let is_news = |node: &&Node| node.is_new && !source.grafts.touches(node.id);
    others.iter().filter(is_news).map(|node| Entry::of(node, None, limits)).collect()
}

/// Reads the commits of several ranges into the cache of `extraction`, each once. Those that are there already are not read
/// again. `told` hears how many are done, and how many more there are to do. Without a cache nothing is done, and what cannot
/// be read is left to whoever asks for it.
pub fn prefetch(
    repo: &Repository,
    ranges: &[Range],
    extraction: &Extraction,
    told: impl Fn(usize, usize) + Sync,
) -> Result<(), GitError> {
    let source = Source::open(repo, extraction.verify_objects)?;
    let Some(options) = extraction.cache.as_ref().filter(|_| !extraction.verify_objects) else {
        return Ok(());
    };
    let cache = source.cache(options, &extraction.limits);
    let mut seen = HashSet::new();
    let mut news: Vec<Task> = Vec::new();
    let room = MessageRoom::default();
    for range in ranges {
        let (known, limits) = (Some(&cache), &extraction.limits);
        let walked =
            source.single_view(|view| walked(view, range, limits, known, &room, |_| {}, |_, _| {}))?;
        let Ok((Walked { members, others }, _)) = walked else { continue };
        cache.add(only_walked(&others, &source, limits));
        let order = parents_first(&members);
        news.extend(tasks(members, order, |id| !cache.holds(id) && seen.insert(id)));
    }
    let nothing = Interest::of([]);
    let kept = Kept::of_ranges(ranges.len(), &extraction.limits);
    let job = Job { interest: Some(&nothing), kept, ..Job::new(extraction, Some(&cache)) };
    told(0, news.len());
    let read = pool::map(&source, news, |view, tasks| {
        let count = tasks.len();
        // Each into the cache, and out of memory.
        for task in tasks {
            drop(job.run(view, &[task]));
        }
        told(count, 0);
        Vec::<()>::new()
    })?;
    drop(read);
    cache.finish();
    Ok(())
}

/// The commits of a range, and those that are missing from the repository. `known` hears of those that the cache knows, and
/// `passed` of new ones that are very likely of the range, as soon as they are met. A commit for whose
/// message there is no `room` is read again when it is its turn.
fn walked(
    view: &mut View<'_>,
    range: &Range,
    limits: &Limits,
    cache: Option<&Cache>,
    room: &MessageRoom,
    mut known: impl FnMut(Oid),
    mut passed: impl FnMut(&mut Node, Vec<Option<Oid>>),
) -> Result<(Walked, Vec<String>), GitError> {
    let head = range.head;
    let hidden: Vec<Oid> = range.base.iter().chain(&range.hidden).copied().collect();
    let mut missing = Missing::default();
    let mut left = WalkRoom::of(limits);
    let read = |id, is_wanted: bool| {
        let from_cache = cache.filter(|_| !view.grafts.touches(id)).and_then(|cache| cache.node(id));
        let node = match from_cache {
            Some(node) => {
                if is_wanted {
                    known(node.id);
                }
                Some(node)
            }
            None => match read_commit(view.store, id) {
                Ok(commit) => {
                    left.commit(commit.bytes)?;
                    let (time, parents) = (commit.commit_time, view.grafts.parents(id, &commit));
                    let tree = Some(commit.tree);
                    let is_kept = is_wanted && room.take(commit.message.len());
                    let commit = is_kept.then(|| Box::new(commit));
                    Some(Node { id, time, parents, is_new: true, tree, commit })
                }
                Err(unreadable) => {
                    missing.add(unreadable);
                    None
                }
            },
        };
        left.take(node.as_ref().map_or(0, |node| node.parents.len()))?;
        Ok(node)
    };
    let found = walk(head, &hidden, read, |node, trees| {
        if node.is_new {
            passed(node, trees);
        }
    });
    let found = found.map_err(|TooMuch| too_much(limits))?;
    if let Some(lost) = missing.first.iter().find(|lost| lost.id == head) {
        return Err(unreadable_commit(lost));
    }
    Ok((found, missing.problems()))
}

/// Commits that cannot be read. A single one may name a million of them.
#[derive(Default)]
struct Missing {
    first: Vec<Unreadable>,
    more: usize,
}

impl Missing {
    fn add(&mut self, lost: Unreadable) {
        if self.first.len() < MOST_MISSING {
            self.first.push(lost);
        } else {
            self.more += 1;
        }
    }

    /// A sentence about each of the first, and one about the others.
    fn problems(&self) -> Vec<String> {
        let unknown = "so the history before it is unknown";
        let more = (self.more > 0).then(|| format!("{} more commits cannot be read, {unknown}", self.more));
        self.first.iter().map(|lost| format!("{lost}, {unknown}")).chain(more).collect()
    }
}

fn unreadable_commit(lost: &Unreadable) -> GitError {
    GitError::Read { what: format!("commit {}", lost.id), source: Cause::new(lost.to_string()) }
}

/// A commit to read.
struct Task {
    node: Node,
    /// The files of its parents, as far as they are known.
    trees: Vec<Option<Oid>>,
}

/// What there is to do for those of `nodes` that are left, in this order.
fn tasks(mut nodes: Vec<Node>, order: Vec<usize>, mut is_left: impl FnMut(Oid) -> bool) -> Vec<Task> {
    let left: Vec<usize> = order.into_iter().filter(|place| is_left(nodes[*place].id)).collect();
    if left.is_empty() {
        return Vec::new();
    }
    let trees: HashMap<Oid, Oid> = nodes.iter().filter_map(|node| Some((node.id, node.tree?))).collect();
    let task = |place: usize| {
        let node = nodes[place].take();
        Task { trees: node.parents.iter().map(|parent| trees.get(parent).copied()).collect(), node }
    };
    left.into_iter().map(task).collect()
}

/// What all threads share.
struct Job<'a> {
    limits: &'a Limits,
    cache: Option<&'a Cache>,
    interest: Option<&'a Interest>,
    kept: Kept,
}

/// A commit, and what of it could not be read.
type Read = Result<(Commit, Option<String>), GitError>;

impl<'a> Job<'a> {
    fn new(extraction: &'a Extraction, cache: Option<&'a Cache>) -> Self {
        let (limits, interest) = (&extraction.limits, extraction.interest.as_deref());
        Self { limits, cache, interest, kept: Kept::of(limits) }
    }

    /// Commits as the cache knows them, and the others as they are. Those are added to the cache.
    fn run(&self, view: &mut View<'_>, tasks: &[Task]) -> Vec<Read> {
        let mut news = Vec::new();
        let mut read = Vec::with_capacity(tasks.len());
        for (at, task) in tasks.iter().enumerate() {
            read.push(self.read(view, task, &mut news));
            let is_last = at + 1 == tasks.len();
            if let Some(cache) = self.cache
                && (is_last || news.iter().map(Entry::len).sum::<usize>() > MOST_OF_NEWS)
            {
                cache.add(std::mem::take(&mut news));
            }
        }
        read
    }

    /// A commit with the words of interest, as far as there is room for it. What the cache does not know is added to `news`.
    fn read(&self, view: &mut View<'_>, task: &Task, news: &mut Vec<Entry>) -> Read {
        self.kept.check()?;
        let cache = self.cache.filter(|_| !view.grafts.touches(task.node.id));
        let (commit, problem) = match cache {
            Some(cache) => self.read_once(cache, view, task, news)?,
            None => self.commit(view, task, self.interest)?,
        };
        self.kept.add(&commit)?;
        Ok((commit, problem))
    }

    /// As the cache knows it, or else read with all its words, for whoever asks next.
    fn read_once(&self, cache: &Cache, view: &mut View<'_>, task: &Task, news: &mut Vec<Entry>) -> Read {
        if let Some(commit) = cache.commit(task.node.id, self.interest) {
            return Ok((commit, None));
        }
        let (mut commit, problem) = self.commit(view, task, None)?;
        if problem.is_none() {
            news.push(Entry::of(&task.node, Some(&commit), self.limits));
        }
        if let Some(interest) = self.interest {
            commit.retain(interest);
        }
        Ok((commit, problem))
    }

    fn commit(&self, view: &mut View<'_>, task: &Task, interest: Option<&Interest>) -> Read {
        let node = &task.node;
        let id = node.id;
        let read;
        let raw: &RawCommit = match &node.commit {
            Some(raw) => raw,
            None => {
                read = read_commit(view.store, id).map_err(|lost| unreadable_commit(&lost))?;
                &read
            }
        };
        let (changes, problem) = if view.grafts.is_boundary(id, raw) {
            let problem =
                format!("commit {id} is where this shallow clone ends, so what it changed is unknown");
            (Vec::new(), Some(problem))
        } else {
            let (changes, unreadable) = self.changes(view, task, raw.tree, interest)?;
            (changes, unread(id, &unreadable))
        };
        let message = message::parse(&raw.message);
        let wording = Wording::of(&[&message.subject, &message.body], view.reader, interest);
        let mut commit = Commit {
            id,
            parents: node.parents.clone(),
            subject: message.subject,
            body: message.body,
            trailers: message.trailers,
            wording,
            author_time: raw.author_time,
            commit_time: raw.commit_time,
            changes,
        };
        if let Some(interest) = interest {
            commit.retain_message(interest);
        }
        Ok((commit, problem))
    }

    fn changes(
        &self,
        view: &mut View<'_>,
        task: &Task,
        tree: Oid,
        interest: Option<&Interest>,
    ) -> Result<Changed<Edits>, GitError> {
        let tree_of = |(id, known): (&Oid, &Option<Oid>)| match known {
            Some(tree) => Ok(*tree),
            None => read_commit(view.store, *id).map(|commit| commit.tree),
        };
        let parents: Result<Vec<Oid>, Unreadable> =
            task.node.parents.iter().zip(&task.trees).map(tree_of).collect();
        match parents {
            Ok(parents) => {
                let keep = KeepWords { reader: view.reader, interest };
                let attributes = &mut view.attributes;
                let declared = &mut |path: &[u8]| attributes.is_binary(path);
                let mut differ = Differ { store: view.store, limits: self.limits, declared, keep };
                differ.changes(&parents, tree, |_| true).map_err(|TooMuch| {
                    // Nobody goes on with others: there may be thousands of this kind.
                    self.kept.close();
                    too_much(self.limits)
                })
            }
            Err(unreadable) => Ok((Vec::new(), vec![unreadable])),
        }
    }
}

/// One sentence about all that is missing from a commit's trees.
fn unread(id: Oid, unreadable: &[Unreadable]) -> Option<String> {
    let (first, others) = unreadable.split_first()?;
    let more = if others.is_empty() { String::new() } else { format!(" (and {} more)", others.len()) };
    Some(format!("what commit {id} changed cannot be read in full: {first}{more}"))
}
