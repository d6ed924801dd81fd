//! What learning tells: how good it would have been, and the weights.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use taskproof::attribute::engine::commands::{Part, Weights};

use super::{Example, names};

/// Precision and coverage by threshold, and calibration, by scenario.
pub(crate) fn print(predicted: &[(f64, &Example)], pairs: &BTreeMap<String, usize>) {
    for (scenario, all) in pairs {
        let rows: Vec<&(f64, &Example)> =
            predicted.iter().filter(|(_, row)| row.scenario == *scenario).collect();
        let mut line = format!("{scenario:32} pairs {all:4} listed {:5}", rows.len());
        for threshold in [0.8, 0.9, 0.93, 0.95, 0.97] {
            let given = rows.iter().filter(|(p, row)| *p >= threshold && row.choice.is_faithful);
            let (mut right, mut of) = (0_u32, 0_u32);
            given.for_each(|(_, row)| {
                of += 1;
                right += u32::from(row.label);
            });
            let share = f64::from(right) / f64::from(of.max(1));
            let coverage = f64::from(right) / f64::from(u32::try_from(*all).unwrap_or(0).max(1));
            let _ = write!(line, "  {threshold}: {share:.3}/{coverage:.3} ({of})");
        }
        println!("{line}  ECE {:.3}", error(&rows));
    }
    let rows: Vec<(f64, &Example)> =
        predicted.iter().filter(|(_, row)| row.scenario.starts_with("S2")).copied().collect();
    reliability("S2", &rows);
}

/// How often what was said with some confidence is right.
pub(crate) fn reliability(name: &str, rows: &[(f64, &Example)]) {
    const BOUNDS: [f64; 12] = [0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.93, 0.95, 0.98, 1.01];
    let all: Vec<&(f64, &Example)> = rows.iter().collect();
    println!("{name}: ECE {:.3}", error(&all));
    for bound in BOUNDS.windows(2) {
        let bin = rows.iter().filter(|(p, _)| (bound[0]..bound[1]).contains(p));
        let (said, right, size) = bin.fold((0.0, 0.0, 0.0), |(said, right, size), (p, row)| {
            (said + p * row.weight, right + f64::from(u8::from(row.label)) * row.weight, size + row.weight)
        });
        let size = f64::max(size, 1e-9);
        println!(
            "  {:.2} to {:.2}: said {:.3}, right {:.3} of {size:.0}",
            bound[0],
            bound[1],
            said / size,
            right / size
        );
    }
}

/// Expected calibration error in ten bins.
fn error(rows: &[&(f64, &Example)]) -> f64 {
    let mut bins = [(0.0, 0.0); 10];
    for (p, row) in rows {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 9")]
        let bin = &mut bins[((p * 10.0) as usize).min(9)];
        bin.0 += p;
        bin.1 += f64::from(u8::from(row.label));
    }
    let all = f64::from(u32::try_from(rows.len()).unwrap_or(0)).max(1.0);
    bins.iter().map(|(said, right)| (said - right).abs()).sum::<f64>() / all
}

/// How weights differ between folds; the last is learned from everything.
pub(crate) fn weights(models: &[Weights]) {
    let column = |part: fn(&Weights) -> &Part, at: usize| {
        let values = models.iter().map(|model| part(model).linear.weights[at]);
        let (least, most) =
            values.clone().fold((f64::MAX, f64::MIN), |(a, b), value| (a.min(value), b.max(value)));
        format!("{:6.2} ({least:5.2} to {most:5.2})", values.clone().next_back().unwrap_or(0.0))
    };
    for (at, name) in names().into_iter().enumerate() {
        println!(
            "  {name:26} specific {}  general {}",
            column(|m| &m.specific, at),
            column(|m| &m.general, at)
        );
    }
    if let Some(model) = models.last() {
        for (name, part) in [("specific", &model.specific), ("general", &model.general)] {
            println!(
                "  {name}: bias {:.2} slope {:.3} offset {:.3}",
                part.linear.bias, part.slope, part.offset
            );
        }
    }
}

/// The file of weights.
pub(crate) fn file(model: &Weights, observations: usize, plans: usize, date: Option<&String>) -> String {
    let mut text = format!(
        "# Weights of the engine of commands, in log-odds per unit of each signal.\n\
         # Written by `cargo run --release --example learn-commands -- CASES src/attribute/engine/commands/weights.toml`\n\
         # from {observations} pairs of a task and a command of {plans} plans{}.\n\
         # Confidence is the logistic of slope * (bias + sum of weight * value) + offset; slope and offset come from\n\
         # predictions for plans that were left out of learning.\n",
        date.map(|date| format!(", on {date}")).unwrap_or_default()
    );
    for (name, told, part) in [
        (
            "specific",
            "Commands that name files which some task of the batch has to do with.",
            &model.specific,
        ),
        ("general", "All others.", &model.general),
    ] {
        let _ = write!(
            text,
            "\n# {told}\n[{name}]\nbias = {:.4}\nslope = {:.4}\noffset = {:.4}\n\n[{name}.weights]\n",
            part.linear.bias, part.slope, part.offset
        );
        for (signal, weight) in names().into_iter().zip(&part.linear.weights) {
            let _ = writeln!(text, "{signal} = {weight:.4}");
        }
    }
    text
}
