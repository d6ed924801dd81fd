//! Arguments to settings to command to exit code. Everything else is the library's.
#![expect(clippy::disallowed_methods, reason = "the binary owns the environment, the clock and report files")]

mod analysis;
mod args;
mod cache;
mod ci;
mod claims;
mod commands;
mod config_file;
mod error;
mod exit;
mod output;
mod progress;
mod put;
mod settings;
mod text_file;
mod writing;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use commands::{
    attribute, backfill, check, demo, evaluate, explain, generate, init, recover, scan, undo, verify_claims,
};
use error::Error;
use exit::Exit;

/// Reading a history takes and returns memory for millions of lines and objects, on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(exit) => exit.into(),
        Err(error) if error.is_broken_pipe() => Exit::Complete.into(),
        Err(error) => {
            // Nobody is left to tell if standard error is gone, too.
            let _ = writeln!(std::io::stderr(), "{}", error.describe());
            error.exit().into()
        }
    }
}

fn run(cli: &Cli) -> Result<Exit, Error> {
    match &cli.command {
        Command::Attribute(arguments) => attribute::run(arguments),
        Command::Backfill(arguments) => backfill::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Demo(arguments) => demo::run(arguments),
        Command::Evaluate(arguments) => evaluate::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Generate(arguments) => generate::run(arguments),
        Command::Undo(arguments) => undo::run(arguments),
        Command::VerifyClaims(arguments) => verify_claims::run(arguments),
        Command::Recover(arguments) => recover::run(arguments),
        Command::Scan(arguments) => scan::run(arguments),
        Command::Init(arguments) => init::run(arguments),
    }
}
