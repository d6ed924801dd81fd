//! Paths that say nothing about a task (spec edge 29).

use crate::model::{Place, ProjectPaths, is_left_behind, place};

/// The harness's own artifacts, which workers sometimes list as their work by their bare names.
const ARTIFACTS: [&str; 6] = [
    "finalize.json",
    "finalize_snapshot.json",
    "execution.json",
    "execution_audit.json",
    "execution_checkpoint.json",
    "phase_result.json",
];
/// Files that change with everything and belong to nobody in particular.
const SHARED: [&str; 12] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lockb",
    "Cargo.lock",
    "poetry.lock",
    "uv.lock",
    "Pipfile.lock",
    "Gemfile.lock",
    "composer.lock",
    "go.sum",
];

/// Whether a path is the harness's or the system's own: never evidence, wherever it is claimed.
pub(super) fn is_noise(path: &str) -> bool {
    is_left_behind(path)
        || ARTIFACTS.contains(&path)
        || (path.starts_with("execution_batch_") && path.ends_with(".json"))
}

/// The places of claims, without noise and without those that name nothing.
pub(super) fn places<'a>(claims: &'a [String], paths: &'a ProjectPaths) -> impl Iterator<Item = Place> + 'a {
    claims.iter().filter_map(|claim| place(claim, paths)).filter(|place| !is_noise(&place.written))
}

/// Whether a path changes with everything: its own task may claim it, but nobody gets it by elimination.
pub(super) fn is_shared(path: &str) -> bool {
    SHARED.contains(&base_name(path))
}

pub(super) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_harness_s_own_files_are_noise() {
        for path in
            [".megaplan/plans/x/state.json", "a/__pycache__/b.pyc", "execution_batch_3.json", "x/.DS_Store"]
        {
            assert!(is_noise(path), "{path}");
        }
        for path in
            ["src/megaplan.py", ".github/ci.yml", "execution_batch.py", "Cargo.lock", "tests/finalize.json"]
        {
            assert!(!is_noise(path), "{path}");
        }
        assert!(is_shared("web/package-lock.json") && !is_shared("lock.json"));
    }
}
