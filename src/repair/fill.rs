//! From attributions to the values that go into empty fields.

use std::collections::BTreeSet;

use crate::model::{Attribution, Decision, Field, Fill, Rung, Signal};

/// What the attributions say is certain: at most one fill per task and field, in plan order, files before
/// commands, values in the order of their records.
pub fn fills(attributions: &[Attribution]) -> Vec<Fill> {
    attributions
        .iter()
        .flat_map(|attribution| [files(attribution), commands(attribution)])
        .flatten()
        .collect()
}

fn files(attribution: &Attribution) -> Option<Fill> {
    let chosen = attribution.files.iter().filter(|file| file.decision == Decision::Backfill);
    let values =
        chosen.map(|file| (file.written.clone(), file.rung, file.confidence, file.signals.as_slice()));
    fill(attribution, Field::Files, values)
}

fn commands(attribution: &Attribution) -> Option<Fill> {
    let chosen = attribution.commands.iter().filter(|command| command.decision == Decision::Backfill);
    let values = chosen.map(|command| {
        (command.command.clone(), command.rung, command.confidence, command.signals.as_slice())
    });
    fill(attribution, Field::Commands, values)
}

fn fill<'a>(
    attribution: &Attribution,
    field: Field,
    chosen: impl Iterator<Item = (String, Option<Rung>, f64, &'a [Signal])>,
) -> Option<Fill> {
    let mut fill: Option<Fill> = None;
    let mut seen = BTreeSet::new();
    for (value, rung, confidence, signals) in chosen {
        let fill = fill.get_or_insert_with(|| Fill {
            task: attribution.task.clone(),
            field,
            values: Vec::new(),
            rung: rung.unwrap_or(Rung::TaskRow),
            confidence: 1.0,
            signals: Vec::new(),
        });
        if seen.insert(value.clone()) {
            fill.values.push(value);
        }
        fill.confidence = fill.confidence.min(confidence);
        for signal in signals {
            if !fill.signals.contains(signal) {
                fill.signals.push(signal.clone());
            }
        }
    }
    fill
}
