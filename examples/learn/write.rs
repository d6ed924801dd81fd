//! What was learned, as `weights.toml`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use taskproof::attribute::engine::commands::{Weights, signal_names};
use taskproof::attribute::engine::{
    Competition, Linear, Model, commit_signals, file_signals, nobody_signals,
};

/// The first lines: what made the file, and from what.
pub(crate) fn header<'a>(
    engine: &str,
    path: &Path,
    scenarios: impl Iterator<Item = &'a str>,
    candidates: usize,
) -> String {
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    scenarios.for_each(|scenario| *tally.entry(scenario).or_default() += 1);
    let file = path.file_name().unwrap_or_default().display();
    let mut out = format!(
        "# What the signals of the engine of {engine} are worth, in log-odds, and what the sums mean.\n\
         # Made by: cargo run --release --example learn -- {engine} {file}\n\
         # From {} cases with {candidates} candidates:\n",
        tally.values().sum::<usize>()
    );
    for (scenario, number) in tally {
        let _ = writeln!(out, "#   {number} × {scenario}");
    }
    out
}

/// The weights of the engine of files.
pub(crate) fn files(model: &Model) -> String {
    let mut out = String::new();
    competition(&mut out, "first_pass", &model.first_pass);
    competition(&mut out, "second_pass", &model.second_pass);
    for (regime, learned) in &model.files {
        linear(&mut out, &format!("files.{}", regime.name()), learned, &[], &file_signals());
    }
    out.push_str("\n# Log-odds, and the share of right answers that was counted there.\n[calibration]\n");
    for (regime, table) in &model.calibration {
        let points: Vec<String> = table.0.iter().map(|(x, p)| format!("    [{x:.3}, {p:.4}],\n")).collect();
        let _ = writeln!(out, "{} = [\n{}]", regime.name(), points.concat());
    }
    out
}

/// The weights of the engine of commands.
pub(crate) fn commands(weights: &Weights) -> String {
    let mut out =
        "# Confidence is the logistic of slope * (bias + sum of weight * value) + offset; slope and offset \
                   come from\n# predictions for plans that were left out of learning.\n"
            .to_owned();
    let named = "Commands that name files which some task of the batch has to do with.";
    for (name, what, part) in
        [("specific", named, &weights.specific), ("general", "All others.", &weights.general)]
    {
        let _ = write!(out, "\n# {what}");
        let scale = [("slope", part.slope), ("offset", part.offset)];
        linear(&mut out, name, &part.linear, &scale, &signal_names());
    }
    out
}

fn competition(out: &mut String, name: &str, learned: &Competition) {
    let _ = writeln!(out, "\n[{name}]\nnobody_bias = {:.3}\n\n[{name}.nobody]", learned.nobody_bias);
    table(out, &nobody_signals(), &learned.nobody);
    let _ = writeln!(out, "\n[{name}.task]");
    table(out, &commit_signals(), &learned.task);
}

fn linear(out: &mut String, name: &str, learned: &Linear, scale: &[(&str, f64)], signals: &[&str]) {
    let _ = writeln!(out, "\n[{name}]\nbias = {:.3}", learned.bias);
    for (key, value) in scale {
        let _ = writeln!(out, "{key} = {value:.3}");
    }
    let _ = writeln!(out, "\n[{name}.weights]");
    table(out, signals, &learned.weights);
}

/// Weights by judgement, for what no case has shown so far.
const GIVEN: [(&str, f64); 6] = [
    ("in_batch_window", 1.5),
    ("branch_names_task", 4.0),
    ("branch_names_another", -1.0),
    ("planned_paths", 1.0),
    ("named_in_plan_step", 1.0),
    ("step_of_another", -0.5),
];

fn table(out: &mut String, names: &[&str], weights: &[f64]) {
    for (name, weight) in names.iter().zip(weights) {
        let given = GIVEN.iter().find(|(known, _)| known == name).filter(|_| weight.abs() < 1e-9);
        let _ = match given {
            Some((_, weight)) => writeln!(out, "{name} = {weight:.3} # given: no case has shown it"),
            None => writeln!(out, "{name} = {weight:.3}"),
        };
    }
}
