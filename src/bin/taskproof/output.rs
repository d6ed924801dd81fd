//! Reports to standard output and to files.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use taskproof::report::{Format, Look, RenderError, Report, render};

use crate::error::Error;
use crate::exit::Exit;
use crate::settings::Settings;

/// Writes what there is to say in a format.
pub(crate) type Render<'a> = &'a dyn Fn(Format, &Look, &mut dyn Write) -> Result<(), RenderError>;

/// Writes the report where the settings say and returns the code to exit with.
pub(crate) fn deliver(report: &Report, settings: &Settings) -> Result<Exit, Error> {
    publish(settings, &|format, look, out| render(report, format, look, out))?;
    Ok(if settings.exit_zero { Exit::Complete } else { Exit::of(report) })
}

/// Writes to the files and to standard output what the settings ask for.
///
/// Files come first: they are for other programs, and a pipe that closes early must not lose them. One
/// that cannot be written takes nothing from standard output, which may hold the id of a run.
pub(crate) fn publish(settings: &Settings, render: Render<'_>) -> Result<(), Error> {
    let written = settings.outputs.iter().try_for_each(|(format, path)| write_file(render, *format, path));
    match print(render, settings) {
        // The reader has seen enough. That says nothing about the plan.
        Err(error) if error.is_broken_pipe() => {}
        printed => printed?,
    }
    written
}

fn write_file(render: Render<'_>, format: Format, path: &Path) -> Result<(), Error> {
    let mut bytes = Vec::new();
    render(format, &Look::default(), &mut bytes)?;
    fs::write(path, bytes).map_err(|source| Error::WriteFile { path: path.to_path_buf(), source })
}

fn print(render: Render<'_>, settings: &Settings) -> Result<(), Error> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    render(settings.format, &settings.look, &mut out)?;
    Ok(out.flush().map_err(RenderError::from)?)
}
