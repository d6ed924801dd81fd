//! Reports to standard output and to files.

use std::io::{self, Write};
use std::path::Path;

use taskproof::report::{Format, Look, RenderError, Report, render_all};

use crate::args::Analysis;
use crate::error::Error;
use crate::exit::Exit;
use crate::put::put;
use crate::settings::Settings;

/// Writes what there is to say in a format.
pub(crate) type Render<'a> = &'a dyn Fn(Format, &Look, &mut dyn Write) -> Result<(), RenderError>;

/// Writes the report where the settings say and returns the code to exit with.
pub(crate) fn deliver(report: &Report, settings: &Settings) -> Result<Exit, Error> {
    deliver_all(std::slice::from_ref(report), settings)
}

/// Writes the reports on several plans and returns the code of the one that is worst off.
pub(crate) fn deliver_all(reports: &[Report], settings: &Settings) -> Result<Exit, Error> {
    deliver_with(settings, &|format, look, out| render_all(reports, format, look, out))?;
    let worst = reports.iter().map(Exit::of).max().unwrap_or(Exit::Complete);
    Ok(if settings.exit_zero { Exit::Complete } else { worst })
}

/// Writes what `render` renders to the files and to standard output that the settings ask for.
///
/// Files come first: they are for other programs, and a pipe that closes early must not lose them. One
/// that cannot be written takes nothing from standard output, which may hold the id of a run.
pub(crate) fn deliver_with(settings: &Settings, render: Render<'_>) -> Result<(), Error> {
    let written = settings.outputs.iter().try_for_each(|(format, path)| write_file(render, *format, path));
    match print(render, settings) {
        // The reader has seen enough. That says nothing about the plan.
        Err(error) if error.is_broken_pipe() => {}
        printed => printed?,
    }
    written
}

/// Refuses formats that are made of findings; `command` has none. Said before anything is read.
pub(crate) fn refuse_finding_formats(command: &'static str, arguments: &Analysis) -> Result<(), Error> {
    let outputs = arguments.output.iter().filter_map(|output| Format::parse(output.split_once('=')?.0));
    match arguments.format.into_iter().chain(outputs).find(|format| format.is_of_findings()) {
        Some(format) => Err(RenderError::NotOffered { command, format }.into()),
        None => Ok(()),
    }
}

fn write_file(render: Render<'_>, format: Format, path: &Path) -> Result<(), Error> {
    let mut bytes = Vec::new();
    render(format, &Look::default(), &mut bytes)?;
    put(path, &bytes)
}

fn print(render: Render<'_>, settings: &Settings) -> Result<(), Error> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    render(settings.format, &settings.look, &mut out)?;
    Ok(out.flush().map_err(RenderError::from)?)
}
