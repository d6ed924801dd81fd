//! The `flat` layout of the harness: every artifact beside `finalize.json` (spec sections 1 and 4).

use std::path::{Path, PathBuf};

use super::{Format, harness};
use crate::config::Config;
use crate::load::error::LoadError;
use crate::model::{Finding, Plan};

/// The layout.
pub(super) struct Flat;

impl Format for Flat {
    fn marker(&self) -> &'static str {
        harness::MARKER
    }

    fn candidates(&self, root: &Path, home: Option<&Path>) -> Result<Vec<PathBuf>, LoadError> {
        harness::candidates(root, home)
    }

    fn is_plan(&self, directory: &Path) -> bool {
        harness::is_plan(directory)
    }

    fn is_over(&self, directory: &Path, config: &Config) -> bool {
        harness::is_over(directory, config)
    }

    fn load(&self, directory: &Path, config: &Config) -> Result<(Plan, Vec<Finding>), LoadError> {
        harness::load(directory, config)
    }
}
