//! How plans are kept on disk: one file per format, behind one trait.
//!
//! The harness has two layouts of its own. Beside them stand plain task lists that other agents keep: they are read and
//! never written, because they have no place for evidence.

mod batch_directories;
mod flat;
mod harness;
mod list;
mod orphans;
mod spec_kit;
mod taskmaster;

use std::path::{Path, PathBuf};

use super::error::LoadError;
use crate::config::Config;
use crate::model::{Finding, Plan};

pub use harness::{active_step, changed_artifact, standing};
pub(in crate::load) use taskmaster::FOLDER as TASKMASTER;

/// One way in which plans are kept.
pub(super) trait Format: Sync {
    /// The directory by which a project is known to keep such plans.
    fn marker(&self) -> &'static str;

    /// The directories of a project that may hold such plans, in the order in which they are meant. `home` is the
    /// user's home.
    fn candidates(&self, root: &Path, home: Option<&Path>) -> Result<Vec<PathBuf>, LoadError>;

    /// Whether a directory holds a plan of this format.
    fn is_plan(&self, directory: &Path) -> bool;

    /// Whether nothing is left to do in the plan of a directory. One that cannot be read is not over.
    fn is_over(&self, directory: &Path, config: &Config) -> bool;

    /// Reads the plan of a directory. Everything odd about it is in the findings.
    fn load(&self, directory: &Path, config: &Config) -> Result<(Plan, Vec<Finding>), LoadError>;
}

/// Every format, by rank: a plan of a lower rank is looked for only where there is none of a higher one, so that a
/// project of the harness means the same with a task list beside it.
pub(super) const RANKS: [&[&dyn Format]; 3] =
    [&[&batch_directories::BatchDirectories, &flat::Flat], &[&taskmaster::Taskmaster], &[&spec_kit::SpecKit]];

/// The format of the plan in a directory; `None` if it holds none.
pub(super) fn of(directory: &Path) -> Option<&'static dyn Format> {
    RANKS.into_iter().flatten().copied().find(|format| format.is_plan(directory))
}

/// Loads the plan in `directory`. Everything odd about it is in the findings.
///
/// Fails when what the format cannot do without is missing (of the harness: `state.json`, `finalize.json` and its list
/// of tasks), and when a file is not what its writer could have written.
pub fn plan(directory: &Path, config: &Config) -> Result<(Plan, Vec<Finding>), LoadError> {
    // What is missing is said by the layout that most plans have.
    of(directory).unwrap_or(&flat::Flat).load(directory, config)
}
