//! The protocol by which the later harness lets `finalize.json` be changed (spec section 9).
//!
//! Whoever writes proves which bytes were read (compare and swap on their hash), touches only the fields of its
//! owner, and leaves a trail below `finalize_history/`: both texts as snapshots, a receipt that links their hashes, and
//! after the swap a commit that vouches for the receipt. Without the trail a write is tolerated, and the history starts
//! anew. [`publication`] makes the trail for one swap; the journal puts it in place around the swap.

mod ancestry;
mod ownership;
mod receipt;

use std::path::Path;

use super::disk::{Disk, DiskError};
use super::journal::Addition;
use super::write::RunContext;
use crate::digest::sha256_hex;
use crate::json::{Limits, ParseError, parse};

/// The file that is guarded.
pub(super) const FINALIZE: &str = "finalize.json";
/// Where the trail is kept.
const HISTORY: &str = "finalize_history";

/// Why a change of `finalize.json` would break the harness's protocol. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// A file of the history cannot be read.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The file is not JSON.
    #[error("finalize.json is not JSON, so it is not swapped; restore the file")]
    NotJson(#[source] ParseError),
    /// A field belongs to somebody else.
    #[error(
        "`{place}` of finalize.json is not the executor's to change, so nothing was written; please report this"
    )]
    NotOurs {
        /// The field.
        place: String,
    },
}

/// The files that make a swap of `finalize.json` from `before` to `after` one of the harness's own.
pub(super) fn publication(
    disk: Disk<'_>,
    plan_dir: &Path,
    before: &[u8],
    after: &[u8],
    context: &RunContext,
) -> Result<Vec<Addition>, AuthorityError> {
    let parent = sha256_hex(before);
    let version = ancestry::version(&ancestry::read(disk, &plan_dir.join(HISTORY))?, &parent) + 1;
    let read = |bytes: &[u8]| {
        parse(&String::from_utf8_lossy(bytes), Limits::READ_BEFORE).map_err(AuthorityError::NotJson)
    };
    let changed = ownership::changed_paths(&read(before)?.root, &read(after)?.root)
        .map_err(|place| AuthorityError::NotOurs { place })?;
    let mut additions = Vec::new();
    let mut add = |path: String, contents: Vec<u8>, is_last| {
        additions.push(Addition { path: format!("{HISTORY}/{path}"), contents, is_last });
    };
    let result = sha256_hex(after);
    add(format!("snapshots/{parent}.json"), before.to_vec(), false);
    add(format!("snapshots/{result}.json"), after.to_vec(), false);
    let swap = receipt::Swap { version, parent: &parent, result: &result, changed: &changed, context };
    let receipt = swap.receipt();
    let name = format!("{version:08}-{}.json", sha256_hex(receipt.as_bytes()));
    let commit = swap.commit(&format!("mutations/{name}"), &sha256_hex(receipt.as_bytes()));
    add(format!("mutations/{name}"), receipt.into_bytes(), false);
    add(format!("commits/{name}"), commit.into_bytes(), true);
    Ok(additions)
}

#[cfg(test)]
mod tests;
