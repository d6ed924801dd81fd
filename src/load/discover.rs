//! Where plans live (spec section 1): the harness's own search, so that both mean the same plan.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::artifact::read_artifact;
use super::error::LoadError;
use crate::config::Config;
use crate::digest::sha256_hex;

/// States in which the harness considers a plan over.
const TERMINAL_STATES: [&str; 3] = ["done", "aborted", "cancelled"];
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
    if is_plan(search.start) {
        return Ok(search.start.to_path_buf());
    }
    let found = all_plans(search)?;
    let active: Vec<&PathBuf> = found.iter().filter(|plan| !is_over(plan, config)).collect();
    match (active.as_slice(), found.as_slice()) {
        ([only], _) => Ok((*only).clone()),
        (_, [only]) => Ok(only.clone()),
        (_, []) => Err(LoadError::NoPlan { start: search.start.to_path_buf() }),
        ([], _) => Err(ambiguous(found.iter())),
        (several, _) => Err(ambiguous(several.iter().copied())),
    }
}

/// Every plan at or below `directory`, sorted: a directory with `finalize.json`. Below a plan there are no
/// others, and symbolic links are not followed.
pub fn plans_below(directory: &Path) -> Result<Vec<PathBuf>, LoadError> {
    // Named by the user: one that cannot be read is an error, as opposed to what lies below it.
    fs::read_dir(directory).map_err(|source| LoadError::Read { path: directory.to_path_buf(), source })?;
    let mut plans = Vec::new();
    collect_plans(directory, 0, &mut plans);
    Ok(plans)
}

fn collect_plans(directory: &Path, depth: usize, plans: &mut Vec<PathBuf>) {
    if directory.join("finalize.json").is_file() {
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
    directory.join("state.json").is_file()
}

fn is_over(plan: &Path, config: &Config) -> bool {
    let state = read_artifact(plan, "state.json", config).ok().flatten();
    let document = state.and_then(|artifact| artifact.document);
    let current = document.as_ref().and_then(|state| state.root.get("current_state")?.as_str());
    current.is_some_and(|state| TERMINAL_STATES.contains(&state))
}

/// Nearest first, and orphans before the plans of the project itself: of two plans with one name, the
/// harness means the first.
fn all_plans(search: &Search<'_>) -> Result<Vec<PathBuf>, LoadError> {
    let mut plans = Vec::new();
    for root in search.start.ancestors() {
        plans.extend(plans_of_root(root, search.home)?);
    }
    if plans.is_empty() {
        for root in roots_below(search.start, 0) {
            plans.extend(plans_of_root(&root, search.home)?);
        }
    }
    let mut seen = BTreeSet::new();
    plans.retain(|plan| seen.insert(plan.clone()));
    Ok(plans)
}

fn plans_of_root(root: &Path, home: Option<&Path>) -> Result<Vec<PathBuf>, LoadError> {
    let orphans = home.map(|home| home.join(".megaplan").join(storage_id(root)).join("orphan_plans"));
    let mut plans = Vec::new();
    for directory in orphans.into_iter().chain([root.join(".megaplan/plans")]) {
        plans.extend(subdirectories(&directory)?.into_iter().filter(|plan| is_plan(plan)));
    }
    Ok(plans)
}

/// Sorted; symbolic links are not followed, so that a loop cannot trap us. Nothing there is no error.
fn subdirectories(directory: &Path) -> Result<Vec<PathBuf>, LoadError> {
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

fn roots_below(directory: &Path, depth: usize) -> Vec<PathBuf> {
    if depth > MAX_DEPTH {
        return Vec::new();
    }
    let mut roots = Vec::new();
    for child in subdirectories(directory).unwrap_or_default() {
        match child.file_name().and_then(|name| name.to_str()) {
            Some(".megaplan") => roots.push(directory.to_path_buf()),
            Some(name) if SKIPPED.contains(&name) => {}
            _ => roots.extend(roots_below(&child, depth + 1)),
        }
    }
    roots
}

/// The harness's name for a repository: its label, and a digest of its common git directory.
fn storage_id(root: &Path) -> String {
    let resolved = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    let common = git_common_dir(&resolved);
    let identity = common.as_deref().unwrap_or(&resolved);
    let label = common.as_deref().and_then(Path::parent).unwrap_or(&resolved);
    let label = slug(&label.file_name().unwrap_or_default().to_string_lossy());
    let digest = sha256_hex(identity.to_string_lossy().as_bytes());
    format!("{label}-{}", &digest[..12])
}

fn git_common_dir(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return fs::canonicalize(&git).ok();
    }
    let text = fs::read_to_string(&git).ok()?;
    let target = Path::new(text.trim().strip_prefix("gitdir:")?.trim()).to_path_buf();
    let target = if target.is_absolute() { target } else { fs::canonicalize(root.join(target)).ok()? };
    let parent = target.parent()?;
    let common = if parent.file_name()? == "worktrees" { parent.parent()?.to_path_buf() } else { target };
    Some(fs::canonicalize(&common).unwrap_or(common))
}

/// Lower case, runs of anything but letters and digits as one dash, at most 30 characters and then cut
/// at a dash if one is near.
fn slug(label: &str) -> String {
    const LONGEST: usize = 30;
    let mut out = String::new();
    for character in label.to_lowercase().chars() {
        match character {
            'a'..='z' | '0'..='9' => out.push(character),
            _ if out.ends_with('-') => {}
            _ => out.push('-'),
        }
    }
    let mut cut = out.trim_matches('-').to_owned();
    if cut.len() > LONGEST {
        cut.truncate(LONGEST);
        cut.truncate(cut.rfind('-').filter(|at| *at > 10).unwrap_or(LONGEST));
    }
    if cut.is_empty() { "plan".to_owned() } else { cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_the_harness_s() {
        assert_eq!(slug("My Repo__v2"), "my-repo-v2");
        assert_eq!(slug("..."), "plan");
        assert_eq!(slug("a-very-long-repository-name-indeed"), "a-very-long-repository-name");
    }
}
