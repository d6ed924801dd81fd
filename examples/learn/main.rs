//! Learns the weights of an engine, and what its confidences mean, from labelled cases.
//!
//! ```text
//! cargo run --release --example learn -- files CASES.jsonl > src/attribute/engine/weights.toml
//! cargo run --release --example learn -- commands CASES.jsonl > src/attribute/engine/commands/weights.toml
//! ```
//!
//! `CASES.jsonl` is what `taskproof evaluate --cases` takes (`docs/evaluate.md`). The engine of files learns from
//! lines with `hidden`: a plan and the truth about tasks it says nothing of; where a line also says whose work
//! each commit is, the competition for commits is learned from it. The engine of commands learns from lines
//! without `hidden`: whole plans, from which it hides tasks in many ways; on lines with `hidden` it is only
//! measured.
//!
//! The weights are printed. How well they do on plans, and on groups of plans, that they were not learned from is
//! told on standard error. The program ends with 0, with 1 if the cases cannot be read, and with 2 if it was
//! called in another way than above.

#![expect(clippy::print_stderr, reason = "a program that tells its figures there")]

mod calibrate;
mod cases;
mod commands;
mod engine;
mod files;
mod hide;
mod regression;
mod report;
mod write;

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use cases::Error;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let learned = match &arguments[..] {
        [mode, path] if mode == "files" => files::learn(Path::new(path)),
        [mode, path] if mode == "commands" => commands::learn(Path::new(path)),
        _ => {
            eprintln!("usage: learn files|commands CASES.jsonl > WEIGHTS.toml");
            return ExitCode::from(2);
        }
    };
    match learned.and_then(|weights| Ok(std::io::stdout().write_all(weights.as_bytes())?)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", sentence(&*error));
            ExitCode::FAILURE
        }
    }
}

/// What went wrong, with its causes.
fn sentence(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// The error that learning has nothing to learn from.
fn nothing<T>(what: &str) -> Result<T, Error> {
    Err(format!("there is nothing to learn from: no line of the cases file {what}").into())
}
