//! `taskproof generate`: what other programs need to know about this one.

use std::io::Write;

use taskproof::report::schema::{answer_schema, evaluation_schema, explanation_schema, report_schema};

use crate::args::{Generate, Generated, SchemaName};
use crate::error::Error;
use crate::exit::Exit;

pub(crate) fn run(arguments: &Generate) -> Result<Exit, Error> {
    let schema = match (arguments.what, arguments.schema) {
        (Generated::Schema, SchemaName::Report) => report_schema(),
        (Generated::Schema, SchemaName::Answers) => answer_schema(),
        (Generated::Schema, SchemaName::Evaluation) => evaluation_schema(),
        (Generated::Schema, SchemaName::Explanation) => explanation_schema(),
        (Generated::Completions, _) => return Err(later("generate completions")),
        (Generated::Man, _) => return Err(later("generate man")),
    };
    let text = format!("{schema:#}\n");
    let written = std::io::stdout().lock().write_all(text.as_bytes());
    written.map_err(taskproof::report::RenderError::from)?;
    Ok(Exit::Complete)
}

/// The command line is complete from the first release on; what it steers is not.
pub(crate) fn later(command: &str) -> Error {
    Error::Usage(format!("`taskproof {command}` is not in this release yet"))
}
