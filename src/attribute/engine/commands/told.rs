//! Commands in texts: what `verification`, `tests_run` and the like tell, and transcripts.

use std::collections::BTreeSet;

use super::command_line::{CommandLine, Sort, begins_with_program, clip};
use crate::model::Told;

/// More commands of one text are not read.
const MOST: usize = 64;
/// So much of a text is read.
const LONGEST: usize = 16 << 10;
/// How the outcome of a command is told behind it.
const OUTCOMES: [&str; 17] = [
    ": ",
    " passed",
    " failed",
    " ran ",
    " returned",
    " exited",
    " succeeded",
    " completed",
    " stopped",
    " was ",
    " is ",
    " clean",
    " -> ",
    " => ",
    " → ",
    " — ",
    "; ",
];

/// The commands that a text tells of, each once, in its order: those between backquotes, and one that it begins with.
/// Of a transcript only checks count: that a file was looked at is no evidence worth a record.
pub(super) fn commands_in(told: &Told) -> Vec<String> {
    let text = clip(&told.text, LONGEST);
    if told.is_command {
        let command = without_shell(text);
        return Some(command)
            .filter(|command| CommandLine::parse(command).sort.is_check())
            .into_iter()
            .collect();
    }
    let quoted = text.split('`').skip(1).step_by(2).filter(|span| !span.contains('\n'));
    let first = text.lines().map(without_outcome).filter(|line| !line.contains('`'));
    let mut seen = BTreeSet::new();
    let commands =
        quoted.chain(first).map(str::trim).filter(|command| is_command(command) && seen.insert(*command));
    commands.take(MOST).map(str::to_owned).collect()
}

/// Whether a text is a command line, and no name of a program or file alone.
fn is_command(text: &str) -> bool {
    text.contains(' ')
        && begins_with_program(text)
        && !matches!(CommandLine::parse(text).sort, Sort::Prose | Sort::Other)
}

/// A line up to where it tells how a command ended.
fn without_outcome(line: &str) -> &str {
    let line = line.trim_start_matches(['-', '*', ' ']);
    // A script may hold anything; its end cannot be told.
    if line.contains("<<") {
        return line;
    }
    let end = OUTCOMES.iter().filter_map(|outcome| line.find(outcome)).min();
    end.map_or(line, |end| &line[..end])
}

/// What a shell was asked to run: `make a` of `/bin/sh -lc 'make a'`.
fn without_shell(text: &str) -> String {
    let words = shlex::split(text).unwrap_or_default();
    match words.as_slice() {
        [shell, option, command] if is_shell(shell) && option.starts_with('-') && option.ends_with('c') => {
            command.clone()
        }
        _ => text.to_owned(),
    }
}

fn is_shell(word: &str) -> bool {
    matches!(word.rsplit('/').next(), Some("sh" | "bash" | "zsh" | "dash"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str, is_command: bool) -> Vec<String> {
        let told = Told {
            artifact: "execution_batch_1.json".into(),
            place: "/verification".into(),
            batch: Some(1),
            text: text.into(),
            is_command,
        };
        commands_in(&told)
    }

    #[test]
    fn prose_tells_commands_between_backquotes_or_in_front() {
        assert_eq!(
            found("python -m pytest tests/a.py -q: 7 passed", false),
            ["python -m pytest tests/a.py -q"]
        );
        assert_eq!(found("npx tsc --noEmit passed with no output", false), ["npx tsc --noEmit"]);
        assert_eq!(
            found("Ran `cargo test -p clock` and `cargo test -p clock`; `clock` and `src/a.rs` stay", false),
            ["cargo test -p clock"]
        );
        assert_eq!(found("- make test\n- npm run lint: ok", false), ["make test", "npm run lint"]);
        assert_eq!(found("All of it was read once more.", false), [""; 0]);
    }

    #[test]
    fn of_a_transcript_only_checks_count() {
        assert_eq!(
            found("/bin/zsh -lc 'npx vitest run src/a.test.ts'", true),
            ["npx vitest run src/a.test.ts"]
        );
        assert_eq!(found("/bin/zsh -lc \"sed -n '1,9p' src/a.ts\"", true), [""; 0]);
        assert_eq!(found("cargo test", true), ["cargo test"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(`|make |: |\n|é|<<|'|sh -c ){0,40}", is_command in any::<bool>()) {
            prop_assert!(found(&text, is_command).len() <= MOST);
        }
    }
}
