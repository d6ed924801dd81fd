//! Which version of `finalize.json` is on the disk, by the receipts that lead to it.

use std::path::Path;

use serde_json::Value;

use crate::digest::sha256_hex;
use crate::repair::disk::{Disk, DiskError, Entry, MOST_TEXT};

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
pub(super) fn read(disk: Disk<'_>, history: &Path) -> Result<Vec<Receipt>, DiskError> {
    let commits = history.join("commits");
    if disk.entry(history)? != Entry::Directory || disk.entry(&commits)? != Entry::Directory {
        return Ok(Vec::new());
    }
    let mut names = disk.names(&commits)?;
    names.retain(|name| name.ends_with(".json"));
    let skipped = names.len().saturating_sub(MOST_COMMITS);
    let mut receipts = Vec::new();
    for name in &names[skipped..] {
        receipts.extend(committed(disk, history, &commits.join(name))?);
    }
    Ok(receipts)
}

/// The receipt that a commit vouches for, if it does.
fn committed(disk: Disk<'_>, history: &Path, commit: &Path) -> Result<Option<Receipt>, DiskError> {
    let commit: Option<Value> =
        read_file(disk, commit)?.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let Some(commit) = commit else { return Ok(None) };
    let Some(name) = receipt_name(&commit) else { return Ok(None) };
    let bytes = read_file(disk, &history.join("mutations").join(name))?;
    Ok(bytes.and_then(|bytes| receipt(&commit, &bytes)))
}

fn receipt_name(commit: &Value) -> Option<&str> {
    let name = commit["receipt_ref"].as_str()?.strip_prefix("mutations/")?;
    let is_plain = !name.contains(['/', '\\', '\0', ':']) && !name.starts_with('.');
    is_plain.then_some(name)
}

/// What the text of a receipt says, if it is the one that the commit means.
fn receipt(commit: &Value, bytes: &[u8]) -> Option<Receipt> {
    if commit["receipt_sha256"].as_str()? != sha256_hex(bytes) {
        return None;
    }
    let receipt: Value = serde_json::from_slice(bytes).ok()?;
    let agrees = ["result_sha256", "version"].iter().all(|key| commit[key] == receipt[key]);
    agrees.then_some(())?;
    Some(Receipt {
        version: receipt["version"].as_u64()?,
        result: receipt["result_sha256"].as_str()?.to_owned(),
    })
}

/// The bytes of a regular file; links are not followed.
fn read_file(disk: Disk<'_>, path: &Path) -> Result<Option<Vec<u8>>, DiskError> {
    if disk.entry(path)? == Entry::File { disk.read(path, MOST_TEXT).map(Some) } else { Ok(None) }
}

/// The version of the text with that hash: of the last receipt that led to it, 0 without one.
pub(super) fn version(receipts: &[Receipt], current: &str) -> u64 {
    receipts.iter().rev().find(|receipt| receipt.result == current).map_or(0, |receipt| receipt.version)
}
