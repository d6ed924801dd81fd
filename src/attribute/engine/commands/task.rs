//! What a task's texts say of the commands it may have run.

use std::collections::HashSet;

use super::command_line::{CommandLine, Sort};
use super::words::Words;
use crate::attribute::context::Context;
use crate::attribute::engine::reading::notes;
use crate::gate;
use crate::model::{Field, Kind, Task};
use crate::words::tokens;

/// What is known of one task.
#[derive(Debug, Default)]
pub(super) struct TaskEvidence {
    /// Its commands are missing and would count.
    pub(super) is_open: bool,
    /// Records give it commands.
    pub(super) is_known: bool,
    /// Checking what the plan made is all it is there for.
    pub(super) is_verifier: bool,
    /// How many words its executors wrote about it.
    pub(super) notes_length: usize,
    /// Sorts of commands that its notes speak of, by [`Sort::ALL`].
    pub(super) noted: [bool; Sort::ALL.len()],
    /// The same for its description.
    pub(super) described: [bool; Sort::ALL.len()],
    /// Programs that its notes name, in lower case.
    pub(super) programs: HashSet<String>,
    /// Command lines that its texts quote, by what two spellings have in common.
    pub(super) quoted: HashSet<String>,
}

/// Ways to speak of a sort of command.
const SPOKEN: [(Sort, &[&str]); 9] = [
    (
        Sort::Test,
        &[
            "vitest",
            "pytest",
            "jest",
            "cargo test",
            "go test",
            "unittest",
            "test suite",
            "tests pass",
            "test file",
            "test module",
            "full suite",
            "tests passed",
            "suite passed",
            "test run",
            "passing tests",
            "focused test",
            "npm test",
        ],
    ),
    (
        Sort::Types,
        &[
            "tsc",
            "typecheck",
            "type check",
            "type-check",
            "typescript check",
            "typescript compil",
            "mypy",
            "pyright",
            "cargo check",
            "types check",
        ],
    ),
    (Sort::Lint, &["lint", "ruff", "flake8", "clippy"]),
    (Sort::Format, &["prettier", "formatt", "cargo fmt", "gofmt"]),
    (Sort::Syntax, &["py_compile", "compileall", "byte-compil", "bytecode", "syntax", "compiles"]),
    (Sort::Build, &["npm run build", "build"]),
    (Sort::Search, &["grep", "`rg", "searched", " search"]),
    (Sort::Version, &["git diff", "git status", "diff inspection", "diff review", "diff --check"]),
    (Sort::Script, &["script", "probe", "node --", "python -", "repro", "smoke", "sanity"]),
];

pub(super) fn read_task(task: &Task, words: &mut Words, context: &Context<'_>) -> TaskEvidence {
    let gap = gate::assess(task, &context.input.plan.mode);
    let notes = notes(task, context.rows_of(task), context.checks_of(task));
    words.learn(&[&task.description, &notes]);
    let lower = notes.to_lowercase();
    TaskEvidence {
        is_open: task.inferred_commands || (gap.missing.contains(&Field::Commands) && !task.truthy.commands),
        is_known: false,
        is_verifier: is_verifier(task),
        notes_length: own_notes(task, context).flat_map(str::split_whitespace).take(1000).count(),
        noted: spoken(&lower),
        described: spoken(&task.description.to_lowercase()),
        programs: tokens(&lower).map(|(_, token)| token.to_owned()).collect(),
        quoted: quoted(&notes).chain(quoted(&task.description)).collect(),
    }
}

/// What executors wrote, without what was asked of them.
fn own_notes<'a>(task: &'a Task, context: &'a Context<'_>) -> impl Iterator<Item = &'a str> {
    std::iter::once(task.executor_notes.as_str())
        .chain(context.rows_of(task).iter().map(|row| row.notes.as_str()))
}

fn spoken(lower: &str) -> [bool; Sort::ALL.len()] {
    let says = |sort: &Sort| {
        SPOKEN
            .iter()
            .filter(|(spoken, _)| spoken == sort)
            .any(|(_, ways)| ways.iter().any(|way| lower.contains(way)))
    };
    Sort::ALL.map(|sort| says(&sort))
}

/// Whether a task is there to run checks: its description begins with that, or its kind is test and it speaks
/// of the whole suite.
fn is_verifier(task: &Task) -> bool {
    const BEGINNINGS: [&str; 9] = [
        "run ",
        "verify",
        "validate",
        "validation",
        "verification",
        "final ",
        "execute ",
        "rerun",
        "confirm",
    ];
    const WHOLE: [&str; 6] =
        ["test suite", "full suite", "all tests", "regression", "typecheck", "tests relevant"];
    let lower = task.description.trim_start().to_lowercase();
    let begins = BEGINNINGS.iter().any(|word| lower.starts_with(word));
    let speaks = WHOLE.iter().any(|word| lower.contains(word));
    speaks && (begins || task.kind == Kind::Test)
}

/// The command lines between backquotes, in the spelling that two of them have in common.
fn quoted(text: &str) -> impl Iterator<Item = String> + '_ {
    /// Longer spans are code.
    const LONGEST: usize = 2000;
    let spans = text.split('`').skip(1).step_by(2).filter(|span| span.contains(' ') && span.len() <= LONGEST);
    spans.map(|span| CommandLine::parse(span).core).filter(|core| core.len() > 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::task;

    #[test]
    fn quoted_commands_are_found() {
        let found: Vec<_> =
            quoted("Ran `npx tsc --noEmit` and `clock`, then `pytest tests/a.py -q`.").collect();
        assert_eq!(found, ["tsc", "pytest tests/a.py"]);
    }

    #[test]
    fn notes_speak_of_sorts() {
        let said = spoken("the type check passed and eslint was quiet");
        let sorts: Vec<_> =
            Sort::ALL.into_iter().zip(said).filter(|(_, said)| *said).map(|(sort, _)| sort).collect();
        assert_eq!(sorts, [Sort::Types, Sort::Lint]);
    }

    #[test]
    fn a_verifier_is_there_to_check() {
        let is = |description: &str| {
            is_verifier(&crate::model::Task { description: description.into(), ..task("T1") })
        };
        assert!(is("Run the full test suite and fix what fails"));
        assert!(!is("Add a clock, then run the test suite"));
    }
}
