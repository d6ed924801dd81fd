//! What a recorded command is: its program, what sort of work that does, and what it names.
//!
//! Commands are recorded as they were typed, shortened, or told in prose. Reading one never fails: what is no
//! command line is [`Sort::Prose`], and then only its text speaks.

use std::collections::BTreeSet;

/// What sort of work a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Sort {
    /// Runs tests.
    Test,
    /// Checks types.
    Types,
    /// Looks for bad style and likely mistakes.
    Lint,
    /// Formats, or checks the format.
    Format,
    /// Checks that something parses or compiles, file by file.
    Syntax,
    /// Builds the project.
    Build,
    /// Looks for text or files.
    Search,
    /// Shows files.
    Read,
    /// Asks or tells the version control.
    Version,
    /// Runs a script of its own.
    Script,
    /// Told in words.
    Prose,
    /// Anything else.
    Other,
}

impl Sort {
    /// All of them, in the order of their declaration.
    pub(super) const ALL: [Self; 12] = [
        Self::Test,
        Self::Types,
        Self::Lint,
        Self::Format,
        Self::Syntax,
        Self::Build,
        Self::Search,
        Self::Read,
        Self::Version,
        Self::Script,
        Self::Prose,
        Self::Other,
    ];

    /// Whether it checks work, and may check the work of several tasks at once.
    pub(super) fn is_check(self) -> bool {
        matches!(self, Self::Test | Self::Types | Self::Lint | Self::Format | Self::Syntax | Self::Build)
    }
}

/// A recorded command, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommandLine {
    pub(super) sort: Sort,
    /// The base name of what does the work: `vitest` of `npx vitest run`, `build` of `npm run build`.
    pub(super) program: String,
    /// Modules and packages it names by their own names, such as `-p parser` or `python -m tools.check`.
    pub(super) packages: Vec<String>,
    /// Program and arguments without options, by which two spellings of one command meet.
    pub(super) core: String,
    /// Whether a filter narrows it to some tests.
    pub(super) has_filter: bool,
}

/// No more than so many bytes are read: the rest of a longer one is data.
const LONGEST: usize = 64 << 10;

/// Programs that only run another.
const WRAPPERS: [&str; 18] = [
    "npx", "bunx", "pnpx", "uvx", "time", "env", "sudo", "nice", "nohup", "timeout", "xvfb-run", "exec",
    "command", "poetry", "pipenv", "hatch", "pdm", "rye",
];
/// Programs whose first word tells what they do.
const RUNNERS: [&str; 18] = [
    "npm", "pnpm", "yarn", "bun", "cargo", "go", "make", "just", "deno", "dotnet", "mvn", "gradle",
    "gradlew", "uv", "git", "nx", "turbo", "task",
];

impl CommandLine {
    /// Reads a command. Takes time in proportion to its length, and no more than [`LONGEST`] of it.
    pub(super) fn parse(text: &str) -> Self {
        let text = clip(text, LONGEST).trim();
        // A script that is handed in is no part of the command line.
        let head = match text.find("<<") {
            Some(at) => &text[..at],
            None => text,
        };
        let has_script = head.len() < text.len();
        let words = words(head);
        let command = first_command(&words);
        let (program, arguments) = unwrap(command);
        let (sort, told) = sort(&program, arguments, has_script);
        let is_prose = sort == Sort::Other && is_prose(&program, text);
        Self {
            sort: if is_prose { Sort::Prose } else { sort },
            core: core(&told, arguments),
            packages: packages(&program, arguments),
            has_filter: has_filter(arguments) || text.contains("::"),
            program: told,
        }
    }
}

/// Whether a text begins as a command line does: with a program that is known by its name, or lies at a path.
pub(super) fn begins_with_program(text: &str) -> bool {
    let first = text.split_whitespace().find(|word| !is_assignment(word)).unwrap_or_default();
    let name = base_name(first);
    let is_known = |name: &str| {
        by_program(name).is_some() || RUNNERS.contains(&name) || WRAPPERS.contains(&name) || name == "cd"
    };
    is_known(name) || (first.starts_with("./") && !name.is_empty())
}

/// The beginning of a text, cut between characters.
pub(super) fn clip(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Words as a shell splits them; where quotes do not match, as blanks do.
fn words(head: &str) -> Vec<String> {
    shlex::split(head).unwrap_or_else(|| head.split_whitespace().map(str::to_owned).collect())
}

/// The words of the first command that does something: after `cd x &&`, `export A=1;` and the like.
fn first_command(words: &[String]) -> &[String] {
    let is_end =
        |word: &String| matches!(word.as_str(), "&&" | "||" | ";" | "|" | "&") || word.ends_with(';');
    let mut commands = words.split_inclusive(is_end).map(|command| match command {
        [rest @ .., last] if !last.ends_with(';') || last == ";" => {
            if is_end(last) {
                rest
            } else {
                command
            }
        }
        _ => command,
    });
    let moves = |command: &&[String]| {
        let first = command.iter().map(String::as_str).find(|word| !is_assignment(word));
        !matches!(
            first,
            None | Some(
                "cd" | "export" | "set" | "source" | "." | "mkdir" | "pushd" | "popd" | "echo" | "unset"
            )
        )
    };
    commands.find(moves).unwrap_or_default()
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    })
}

/// The program that does the work, in lower case, and its arguments.
fn unwrap(command: &[String]) -> (String, &[String]) {
    let mut rest = command;
    while let [first, after @ ..] = rest {
        let name = base_name(first);
        let is_run = matches!(name, "npm" | "pnpm" | "yarn" | "bun" | "uv" | "rye" | "npm.cmd")
            && after.first().is_some_and(|word| matches!(word.as_str(), "exec" | "run" | "x" | "dlx" | "--"));
        let is_module = is_python(name) && after.first().is_some_and(|word| word == "-m");
        if is_assignment(first) || first == "--" {
            rest = after;
        } else if is_run || is_module {
            rest = &after[1..];
        } else if WRAPPERS.contains(&name) {
            let is_skipped = |word: &&String| {
                word.starts_with('-')
                    || *word == "run"
                    || word.bytes().all(|byte| byte.is_ascii_digit() || byte == b's')
            };
            rest = &after[after.iter().take_while(is_skipped).count()..];
        } else {
            return (name.trim_end_matches(';').to_lowercase(), after);
        }
    }
    (String::new(), &[])
}

fn base_name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

fn is_python(program: &str) -> bool {
    program
        .strip_prefix("python")
        .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

/// What a command does, and the name of what does it: `test` of `cargo test`.
fn sort(program: &str, arguments: &[String], has_script: bool) -> (Sort, String) {
    let first = arguments.iter().find(|word| !word.starts_with('-')).map_or("", String::as_str);
    let has = |option: &str| arguments.iter().any(|word| word == option);
    if program == "git" {
        return (if first == "grep" { Sort::Search } else { Sort::Version }, "git".to_owned());
    }
    if RUNNERS.contains(&program) && !first.is_empty() {
        let told = first.to_lowercase();
        return (by_task(&told).unwrap_or(Sort::Other), told);
    }
    if program == "ruff" && first == "format" {
        return (Sort::Format, program.to_owned());
    }
    let is_checked =
        (program == "node" && has("--check")) || (matches!(program, "bash" | "sh" | "zsh") && has("-n"));
    if is_checked {
        return (Sort::Syntax, program.to_owned());
    }
    let sort = by_program(program).or_else(|| by_task(program)).unwrap_or(Sort::Other);
    (if has_script && sort == Sort::Other { Sort::Script } else { sort }, program.to_owned())
}

/// The sort of a program by its name.
fn by_program(program: &str) -> Option<Sort> {
    Some(match program {
        "pytest" | "vitest" | "jest" | "mocha" | "ava" | "playwright" | "cypress" | "unittest" | "nose2"
        | "tox" | "nox" | "rspec" | "phpunit" | "ctest" | "bats" | "nextest" | "karma" | "tap" => Sort::Test,
        "tsc" | "vue-tsc" | "tsgo" | "mypy" | "pyright" | "basedpyright" | "flow" => Sort::Types,
        "eslint" | "ruff" | "flake8" | "pylint" | "biome" | "stylelint" | "shellcheck" | "golangci-lint"
        | "rubocop" | "oxlint" | "tslint" | "markdownlint" => Sort::Lint,
        "prettier" | "black" | "gofmt" | "rustfmt" | "isort" | "clang-format" | "dprint" => Sort::Format,
        "py_compile" | "compileall" | "json.tool" | "javac" | "rustc" => Sort::Syntax,
        "vite" | "webpack" | "esbuild" | "rollup" | "cmake" | "ninja" | "make" | "tsup" | "next" => {
            Sort::Build
        }
        "rg" | "grep" | "egrep" | "fgrep" | "ag" | "ack" | "find" | "fd" | "which" => Sort::Search,
        "sed" | "cat" | "nl" | "head" | "tail" | "wc" | "ls" | "less" | "jq" | "stat" | "tree" | "test"
        | "[" | "awk" | "bat" | "file" | "diff" | "cmp" | "pwd" | "xxd" | "sort" => Sort::Read,
        "node" | "tsx" | "ts-node" | "ruby" | "perl" | "bash" | "sh" | "zsh" | "php" | "psql" | "sqlite3"
        | "curl" => Sort::Script,
        _ if is_python(program) => Sort::Script,
        _ => return None,
    })
}

/// The sort of a runner's task, or of a script's name, by its words: `test:unit`, `type-check`.
fn by_task(name: &str) -> Option<Sort> {
    let is = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let is_part = |words: &[&str]| name.split([':', '-', '_', '.']).any(|part| words.contains(&part));
    if is(&["typecheck", "type-check", "type_check", "check-types"]) || is_part(&["tsc", "types"]) {
        Some(Sort::Types)
    } else if is_part(&["test", "tests", "nextest", "spec", "e2e", "vitest", "jest", "pytest"]) {
        Some(Sort::Test)
    } else if is_part(&["lint", "clippy", "eslint", "vet"]) {
        Some(Sort::Lint)
    } else if is_part(&["fmt", "format", "prettier"]) {
        Some(Sort::Format)
    } else if is_part(&["build", "compile", "bundle", "all"]) {
        Some(Sort::Build)
    } else {
        is_part(&["check"]).then_some(Sort::Types)
    }
}

/// Whether a text of no known program rather tells what was done.
fn is_prose(program: &str, text: &str) -> bool {
    let is_name = !program.is_empty()
        && program
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+'));
    let starts_like_a_sentence = text.starts_with(|c: char| c.is_uppercase());
    let plain =
        text.split_whitespace().take(32).filter(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()));
    !is_name || starts_like_a_sentence || plain.count() > 4
}

/// Program and arguments, without options.
fn core(program: &str, arguments: &[String]) -> String {
    let is_argument =
        |word: &&String| !word.starts_with('-') && !matches!(word.as_str(), "2>&1" | ">/dev/null" | "false");
    let arguments = arguments.iter().filter(is_argument).map(|word| word.trim_start_matches("./"));
    let mut core = program.to_owned();
    for word in arguments.filter(|word| *word != program) {
        core.push(' ');
        core.push_str(word);
    }
    core
}

fn has_filter(arguments: &[String]) -> bool {
    let filters = ["-k", "-t", "--filter", "--grep", "-g", "--testNamePattern", "--test", "--lib", "-run"];
    arguments.iter().any(|word| filters.contains(&word.split('=').next().unwrap_or(word)))
}

/// What `-p name`, `--workspace=name` and dotted module names say.
fn packages(program: &str, arguments: &[String]) -> Vec<String> {
    const OPTIONS: [&str; 8] =
        ["-p", "--package", "--workspace", "-w", "--filter", "-F", "--project", "--bin"];
    let mut found = BTreeSet::new();
    for (at, word) in arguments.iter().enumerate() {
        let (option, value) = match word.split_once('=') {
            Some((option, value)) => (option, Some(value)),
            None => (word.as_str(), arguments.get(at + 1).map(String::as_str)),
        };
        if OPTIONS.contains(&option)
            && let Some(value) = value.filter(|value| !value.starts_with('-'))
        {
            found.insert(value.trim_start_matches('@').to_owned());
        }
        if is_module(word) {
            found.insert(word.clone());
        }
    }
    if is_module(program) && program != "json.tool" {
        found.insert(program.to_owned());
    }
    found.into_iter().filter(|name| name.len() > 1).collect()
}

/// Whether a word is a dotted name, and no file's.
fn is_module(word: &str) -> bool {
    const EXTENSIONS: [&str; 12] =
        ["py", "ts", "tsx", "js", "jsx", "rs", "go", "json", "toml", "md", "sql", "mjs"];
    let mut parts = word.split('.').peekable();
    let last = word.rsplit('.').next().unwrap_or_default();
    word.contains('.')
        && word.len() <= 128
        && !EXTENSIONS.contains(&last)
        && parts.all(|part| {
            part.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> (Sort, String) {
        let line = CommandLine::parse(text);
        (line.sort, line.program)
    }

    #[test]
    fn the_program_is_found_behind_what_runs_it() {
        for (text, sort, program) in [
            ("cd web && npx vitest run src/a.test.ts", Sort::Test, "vitest"),
            ("PYTHONPATH=. python -m pytest tests/test_a.py -q", Sort::Test, "pytest"),
            ("npm run build", Sort::Build, "build"),
            ("npm run test:unit -- a", Sort::Test, "test:unit"),
            ("cargo clippy --all-targets", Sort::Lint, "clippy"),
            ("npx tsc --noEmit", Sort::Types, "tsc"),
            ("timeout 60 uv run mypy src", Sort::Types, "mypy"),
            ("python3 -m py_compile a.py", Sort::Syntax, "py_compile"),
            ("git grep lock", Sort::Search, "git"),
            ("nl -ba a.rs | sed -n '1,9p'", Sort::Read, "nl"),
            ("set -e; ./node_modules/.bin/eslint src", Sort::Lint, "eslint"),
            ("python - <<'PY'\nprint(\"it's\")\nPY", Sort::Script, "python"),
            ("", Sort::Prose, ""),
        ] {
            assert_eq!(read(text), (sort, program.to_owned()), "{text}");
        }
    }

    #[test]
    fn prose_is_told_from_commands() {
        assert_eq!(read("Opened the page and looked at the clock").0, Sort::Prose);
        assert_eq!(read("frobnicate --all").0, Sort::Other);
    }

    #[test]
    fn spellings_of_one_command_meet() {
        let core = |text: &str| CommandLine::parse(text).core;
        assert_eq!(core("npx tsc --noEmit --pretty false"), core("tsc --noEmit"));
        assert_eq!(core("cd x && python -m pytest ./tests/a.py -q"), core("pytest tests/a.py"));
    }

    #[test]
    fn packages_and_modules_are_named() {
        let packages = |text: &str| CommandLine::parse(text).packages;
        assert_eq!(packages("cargo test -p parser"), ["parser"]);
        assert_eq!(packages("npm test --workspace=@acme/clock"), ["acme/clock"]);
        assert_eq!(packages("python -m unittest tests.test_clock"), ["tests.test_clock"]);
        assert_eq!(packages("pytest a.py"), [""; 0]);
        assert!(CommandLine::parse("pytest a.py::test_b").has_filter);
        assert!(CommandLine::parse("pytest -k b").has_filter);
    }

    #[test]
    fn long_commands_are_cut_between_characters() {
        let text = "ä".repeat(LONGEST);
        assert!(CommandLine::parse(&text).core.len() <= LONGEST);
    }

    proptest! {
        #[test]
        fn reading_never_fails(text in any::<String>()) {
            let line = CommandLine::parse(&text);
            prop_assert_eq!(&line, &CommandLine::parse(&text));
        }

        #[test]
        fn shell_like_text_never_fails(text in "(cd|npx|python|-m|&&|;|<<|'|\"|\\\\|=|A=b|\\.|ä| |\n){0,24}") {
            let _ = CommandLine::parse(&text);
        }
    }
}
