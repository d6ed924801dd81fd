//! Which commits belong to a plan: where the range starts and where it ends.

use std::path::Path;

use super::error::{GitError, Reading};
use super::pull_request;
use super::repository::{HeadState, Repository, oid, raw_oid};
use crate::model::{BaseSource, Oid};

/// What is known about the range before the repository is asked.
#[derive(Debug, Clone, Default)]
pub struct RangeRequest {
    /// `--base`.
    pub base: Option<String>,
    /// `--head`.
    pub head: Option<String>,
    /// The base that the plan recorded.
    pub recorded_base: Option<String>,
    /// Name of the plan, as its init commit spells it.
    pub plan_name: String,
    /// Path in the repository of a plain task list: on the default branch its plan starts where it was added.
    pub list: Option<String>,
}

/// Commits reachable from `head` and neither from `base` nor from `hidden`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// Where the range starts (exclusive).
    pub base: Option<Oid>,
    /// How `base` was found.
    pub base_source: BaseSource,
    /// Where the range ends (inclusive).
    pub head: Oid,
    /// Further commits whose history is not the plan's.
    pub hidden: Vec<Oid>,
    /// What a person should know about the choice.
    pub reason: Option<String>,
}

/// The end of the range, and the branch it will be merged into.
struct End {
    head: Oid,
    trunk: Option<(String, Oid)>,
}

/// A base and how it was found; `None` where the plan started with the repository's first commit.
struct Start {
    base: Option<Oid>,
    source: BaseSource,
}

/// Finds the range of a plan.
pub fn find(repo: &Repository, request: &RangeRequest) -> Result<Range, GitError> {
    let end = end(repo, request.head.as_deref())?;
    if let Some(base) = &request.base {
        let base = flag(repo, "--base", base)?;
        let reason =
            (base == end.head).then(|| "the range is empty: --base and head are one commit".to_owned());
        let source = BaseSource::Flag;
        return Ok(Range {
            base: Some(base),
            base_source: source,
            head: end.head,
            hidden: Vec::new(),
            reason,
        });
    }
    let mut notes = Vec::new();
    let start = start(repo, request, &end, &mut notes)?;
    let hidden = hidden(repo, &end, start.as_ref())?;
    describe(&end, start.as_ref(), &mut notes);
    let (base, base_source) = start.map_or((None, BaseSource::None), |start| (start.base, start.source));
    let reason = (!notes.is_empty()).then(|| notes.join("; "));
    Ok(Range { base, base_source, head: end.head, hidden, reason })
}

fn end(repo: &Repository, head_flag: Option<&str>) -> Result<End, GitError> {
    let head = match head_flag {
        Some(revision) => flag(repo, "--head", revision)?,
        None => match repo.head_state()? {
            HeadState::Branch { oid, .. } | HeadState::Detached(oid) => oid,
            HeadState::Unborn(branch) => return Err(GitError::Unborn { branch }),
        },
    };
    match pull_request::of_merge(repo, &head)? {
        Some(merge) => {
            Ok(End { head: merge.head, trunk: Some(("of the pull request".to_owned(), merge.target)) })
        }
        None => Ok(End { head, trunk: repo.default_branch() }),
    }
}

fn flag(repo: &Repository, flag: &'static str, revision: &str) -> Result<Oid, GitError> {
    match repo.resolve(revision)? {
        Some(oid) => Ok(oid),
        None if repo.is_shallow() => Err(GitError::Shallow { what: format!("{flag} `{revision}`") }),
        None => Err(GitError::UnknownRevision { flag, revision: revision.to_owned() }),
    }
}

fn start(
    repo: &Repository,
    request: &RangeRequest,
    end: &End,
    notes: &mut Vec<String>,
) -> Result<Option<Start>, GitError> {
    if let Some(recorded) = &request.recorded_base
        && let Some(base) = recorded_base(repo, recorded, &end.head, notes)?
    {
        return Ok(Some(Start { base: Some(base), source: BaseSource::Recorded }));
    }
    if let Some(start) = before_init(repo, &request.plan_name, &end.head)? {
        return Ok(Some(start));
    }
    let base = match &end.trunk {
        Some((_, trunk)) => merge_base(repo, &end.head, trunk)?,
        None => None,
    };
    let is_on_trunk = base.as_ref().is_none_or(|base| *base == end.head);
    if let Some(list) = request.list.as_ref().filter(|_| is_on_trunk)
        && let Some(start) = before_list(repo, list, &end.head)?
    {
        return Ok(Some(start));
    }
    // At head, or nowhere: where the plan really started may have been cut off.
    if repo.is_shallow() && is_on_trunk {
        return Err(GitError::Shallow { what: "the commit that the plan started from".to_owned() });
    }
    Ok(base.map(|base| Start { base: Some(base), source: BaseSource::MergeBase }))
}

fn recorded_base(
    repo: &Repository,
    recorded: &str,
    head: &Oid,
    notes: &mut Vec<String>,
) -> Result<Option<Oid>, GitError> {
    let base = if is_plain_revision(recorded) { repo.resolve(recorded)? } else { None };
    let usable = match &base {
        Some(base) => repo.contains(head, base)?,
        None => false,
    };
    if usable {
        return Ok(base);
    }
    if repo.is_shallow() {
        return Err(GitError::Shallow { what: format!("the recorded base `{recorded}`") });
    }
    let fault = if base.is_some() { "is not an ancestor of head" } else { "names no commit" };
    notes.push(format!("the recorded base `{recorded}` {fault} and was passed over"));
    Ok(None)
}

/// Records are not trusted with git's revision operators: some of them search all of history.
fn is_plain_revision(revision: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/-".contains(c);
    !revision.is_empty()
        && !revision.starts_with('-')
        && !revision.contains("..")
        && revision.chars().all(plain)
}

/// Parent of the newest init commit of the plan that is reachable from `head`.
fn before_init(repo: &Repository, plan_name: &str, head: &Oid) -> Result<Option<Start>, GitError> {
    let subject = format!("megaplan: {plan_name} init");
    let reading = || format!("the history of {head}");
    let raw = repo.raw();
    // Unsorted, the walk goes from new to old and stops early; sorted, it would load all of history.
    let mut walk = raw.revwalk().reading(reading)?;
    walk.push(raw_oid(head)?).reading(reading)?;
    for id in walk {
        let commit = id.and_then(|id| raw.find_commit(id)).reading(reading)?;
        let found = commit.message_bytes().split(|byte| *byte == b'\n').next() == Some(subject.as_bytes());
        if found {
            let base = commit.parent_id(0).ok().map(oid);
            return Ok(Some(Start { base, source: BaseSource::InitCommit }));
        }
    }
    Ok(None)
}

/// Parent of the commit that added a list, along first parents; `None` if `head` does not have it.
fn before_list(repo: &Repository, list: &str, head: &Oid) -> Result<Option<Start>, GitError> {
    let reading = || format!("the history of {head}");
    let raw = repo.raw();
    let mut commit = raw.find_commit(raw_oid(head)?).reading(reading)?;
    let mut has_list = false;
    while commit.tree().reading(reading)?.get_path(Path::new(list)).is_ok() {
        has_list = true;
        match commit.parent(0) {
            Ok(parent) => commit = parent,
            // In a shallow clone the list may be older than all that is there.
            Err(_) if repo.is_shallow() => {
                return Err(GitError::Shallow { what: "the commit that added the list".to_owned() });
            }
            Err(_) => return Ok(Some(Start { base: None, source: BaseSource::InitCommit })),
        }
    }
    Ok(has_list.then(|| Start { base: Some(oid(commit.id())), source: BaseSource::InitCommit }))
}

pub(super) fn merge_base(repo: &Repository, head: &Oid, trunk: &Oid) -> Result<Option<Oid>, GitError> {
    match repo.raw().merge_base(raw_oid(head)?, raw_oid(trunk)?) {
        Ok(base) => Ok(Some(oid(base))),
        Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error).reading(|| format!("the merge base of {head} and {trunk}")),
    }
}

/// What the default branch already has is not the plan's work, unless the plan was carried out there.
fn hidden(repo: &Repository, end: &End, start: Option<&Start>) -> Result<Vec<Oid>, GitError> {
    let Some((_, trunk)) = &end.trunk else { return Ok(Vec::new()) };
    let on_trunk = repo.contains(trunk, &end.head)?;
    let known_start =
        start.is_some_and(|start| matches!(start.source, BaseSource::Recorded | BaseSource::InitCommit));
    Ok(if on_trunk && known_start { Vec::new() } else { vec![*trunk] })
}

fn describe(end: &End, start: Option<&Start>, notes: &mut Vec<String>) {
    let trunk = end.trunk.as_ref().map_or("", |(name, _)| name.as_str());
    match start {
        Some(start) if start.base.as_ref() == Some(&end.head) && start.source == BaseSource::MergeBase => {
            notes.push(format!("the range is empty: head is on the default branch `{trunk}`; give --base"));
        }
        Some(start) if start.base.as_ref() == Some(&end.head) => {
            notes.push("the range is empty: head is where the plan started; give --base".to_owned());
        }
        Some(_) => {}
        None => notes.push(
            "no base was found, so all of history counts; give --base where the plan's work started"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_bases_may_not_search() {
        assert!(is_plain_revision("deadbeef"));
        assert!(is_plain_revision("origin/main"));
        for revision in ["", "-x", ":/fix", "HEAD^{/fix}", "main@{1 year ago}", "a..b"] {
            assert!(!is_plain_revision(revision), "{revision}");
        }
    }
}
