//! Task ids in commit messages.

mod keys;

use std::collections::HashMap;
use std::ops::RangeInclusive;

use rayon::prelude::*;

use crate::model::{Commit, History, Oid, Plan, TaskId};
use crate::words::{Names, REVERTS};

/// A commit that says which task of the plan it carries out.
#[derive(Debug, Clone)]
pub(super) struct Naming<'a> {
    pub(super) commit: &'a Commit,
    pub(super) task: &'a TaskId,
    pub(super) place: NamedIn,
    /// Other tasks that the same place names: one piece of work for all of them.
    pub(super) beside: Vec<&'a TaskId>,
}

/// A commit that names more tasks than this is a bundle, and says of none what is its.
const MOST_NAMED: usize = 3;

/// Where a commit names its task; the first place that names any task decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NamedIn {
    Subject,
    /// Or a line of the body that says the same: `Closes T1`.
    Trailer,
    Body,
}

impl NamedIn {
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Trailer => "trailer",
            Self::Body => "body",
        }
    }
}

/// Commits that name a task. Merges, reverts and what was reverted are not work on a task and name nobody; neither does a
/// body that names several, or a subject that names many. `reverted` says what was taken back, per commit.
pub(super) fn namings<'a>(
    plan: &'a Plan,
    history: &'a History,
    reverted: &[bool],
) -> HashMap<&'a TaskId, Vec<Naming<'a>>> {
    let ids = Ids::new(plan.tasks.iter().map(|task| &task.id).filter(|id| is_nameable(id)));
    let own: Vec<&Commit> =
        own_commits(plan, history).filter(|(at, _)| !reverted[*at]).map(|(_, commit)| commit).collect();
    let found: Vec<Naming<'a>> = own.into_par_iter().flat_map_iter(|commit| named_by(commit, &ids)).collect();
    let mut namings: HashMap<&TaskId, Vec<Naming<'a>>> = HashMap::new();
    for naming in found {
        namings.entry(naming.task).or_default().push(naming);
    }
    namings
}

/// Which commits a later one took back, by the message that git writes for a revert; unless that one was taken back
/// in turn. `commits` are oldest first.
pub(super) fn reverted(commits: &[Commit]) -> Vec<bool> {
    let id = |at: &usize| commits[*at].id;
    let mut by_id: Vec<usize> = (0..commits.len()).collect();
    by_id.sort_unstable_by_key(id);
    let says = memchr::memmem::Finder::new(REVERTS);
    let mut reverted = vec![false; commits.len()];
    let says_so = |(_, commit): &(usize, &Commit)| says.find(commit.body.as_bytes()).is_some();
    let reverts: Vec<(usize, &Commit)> = commits.par_iter().enumerate().filter(says_so).collect();
    for (at, commit) in reverts.into_iter().rev() {
        if reverted[at] {
            continue;
        }
        for place in says.find_iter(commit.body.as_bytes()) {
            let Some(ids) = leading_id(&commit.body[place + REVERTS.len()..]) else { continue };
            let first = by_id.partition_point(|at| id(at) < *ids.start());
            let meant = by_id[first..].iter().take_while(|at| ids.contains(&id(at)));
            meant.for_each(|at| reverted[*at] = true);
        }
    }
    reverted
}

/// The ids that a text may begin with: all that begin with its digits.
fn leading_id(text: &str) -> Option<RangeInclusive<Oid>> {
    /// Anything shorter may be a word.
    const SHORTEST: usize = 7;
    let end = text.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(text.len());
    let digits = text.get(..end).filter(|digits| digits.len() >= SHORTEST)?;
    Some(Oid::from_hex(format!("{digits:0<40}"))?..=Oid::from_hex(format!("{digits:f<40}"))?)
}

/// The first place of a commit that names any task decides.
fn named_by<'a>(commit: &'a Commit, ids: &Ids<'a>) -> Vec<Naming<'a>> {
    if commit.parents.len() > 1 || commit.subject.starts_with("Revert ") || !ids.may_be_in(commit) {
        return Vec::new();
    }
    let trailers = commit.trailers.iter().filter(|trailer| keys::is_of_task(&trailer.key));
    let mut places = [NamedIn::Subject, NamedIn::Trailer, NamedIn::Body].into_iter().map(|place| {
        let named = match place {
            NamedIn::Subject => ids.named([commit.subject.as_str()], false),
            NamedIn::Trailer => {
                let mut named = ids.named(trailers.clone().map(|trailer| trailer.value.as_str()), true);
                named.extend(ids.named(prose(commit).filter(|line| ids.is_statement(line)), false));
                named.sort_unstable();
                named.dedup();
                named
            }
            NamedIn::Body => ids.named(prose(commit), false),
        };
        (place, named)
    });
    let Some((place, named)) = places.find(|(_, named)| !named.is_empty()) else { return Vec::new() };
    let most = if place == NamedIn::Body { 1 } else { MOST_NAMED };
    if named.len() > most {
        return Vec::new();
    }
    let naming = |task: &&'a TaskId| {
        let beside = named.iter().copied().filter(|other| other != task).collect();
        Naming { commit, task, place, beside }
    };
    named.iter().map(naming).collect()
}

/// The lines of the body without the trailers that are read on their own, or not at all.
fn prose(commit: &Commit) -> impl Iterator<Item = &str> {
    commit.body.lines().filter(|line| {
        let key = line.split_once(':').map(|(key, _)| key.trim());
        key.is_none_or(|key| {
            !keys::is_set_apart(key) || commit.trailers.iter().all(|trailer| trailer.key != key)
        })
    })
}

/// The commits of this plan: a branch may go on with another plan, whose `T1` is another task. The harness
/// marks where each begins. With their places in the history.
fn own_commits<'a>(plan: &Plan, history: &'a History) -> impl Iterator<Item = (usize, &'a Commit)> {
    let own = plan.name.clone();
    let mut is_own = true;
    history.commits.iter().enumerate().filter(move |(_, commit)| {
        let phase = commit.subject.strip_prefix("megaplan: ").and_then(|rest| rest.split_once(' '));
        if let Some((name, _)) = phase {
            is_own = name == own;
        }
        is_own
    })
}

/// Task ids, to be found in texts.
struct Ids<'a> {
    by_spelling: HashMap<&'a str, &'a TaskId>,
    /// Tells at once that a text has none of them.
    any: Names,
}

impl<'a> Ids<'a> {
    fn new(ids: impl Iterator<Item = &'a TaskId>) -> Self {
        let by_spelling: HashMap<&str, &TaskId> = ids.map(|id| (id.0.as_str(), id)).collect();
        let any = Names::of(by_spelling.keys().copied());
        Self { by_spelling, any }
    }

    /// Whether the message of a commit has any of them, if only as a part of a word.
    fn may_be_in(&self, commit: &Commit) -> bool {
        let trailers = commit.trailers.iter().map(|trailer| &trailer.value);
        [&commit.subject, &commit.body].into_iter().chain(trailers).any(|text| self.any.may_be_in(text))
    }

    /// The id that is spelled so. All that can be named have a digit, and few words do.
    fn find(&self, word: &str) -> Option<&'a TaskId> {
        let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
        has_digit.then(|| self.by_spelling.get(word).copied()).flatten()
    }

    /// The ids that occur in some texts as whole words, sorted, each once. A number names a task only where it is called
    /// one, as in `task 1.2`, or where all of the text is about tasks.
    fn named<'t>(&self, texts: impl IntoIterator<Item = &'t str>, is_about_tasks: bool) -> Vec<&'a TaskId> {
        let mut named = Vec::new();
        for text in texts {
            let mut before = "";
            for word in words(text) {
                let is_called = is_about_tasks || means_task(before);
                let found = self.find(word);
                named.extend(found.filter(|id| is_called || !is_number(id)));
                let joined = word.split_once('-').filter(|(name, _)| means_task(name));
                let number = joined.and_then(|(_, number)| self.find(number));
                named.extend(number.filter(|id| is_number(id)));
                before = word;
            }
        }
        named.sort_unstable();
        named.dedup();
        named
    }

    /// Whether a line of the body says what a trailer does, `Closes T1` or `Beads: T1`. An id that is a number is none there:
    /// `Fixes 12` is about an entry of some tracker.
    fn is_statement(&self, line: &str) -> bool {
        let mut words = words(line);
        let Some(key) = words.next() else { return false };
        let is_named = line
            .trim_start_matches(['-', '*', ' '])
            .strip_prefix(key)
            .is_some_and(|rest| rest.starts_with(':'));
        let is_key = keys::is_verb(key) || (is_named && keys::is_noun(key));
        let id = words.find(|word| !means_task(word)).and_then(|word| self.find(word));
        is_key && id.is_some_and(|id| !is_number(id))
    }
}

/// The word for a task: what stands behind it is one, `task 12`, `Task #1.2`, `subtask-3`.
fn means_task(word: &str) -> bool {
    ["task", "subtask"].iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// Whether a commit can name a task by its id.
fn is_nameable(id: &TaskId) -> bool {
    is_distinctive(id) || is_number(id)
}

/// Digits, or digits with dots between them, as task lists count.
fn is_number(id: &TaskId) -> bool {
    id.0.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// An id of digits or letters alone, such as `1` or `setup`, means too many other things.
pub(super) fn is_distinctive(id: &TaskId) -> bool {
    id.0.chars().any(char::is_alphabetic) && id.0.chars().any(|c| c.is_ascii_digit())
}

/// Runs of letters, digits and underscores, held together by inner dashes and dots, so that `T1` occurs
/// neither in `T10` nor in `T1.2`, nor in `sprint-T1-x`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    text.split(move |c| !is_inner(c))
        .map(|word| word.trim_matches(['-', '.']))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{ids, oid};
    use crate::words::Wording;

    fn named(text: &str) -> Vec<String> {
        let ids = ids(&["T1", "T10", "T1.2"]);
        Ids::new(ids.iter()).named([text], false).into_iter().map(|id| id.0.clone()).collect()
    }

    #[test]
    fn numbers_are_tasks_only_where_they_are_called_so() {
        let ids = ids(&["1", "1.2", "12"]);
        let named = |text: &str, is_about_tasks| -> Vec<String> {
            let found = Ids::new(ids.iter()).named([text], is_about_tasks);
            found.into_iter().map(|id| id.0.clone()).collect()
        };
        assert_eq!(named("feat: parse a line (task 1.2)", false), ["1.2"]);
        assert_eq!(named("Task #12: log", false), ["12"]);
        assert_eq!(named("subtask-1.2 and 12 files", false), ["1.2"]);
        assert_eq!(named("Bump 1 to 1.2, tasks 12", false), [""; 0]);
        assert_eq!(named("1.2", true), ["1.2"]);
    }

    #[test]
    fn many_ids_are_found_too() {
        let many: Vec<TaskId> = (0..=Names::MOST).map(|number| TaskId(format!("T{number}"))).collect();
        let ids = Ids::new(many.iter());
        let commit = crate::model::testing::commit("1", "T7: add", &["a"]);
        let namings = named_by(&commit, &ids);
        assert_eq!(namings.iter().map(|naming| naming.task).collect::<Vec<_>>(), [&many[7]]);
    }

    #[test]
    fn ids_are_whole_words() {
        assert_eq!(named("T10: add"), ["T10"]);
        assert_eq!(named("feat(T1): add T1."), ["T1"]);
        assert_eq!(named("[T1.2] x"), ["T1.2"]);
        assert_eq!(named("T1/T10"), ["T1", "T10"]);
        assert_eq!(named("megaplan: sprint-T1-final execute, xT1, T1_a"), [""; 0]);
    }

    #[test]
    fn what_was_taken_back_names_nobody() {
        let commit = |id: char, body: &str| Commit {
            id: Oid::from_hex(id.to_string().repeat(40)).expect("an id"),
            parents: Vec::new(),
            subject: format!("T1: {id}"),
            body: body.to_owned(),
            trailers: Vec::new(),
            wording: Wording::default(),
            author_time: 0,
            commit_time: 0,
            changes: Vec::new(),
        };
        let takes_back = |id: char| format!("This reverts commit {}.", id.to_string().repeat(40));
        let mut commits = vec![commit('a', ""), commit('b', ""), commit('c', &takes_back('a'))];
        assert_eq!(reverted(&commits), [true, false, false]);
        commits.push(commit('d', &takes_back('c')));
        assert_eq!(reverted(&commits), [false, false, true, false], "what was taken back twice stands");
        commits.push(commit('e', "This reverts commit bbbbbbb, as agreed. This reverts commit bad."));
        assert_eq!(reverted(&commits), [false, true, true, false, false]);
    }

    #[test]
    fn only_trailers_of_tasks_count() {
        use crate::model::Trailer;
        use crate::model::testing::commit;
        let ids = ids(&["T1"]);
        let ids: Vec<&TaskId> = ids.iter().collect();
        let with = |key: &str| {
            let mut commit = commit("1", "add", &["a"]);
            commit.body = format!("Some text.\n\n{key}: T1\n");
            commit.trailers = vec![Trailer { key: key.into(), value: "T1".into() }];
            commit
        };
        let ids = Ids::new(ids.into_iter());
        let place = |key: &str| named_by(&with(key), &ids).first().map(|naming| naming.place);
        assert_eq!(place("Task"), Some(NamedIn::Trailer));
        assert_eq!(place("Beads"), Some(NamedIn::Trailer));
        assert_eq!(place("Refs"), Some(NamedIn::Body));
        assert_eq!(place("Depends-on"), None);
    }

    #[test]
    fn a_subject_may_name_a_few_tasks() {
        use crate::model::testing::commit;
        let ids = ids(&["T1", "T2", "T3", "T4"]);
        let ids = Ids::new(ids.iter());
        let named = |subject: &str, body: &str| -> Vec<(String, Vec<String>)> {
            let mut commit = commit("1", subject, &["a"]);
            commit.body = body.to_owned();
            let text = |id: &TaskId| id.0.clone();
            let namings = named_by(&commit, &ids).into_iter();
            namings.map(|naming| (text(naming.task), naming.beside.into_iter().map(text).collect())).collect()
        };
        let pair = |task: &str, beside: &str| (task.to_owned(), vec![beside.to_owned()]);
        assert_eq!(named("add a crate (T1, T2)", "after T3"), [pair("T1", "T2"), pair("T2", "T1")]);
        assert_eq!(named("T1, T2, T3 and T4", ""), [], "a bundle");
        assert_eq!(named("add a crate", "for T1 and T2"), [], "a body names in passing");
        assert_eq!(
            named("add a crate", "Like T3 and T4.\n\n- Closes T1, T2"),
            [pair("T1", "T2"), pair("T2", "T1")]
        );
        assert_eq!(named("add a crate", "Closes the gap that T1 and T2 left"), []);
        assert_eq!(
            named("add a crate", "Like T3.\n\nBeads: T1, T2.\n\nNo trailer."),
            [pair("T1", "T2"), pair("T2", "T1")]
        );
        assert_eq!(named("add a crate", "Task T1 and T2 are next"), []);
    }

    #[test]
    fn another_plan_s_commits_name_nobody() {
        use crate::model::testing::{commit, history, plan, task};
        let commits = vec![
            commit("1", "megaplan: plan init", &[]),
            commit("2", "T1: ours", &["a"]),
            commit("3", "megaplan: other init", &[]),
            commit("4", "T1: theirs", &["b"]),
            commit("5", "megaplan: plan execute", &["c"]),
            commit("6", "T1: ours again", &["d"]),
        ];
        let (plan, history) = (plan(vec![task("T1")]), history(commits, &[]));
        let named = namings(&plan, &history, &[false; 6]);
        let named: Vec<Oid> = named[&TaskId::from("T1")].iter().map(|naming| naming.commit.id).collect();
        assert_eq!(named, ["2", "6"].map(oid));
    }

    #[test]
    fn ids_that_mean_anything_are_not_searched() {
        assert!(is_distinctive(&"T1".into()));
        assert!(!is_distinctive(&"12".into()) && !is_distinctive(&"setup".into()));
    }
}
