//! The learned weights: one readable file, by name.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::signals::COMMAND;
use crate::attribute::engine::model::{Linear, in_order};

/// Where the weights come from; its first lines tell how they were learned.
const FILE: &str = include_str!("weights.toml");

/// Weights of commands that name files, and of those that do not.
#[derive(Debug, Clone, Default)]
pub struct Weights {
    /// Of commands that name files which some task of the batch has to do with.
    pub specific: Part,
    /// Of all others.
    pub general: Part,
}

/// A linear model and its calibration.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// The model.
    pub linear: Linear,
    /// Calibrated log-odds per log-odds of the model.
    pub slope: f64,
    /// Calibrated log-odds where the model says even.
    pub offset: f64,
}

impl Part {
    /// Calibrated log-odds of what was measured.
    pub fn log_odds(&self, values: &[f64]) -> f64 {
        self.slope * self.linear.log_odds(values) + self.offset
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    specific: FilePart,
    general: FilePart,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePart {
    bias: f64,
    slope: f64,
    offset: f64,
    weights: BTreeMap<String, f64>,
}

impl Weights {
    /// The weights that this build carries.
    pub(super) fn learned() -> &'static Self {
        static LEARNED: OnceLock<Weights> = OnceLock::new();
        LEARNED.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "part of the program, and read by a test")]
            Self::parse(FILE).expect("weights.toml is well formed")
        })
    }

    /// Reads weights by the names of their signals. Fails with a sentence on what is missing or unknown.
    fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        Ok(Self { specific: file.specific.read()?, general: file.general.read()? })
    }
}

impl FilePart {
    fn read(&self) -> Result<Part, String> {
        let names: Vec<&str> = COMMAND.iter().map(|signal| signal.name).collect();
        let weights = in_order(&self.weights, &names)?;
        Ok(Part { linear: Linear { bias: self.bias, weights }, slope: self.slope, offset: self.offset })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_signal_has_a_weight_and_every_weight_a_signal() {
        let file: File = toml::from_str(FILE).unwrap();
        let signals: BTreeSet<&str> = COMMAND.iter().map(|signal| signal.name).collect();
        assert_eq!(signals.len(), COMMAND.len(), "two signals have one name");
        for part in [&file.specific, &file.general] {
            assert_eq!(part.weights.keys().map(String::as_str).collect::<BTreeSet<_>>(), signals);
        }
    }

    #[test]
    fn calibration_keeps_the_order() {
        let weights = Weights::learned();
        assert!(weights.specific.slope > 0.0 && weights.general.slope > 0.0);
    }
}
