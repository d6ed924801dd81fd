//! What `docs/scoring.md` and the README show of the engine is what it does: names and weights of signals, the
//! calibration, and what `explain` says of a situation.
//!
//! `TASKPROOF_BLESS=1 cargo test --test integration scoring_docs` writes the figures anew, to be read before they
//! are committed. Words are written by hand: a row, once per signal and in the order of the code.

use std::path::Path;
use std::process::Command;

use taskproof::attribute::engine::commands::signal_names;
use taskproof::attribute::engine::{
    Calibration, Model, Regime, commit_signals, file_signals, nobody_signals,
};
use toml::Table;

use crate::support::stage::{Stage, situation};

const FILES: &str = include_str!("../../src/attribute/engine/weights.toml");
const COMMANDS: &str = include_str!("../../src/attribute/engine/commands/weights.toml");

/// The last cells of the row with that name.
type Cells = Box<dyn Fn(&str) -> Vec<String>>;

/// A table of a document: the heading above it, the first cells of its rows, and the last cells of each.
struct Figures {
    heading: &'static str,
    names: Vec<&'static str>,
    cells: Cells,
}

#[test]
fn weights_and_calibration_are_those_of_the_code() {
    let tables = [
        weights("### Signals of a commit", FILES, commit_signals(), &["first_pass.task", "second_pass.task"]),
        weights(
            "### Signals of nobody",
            FILES,
            with("nobody_bias", nobody_signals()),
            &["first_pass.nobody", "second_pass.nobody"],
        ),
        weights(
            "### Signals of a file",
            FILES,
            with("bias", file_signals()),
            &[
                "files.listed_commits.weights",
                "files.listed.weights",
                "files.commits.weights",
                "files.bundle.weights",
            ],
        ),
        weights(
            "### Signals of a command",
            COMMANDS,
            with("bias", signal_names()),
            &["specific.weights", "general.weights"],
        ),
        Figures {
            heading: "### Calibration",
            names: Regime::ALL.map(Regime::name).to_vec(),
            cells: Box::new(calibration),
        },
        Figures {
            heading: "### Calibration of commands",
            names: vec!["specific", "general"],
            cells: Box::new(|name| {
                let part = &parse(COMMANDS)[name];
                ["slope", "offset"].map(|key| rounded(part[key].as_float().expect(key))).to_vec()
            }),
        },
    ];
    compare("docs/scoring.md", |text| tables.iter().fold(text, |text, figures| figures.refresh(&text)));
}

#[test]
fn what_explain_is_said_to_say_it_says() {
    compare("docs/scoring.md", |text| {
        let wanted = ["T2 lacks", "  almanac/survey.py", "  and besides", "  pytest"];
        excerpt(&text, "two-hollow-told-apart-by-commits", "T2", &wanted)
    });
    compare("README.md", |text| {
        let wanted = ["T2 lacks", "  press/footnotes.py", "What would change this"];
        excerpt(&text, "two-hollow-in-one-batch", "T2", &wanted)
    });
}

/// Checks that refreshing changes nothing in a document; when blessing, writes it instead. Both tests may bless
/// the same page, so it is read at the last moment.
fn compare(name: &str, refresh: impl Fn(String) -> String) {
    static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one = ONE_AT_A_TIME.lock();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let text = std::fs::read_to_string(&path).expect(name);
    let fresh = refresh(text.clone());
    if std::env::var_os("TASKPROOF_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, fresh).expect(name);
    } else {
        for (line, wanted) in text.lines().zip(fresh.lines()) {
            assert_eq!(line, wanted, "{name} (TASKPROOF_BLESS=1 takes the new one)");
        }
        assert!(text == fresh, "{name} ends too early or too late (TASKPROOF_BLESS=1 takes the new one)");
    }
}

fn parse(text: &str) -> Table {
    text.parse().expect("weights are TOML")
}

fn with(first: &'static str, names: Vec<&'static str>) -> Vec<&'static str> {
    [vec![first], names].concat()
}

/// Weights of some parts side by side. A bias stands beside the table of weights.
fn weights(
    heading: &'static str,
    file: &'static str,
    names: Vec<&'static str>,
    parts: &'static [&'static str],
) -> Figures {
    let file = parse(file);
    let cells = move |name: &str| {
        let cell = |path: &&str| {
            let (part, table) = path.rsplit_once('.').expect("part and table");
            let (first, rest) = part.split_once('.').unwrap_or((part, ""));
            let part = if rest.is_empty() { &file[first] } else { &file[first][rest] };
            let weight = if name.ends_with("bias") { &part[name] } else { &part[table][name] };
            rounded(weight.as_float().unwrap_or_else(|| panic!("{path}.{name}")))
        };
        parts.iter().map(cell).collect()
    };
    Figures { heading, names, cells: Box::new(cells) }
}

/// Two decimals, with a sign; nothing is 0.
fn rounded(value: f64) -> String {
    let text = format!("{value:+.2}").replace('-', "−");
    if ["+0.00", "−0.00"].contains(&text.as_str()) { "0".to_owned() } else { text }
}

/// From which log-odds on confidence reaches some thresholds, and how sure it can get.
fn calibration(name: &str) -> Vec<String> {
    let regime = Regime::ALL.into_iter().find(|regime| regime.name() == name).expect(name);
    let table = &Model::shipped().calibration[&regime];
    let reached = |wanted: f64| reached(table, wanted).map_or("never".to_owned(), rounded);
    let surest = table.0.last().map_or(0.0, |(_, probability)| *probability);
    let mut cells: Vec<String> = [0.5, 0.85, 0.95].map(reached).to_vec();
    cells.push(format!("{:.1} %", surest * 100.0));
    cells
}

fn reached(table: &Calibration, wanted: f64) -> Option<f64> {
    let points = &table.0;
    let above = points.iter().position(|(_, probability)| *probability >= wanted)?;
    let Some(below) = above.checked_sub(1) else { return Some(points[above].0) };
    let ((x0, p0), (x1, p1)) = (points[below], points[above]);
    Some(x0 + (x1 - x0) * (wanted - p0) / (p1 - p0))
}

impl Figures {
    /// The text with the last cells of every row as they should be.
    fn refresh(&self, text: &str) -> String {
        let heading = format!("{}\n", self.heading);
        let (before, rest) = text.split_once(&heading).unwrap_or_else(|| panic!("no `{}`", self.heading));
        let end = rest.find("\n#").unwrap_or(rest.len());
        let (section, after) = rest.split_at(end);
        let names: Vec<&str> = section.lines().filter_map(row_name).collect();
        assert_eq!(names, self.names, "rows below `{}`", self.heading);
        let section: Vec<String> = section.split('\n').map(|line| self.refresh_row(line)).collect();
        [before, &heading, &section.join("\n"), after].concat()
    }

    fn refresh_row(&self, line: &str) -> String {
        let Some(name) = row_name(line) else { return line.to_owned() };
        let fresh = (self.cells)(name);
        let cells: Vec<&str> = line.trim_end_matches(" |").split(" | ").collect();
        assert!(cells.len() > fresh.len() + 1, "too few cells: {line}");
        let kept = cells[..cells.len() - fresh.len()].iter().map(|cell| (*cell).to_owned());
        format!("{} |", kept.chain(fresh).collect::<Vec<_>>().join(" | "))
    }
}

/// The name in the first cell of a row, if it is one of a table of names.
fn row_name(line: &str) -> Option<&str> {
    Some(line.strip_prefix("| `")?.split_once('`')?.0)
}

/// The text with what follows `$ taskproof explain TASK` replaced by the wanted paragraphs of what is said.
fn excerpt(text: &str, name: &str, task: &str, wanted: &[&str]) -> String {
    let command = format!("$ taskproof explain {task}\n");
    let (before, rest) = text.split_once(&command).unwrap_or_else(|| panic!("no `{}`", command.trim()));
    let (_, after) = rest.split_once("```").expect("an end of the block");
    let said = explain(name, task);
    let missing = wanted.iter().find(|start| !said.split("\n\n").any(|part| part.starts_with(**start)));
    assert_eq!(missing, None, "in {said}");
    let mut kept: Vec<&str> = Vec::new();
    for part in said.split("\n\n").map(|part| part.trim_end_matches('\n')) {
        if wanted.iter().any(|start| part.starts_with(start)) {
            kept.push(part);
        } else if kept.last().is_some_and(|last| *last != "  …") {
            kept.push("  …");
        }
    }
    [before, &command, &kept.join("\n"), "\n```", after].concat()
}

/// What `taskproof explain` tells a person about a task of a situation.
fn explain(name: &str, task: &str) -> String {
    let situation = situation(name);
    let stage = Stage::build(&situation);
    let plan = situation.plan_directory(&stage.root);
    let output = Command::new(env!("CARGO_BIN_EXE_taskproof"))
        .args(["explain", task, "--color", "never", "--plan"])
        .arg(plan)
        .env_remove("COLUMNS")
        .output()
        .expect("the binary runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}
