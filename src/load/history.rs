//! The history a plan is compared with. Without one, attribution goes on with the records alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::layouts::TASKMASTER;
use super::origin::add_origins;
use super::project::{add_known, canonical, project_paths, project_root};
use crate::git::{self, Extraction, GitError, HistoryRequest, RangeRequest, Repository, WorktreeMode};
use crate::model::{Code, Content, Finding, History, Plan, ProjectPaths, place};
use crate::words::Interest;

/// Which history to read.
#[derive(Debug, Clone)]
pub struct HistoryOptions {
    /// `--repo`: overrides where the plan says its project is.
    pub repo: Option<PathBuf>,
    /// `--base`
    pub base: Option<String>,
    /// `--head`
    pub head: Option<String>,
    /// `--worktree`
    pub worktree: WorktreeMode,
    /// How commits are read: `--cache-dir`, `--no-cache`.
    pub extraction: Extraction,
    /// The working directory, for plans that are kept outside their project.
    pub start: PathBuf,
}

/// What git says, and how the plan's paths map to it.
#[derive(Debug, Clone)]
pub struct Past {
    /// The epic range and the uncommitted changes.
    pub history: History,
    /// How claimed paths are placed.
    pub paths: ProjectPaths,
    /// What could not be read.
    pub findings: Vec<Finding>,
    /// There is a repository, and it could not be used: what the records say cannot be held against it.
    pub is_unusable: bool,
}

/// Reads the plan's history.
///
/// Fails only on what the user asked for in so many words and cannot have: an unknown revision, or the
/// work tree of a bare repository. Everything else becomes the history's `reason` and a finding.
pub fn history(plan: &Plan, options: &HistoryOptions) -> Result<Past, GitError> {
    let root = project_root(plan);
    let asked = asked(root.as_ref(), options);
    let repository = find(&asked, options);
    let mut paths = project_paths(plan, root.as_deref(), &asked, repository.as_ref().ok());
    let mut own = None;
    let read = repository.and_then(|repository| {
        own = list(plan, &repository);
        let names = plan.tasks.iter().map(|task| task.id.0.as_str());
        let interest = Some(Arc::new(Interest::of(plan.texts()).in_names(names)));
        let request = HistoryRequest {
            range: range_request(plan, options, own.clone()),
            worktree: options.worktree,
            paths_of_interest: claimed_paths(plan, &paths),
            extraction: Extraction { interest, ..options.extraction.clone() },
        };
        git::history(&repository, &request)
    });
    let mut is_unusable = false;
    let (mut history, problems) = match read {
        Ok(read) => read,
        Err(asked @ (GitError::UnknownRevision { .. } | GitError::BareWorktree { .. })) => return Err(asked),
        Err(error) => {
            is_unusable = matches!(
                error,
                GitError::Ownership { .. }
                    | GitError::Damaged { .. }
                    | GitError::Special { .. }
                    | GitError::Read { .. }
                    | GitError::TooMuch { .. }
                    | GitError::Excessive { .. }
            );
            (History::absent(with_cause(&error)), Vec::new())
        }
    };
    if let Some(own) = &own {
        leave_out(&mut history, own);
    }
    add_known(&mut paths, &history);
    let names: Vec<String> =
        [plan.recorded_project_dir.as_deref().map(Path::new), root.as_deref(), Some(&*asked)]
            .into_iter()
            .flatten()
            .filter_map(|dir| Some(dir.file_name()?.to_string_lossy().into_owned()))
            .collect();
    add_origins(&mut paths, &claims(plan), &names, &history);
    let mut findings = findings(&history, problems);
    findings.extend(not_compared(&history, options.extraction.limits.blob_bytes));
    Ok(Past { history, paths, findings, is_unusable })
}

/// What a plan needs of a repository, when nothing else of the plan is kept.
#[derive(Debug, Clone)]
pub struct Needed {
    git_dir: PathBuf,
    range: git::Range,
}

/// The commits that [`history`] will ask for; `None` if there are none to be read, which it says then.
pub fn needed(plan: &Plan, options: &HistoryOptions) -> Option<Needed> {
    let repository = open(Some(plan), options).ok()?;
    let request = range_request(plan, options, list(plan, &repository));
    let range = git::find_range(&repository, &request).ok()?;
    Some(Needed { git_dir: repository.git_dir(), range })
}

/// Reads the histories of several plans into the cache of their options, each commit once; afterwards [`history`] finds
/// them there. `told` hears how many commits are done, and how many more there are to do. What cannot be read is left to
/// [`history`], which says so.
pub fn prefetch(plans: Vec<(Needed, &HistoryOptions)>, told: impl Fn(usize, usize) + Sync) {
    let mut repositories: BTreeMap<PathBuf, (&Extraction, Vec<git::Range>)> = BTreeMap::new();
    for (Needed { git_dir, range }, options) in plans {
        repositories.entry(git_dir).or_insert((&options.extraction, Vec::new())).1.push(range);
    }
    for (git_dir, (extraction, ranges)) in repositories {
        let Ok(repository) = Repository::open(&git_dir) else { continue };
        // What cannot be read is said of the plan that needs it.
        drop(git::prefetch(&repository, &ranges, extraction, &told));
    }
}

fn range_request(plan: &Plan, options: &HistoryOptions, list: Option<String>) -> RangeRequest {
    RangeRequest {
        base: options.base.clone(),
        head: options.head.clone(),
        recorded_base: plan.recorded_base.clone(),
        plan_name: plan.name.clone(),
        list,
    }
}

/// Where the repository is looked for.
fn asked(root: Option<&PathBuf>, options: &HistoryOptions) -> PathBuf {
    options.repo.as_ref().or(root).unwrap_or(&options.start).clone()
}

/// Where a plain task list lies in the repository; `None` for a plan of the harness.
fn list(plan: &Plan, repository: &Repository) -> Option<String> {
    let artifact = plan.artifacts.iter().next().filter(|_| plan.layout.is_task_list())?;
    let inside = canonical(&plan.directory);
    let inside = inside.strip_prefix(canonical(&repository.work_dir()?)).ok()?.join(&artifact.name);
    Some(inside.to_string_lossy().replace('\\', "/"))
}

/// What an agent changes in its own list, or beside it in a folder of its own, is nobody's work.
fn leave_out(history: &mut History, list: &str) {
    let folder = list.split_once(TASKMASTER).map(|(project, _)| format!("{project}{TASKMASTER}/"));
    let is_work =
        |path: &str| path != list && folder.as_ref().is_none_or(|folder| !path.starts_with(folder.as_str()));
    for commit in &mut history.commits {
        commit.changes.retain(|change| is_work(&change.path));
    }
    history.uncommitted.retain(|change| is_work(&change.path));
}

/// Every path that the plan's records mention, as repository paths: what git has to be asked about.
fn claimed_paths(plan: &Plan, paths: &ProjectPaths) -> BTreeSet<String> {
    let places = claims(plan).into_iter().filter_map(|claim| place(claim, paths));
    places.filter(|place| place.inside).map(|place| place.path).collect()
}

/// Every path that the plan's records mention, as spelled.
fn claims(plan: &Plan) -> Vec<&str> {
    let tasks = plan.tasks.iter().flat_map(|task| task.files_changed.iter().chain(&task.evidence_files));
    let rows = plan.rows.iter().flat_map(|row| &row.files);
    let batches = plan.batches.iter().flat_map(|batch| batch.files.iter().flatten());
    let review = plan.review.iter().flat_map(|review| review.evidence.iter().flat_map(|(_, files, _)| files));
    tasks.chain(rows).chain(batches).chain(review).map(String::as_str).collect()
}

/// The root of the work tree that the options mean, or the directory itself where there is none.
pub fn root(options: &HistoryOptions) -> PathBuf {
    let work_dir = open(None, options).ok().and_then(|repository| repository.work_dir());
    work_dir.unwrap_or_else(|| asked(None, options))
}

/// The repository that the options, or the plan, mean.
pub(super) fn open(plan: Option<&Plan>, options: &HistoryOptions) -> Result<Repository, GitError> {
    let root = plan.and_then(project_root);
    find(&asked(root.as_ref(), options), options)
}

/// The repository at or above a directory. One that is not there is a slip of the finger, and the
/// repository around it is not what was meant. Only one that is named may be bare: see [`Repository::discover`].
fn find(asked: &Path, options: &HistoryOptions) -> Result<Repository, GitError> {
    match (asked.is_dir(), &options.repo) {
        (false, _) => Err(GitError::NotARepository { path: asked.to_path_buf() }),
        (true, Some(_)) => Repository::open(asked),
        (true, None) => Repository::discover(asked),
    }
}

fn findings(history: &History, problems: Vec<String>) -> Vec<Finding> {
    let code = if history.is_present() { Code::PartialHistory } else { Code::NoHistory };
    let reason = history.reason.iter().map(|reason| Finding::new(code, ".git", reason.clone()));
    let problems = problems.into_iter().map(|problem| Finding::new(Code::PartialHistory, ".git", problem));
    reason.chain(problems).collect()
}

/// Says which changed files were too large for their lines to be compared.
fn not_compared(history: &History, limit: u64) -> Option<Finding> {
    let changes = history.commits.iter().flat_map(|commit| &commit.changes).chain(&history.uncommitted);
    let large: BTreeSet<&str> = changes
        .filter(|change| matches!(change.content, Content::TooLarge))
        .map(|change| change.path.as_str())
        .collect();
    let more = large.len().saturating_sub(1);
    let others = if more > 0 { format!(" and {more} more") } else { String::new() };
    let message = format!(
        "`{}`{others}: larger than {limit} bytes (`compared-bytes` in `[limits]`), so it counts that it changed, and its \
         lines were not compared",
        large.first()?
    );
    Some(Finding::new(Code::NotCompared, ".git", message))
}

fn with_cause(error: &GitError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
