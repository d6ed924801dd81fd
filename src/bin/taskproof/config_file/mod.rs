//! The configuration file: where it is found, what stands in it, and how one is made.
//!
//! Flags win over it. The gate of a branch takes it from where the branch starts: what the branch itself says
//! about its gate counts for nothing.

mod edit;
mod limits;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use taskproof::load::{self, AtBase, HistoryOptions};

pub(crate) use edit::set_min_confidence;
pub(crate) use limits::Limits;

use crate::args;
use crate::error::Error;

/// Names that are looked for, the first that is there wins.
const NAMES: [&str; 2] = ["taskproof.toml", ".taskproof.toml"];

/// A larger file is none.
const MOST_BYTES: usize = 1 << 16;

/// What `init` writes: every key, with its meaning and its default.
pub(crate) const COMMENTED: &str = "\
# Configuration of taskproof. Flags win over it. `taskproof check` reads it as it was where the branch under test
# starts, so that a branch cannot loosen its own gate.

# Lowest confidence that `backfill` fills, 0 to 1. `taskproof evaluate --write-config` finds the one for your plans.
#min-confidence = 0.85

# How many candidates a question lists per task and field.
#max-candidates = 20

# What is too much to read, for plans and histories that are made to be. Where the file is found and not named with
# `--config`, a limit is raised only as far as it was where the branch starts.
#[limits]

# Largest artifact, and largest plan, all its artifacts together.
#artifact-bytes = 67108864
#plan-bytes = 134217728

# Most JSON values of a plan, those within others counted, and deepest nesting (at most 1000).
#json-values = 3000000
#json-depth = 200

# Largest transcript of a worker; a larger one is a finding and is not read.
#transcript-bytes = 33554432

# Largest file whose lines are compared; of a larger one it counts that it changed.
#compared-bytes = 1048576

# Most that is kept of a range of commits, about, in bytes; an eighth of it for one commit, and half for the text it compares.
#history-bytes = 536870912

# Longest claim that is decided.
#claim-bytes = 20000
";

/// What stands in the file.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ConfigFile {
    pub(crate) min_confidence: Option<f64>,
    pub(crate) max_candidates: Option<usize>,
    #[serde(default)]
    pub(crate) limits: Limits,
    /// Limits that the file raises and may not.
    #[serde(skip)]
    pub(crate) not_raised: Vec<&'static str>,
}

/// The file that applies: the one that is named, else the first from where the command starts upwards to the root of
/// the repository.
pub(crate) fn read(arguments: &args::Analysis, history: &HistoryOptions) -> Result<ConfigFile, Error> {
    let Some(path) = path(arguments, &history.start) else { return Ok(ConfigFile::default()) };
    let mut file = parse(&text(&path)?, &path)?;
    if arguments.config.is_none() && file.limits.is_raised() {
        // A branch brings its file along, and nobody asked for this one. Without a base, nobody vouches for it.
        let trusted = read_at_base(arguments, history).unwrap_or_default();
        (file.limits, file.not_raised) = file.limits.within(&trusted.limits);
    }
    Ok(file)
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
    let found = load::at_base(&candidates, history, MOST_BYTES)?;
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
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(MOST_BYTES as u64 + 1).read_to_string(&mut text));
    read.map_err(|source| Error::Read { path: path.to_path_buf(), source })?;
    Ok(text)
}

fn parse(text: &str, path: &Path) -> Result<ConfigFile, Error> {
    if text.len() > MOST_BYTES {
        let problem =
            format!("it has more than {MOST_BYTES} bytes, and all there is to say takes a few lines");
        return Err(Error::Config { path: path.to_path_buf(), problem });
    }
    let file: ConfigFile = toml::from_str(text).map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start].split('\n').count());
        let problem = format!("{} at line {line}", error.message());
        Error::Config { path: path.to_path_buf(), problem }
    })?;
    file.limits.check(path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use taskproof::config::Config;

    #[test]
    fn a_file_of_any_size_is_not_read() {
        let scratch = tempfile::tempdir().expect("a directory");
        let path = scratch.path().join("taskproof.toml");
        for (bytes, is_read) in [(MOST_BYTES, true), (MOST_BYTES + 1, false), (MOST_BYTES * 9, false)] {
            std::fs::write(&path, " ".repeat(bytes)).expect("a file");
            let text = text(&path).expect("a text");
            assert!(text.len() <= MOST_BYTES + 1);
            assert_eq!(parse(&text, &path).is_ok(), is_read, "{bytes}");
        }
    }

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
        assert_eq!(file.limits, Limits::built_in());
    }

    #[test]
    fn the_nearest_directory_comes_first() {
        let places = possible(Path::new("/a/b"));
        assert_eq!(places[0], Path::new("/a/b/taskproof.toml"));
        assert_eq!(places[2], Path::new("/a/taskproof.toml"));
    }
}
