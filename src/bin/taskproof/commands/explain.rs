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
        return Err(unknown(&arguments.subject));
    };
    let text = format!("{code}: {}\n", code.description().trim().replace("\n ", " "));
    let written = std::io::stdout().lock().write_all(text.as_bytes());
    written.map_err(taskproof::report::RenderError::from)?;
    Ok(Exit::Complete)
}

fn unknown(subject: &str) -> Error {
    let number = subject.get(..2).filter(|prefix| prefix.eq_ignore_ascii_case("tp")).map(|_| &subject[2..]);
    if !number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())) {
        return later("explain TASK");
    }
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    Error::Usage(format!("no finding has the code `{subject}`; there are: {}", codes.join(", ")))
}
