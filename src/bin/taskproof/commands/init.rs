//! `taskproof init`: a commented configuration file and, on request, a job for a CI system.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::args::{CiSystem, Init};
use crate::config_file::COMMENTED;
use crate::error::Error;
use crate::exit::Exit;
use crate::settings::working_directory;

/// A workflow for GitHub Actions.
const GITHUB: &str = include_str!("init/github.yml");

/// A job for GitLab CI, to be included.
const GITLAB: &str = include_str!("init/gitlab.yml");

pub(crate) fn run(arguments: &Init) -> Result<Exit, Error> {
    let root = working_directory()?;
    let mut files = vec![("taskproof.toml", COMMENTED)];
    match arguments.ci {
        Some(CiSystem::Github) => files.push((".github/workflows/taskproof.yml", GITHUB)),
        Some(CiSystem::Gitlab) => files.push((".gitlab/taskproof.yml", GITLAB)),
        None => {}
    }
    // All or nothing: what is there stays, and nothing else is written beside it.
    if let Some((name, _)) = files.iter().find(|(name, _)| root.join(name).symlink_metadata().is_ok()) {
        return Err(Error::Refused(format!("`{name}` is there already; it stays as it is")));
    }
    for (name, text) in &files {
        let path = root.join(name);
        create(&path, text).map_err(|source| Error::WriteFile { path, source })?;
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    // The files are there, whether or not somebody reads that.
    let _ = writeln!(io::stdout(), "wrote {}", names.join(" and "));
    Ok(Exit::Complete)
}

fn create(path: &Path, text: &str) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
