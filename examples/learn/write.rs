//! What was learned, as `weights.toml`.

use std::fmt::Write;

use taskproof::attribute::engine::{
    Competition, Linear, Model, commit_signals, file_signals, nobody_signals,
};

use crate::data::Learned;
use crate::tally;

/// The file, with a header that says what it was learned from.
pub(crate) fn weights(model: &Model, path: &str, cases: &[Learned], answers: usize) -> String {
    let mut out = String::new();
    let file = std::path::Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned());
    let _ = writeln!(out, "# What the engine's signals are worth, in log-odds, and what the sums mean.");
    let _ = writeln!(out, "# Made by: cargo run --release --example learn -- {}", file.unwrap_or_default());
    let _ = writeln!(out, "# From {} cases with {answers} candidates:", cases.len());
    for (scenario, number) in tally(cases.iter().map(|case| case.scenario.clone())) {
        let _ = writeln!(out, "#   {number} × {scenario}");
    }
    competition(&mut out, "first_pass", &model.first_pass);
    competition(&mut out, "second_pass", &model.second_pass);
    linear(&mut out, "listed", &model.listed);
    linear(&mut out, "history", &model.history);
    let _ =
        writeln!(out, "\n# Log-odds, and the share of right answers that was counted there.\n[calibration]");
    for (regime, table) in &model.calibration {
        let points: Vec<String> = table.0.iter().map(|(x, p)| format!("    [{x:.3}, {p:.4}],\n")).collect();
        let _ = writeln!(out, "{} = [\n{}]", regime.name(), points.concat());
    }
    out.trim_end().to_owned()
}

fn competition(out: &mut String, name: &str, learned: &Competition) {
    let _ = writeln!(out, "\n[{name}]\nnobody_bias = {:.3}\n\n[{name}.nobody]", learned.nobody_bias);
    table(out, &nobody_signals(), &learned.nobody);
    let _ = writeln!(out, "\n[{name}.task]");
    table(out, &commit_signals(), &learned.task);
}

fn linear(out: &mut String, name: &str, learned: &Linear) {
    let _ = writeln!(out, "\n[{name}]\nbias = {:.3}\n\n[{name}.weights]", learned.bias);
    table(out, &file_signals(), &learned.weights);
}

fn table(out: &mut String, names: &[&str], weights: &[f64]) {
    for (name, weight) in names.iter().zip(weights) {
        let _ = writeln!(out, "{name} = {weight:.3}");
    }
}
