//! `taskproof explain`: what a finding code means.

use std::io::Write;

use taskproof::model::Code;

use super::generate::later;
use crate::args::Explain;
use crate::error::Error;
use crate::exit::Exit;

pub(crate) fn run(arguments: &Explain) -> Result<Exit, Error> {
    let wanted = arguments.subject.to_uppercase();
    let Some(code) = Code::ALL.iter().find(|code| code.as_str() == wanted) else {
        return Err(later("explain TASK"));
    };
    let text = format!("{code}: {}\n", code.description().trim().replace("\n ", " "));
    let written = std::io::stdout().lock().write_all(text.as_bytes());
    written.map_err(taskproof::report::RenderError::from)?;
    Ok(Exit::Complete)
}
