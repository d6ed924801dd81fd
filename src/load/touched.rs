//! Which plans a branch changed: those that a gate on it has to look at.

use std::path::PathBuf;

use super::discover::{plans_below, plans_of_root};
use super::error::LoadError;
use super::history::{HistoryOptions, open};
use super::layouts::RANKS;
use super::project::canonical;
use crate::git::{self, GitError, RangeRequest};

/// Where the harness keeps plans (spec section 1): a folder of test data with a plan's name is none.
const PLANS: &str = ".megaplan/plans";

/// Why the plans of a branch could not be listed.
#[derive(Debug, thiserror::Error)]
pub enum TouchedError {
    /// The repository could not be asked.
    #[error(transparent)]
    Git(#[from] GitError),
    /// Its directories could not be read.
    #[error(transparent)]
    Load(#[from] LoadError),
}

/// The plans of the work tree that differ between the ends of the range in `options`, sorted by directory;
/// a plan that is not committed counts.
pub fn touched_plans(options: &HistoryOptions) -> Result<Vec<PathBuf>, TouchedError> {
    let repository = open(None, options)?;
    let root = canonical(&repository.work_dir().unwrap_or_else(|| options.start.clone()));
    let is_in_place = |plan: &PathBuf| plan.parent().is_some_and(|plans| plans.ends_with(PLANS));
    let mut plans: Vec<PathBuf> = plans_below(&root)?.into_iter().filter(is_in_place).collect();
    // Task lists count only where the harness has no plan at all, as everywhere.
    for rank in RANKS {
        if plans.is_empty() {
            plans = plans_of_root(rank, &root, None)?;
        }
    }
    let relative =
        |plan: &PathBuf| plan.strip_prefix(&root).unwrap_or(plan).to_string_lossy().replace('\\', "/");
    let directories: Vec<String> = plans.iter().map(relative).collect();
    let request =
        RangeRequest { base: options.base.clone(), head: options.head.clone(), ..RangeRequest::default() };
    let touched = git::touched(&repository, &request, &directories)?;
    Ok(plans.into_iter().zip(touched).filter_map(|(plan, is_touched)| is_touched.then_some(plan)).collect())
}
