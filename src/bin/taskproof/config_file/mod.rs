//! The configuration file: where it is found, what stands in it, and how one is made.
//!
//! Flags win over it. The gate of a branch takes it from where the branch starts: what the branch itself says
//! about its gate counts for nothing.

mod edit;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use taskproof::load::{self, AtBase, HistoryOptions};

pub(crate) use edit::set_min_confidence;

use crate::args;
use crate::error::Error;

/// Names that are looked for, the first that is there wins.
const NAMES: [&str; 2] = ["taskproof.toml", ".taskproof.toml"];

/// What `init` writes: every key, with its meaning and its default.
pub(crate) const COMMENTED: &str = "\
# Configuration of taskproof. Flags win over it. `taskproof check` reads it as it was where the branch under test
# starts, so that a branch cannot loosen its own gate.

# Lowest confidence that `backfill` fills, 0 to 1. `taskproof evaluate --write-config` finds the one for your plans.
#min-confidence = 0.85

# How many candidates a question lists per task and field.
#max-candidates = 20
";

/// What stands in the file.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ConfigFile {
    pub(crate) min_confidence: Option<f64>,
    pub(crate) max_candidates: Option<usize>,
}

/// The file that applies: the one that is named, else the first from `start` upwards to the root of the
/// repository.
pub(crate) fn read(arguments: &args::Analysis, start: &Path) -> Result<ConfigFile, Error> {
    match path(arguments, start) {
        Some(path) => parse(&text(&path)?, &path),
        None => Ok(ConfigFile::default()),
    }
}

/// The same for a gate: as the file was where the branch under test starts.
pub(crate) fn read_at_base(
    arguments: &args::Analysis,
    history: &HistoryOptions,
) -> Result<ConfigFile, Error> {
    if arguments.no_config {
        return Ok(ConfigFile::default());
    }
    let named = arguments.config.as_ref().map(|path| history.start.join(path));
    // A file that the branch deleted is still its gate's.
    let candidates = named.map_or_else(|| possible(&history.start), |path| vec![path]);
    let found = load::at_base(&candidates, history)?;
    for (path, found) in candidates.iter().zip(found) {
        match found {
            AtBase::Text(text) => return parse(&text, path),
            AtBase::Elsewhere if path.is_file() || arguments.config.is_some() => {
                return parse(&text(path)?, path);
            }
            AtBase::Absent | AtBase::Elsewhere => {}
        }
    }
    Ok(ConfigFile::default())
}

fn path(arguments: &args::Analysis, start: &Path) -> Option<PathBuf> {
    if arguments.no_config {
        return None;
    }
    let named = arguments.config.as_ref().map(|path| start.join(path));
    named.or_else(|| possible(start).into_iter().find(|path| path.is_file()))
}

/// Where a file may be, nearest first.
fn possible(start: &Path) -> Vec<PathBuf> {
    let mut places = Vec::new();
    for directory in start.ancestors() {
        places.extend(NAMES.map(|name| directory.join(name)));
        if directory.join(".git").exists() {
            break;
        }
    }
    places
}

fn text(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_path_buf(), source })
}

fn parse(text: &str, path: &Path) -> Result<ConfigFile, Error> {
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start].split('\n').count());
        let problem = format!("{} at line {line}", error.message());
        Error::Config { path: path.to_path_buf(), problem }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use taskproof::config::Config;

    #[test]
    fn the_commented_file_is_the_default() {
        let path = Path::new("taskproof.toml");
        assert_eq!(parse(COMMENTED, path).expect("TOML"), ConfigFile::default());
        let active =
            COMMENTED.lines().filter_map(|line| line.strip_prefix('#')).filter(|key| !key.starts_with(' '));
        let active = active.collect::<Vec<_>>().join("\n");
        let file = parse(&active, path).expect("TOML");
        let config = Config::default();
        assert_eq!(file.min_confidence, Some(config.min_confidence));
        assert_eq!(file.max_candidates, Some(config.max_candidates));
    }

    #[test]
    fn the_nearest_directory_comes_first() {
        let places = possible(Path::new("/a/b"));
        assert_eq!(places[0], Path::new("/a/b/taskproof.toml"));
        assert_eq!(places[2], Path::new("/a/taskproof.toml"));
    }
}
