//! The command line: what the user typed, and nothing of what it means.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use taskproof::report::Format;

/// Which change proves which task of an agent's plan.
#[derive(Debug, Parser)]
#[command(name = "taskproof", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say who changed what, for every task
    Attribute(Analysis),
    /// Show what can be filled with certainty, and with --write fill it
    Backfill(Backfill),
    /// Check review claims and blockers against what the files say now
    VerifyClaims(VerifyClaims),
    /// Do everything a metadata-blocked plan needs so that the harness goes on
    Recover(Recover),
    /// Be the CI gate: everything read-only, exit code by status
    Check(Analysis),
    /// Look at every plan below the repository
    Scan(Scan),
    /// Mask known evidence, recover it, and report precision and coverage
    Evaluate(Evaluate),
    /// Say what a finding code means, or why a task was decided as it was
    Explain(Explain),
    /// Replay an embedded incident in a directory of its own
    Demo(Demo),
    /// Put back what a --write run changed
    Undo(Undo),
    /// Write a commented configuration file and, on request, a CI job
    Init(Init),
    /// Print shell completions, man pages or JSON Schemas
    Generate(Generate),
}

/// Options of every analysing command.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "every flag of the command line is one")]
pub(crate) struct Analysis {
    /// Plan directory, or the name of a plan [default: found from the current directory]
    #[arg(long, value_name = "DIR")]
    pub(crate) plan: Option<PathBuf>,
    /// Git repository of the plan's project, bare or not [default: found]
    #[arg(long, value_name = "DIR")]
    pub(crate) repo: Option<PathBuf>,
    /// Where the epic range starts [default: recorded, else the plan's init commit, else the merge base]
    #[arg(long, value_name = "REV")]
    pub(crate) base: Option<String>,
    /// Where the epic range ends [default: HEAD]
    #[arg(long, value_name = "REV")]
    pub(crate) head: Option<String>,
    /// Whether uncommitted changes count as evidence
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) worktree: Worktree,
    /// What goes to standard output
    #[arg(long, value_name = "FORMAT", value_parser = format_parser(), default_value = "human")]
    pub(crate) format: Option<Format>,
    /// Also write a format to a file; repeatable
    #[arg(long, value_name = "FORMAT=PATH")]
    pub(crate) output: Vec<String>,
    /// Lowest confidence that is filled, 0 to 1 [default: from the calibration]
    #[arg(long, value_name = "P")]
    pub(crate) min_confidence: Option<f64>,
    /// Worker threads [default: all cores]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Do not use the cache of extracted history
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Where the cache of extracted history lives
    #[arg(long, value_name = "DIR")]
    pub(crate) cache_dir: Option<PathBuf>,
    /// Compare every object that is read with its id; slow
    #[arg(long)]
    pub(crate) verify_objects: bool,
    /// Treat a step that the harness records as running as dead
    #[arg(long)]
    pub(crate) assume_stopped: bool,
    /// Configuration file
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Ignore configuration files
    #[arg(long)]
    pub(crate) no_config: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: Color,
    /// Show no progress
    #[arg(long)]
    pub(crate) no_progress: bool,
    /// Print the report and nothing else
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more on standard error; repeatable
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Exit with 0 whatever the status of the plan
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Backfill {
    #[command(flatten)]
    pub(crate) analysis: Analysis,
    /// Apply the edits
    #[arg(long)]
    pub(crate) write: bool,
    /// Answers to a repair request, JSON Lines; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyClaims {
    #[command(flatten)]
    pub(crate) analysis: Analysis,
    /// Record the outcome
    #[arg(long)]
    pub(crate) write: bool,
    /// Claims to check, JSON Lines; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) claims: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Recover {
    #[command(flatten)]
    pub(crate) analysis: Analysis,
    /// Apply the recovery
    #[arg(long)]
    pub(crate) write: bool,
    /// Answers to a repair request, JSON Lines; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Option<PathBuf>,
    /// How the plan goes on
    #[arg(long, value_name = "ROUTE", value_enum, default_value_t)]
    pub(crate) route: Route,
    /// Write through the newer harness's protocol
    #[arg(long)]
    pub(crate) allow_authority: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// Look at every plan below these directories [default: the repository]
    #[arg(value_name = "DIR", conflicts_with_all = ["plan", "manifest"])]
    pub(crate) directories: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) analysis: Analysis,
    /// Plans and repositories to look at, JSON Lines; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    pub(crate) manifest: Option<PathBuf>,
    /// Look at the I-th of N parts only
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<String>,
    /// Also write a JSON report per plan into this directory
    #[arg(long, value_name = "DIR")]
    pub(crate) reports: Option<PathBuf>,
    /// Join the JSON Lines of several scans
    #[arg(long, value_name = "REPORT", num_args = 1.., conflicts_with_all = ["directories", "manifest", "shard", "reports"])]
    pub(crate) merge: Vec<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Evaluate {
    /// Measure on every plan below these directories
    #[arg(value_name = "DIR", conflicts_with_all = ["plan", "cases"])]
    pub(crate) directories: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) analysis: Analysis,
    /// Plans to measure on, JSON Lines, with or without their truth; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    pub(crate) cases: Option<PathBuf>,
    /// Look for the threshold that keeps this precision, 0 to 1; repeatable [default: 0.97]
    #[arg(long, value_name = "P")]
    pub(crate) precision: Vec<f64>,
    /// Write that threshold into the file of --config [default: taskproof.toml]
    #[arg(long, conflicts_with = "no_config")]
    pub(crate) write_config: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A task id, or a finding code such as TP301
    #[arg(value_name = "TASK or FINDING-CODE")]
    pub(crate) subject: String,
    #[command(flatten)]
    pub(crate) analysis: Analysis,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Which incident; `list` shows them all
    #[arg(default_value = "t9-stale-finalize")]
    pub(crate) situation: String,
    /// Leave the incident in this directory, as it was before the repair
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
    /// When to use colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: Color,
}

#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// The run to take back [default: the newest that is not undone]
    #[arg(value_name = "RUN-ID")]
    pub(crate) run_id: Option<String>,
    /// Plan directory, or the name of a plan [default: found from the current directory]
    #[arg(long, value_name = "DIR")]
    pub(crate) plan: Option<PathBuf>,
    /// Treat a step that the harness records as running as dead
    #[arg(long)]
    pub(crate) assume_stopped: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Also write a job for this CI system
    #[arg(long, value_name = "SYSTEM", value_enum)]
    pub(crate) ci: Option<CiSystem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CiSystem {
    /// `.github/workflows/taskproof.yml`
    Github,
    /// `.gitlab/taskproof.yml`, to be included
    Gitlab,
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    #[command(subcommand)]
    pub(crate) what: Generated,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Generated {
    /// Completions for a shell
    Completions {
        #[arg(value_enum)]
        shell: Shell,
    },
    /// The manual page of the program or of one command, as roff
    Man {
        /// Which command [default: the program]
        command: Option<String>,
    },
    /// A JSON Schema
    Schema {
        /// Which schema
        #[arg(value_enum, default_value_t)]
        name: SchemaName,
    },
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Worktree {
    /// If there is a work tree and the range ends at HEAD
    #[default]
    Auto,
    /// Yes
    Include,
    /// No
    Exclude,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal that wants it
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Route {
    /// Advance where that is proven, else resolve
    #[default]
    Auto,
    /// Mark the phase as executed: nothing is run again
    Advance,
    /// Prepare the harness's own recovery
    Resolve,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// The JSON report
    #[default]
    Report,
    /// A line of an answers file
    Answers,
    /// The JSON document of evaluate
    Evaluation,
    /// The JSON document of explain
    Explanation,
}

/// The names of the formats, as the library knows them.
fn format_parser() -> impl TypedValueParser<Value = Format> {
    let names = Format::ALL.iter().map(|format| format.as_str());
    PossibleValuesParser::new(names).map(|name| Format::parse(&name).unwrap_or(Format::Human))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
