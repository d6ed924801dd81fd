//! Where plans live (spec section 1): the harness's own search, so that both mean the same plan.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::LoadError;
use super::layouts::{self, Format};
use crate::config::Config;

/// Directories that are never searched for plans.
const SKIPPED: [&str; 4] = [".git", "node_modules", "target", "__pycache__"];
/// How deep below the working directory plans are searched.
const MAX_DEPTH: usize = 8;

/// What to look for.
#[derive(Debug, Clone)]
pub struct Search<'a> {
    /// `--plan`: a plan directory, or the name of a plan to be found.
    pub requested: Option<&'a Path>,
    /// The working directory.
    pub start: &'a Path,
    /// The user's home, where orphaned plans live.
    pub home: Option<&'a Path>,
}

/// Finds the plan directory.
///
/// Without a request: the working directory itself, else the only plan that is not over, else the only
/// plan, in and above it, else below it. Several are an error that lists them.
pub fn discover(search: &Search<'_>, config: &Config) -> Result<PathBuf, LoadError> {
    if let Some(requested) = search.requested {
        return find_requested(requested, search);
    }
    for rank in layouts::RANKS {
        if rank.iter().any(|format| format.is_plan(search.start)) {
            return Ok(search.start.to_path_buf());
        }
        let found = plans_of_rank(rank, search)?;
        if !found.is_empty() {
            return choose(&found, config);
        }
    }
    Err(LoadError::NoPlan { start: search.start.to_path_buf() })
}

/// The only plan that is not over, else the only plan.
fn choose(found: &[PathBuf], config: &Config) -> Result<PathBuf, LoadError> {
    let active: Vec<&PathBuf> = found.iter().filter(|plan| !is_over(plan, config)).collect();
    match (active.as_slice(), found) {
        ([only], _) => Ok((*only).clone()),
        (_, [only]) => Ok(only.clone()),
        ([], _) => Err(ambiguous(found.iter())),
        (several, _) => Err(ambiguous(several.iter().copied())),
    }
}

/// Every plan at or below `directory`, sorted: a directory with a `finalize.json` of any kind. Below a plan there are no
/// others, and symbolic links are not followed.
pub fn plans_below(directory: &Path) -> Result<Vec<PathBuf>, LoadError> {
    // Named by the user: one that cannot be read is an error, as opposed to what lies below it.
    fs::read_dir(directory).map_err(|source| LoadError::Read { path: directory.to_path_buf(), source })?;
    let mut plans = Vec::new();
    collect_plans(directory, 0, &mut plans);
    Ok(plans)
}

fn collect_plans(directory: &Path, depth: usize, plans: &mut Vec<PathBuf>) {
    // Whatever it is: a plan whose record is a device, or leads nowhere, is one that cannot be read, and none to pass over.
    if directory.join("finalize.json").symlink_metadata().is_ok() {
        plans.push(directory.to_path_buf());
        return;
    }
    if depth > MAX_DEPTH {
        return;
    }
    for child in subdirectories(directory).unwrap_or_default() {
        let name = child.file_name().and_then(|name| name.to_str());
        if !name.is_some_and(|name| SKIPPED.contains(&name)) {
            collect_plans(&child, depth + 1, plans);
        }
    }
}

fn find_requested(requested: &Path, search: &Search<'_>) -> Result<PathBuf, LoadError> {
    let directory = search.start.join(requested);
    if is_plan(&directory) {
        return Ok(directory);
    }
    // A directory of the project may be called like the plan.
    let is_name = requested.components().count() == 1;
    let named = if is_name { all_plans(search)? } else { Vec::new() };
    match named.iter().find(|plan| plan.file_name() == requested.file_name()) {
        Some(plan) => Ok(plan.clone()),
        None if directory.is_dir() => Err(LoadError::NotAPlan { directory, missing: "state.json" }),
        None if !named.is_empty() => {
            let known = named.iter().map(|plan| name(plan)).collect();
            Err(LoadError::UnknownPlan { name: requested.display().to_string(), known })
        }
        None => Err(LoadError::NoPlan { start: directory }),
    }
}

/// Plans by name, or by directory where names alone would not tell them apart.
fn ambiguous<'a>(plans: impl Iterator<Item = &'a PathBuf> + Clone) -> LoadError {
    let names: Vec<String> = plans.clone().map(|plan| name(plan)).collect();
    let is_unique = names.iter().collect::<BTreeSet<_>>().len() == names.len();
    let paths = || plans.map(|plan| plan.display().to_string()).collect();
    LoadError::AmbiguousPlan { names: if is_unique { names } else { paths() } }
}

fn name(plan: &Path) -> String {
    plan.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn is_plan(directory: &Path) -> bool {
    layouts::of(directory).is_some()
}

fn is_over(plan: &Path, config: &Config) -> bool {
    layouts::of(plan).is_some_and(|format| format.is_over(plan, config))
}

/// Nearest first, and orphans before the plans of the project itself: of two plans with one name, the
/// harness means the first. Task lists are looked for only where the harness has no plan at all.
fn all_plans(search: &Search<'_>) -> Result<Vec<PathBuf>, LoadError> {
    for rank in layouts::RANKS {
        let plans = plans_of_rank(rank, search)?;
        if !plans.is_empty() {
            return Ok(plans);
        }
    }
    Ok(Vec::new())
}

fn plans_of_rank(rank: &[&dyn Format], search: &Search<'_>) -> Result<Vec<PathBuf>, LoadError> {
    let mut plans = Vec::new();
    for root in search.start.ancestors() {
        plans.extend(plans_of_root(rank, root, search.home)?);
    }
    if plans.is_empty() {
        let markers: BTreeSet<&str> = rank.iter().map(|format| format.marker()).collect();
        for root in roots_below(search.start, 0, &markers) {
            plans.extend(plans_of_root(rank, &root, search.home)?);
        }
    }
    let mut seen = BTreeSet::new();
    plans.retain(|plan| seen.insert(plan.clone()));
    Ok(plans)
}

/// The plans of a project in the formats of one rank, which share their places.
pub(super) fn plans_of_root(
    rank: &[&dyn Format],
    root: &Path,
    home: Option<&Path>,
) -> Result<Vec<PathBuf>, LoadError> {
    let Some(first) = rank.first() else { return Ok(Vec::new()) };
    let mut plans = first.candidates(root, home)?;
    plans.retain(|plan| rank.iter().any(|format| format.is_plan(plan)));
    Ok(plans)
}

/// Sorted; symbolic links are not followed, so that a loop cannot trap us. Nothing there is no error.
pub(super) fn subdirectories(directory: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let read_error = |source| LoadError::Read { path: directory.to_path_buf(), source };
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if is_absence(&error) => return Ok(Vec::new()),
        Err(error) => return Err(read_error(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(read_error)?;
        if entry.file_type().map_err(read_error)?.is_dir() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn is_absence(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
    matches!(error.kind(), NotFound | NotADirectory | PermissionDenied)
}

/// The projects below a directory that have one of those markers.
fn roots_below(directory: &Path, depth: usize, markers: &BTreeSet<&str>) -> Vec<PathBuf> {
    if depth > MAX_DEPTH {
        return Vec::new();
    }
    let mut roots = Vec::new();
    for child in subdirectories(directory).unwrap_or_default() {
        match child.file_name().and_then(|name| name.to_str()) {
            Some(name) if markers.contains(name) => roots.push(directory.to_path_buf()),
            Some(name) if SKIPPED.contains(&name) => {}
            _ => roots.extend(roots_below(&child, depth + 1, markers)),
        }
    }
    roots
}
