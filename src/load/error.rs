//! Why a plan could not be loaded.

use std::io;
use std::path::{Path, PathBuf};

use crate::json::ParseError;
use crate::spelling::hint;

/// Why a plan could not be loaded. Everything smaller is a finding.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// No plan where one was expected.
    #[error("no plan found in or above `{}`: a plan is a directory with `state.json` below `.megaplan/plans/`", .start.display())]
    NoPlan {
        /// Where the search started.
        start: PathBuf,
    },
    /// No plan of that name where plans are looked for, and others are there.
    #[error("no plan found that is called `{name}`; {}", hint(.name, .known.iter().map(String::as_str)))]
    UnknownPlan {
        /// What was asked for.
        name: String,
        /// Names of the plans that are there.
        known: Vec<String>,
    },
    /// No plan below any of the directories named.
    #[error("no plan found below {}: a plan is a directory with `finalize.json`", list(.directories))]
    NoPlanBelow {
        /// Where was searched.
        directories: Vec<PathBuf>,
    },
    /// The directory given is not a plan.
    #[error("`{}` is not a plan: it has no `{missing}`, {}", .directory.display(), origin(missing))]
    NotAPlan {
        /// The directory.
        directory: PathBuf,
        /// What it lacks.
        missing: &'static str,
    },
    /// Several plans and no hint which one.
    #[error("several plans to choose from, name one with `--plan`: {}", .names.join(", "))]
    AmbiguousPlan {
        /// Their names.
        names: Vec<String>,
    },
    /// The file system refused.
    #[error("cannot read `{}`", .path.display())]
    Read {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file is larger than anything the harness writes.
    #[error("`{}` has {size} bytes, more than the limit of {limit}: {}, or raise `[limits]` in the configuration", .path.display(), way_out(.path))]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The file holds more than anything the harness writes.
    #[error("`{}` is more than the limits allow: {}, or raise `[limits]` in the configuration", .path.display(), way_out(.path))]
    TooMuch {
        /// The file.
        path: PathBuf,
        /// Of what it has too much, and where that shows.
        #[source]
        source: ParseError,
    },
    /// The file is not a regular file.
    #[error("`{}` is not a regular file: {}", .path.display(), way_out(.path))]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The file is not UTF-8.
    #[error("`{}` is not UTF-8 from byte {at} on: {}", .path.display(), way_out(.path))]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Offset of the first bad byte.
        at: usize,
    },
    /// The file is not JSON.
    #[error("`{}` is not JSON: {}", .path.display(), way_out(.path))]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong and where.
        #[source]
        source: ParseError,
    },
    /// The file is JSON, but not what its name promises.
    #[error("`{}`{}: expected {expected}, found {found}; {}", .path.display(), place(.pointer), way_out(.path))]
    Shape {
        /// The file.
        path: PathBuf,
        /// JSON pointer.
        pointer: String,
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        found: &'static str,
    },
}

/// What a plan cannot do without must come back; the rest can be left out.
fn way_out(path: &Path) -> &'static str {
    match path.file_name().and_then(|name| name.to_str()) {
        Some("finalize.json" | "state.json") => "restore it from a backup or from git",
        _ => "restore it from a backup or from git, or move it aside to go on without it",
    }
}

fn list(directories: &[PathBuf]) -> String {
    directories.iter().map(|directory| format!("`{}`", directory.display())).collect::<Vec<_>>().join(", ")
}

fn origin(missing: &str) -> &'static str {
    match missing {
        "finalize.json" => {
            "which the harness writes when planning ends: finalize the plan, or restore the file"
        }
        _ => "which the harness writes first: name the directory of a plan below `.megaplan/plans/`",
    }
}

fn place(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!(" at `{pointer}`") }
}
