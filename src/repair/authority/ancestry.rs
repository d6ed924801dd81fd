//! Which version of `finalize.json` is on the disk, by the receipts that lead to it.

use std::path::Path;

use serde_json::Value;

use crate::digest::sha256_hex;
use crate::repair::disk::{self, DiskError, Entry, entry};

/// More commits than this are not read: the oldest are left out, and a version only needs the newest.
const MOST_COMMITS: usize = 100_000;

/// A receipt that a commit vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Receipt {
    pub(super) version: u64,
    pub(super) result: String,
}

/// Every receipt that a commit vouches for, in the order of the commits' names. What does not fit is left out, as
/// the harness does.
pub(super) fn read(history: &Path) -> Result<Vec<Receipt>, DiskError> {
    let commits = history.join("commits");
    if entry(history)? != Entry::Directory || entry(&commits)? != Entry::Directory {
        return Ok(Vec::new());
    }
    let mut names = disk::names(&commits)?;
    names.retain(|name| name.ends_with(".json"));
    let skipped = names.len().saturating_sub(MOST_COMMITS);
    Ok(names[skipped..].iter().filter_map(|name| committed(history, &commits.join(name))).collect())
}

fn committed(history: &Path, commit: &Path) -> Option<Receipt> {
    let commit: Value = serde_json::from_slice(&read_file(commit)?).ok()?;
    let name = commit["receipt_ref"].as_str()?.strip_prefix("mutations/")?;
    if name.contains(['/', '\\', '\0', ':']) || name.starts_with('.') {
        return None;
    }
    let bytes = read_file(&history.join("mutations").join(name))?;
    if commit["receipt_sha256"].as_str()? != sha256_hex(&bytes) {
        return None;
    }
    let receipt: Value = serde_json::from_slice(&bytes).ok()?;
    let agrees = ["result_sha256", "version"].iter().all(|key| commit[key] == receipt[key]);
    agrees.then_some(())?;
    Some(Receipt {
        version: receipt["version"].as_u64()?,
        result: receipt["result_sha256"].as_str()?.to_owned(),
    })
}

/// The bytes of a regular file; links are not followed.
fn read_file(path: &Path) -> Option<Vec<u8>> {
    (entry(path).ok()? == Entry::File).then(|| disk::read(path).ok()).flatten()
}

/// The version of the text with that hash: of the last receipt that led to it, 0 without one.
pub(super) fn version(receipts: &[Receipt], current: &str) -> u64 {
    receipts.iter().rev().find(|receipt| receipt.result == current).map_or(0, |receipt| receipt.version)
}
