//! `taskproof generate`: what other programs need to know about this one.

use std::io::Write;

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use taskproof::report::RenderError;
use taskproof::report::schema::{answer_schema, evaluation_schema, explanation_schema, report_schema};
use taskproof::spelling::hint;

use crate::args::{Cli, Generate, Generated, SchemaName};
use crate::error::Error;
use crate::exit::Exit;

pub(crate) fn run(arguments: &Generate) -> Result<Exit, Error> {
    let bytes = match &arguments.what {
        Generated::Schema { name } => schema(*name).into_bytes(),
        Generated::Completions { shell } => completions(*shell),
        Generated::Man { command } => man(command.as_deref())?,
    };
    std::io::stdout().lock().write_all(&bytes).map_err(RenderError::from)?;
    Ok(Exit::Complete)
}

fn schema(name: SchemaName) -> String {
    let schema = match name {
        SchemaName::Report => report_schema(),
        SchemaName::Answers => answer_schema(),
        SchemaName::Evaluation => evaluation_schema(),
        SchemaName::Explanation => explanation_schema(),
    };
    format!("{schema:#}\n")
}

fn completions(shell: Shell) -> Vec<u8> {
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    script
}

/// The manual page of the program, or of one of its commands.
fn man(name: Option<&str>) -> Result<Vec<u8>, Error> {
    let mut program = Cli::command();
    program.build();
    let command = match name {
        None => program,
        Some(name) => of_name(&program, name)?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).map_err(RenderError::from)?;
    Ok(page)
}

fn of_name(program: &Command, name: &str) -> Result<Command, Error> {
    let command = program.find_subcommand(name).ok_or_else(|| {
        let names = hint(name, program.get_subcommands().map(Command::get_name));
        Error::Usage(format!("there is no command `{name}`; {names}"))
    })?;
    Ok(command.clone().name(format!("{}-{name}", program.get_name())))
}
