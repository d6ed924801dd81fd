//! Task ids in commit messages.

use std::collections::HashMap;

use crate::model::{Commit, History, Plan, TaskId};

/// A commit that names exactly one task of the plan, in one place.
#[derive(Debug, Clone)]
pub(super) struct Naming<'a> {
    pub(super) commit: &'a Commit,
    pub(super) task: &'a TaskId,
    pub(super) place: NamedIn,
}

/// Where a commit names its task; the first place that names any task decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NamedIn {
    Subject,
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

/// Commits that name a task. Merges, reverts and what was reverted are not work on a task and name nobody;
/// neither does a place that names several.
pub(super) fn namings<'a>(plan: &'a Plan, history: &'a History) -> HashMap<&'a TaskId, Vec<Naming<'a>>> {
    let ids = Ids::new(plan.tasks.iter().map(|task| &task.id).filter(|id| is_nameable(id)));
    let reverted = reverted(&history.commits);
    let mut namings: HashMap<&TaskId, Vec<Naming<'a>>> = HashMap::new();
    for (_, commit) in own_commits(plan, history).filter(|(at, _)| !reverted[*at]) {
        if let Some(naming) = naming(commit, &ids) {
            namings.entry(naming.task).or_default().push(naming);
        }
    }
    namings
}

/// How git's message of a revert names what it takes back.
const SAYS: &str = "This reverts commit ";

/// Which commits a later one took back, by the message that git writes for a revert; unless that one was taken back
/// in turn. `commits` are oldest first.
pub(super) fn reverted(commits: &[Commit]) -> Vec<bool> {
    let id = |at: usize| commits[at].id.0.as_str();
    let mut by_id: Vec<usize> = (0..commits.len()).collect();
    by_id.sort_unstable_by_key(|at| id(*at));
    let says = memchr::memmem::Finder::new(SAYS);
    let mut reverted = vec![false; commits.len()];
    for (at, commit) in commits.iter().enumerate().rev() {
        if reverted[at] {
            continue;
        }
        for place in says.find_iter(commit.body.as_bytes()) {
            let Some(lead) = leading_id(&commit.body[place + SAYS.len()..]) else { continue };
            let first = by_id.partition_point(|at| id(*at) < lead);
            let meant = by_id[first..].iter().take_while(|at| id(**at).starts_with(lead));
            meant.for_each(|at| reverted[*at] = true);
        }
    }
    reverted
}

fn leading_id(text: &str) -> Option<&str> {
    /// Anything shorter may be a word.
    const SHORTEST: usize = 7;
    let end = text.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(text.len());
    (end >= SHORTEST).then(|| &text[..end])
}

fn naming<'a>(commit: &'a Commit, ids: &Ids<'a>) -> Option<Naming<'a>> {
    if commit.parents.len() > 1 || commit.subject.starts_with("Revert ") {
        return None;
    }
    let is_task_key = |key: &str| TASK_KEYS.contains(&key.to_lowercase().as_str());
    let trailers = commit.trailers.iter().filter(|trailer| is_task_key(&trailer.key));
    let mut places = [NamedIn::Subject, NamedIn::Trailer, NamedIn::Body].into_iter().map(|place| {
        let named = match place {
            NamedIn::Subject => ids.named([commit.subject.as_str()], false),
            NamedIn::Trailer => ids.named(trailers.clone().map(|trailer| trailer.value.as_str()), true),
            NamedIn::Body => ids.named(without_trailers(commit), false),
        };
        (place, named)
    });
    let (place, named) = places.find(|(_, named)| !named.is_empty())?;
    match named.as_slice() {
        [task] => Some(Naming { commit, task, place }),
        _ => None,
    }
}

/// Trailers that say which task a commit carries out. Others, such as `Depends-on`, name tasks in passing.
const TASK_KEYS: [&str; 12] = [
    "task",
    "tasks",
    "task-id",
    "taskid",
    "megaplan-task",
    "plan-task",
    "implements",
    "completes",
    "closes",
    "fixes",
    "resolves",
    "part-of",
];

/// The lines of the body without its trailers, which were looked at already.
fn without_trailers(commit: &Commit) -> impl Iterator<Item = &str> {
    commit.body.lines().filter(|line| {
        let key = line.split_once(':').map(|(key, _)| key);
        key.is_none_or(|key| commit.trailers.iter().all(|trailer| trailer.key != key.trim()))
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
struct Ids<'a>(HashMap<&'a str, &'a TaskId>);

impl<'a> Ids<'a> {
    fn new(ids: impl Iterator<Item = &'a TaskId>) -> Self {
        Self(ids.map(|id| (id.0.as_str(), id)).collect())
    }

    /// The ids that occur in some texts as whole words, sorted, each once. A number names a task only where it is called
    /// one, as in `task 1.2`, or where all of the text is about tasks.
    fn named<'t>(&self, texts: impl IntoIterator<Item = &'t str>, is_about_tasks: bool) -> Vec<&'a TaskId> {
        let mut named = Vec::new();
        for text in texts {
            let mut before = "";
            for word in words(text) {
                let is_called = is_about_tasks || means_task(before);
                let found = self.0.get(word).copied();
                named.extend(found.filter(|id| is_called || !is_number(id)));
                let joined = word.split_once('-').filter(|(name, _)| means_task(name));
                let number = joined.and_then(|(_, number)| self.0.get(number).copied());
                named.extend(number.filter(|id| is_number(id)));
                before = word;
            }
        }
        named.sort_unstable();
        named.dedup();
        named
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
    use crate::model::Oid;
    use crate::model::testing::ids;

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
            id: Oid(id.to_string().repeat(40)),
            parents: Vec::new(),
            subject: format!("T1: {id}"),
            body: body.to_owned(),
            trailers: Vec::new(),
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
        assert_eq!(naming(&with("Task"), &ids).unwrap().place, NamedIn::Trailer);
        assert!(naming(&with("Depends-on"), &ids).is_none());
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
        let named = namings(&plan, &history);
        let named: Vec<&str> =
            named[&TaskId::from("T1")].iter().map(|naming| naming.commit.id.0.as_str()).collect();
        assert_eq!(named, ["2", "6"]);
    }

    #[test]
    fn ids_that_mean_anything_are_not_searched() {
        assert!(is_distinctive(&"T1".into()));
        assert!(!is_distinctive(&"12".into()) && !is_distinctive(&"setup".into()));
    }
}
