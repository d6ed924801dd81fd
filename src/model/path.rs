//! Where a claimed path lies: records spell one file in many ways (spec edges 17 and 18).

use std::collections::{BTreeMap, BTreeSet};

/// A claimed path, placed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Repository-relative path, `/` separated; outside the project, the claim as spelled.
    pub path: String,
    /// How the harness spells it: relative to the project.
    pub written: String,
    /// Whether it lies in the project's repository, where git can speak about it.
    pub inside: bool,
}

/// What is needed to place claimed paths: where the project lies in its repository, and under which
/// absolute roots the plan's machines knew it.
#[derive(Debug, Clone, Default)]
pub struct ProjectPaths {
    /// Repository-relative directory of the project, without a final slash; empty for the root.
    pub prefix: String,
    /// Absolute directories that are the project: recorded, actual, and with symlinks resolved.
    pub project_roots: Vec<String>,
    /// Absolute directories that are the repository's work tree.
    pub repository_roots: Vec<String>,
    /// Repository paths that exist or changed.
    pub known: BTreeSet<String>,
    /// How many known paths have each base name.
    pub base_names: BTreeMap<String, usize>,
}
