//! One file of a plan directory: bytes to [`Artifact`].

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use super::error::LoadError;
use crate::config::Config;
use crate::json::{Limits, parse};
use crate::model::Artifact;

/// Reads `directory/name`; `None` when there is no such file.
///
/// A name ending in `.json` is parsed. Symbolic links, devices and directories are refused: nothing that
/// a branch can check out makes this read outside the plan directory or wait for ever.
pub fn read_artifact(directory: &Path, name: &str, config: &Config) -> Result<Option<Artifact>, LoadError> {
    let path = directory.join(name);
    let read_error = |source| LoadError::Read { path: path.clone(), source };
    let metadata = match fs::symlink_metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(read_error(error)),
    };
    if !metadata.is_file() {
        return Err(LoadError::NotAFile { path });
    }
    let limit = config.max_artifact_bytes;
    let too_large = |size| LoadError::TooLarge { path: path.clone(), size, limit };
    if metadata.len() > limit {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::new();
    // The file may grow while it is read: the limit holds for what arrives, too.
    File::open(&path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes)).map_err(read_error)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(bytes.len() as u64));
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| LoadError::NotUtf8 { path: path.clone(), at: error.utf8_error().valid_up_to() })?;
    let document = match name.ends_with(".json") {
        true => Some(
            parse(&text, Limits { depth: config.max_json_depth, values: config.max_json_values }).map_err(
                |source| match source.is_limit {
                    true => LoadError::TooMuch { path: path.clone(), source },
                    false => LoadError::Json { path: path.clone(), source },
                },
            )?,
        ),
        false => None,
    };
    Ok(Some(Artifact { name: name.to_owned(), text, document }))
}

/// What the next artifacts of a plan may still demand, after this one.
pub(super) fn spend(left: &mut Config, artifact: &Artifact) {
    left.max_plan_bytes = left.max_plan_bytes.saturating_sub(artifact.text.len() as u64);
    left.max_artifact_bytes = left.max_artifact_bytes.min(left.max_plan_bytes);
    let values = artifact.document.as_ref().map_or(0, |document| document.values);
    left.max_json_values = left.max_json_values.saturating_sub(values);
}
