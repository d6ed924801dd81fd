//! Task ids in commit messages.

use std::collections::{BTreeSet, HashMap};

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
    let ids: Vec<&TaskId> = plan.tasks.iter().map(|task| &task.id).filter(|id| is_nameable(id)).collect();
    let reverted = reverted(&history.commits);
    let mut namings: HashMap<&TaskId, Vec<Naming<'a>>> = HashMap::new();
    for (_, commit) in own_commits(plan, history).filter(|(at, _)| !reverted[*at]) {
        if let Some(naming) = naming(commit, &ids) {
            namings.entry(naming.task).or_default().push(naming);
        }
    }
    namings
}

/// Which commits a later one took back, by the message that git writes for a revert; unless that one was taken back
/// in turn. `commits` are oldest first.
pub(super) fn reverted(commits: &[Commit]) -> Vec<bool> {
    let id = |at: usize| commits[at].id.0.as_str();
    let mut by_id: Vec<usize> = (0..commits.len()).collect();
    by_id.sort_unstable_by_key(|at| id(*at));
    let mut reverted = vec![false; commits.len()];
    for (at, commit) in commits.iter().enumerate().rev() {
        if reverted[at] {
            continue;
        }
        for lead in commit.body.split("This reverts commit ").skip(1).filter_map(leading_id) {
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

fn naming<'a>(commit: &'a Commit, ids: &[&'a TaskId]) -> Option<Naming<'a>> {
    if commit.parents.len() > 1 || commit.subject.starts_with("Revert ") {
        return None;
    }
    let is_task_key = |key: &str| TASK_KEYS.contains(&key.to_lowercase().as_str());
    let trailers = commit.trailers.iter().filter(|trailer| is_task_key(&trailer.key));
    let trailers: Vec<&str> = trailers.map(|trailer| trailer.value.as_str()).collect();
    let places = [
        (NamedIn::Subject, commit.subject.clone()),
        (NamedIn::Trailer, trailers.join("\n")),
        (NamedIn::Body, without_trailers(commit)),
    ];
    for (place, text) in places {
        let named = named_ids(&text, ids, place == NamedIn::Trailer);
        match named.as_slice() {
            [] => {}
            [only] => return Some(Naming { commit, task: only, place }),
            _ => return None,
        }
    }
    None
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

/// The body without its trailers, which were looked at already.
fn without_trailers(commit: &Commit) -> String {
    let is_trailer = |line: &&str| {
        line.split_once(':')
            .is_some_and(|(key, _)| commit.trailers.iter().any(|trailer| trailer.key == key.trim()))
    };
    commit.body.lines().filter(|line| !is_trailer(line)).collect::<Vec<_>>().join("\n")
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

/// The ids that occur in `text` as whole words, in the order given. A number names a task only where it is called one,
/// as in `task 1.2`, or where all of the text is about tasks.
fn named_ids<'a>(text: &str, ids: &[&'a TaskId], is_about_tasks: bool) -> Vec<&'a TaskId> {
    let all: BTreeSet<&str> = words(text).collect();
    let called: BTreeSet<&str> = if is_about_tasks { all.clone() } else { called_tasks(text) };
    let is_named = |id: &&&TaskId| if is_number(id) { &called } else { &all }.contains(id.0.as_str());
    ids.iter().filter(is_named).copied().collect()
}

/// Numbers that stand behind the word for a task: `task 12`, `Task #1.2`, `subtask-3`.
fn called_tasks(text: &str) -> BTreeSet<&str> {
    let is_word = |word: &str| ["task", "subtask"].iter().any(|name| word.eq_ignore_ascii_case(name));
    let words: Vec<&str> = words(text).collect();
    let behind = words.windows(2).filter(|pair| is_word(pair[0])).map(|pair| pair[1]);
    let joined = words.iter().filter_map(|word| word.split_once('-'));
    behind.chain(joined.filter(|(name, _)| is_word(name)).map(|(_, number)| number)).collect()
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
        named_ids(text, &ids.iter().collect::<Vec<_>>(), false).iter().map(|id| id.0.clone()).collect()
    }

    #[test]
    fn numbers_are_tasks_only_where_they_are_called_so() {
        let ids = ids(&["1", "1.2", "12"]);
        let named = |text: &str, is_about_tasks| -> Vec<String> {
            let found = named_ids(text, &ids.iter().collect::<Vec<_>>(), is_about_tasks);
            found.iter().map(|id| id.0.clone()).collect()
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
