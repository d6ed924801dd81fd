//! `docs/reference/` is what the program says of itself.
//!
//! `TASKPROOF_BLESS=1 cargo test --test integration reference_docs` writes it anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use taskproof::model::{Code, Severity};

/// Said at the head of every page.
const MADE: &str =
    "Made from the program by `TASKPROOF_BLESS=1 cargo test --test integration reference_docs`; do not edit.";
const SCHEMAS: [&str; 4] = ["report", "answers", "evaluation", "explanation"];

#[test]
fn the_commands_are_those_of_the_program() {
    let mut page = format!("# Commands\n\n{MADE}\n");
    let commands = commands(&said(&["--help"]));
    assert!(commands.len() > 10, "{commands:?}");
    for command in commands {
        let help = said(&[&command, "--help"]);
        write!(page, "\n## {command}\n\n```text\n{}\n```\n", help.trim_end()).expect("a string");
        for child in self::commands(&help) {
            let help = said(&[&command, &child, "--help"]);
            write!(page, "\n### {command} {child}\n\n```text\n{}\n```\n", help.trim_end()).expect("a string");
        }
    }
    compare("commands.md", &page);
}

#[test]
fn the_configuration_is_what_init_writes() {
    let directory = tempfile::tempdir().expect("a scratch directory");
    let mut command = program(&["init"]);
    assert!(command.current_dir(directory.path()).output().expect("it runs").status.success());
    let text = fs::read_to_string(directory.path().join("taskproof.toml")).expect("a file");
    let page = format!(
        "# Configuration\n\n{MADE}\n\n`taskproof init` writes this file. It is looked for from the working directory up; \
         flags win over it, and `check` reads it as it was where the branch starts.\n\n```toml\n{}\n```\n",
        text.trim_end()
    );
    compare("configuration.md", &page);
}

#[test]
fn the_codes_are_those_of_the_findings() {
    let mut page = format!(
        "# Finding codes\n\n{MADE} [findings.md](../findings.md) has an example of each, and what to do.\n\n\
         | code | severity | meaning |\n|---|---|---|\n"
    );
    for code in Code::ALL {
        let severity = match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let meaning = code.description().split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(page, "| `{code}` | {severity} | {} |", meaning.replace('|', "\\|")).expect("a string");
    }
    compare("finding-codes.md", &page);
}

#[test]
fn the_schemas_are_those_of_the_documents() {
    for name in SCHEMAS {
        let schema = said(&["generate", "schema", name]);
        let _: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
        compare(&format!("{name}.schema.json"), &schema);
    }
}

/// What a page is, or is from now on.
fn compare(name: &str, fresh: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference");
    let path = folder.join(name);
    if std::env::var_os("TASKPROOF_BLESS").is_some_and(|value| value == "1") {
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(&path, fresh).expect(name);
        return;
    }
    let known = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    for (line, wanted) in known.lines().zip(fresh.lines()) {
        assert_eq!(line, wanted, "{name} (TASKPROOF_BLESS=1 takes the new one)");
    }
    assert!(known == fresh, "{name} ends too early or too late (TASKPROOF_BLESS=1 takes the new one)");
}

/// The commands that a help page lists, but for `help` itself.
fn commands(help: &str) -> Vec<String> {
    let list = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    let rows = list.lines().take_while(|line| !line.trim().is_empty());
    let names = rows.filter(|row| row.starts_with("  ") && !row.starts_with("   "));
    let names = names.filter_map(|row| row.split_whitespace().next()).filter(|name| *name != "help");
    names.map(str::to_owned).collect()
}

fn said(arguments: &[&str]) -> String {
    let output = program(arguments).output().expect("the binary runs");
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout)
        .expect("UTF-8")
        .replace(concat!("taskproof ", env!("CARGO_PKG_VERSION")), "taskproof")
}

/// The program, for a page of a hundred columns.
fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taskproof"));
    command.args(arguments).env("COLUMNS", "100").env("NO_COLOR", "1");
    command
}
