//! Sessions in the documents are real: a block that is headed "console SITUATION" is typed in that situation.
//!
//! A line `$ taskproof …` is run in the situation's root; `# exits N` behind it is the code that it has to end with,
//! otherwise it has to be one of a report. The lines below it occur in its output in that order; a line with an
//! ellipsis stands for any number of others, and one within a line for any text. A block of the same situation with
//! `continued` behind its name goes on where the one before it ended.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::stage::{Stage, situation};

/// A command and what it is said to print.
struct Typed {
    line: usize,
    command: String,
    exit: Option<i32>,
    shown: Vec<String>,
}

struct Session {
    situation: String,
    is_continued: bool,
    commands: Vec<Typed>,
}

#[test]
fn every_session_of_the_documents_can_be_typed() {
    let mut played = 0;
    for path in documents() {
        let text = std::fs::read_to_string(&path).expect("a document");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let sessions = sessions(&text);
        played += sessions.len();
        for joined in sessions.chunk_by(|_, next| next.is_continued) {
            let case = situation(&joined[0].situation);
            let stage = Stage::build(&case);
            for session in joined {
                assert_eq!(
                    session.situation, case.name,
                    "{name}: what is continued is of the same situation"
                );
                session.commands.iter().for_each(|typed| play(&stage, typed, &name));
            }
        }
    }
    assert!(played >= 5, "only {played} sessions were found");
}

fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages =
        std::fs::read_dir(root.join("docs")).expect("docs").map(|entry| entry.expect("an entry").path());
    let mut found: Vec<PathBuf> =
        pages.filter(|path| path.extension().is_some_and(|it| it == "md")).collect();
    found.push(root.join("README.md"));
    found.sort();
    found
}

fn sessions(text: &str) -> Vec<Session> {
    let mut found: Vec<Session> = Vec::new();
    let mut open = false;
    for (number, line) in (1..).zip(text.lines()) {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(info) => {
                let mut words = info.split_whitespace();
                let is_console = words.next() == Some("console");
                let Some(situation) = words.next().filter(|_| is_console) else { continue };
                open = true;
                let is_continued = words.next() == Some("continued");
                found.push(Session { situation: situation.to_owned(), is_continued, commands: Vec::new() });
            }
            None if open => add(found.last_mut().expect("an open session"), number, line),
            None => {}
        }
    }
    found
}

fn add(session: &mut Session, line: usize, text: &str) {
    if let Some(command) = text.strip_prefix("$ taskproof ") {
        let (command, comment) = command.split_once(" #").unwrap_or((command, ""));
        let exit = comment.trim().strip_prefix("exits ").map(|code| {
            let digits: String = code.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().expect("an exit code")
        });
        let command = command.trim().to_owned();
        session.commands.push(Typed { line, command, exit, shown: Vec::new() });
    } else if !text.trim().is_empty() {
        session.commands.last_mut().expect("a command").shown.push(text.trim().to_owned());
    }
}

fn play(stage: &Stage<'_>, typed: &Typed, document: &str) {
    let place = format!("{document}:{}: `taskproof {}`", typed.line, typed.command);
    let arguments = shlex::split(&typed.command).expect("words");
    let mut command = Command::new(env!("CARGO_BIN_EXE_taskproof"));
    let foreign = ["GIT_", "GITHUB_", "GITLAB_", "CI_", "XDG_", "TASKPROOF_"];
    for (name, _) in std::env::vars_os() {
        if foreign.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    command.env("HOME", stage.root.parent().expect("a scratch directory")).env("NO_COLOR", "1");
    let output = command.current_dir(&stage.root).args(&arguments).output().expect("the binary runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = [text(&output.stdout), text(&output.stderr)].concat();
    let code = output.status.code().expect("an exit code");
    let is_expected = typed.exit.map_or([0, 10, 11, 12].contains(&code), |exit| exit == code);
    assert!(is_expected, "{place} exits {code}\n{said}");
    let mut lines = said.lines().map(str::trim);
    for shown in typed.shown.iter().filter(|line| *line != "…") {
        assert!(
            lines.any(|line| is_like(line, shown)),
            "{place} does not print, or not there:\n{shown}\n\n{said}"
        );
    }
}

/// Whether a line is the one that is shown; an ellipsis stands for any text.
fn is_like(line: &str, shown: &str) -> bool {
    let pieces: Vec<&str> = shown.split('…').collect();
    let [first, rest @ ..] = pieces.as_slice() else { return false };
    let Some(mut left) = line.strip_prefix(first) else { return false };
    for piece in rest {
        match left.find(piece) {
            Some(at) => left = &left[at + piece.len()..],
            None => return false,
        }
    }
    left.is_empty() || shown.ends_with('…')
}

#[test]
fn an_ellipsis_stands_for_any_text() {
    assert!(is_like("Run `1` wrote 5 edits", "Run `…` wrote 5 edits") && is_like("a b", "a…"));
    assert!(!is_like("Run `1` wrote 5 edits, and more", "Run `…` wrote 5 edits") && !is_like("b", "a…"));
}
