//! What git says happened, copied out of the repository once and plain from then on.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::hunks::{Hunk, Hunks};
use super::lines::Lines;
use super::oid::Oid;
use crate::words::{Interest, WordSets, Wording};

/// How the base of the range was found, in the order they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseSource {
    /// `--base`.
    Flag,
    /// The milestone base that the plan recorded.
    Recorded,
    /// Parent of the plan's init commit.
    InitCommit,
    /// Merge base with the default branch.
    MergeBase,
    /// No base: either no history or all of it.
    None,
}

/// The epic range `base..head`, and the uncommitted changes if they count.
#[derive(Debug, Clone)]
pub struct History {
    /// Where the range starts (exclusive).
    pub base: Option<Oid>,
    /// How `base` was found.
    pub base_source: BaseSource,
    /// Where the range ends; `None` when there is no history.
    pub head: Option<Oid>,
    /// Commits of the range, parents before children.
    pub commits: Vec<Commit>,
    /// Whether uncommitted changes were read.
    pub worktree: bool,
    /// Staged, unstaged and untracked changes, one entry per path.
    pub uncommitted: Vec<Change>,
    /// Why there is no history, or what is wrong with it.
    pub reason: Option<String>,
    /// Which paths this history can speak about.
    pub reach: Reach,
}

impl History {
    /// A plan without history, and why.
    pub fn absent(reason: impl Into<String>) -> Self {
        Self {
            base: None,
            base_source: BaseSource::None,
            head: None,
            commits: Vec::new(),
            worktree: false,
            uncommitted: Vec::new(),
            reason: Some(reason.into()),
            reach: Reach::default(),
        }
    }

    /// Whether git was there to ask.
    pub fn is_present(&self) -> bool {
        self.head.is_some() || self.worktree
    }

    /// Every change with the commit it stands in (`None`: uncommitted), oldest first.
    pub fn changes(&self) -> impl Iterator<Item = (Option<&Commit>, &Change)> {
        let committed = self
            .commits
            .iter()
            .flat_map(|commit| commit.changes.iter().map(move |change| (Some(commit), change)));
        committed.chain(self.uncommitted.iter().map(|change| (None, change)))
    }

    /// Paths changed in the range or uncommitted, old names of renames included, each with its changes, oldest first.
    pub fn change_places(&self) -> ChangePlaces<'_> {
        let mut paths = ChangePlaces::new();
        let of_commits = self.commits.iter().map(|commit| &commit.changes).chain([&self.uncommitted]);
        for (commit, changes) in of_commits.enumerate() {
            for (at, change) in changes.iter().enumerate() {
                paths.entry(&change.path).or_default().push((commit, at));
                if let (ChangeKind::Renamed, Some(old)) = (change.kind, &change.old_path) {
                    paths.entry(old).or_default().push((commit, at));
                }
            }
        }
        paths
    }

    /// The change at one of the [places](Self::change_places) of this history, and the commit it stands in (`None`:
    /// uncommitted).
    pub fn change(&self, (commit, at): (usize, usize)) -> (Option<&Commit>, &Change) {
        match self.commits.get(commit) {
            Some(commit) => (Some(commit), &commit.changes[at]),
            None => (None, &self.uncommitted[at]),
        }
    }

    /// The changes of each path, in that order.
    pub fn changed_paths(&self) -> BTreeMap<&str, Vec<(Option<&Commit>, &Change)>> {
        let changes =
            |places: Vec<(usize, usize)>| places.into_iter().map(|place| self.change(place)).collect();
        self.change_places().into_iter().map(|(path, places)| (path, changes(places))).collect()
    }
}

/// Where each path changed: by the numbers of commit and change, uncommitted changes being those of a commit after the last.
pub type ChangePlaces<'a> = HashMap<&'a str, Vec<(usize, usize)>>;

/// Which paths a history covers, and which exist. Paths are repository-relative.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Every path at head, and in the work tree when it counts.
    pub existing: BTreeSet<String>,
    /// Submodules and nested repositories: what lies beneath is another history's business.
    pub foreign: Vec<String>,
    /// Paths of the plan's records that git ignores.
    pub ignored: BTreeSet<String>,
}

impl Reach {
    /// Whether `path` lies in a submodule or nested repository, or is ignored.
    pub fn is_unverifiable(&self, path: &str) -> bool {
        self.ignored.contains(path)
            || self.foreign.iter().any(|root| {
                path.strip_prefix(root.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
    }
}

/// A commit of the range.
#[derive(Debug, Clone)]
pub struct Commit {
    /// Its id.
    pub id: Oid,
    /// Its parents, first parent first.
    pub parents: Vec<Oid>,
    /// First line of the message.
    pub subject: String,
    /// The message after the subject, trailers included; empty where it says nothing of [interest](Interest::is_said_in).
    pub body: String,
    /// `Key: value` lines of the last paragraph; none where there is no body.
    pub trailers: Vec<Trailer>,
    /// The words of subject and body.
    pub wording: Wording,
    /// Author time, seconds since 1970.
    pub author_time: i64,
    /// Committer time, seconds since 1970.
    pub commit_time: i64,
    /// What it changed; of a merge, only what differs from every parent.
    pub changes: Vec<Change>,
}

impl Commit {
    /// Leaves out what nobody looks for.
    pub fn retain(&mut self, interest: &Interest) {
        self.retain_message(interest);
        self.wording.retain(interest);
        for change in &mut self.changes {
            if let Content::Text(edits) = &mut change.content {
                edits.words.retain(interest);
            }
        }
    }

    /// Bytes of memory that it takes with all it refers to, about.
    pub fn memory(&self) -> usize {
        let trailers = self
            .trailers
            .iter()
            .map(|trailer| size_of::<Trailer>() + trailer.key.len() + trailer.value.len());
        let texts = self.subject.len() + self.body.len() + trailers.sum::<usize>();
        let numbers = size_of_val(self.parents.as_slice()) + size_of_val(self.wording.words.as_slice());
        size_of::<Self>() + texts + numbers + self.changes.iter().map(Change::memory).sum::<usize>()
    }

    /// Lets go of body and trailers, unless they say something that is looked for.
    pub fn retain_message(&mut self, interest: &Interest) {
        let is_in_trailers = || self.trailers.iter().any(|trailer| interest.is_said_in(&trailer.value));
        if !interest.is_said_in(&self.body) && !is_in_trailers() {
            (self.body, self.trailers) = Default::default();
        }
    }
}

/// A `Key: value` line of a commit message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trailer {
    /// Before the colon.
    pub key: String,
    /// After the colon, continuation lines joined by a space.
    pub value: String,
}

/// What happened to one path. `Text` is what is kept of its lines: in a history where they differ and what words they
/// use, and the lines themselves only where somebody wants to see them ([`Patch`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<Text = Edits> {
    /// Path after the change, repository-relative, `/` separated. A path that is not UTF-8 is spelled
    /// the way git quotes it (`"caf\351"`, with its double quotes) and never written anywhere.
    pub path: String,
    /// Path before a rename or copy.
    pub old_path: Option<String>,
    /// What was done.
    pub kind: ChangeKind,
    /// Blob after the change; `None` for a deletion or an unstaged change.
    pub blob: Option<Oid>,
    /// Its lines, as far as they can be read.
    pub content: Content<Text>,
}

impl Change {
    fn memory(&self) -> usize {
        let paths = self.path.len() + self.old_path.as_ref().map_or(0, String::len);
        let lines = match &self.content {
            Content::Text(edits) => edits.hunks.as_bytes().len() + edits.words.memory(),
            _ => 0,
        };
        size_of::<Self>() + paths + lines
    }
}

/// What was done to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// New.
    Added,
    /// Content or mode differs.
    Modified,
    /// Gone.
    Deleted,
    /// Moved from `old_path`.
    Renamed,
    /// Copied from `old_path`.
    Copied,
    /// File, symlink or submodule turned into another of them.
    TypeChanged,
}

/// The lines of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content<Text = Edits> {
    /// What is kept of them.
    Text(Text),
    /// Not text.
    Binary,
    /// Larger than the limit: not read.
    TooLarge,
    /// An object is missing from the repository.
    Missing,
    /// Nothing to read: a mode change, a submodule.
    None,
}

impl<Text> Content<Text> {
    /// The same with something else kept of its lines.
    pub fn map<Other>(self, text: impl FnOnce(Text) -> Other) -> Content<Other> {
        match self {
            Self::Text(lines) => Content::Text(text(lines)),
            Self::Binary => Content::Binary,
            Self::TooLarge => Content::TooLarge,
            Self::Missing => Content::Missing,
            Self::None => Content::None,
        }
    }
}

impl Content {
    /// The hunks of a text.
    pub fn hunks(&self) -> impl Iterator<Item = Hunk> {
        let edits = if let Self::Text(edits) = self { Some(edits) } else { None };
        edits.into_iter().flat_map(|edits| edits.hunks.iter())
    }
}

impl Content<Patch> {
    /// The hunks of a text, with their lines.
    pub fn hunks(&self) -> &[PatchHunk] {
        match self {
            Self::Text(hunks) => hunks,
            _ => &[],
        }
    }
}

/// Where lines differ, and what they are about.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Edits {
    /// In order.
    pub hunks: Hunks,
    /// The words of each hunk: of its header, and of removed and added lines.
    pub words: WordSets,
    /// There are hunks, and in none does anything differ but white space.
    pub is_layout: bool,
}

/// The lines of a change, hunk by hunk.
pub type Patch = Vec<PatchHunk>;

/// A hunk with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatchHunk {
    /// Where it is.
    pub at: Hunk,
    /// Text after the second `@@`: the enclosing function, as git finds it.
    pub header: String,
    /// Removed lines without line ends; bytes that are not UTF-8 are replaced.
    pub removed: Lines,
    /// Added lines without line ends; bytes that are not UTF-8 are replaced.
    pub added: Lines,
}
