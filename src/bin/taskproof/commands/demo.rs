//! `taskproof demo`: an incident, replayed by the very commands a user would type.

use std::collections::BTreeMap;
use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use include_dir::{Dir, include_dir};
use taskproof::report::{RenderError, plain};
use taskproof::situation::{Situation, SituationError, Step};

use crate::args::{Color, Demo};
use crate::error::Error;
use crate::exit::Exit;
use crate::settings::{look, working_directory};

static SITUATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixture-repos");

pub(crate) fn run(arguments: &Demo) -> Result<Exit, Error> {
    if arguments.situation == "list" {
        return list();
    }
    let situation = situation(&arguments.situation)?;
    // Before the replay: a directory that cannot be used should be said at once.
    let kept = arguments.keep.as_deref().map(|keep| keep_copy(&situation, keep)).transpose()?;
    let directory = tempfile::Builder::new()
        .prefix("taskproof-demo-")
        .tempdir()
        .map_err(|source| Error::WriteFile { path: env::temp_dir(), source })?;
    situation.build(directory.path())?;
    say(&format!("{}\n", situation.case.why.trim()))?;
    let colour = if look(arguments.color).colour { Color::Always } else { Color::Never };
    for step in &situation.case.steps {
        replay(&situation, step, directory.path(), colour)?;
    }
    match kept {
        Some(keep) => say(&format!(
            "\nThe incident is in {}, as it was before. Go there and type the same commands.",
            plain(&keep.display().to_string())
        ))?,
        None => say(&format!("\nTo play with it yourself: taskproof demo {} --keep DIR", situation.name))?,
    }
    Ok(Exit::Complete)
}

fn list() -> Result<Exit, Error> {
    for name in names() {
        let why = situation(&name)?.case.why;
        say(&format!("{name}: {}", why.trim().lines().next().unwrap_or_default()))?;
    }
    Ok(Exit::Complete)
}

fn replay(situation: &Situation, step: &Step, root: &Path, colour: Color) -> Result<(), Error> {
    let typed = step.run.join(" ").replace("{answers}", "answers.jsonl").replace("{claims}", "claims.jsonl");
    say(&format!("\n$ taskproof {typed}\n"))?;
    let program = env::current_exe().map_err(|source| Error::Read { path: "taskproof".into(), source })?;
    let mut command = Command::new(&program);
    command.args(situation.arguments(step, root)).current_dir(root);
    if step.run.first().is_some_and(|name| name != "undo") {
        command.args(["--color", if colour == Color::Always { "always" } else { "never" }]);
    }
    let status = command.status().map_err(|source| Error::Read { path: program, source })?;
    match status.code() {
        Some(code) if code == step.exit => say(&format!("\n(exit code {code})")),
        code => Err(Error::Refused(format!(
            "`taskproof {}` ended with {code:?} instead of {}",
            step.run.join(" "),
            step.exit
        ))),
    }
}

fn keep_copy(situation: &Situation, keep: &Path) -> Result<PathBuf, Error> {
    let keep = working_directory()?.join(keep);
    situation.build(&keep)?;
    Ok(keep)
}

fn names() -> Vec<String> {
    let is_situation = |folder: &&Dir<'_>| folder.get_file(folder.path().join("case.toml")).is_some();
    SITUATIONS
        .dirs()
        .filter(is_situation)
        .map(|folder| folder.path().display().to_string())
        .filter(|name| !name.starts_with('_'))
        .collect()
}

fn situation(name: &str) -> Result<Situation, Error> {
    let folder = SITUATIONS.get_dir(name).filter(|_| names().iter().any(|known| known == name));
    let Some(folder) = folder else {
        return Err(SituationError::Unknown { name: name.to_owned(), known: names() }.into());
    };
    let mut files = BTreeMap::new();
    collect(folder, folder.path(), &mut files);
    Ok(Situation::from_files(name, files)?)
}

fn collect(folder: &Dir<'_>, root: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for file in folder.files() {
        let path = file.path().strip_prefix(root).unwrap_or(file.path());
        files.insert(path.to_string_lossy().replace('\\', "/"), file.contents().to_vec());
    }
    for child in folder.dirs() {
        collect(child, root, files);
    }
}

/// A line to standard output, before the next command writes there.
fn say(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|source| RenderError::from(source).into())
}
