//! Reports to standard output and to files.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use taskproof::report::{Format, Look, RenderError, Report, render};

use crate::error::Error;
use crate::exit::Exit;
use crate::settings::Settings;

/// Writes the report where the settings say and returns the code to exit with.
///
/// Files come first: they are for other programs, and a pipe that closes early must not lose them. One
/// that cannot be written takes nothing from standard output, which may hold the id of a run.
pub(crate) fn deliver(report: &Report, settings: &Settings) -> Result<Exit, Error> {
    let written = settings.outputs.iter().try_for_each(|(format, path)| write_file(report, *format, path));
    match print(report, settings) {
        // The reader has seen enough. That says nothing about the plan.
        Err(error) if error.is_broken_pipe() => {}
        printed => printed?,
    }
    written?;
    Ok(if settings.exit_zero { Exit::Complete } else { Exit::of(report) })
}

fn write_file(report: &Report, format: Format, path: &Path) -> Result<(), Error> {
    let mut bytes = Vec::new();
    render(report, format, &Look::default(), &mut bytes)?;
    fs::write(path, bytes).map_err(|source| Error::WriteFile { path: path.to_path_buf(), source })
}

fn print(report: &Report, settings: &Settings) -> Result<(), Error> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    render(report, settings.format, &settings.look, &mut out)?;
    Ok(out.flush().map_err(RenderError::from)?)
}
