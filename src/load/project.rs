//! Where the plan's project lies on this machine, and under which names its records know it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use hashbrown::HashSet;
use rayon::prelude::*;

use crate::git::Repository;
use crate::model::{Change, History, Plan, ProjectPaths};

/// The project's directory: the recorded one if it contains the plan, else the one whose `.megaplan`
/// holds the plan. `None` for a plan that is kept elsewhere.
///
/// A recorded directory that does not contain the plan is another machine's, or a branch's attempt to
/// point somewhere else; so is one that lies above the work tree of the plan, such as `/`, where no history could
/// contradict it.
pub(super) fn project_root(plan: &Plan) -> Option<PathBuf> {
    let directory = canonical(&plan.directory);
    let work_tree = directory.ancestors().find(|dir| dir.join(".git").symlink_metadata().is_ok());
    let contains = |dir: &PathBuf| {
        dir.is_dir() && directory.starts_with(dir) && work_tree.is_none_or(|root| dir.starts_with(root))
    };
    let recorded = plan.recorded_project_dir.as_ref().map(|dir| canonical(Path::new(dir)));
    if let Some(recorded) = recorded.filter(contains) {
        return Some(recorded);
    }
    let plans = directory.parent().filter(|plans| plans.ends_with(".megaplan/plans"))?;
    Some(plans.parent()?.parent()?.to_path_buf())
}

/// How claims are placed: the project's directory within the repository, and its absolute names.
pub(super) fn project_paths(
    plan: &Plan,
    root: Option<&Path>,
    asked: &Path,
    repo: Option<&Repository>,
) -> ProjectPaths {
    let work_dir = repo.and_then(Repository::work_dir).map(|dir| canonical(&dir));
    let inside = |dir: &Path| work_dir.as_ref().and_then(|work| Some(slashed(dir.strip_prefix(work).ok()?)));
    let prefix = root.and_then(inside).or_else(|| inside(&canonical(asked))).unwrap_or_default();
    let roots = plan.recorded_project_dir.iter().map(|dir| slashed(Path::new(dir)));
    let roots = roots.chain(root.map(slashed));
    ProjectPaths {
        prefix,
        project_roots: spellings(roots),
        repository_roots: spellings(work_dir.iter().map(|dir| slashed(dir))),
        ..ProjectPaths::default()
    }
}

/// Adds what the repository knows: paths that exist or changed.
pub(super) fn add_known<'h>(paths: &mut ProjectPaths, history: &'h History) {
    let paths_of = |change: &'h Change| change.old_path.iter().chain([&change.path]);
    let committed =
        history.commits.par_iter().fold(HashSet::new, |mut found: HashSet<&'h String>, commit| {
            found.extend(commit.changes.iter().flat_map(paths_of));
            found
        });
    let join = |one: HashSet<_>, other: HashSet<_>| one.into_iter().chain(other).collect();
    let mut changed = committed.reduce(HashSet::new, join);
    changed.extend(history.uncommitted.iter().flat_map(paths_of));
    changed.retain(|path| !history.reach.existing.contains(*path));
    let all: Vec<&String> = history.reach.existing.iter().chain(changed).collect();
    // Made of all at once: put in one by one they take several times as long.
    let known = || all.iter().copied().cloned().collect();
    (paths.known, paths.base_names) = rayon::join(known, || base_names(&all));
}

/// How many paths have each name.
fn base_names(paths: &[&String]) -> BTreeMap<String, usize> {
    let mut names: Vec<&str> = paths.iter().map(|path| path.rsplit('/').next().unwrap_or(path)).collect();
    names.sort_unstable();
    names.chunk_by(|one, other| one == other).map(|same| (same[0].to_owned(), same.len())).collect()
}

pub(super) fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// `/` separated, without the final slash; a drive letter becomes a first component.
fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let text = text.trim_end_matches('/');
    if text.as_bytes().get(1) == Some(&b':') { format!("/{text}") } else { text.to_owned() }
}

/// macOS knows `/var` and `/tmp` as `/private/var` and `/private/tmp`, too: records use either. A root that
/// is no directory of its own would swallow every absolute path.
fn spellings(roots: impl Iterator<Item = String>) -> Vec<String> {
    let mut spellings = Vec::new();
    for root in roots.filter(|root| root.starts_with('/') && root.len() > 1) {
        let other = root.strip_prefix("/private").map_or_else(|| format!("/private{root}"), str::to_owned);
        for spelling in [root, other] {
            if spelling.len() > 1 && !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_known_by_both_spellings_and_never_empty() {
        let roots = ["/private/var/x", "/srv", "/", "relative", "/private"].map(str::to_owned);
        assert_eq!(
            spellings(roots.into_iter()),
            ["/private/var/x", "/var/x", "/srv", "/private/srv", "/private"]
        );
    }

    #[test]
    fn drives_become_a_component() {
        assert_eq!(slashed(Path::new("C:\\x\\y\\")), "/C:/x/y");
        assert_eq!(slashed(Path::new("/x/")), "/x");
    }
}
