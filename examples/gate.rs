//! What our gate says of plans, to be held against what the harness itself says: `tests/harness_oracle.py`, driven by
//! `tests/recover_oracle.py`.
//!
//! ```text
//! cargo run --example gate -- build DIR    builds every situation below DIR, and prints a JSON line for each
//! cargo run --example gate -- ask          reads {"plan": ..., "project": ...} per line, and prints a JSON line for each
//! ```
#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own: it reads and writes where it is told to"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use taskproof::config::Config;
use taskproof::gate::recovery::{Refusal, generation, recover_blocked, rescue};
use taskproof::gate::{assess, is_gap};
use taskproof::git::{Extraction, WorktreeMode};
use taskproof::load::{self, HistoryOptions};
use taskproof::model::Generation;
use taskproof::situation::Situation;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut out = io::stdout().lock();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["build", directory] => build(Path::new(directory), &mut out),
        ["ask"] => {
            for line in io::stdin().lock().lines() {
                let asked: Value = serde_json::from_str(&line?)?;
                let path = |key: &str| PathBuf::from(asked[key].as_str().unwrap_or_default());
                let told = ask(&path("plan"), &path("project"))
                    .unwrap_or_else(|error| json!({"plan": asked["plan"], "error": error.to_string()}));
                writeln!(out, "{told}")?;
            }
            Ok(())
        }
        _ => Err("usage: gate build DIR | gate ask".into()),
    }
}

/// Builds all situations, each in a directory of its name.
fn build(directory: &Path, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixture-repos");
    let mut names: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    names.retain(|path| path.join("case.toml").is_file());
    names.sort();
    for path in names {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('_') {
            continue;
        }
        let mut files = BTreeMap::new();
        read_all(&path, "", &mut files)?;
        let situation = Situation::from_files(&name, files)?;
        let root = directory.join(&name);
        situation.build(&root)?;
        let project = root.join(&situation.case.project);
        writeln!(
            out,
            "{}",
            json!({"name": name, "root": root, "plan": situation.plan_directory(&root), "project": project})
        )?;
    }
    Ok(())
}

fn read_all(directory: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read_all(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// What the gate says of one plan, by the rules of either generation.
fn ask(plan: &Path, project: &Path) -> Result<Value, Box<dyn Error>> {
    let (read, _) = load::plan(plan, &Config::default())?;
    let options = HistoryOptions {
        repo: Some(project.to_path_buf()),
        base: None,
        head: None,
        worktree: WorktreeMode::Auto,
        extraction: Extraction::default(),
        start: plan.to_path_buf(),
    };
    let past = load::history(&read, &options)?;
    let recovery = |generation| match recover_blocked(&read, generation, &past.history) {
        Ok(state) => json!({"goes_on": true, "state": state}),
        Err(refusal) => {
            let open = match &refusal {
                Refusal::Unanswered { ids } => ids.clone(),
                _ => Vec::new(),
            };
            json!({"goes_on": false, "why": refusal.to_string(), "open": open})
        }
    };
    let misses = read.tasks.iter().filter(|task| is_gap(&assess(task, &read.mode)));
    let own = match generation(&read) {
        // No harness knows a plain task list.
        _ if read.layout.is_task_list() => "none",
        Generation::Late => "late",
        Generation::Early => "early",
    };
    Ok(json!({
        "plan": plan,
        "own": own,
        "early": recovery(Generation::Early),
        "late": recovery(Generation::Late),
        "rescued": rescue(&read).is_ok(),
        "gate_misses": misses.map(|task| task.id.0.clone()).collect::<Vec<_>>(),
    }))
}
