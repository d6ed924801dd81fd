//! Prints what every commit of a range changed, for comparison with `git log -M -C -p -U0`:
//! `cargo run --release --example history -- REPO BASE HEAD [--quiet] [--cache DIR]`.
//!
//! One line per change: commit, kind, path. One line per hunk below it, as git heads hunks. With
//! `--quiet`, only totals. With `--cache DIR`, commits come from there and go there.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use taskproof::git::{CacheOptions, Extraction, RangeRequest, Repository, commits, find_range};
use taskproof::model::{ChangeKind, Commit, Content};
use taskproof::words::Interest;

/// As the program has it: this is measured beside others.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [repo, base, head, rest @ ..] = arguments.as_slice() else {
        return fail("usage: history REPO BASE HEAD [--quiet] [--cache DIR]");
    };
    let cache = rest.iter().skip_while(|flag| *flag != "--cache").nth(1);
    let extraction = Extraction {
        cache: cache.map(|directory| CacheOptions::new(directory.into())),
        // Paths and hunks are printed, and no words.
        interest: Some(Arc::new(Interest::of([]))),
        ..Extraction::default()
    };
    match print([repo, base, head], &extraction, rest.iter().any(|flag| flag == "--quiet")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

fn fail(message: &str) -> ExitCode {
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(io::stderr(), "{message}");
    ExitCode::FAILURE
}

fn print(
    [repo, base, head]: [&str; 3],
    extraction: &Extraction,
    quiet: bool,
) -> Result<(), Box<dyn std::error::Error>> {
    let repo = Repository::open(Path::new(repo))?;
    let request =
        RangeRequest { base: Some(base.to_owned()), head: Some(head.to_owned()), ..RangeRequest::default() };
    let (commits, problems) = commits(&repo, &find_range(&repo, &request)?, extraction)?;
    let mut out = BufWriter::new(io::stdout().lock());
    if quiet {
        writeln!(out, "{}", totals(&commits, problems.len()))?;
        return Ok(out.flush()?);
    }
    for commit in commits.iter().filter(|commit| commit.parents.len() < 2) {
        for change in &commit.changes {
            writeln!(out, "{} {} {}", commit.id, letter(change.kind), change.path)?;
            for hunk in change.content.hunks() {
                let (old, new) = ((hunk.old_start, hunk.old_lines), (hunk.new_start, hunk.new_lines));
                writeln!(out, " -{} +{}", range(old), range(new))?;
            }
        }
    }
    Ok(out.flush()?)
}

fn totals(commits: &[Commit], problems: usize) -> String {
    let changes = || commits.iter().flat_map(|commit| &commit.changes);
    let count = |content: &Content| content.hunks().count();
    let hunks: usize = changes().map(|change| count(&change.content)).sum();
    format!("{} commits, {} changes, {hunks} hunks, {problems} problems", commits.len(), changes().count())
}

fn letter(kind: ChangeKind) -> char {
    match kind {
        ChangeKind::Added => 'A',
        ChangeKind::Modified => 'M',
        ChangeKind::Deleted => 'D',
        ChangeKind::Renamed => 'R',
        ChangeKind::Copied => 'C',
        ChangeKind::TypeChanged => 'T',
    }
}

fn range((start, lines): (u32, u32)) -> String {
    if lines == 1 { start.to_string() } else { format!("{start},{lines}") }
}
