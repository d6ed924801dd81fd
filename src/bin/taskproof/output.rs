//! Reports to standard output and to files.

use std::fs;
use std::io::{self, Write};

use taskproof::report::{Look, Report, render};

use crate::error::Error;
use crate::exit::Exit;
use crate::settings::Settings;

/// Writes the report where the settings say and returns the code to exit with.
///
/// Files come first: they are for other programs, and a pipe that closes early must not lose them.
pub(crate) fn deliver(report: &Report, settings: &Settings) -> Result<Exit, Error> {
    for (format, path) in &settings.outputs {
        let mut bytes = Vec::new();
        render(report, *format, &Look::default(), &mut bytes)?;
        fs::write(path, bytes).map_err(|source| Error::WriteFile { path: path.clone(), source })?;
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    render(report, settings.format, &settings.look, &mut out)?;
    out.flush().map_err(taskproof::report::RenderError::from)?;
    Ok(if settings.exit_zero { Exit::Complete } else { Exit::of(report) })
}
