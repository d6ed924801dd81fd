//! The pipeline inside another program: load a plan, read its history, attribute, and print what would be filled.
//!
//! ```text
//! cargo run --example embed -- PLAN-DIR
//! ```
//!
//! Nothing is written and nothing but the result is printed; what was odd on the way comes back as values.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use taskproof::attribute::{self, Input};
use taskproof::config::Config;
use taskproof::git::{Extraction, WorktreeMode};
use taskproof::load::{self, HistoryOptions};
use taskproof::repair;

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args_os().nth(1).ok_or("usage: embed PLAN-DIR")?;
    let mut out = std::io::stdout().lock();
    std::io::Write::write_all(&mut out, fills(Path::new(&directory))?.as_bytes())?;
    Ok(())
}

/// What a repair of the plan in `directory` would fill in, a line per task and field: task, field, confidence, values.
pub(crate) fn fills(directory: &Path) -> Result<String, Box<dyn Error>> {
    let config = Config::default();
    // Odd rows of the records are findings beside the plan; only what nothing can be told without is an error.
    let (plan, _findings) = load::plan(directory, &config)?;
    let options = HistoryOptions {
        repo: None,
        base: None,
        head: None,
        worktree: WorktreeMode::Auto,
        extraction: Extraction::default(),
        start: directory.to_path_buf(),
    };
    // Without a repository the history says why, and the records alone decide.
    let past = load::history(&plan, &options)?;
    let outcome = attribute::attribute(&Input {
        plan: &plan,
        history: &past.history,
        paths: &past.paths,
        answers: &[],
        config: &config,
    })?;
    let mut text = String::new();
    for fill in repair::fills(&outcome.attributions) {
        let field = fill.field.key();
        writeln!(text, "{} {field} {:.2} {}", fill.task, fill.confidence, fill.values.join(", "))?;
    }
    Ok(text)
}
